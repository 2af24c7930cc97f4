"""Step 6: publish the release in dataset/ to the Hugging Face Hub, and tag it.

python scripts/publish_dataset.py ORG/NAME [WORKSPACE]

Uses HF_TOKEN. Shows the plan and asks before anything is sent.
"""

from pathlib import Path

import typer

from claimset.cli.options import errors_as_exit_codes, reporter_for
from claimset.cli.publish import confirm_on_terminal
from claimset.pipeline import publish
from claimset.reporting.publishing import print_published
from claimset.settings import load_settings
from claimset.storage.workspace import Workspace


def main(repo: str, workspace: Path = typer.Argument(Path())) -> None:  # noqa: B008 - typer's way
    """Publish one workspace's release and say where it is."""
    with errors_as_exit_codes():
        place = Workspace.open(workspace)
        settings = load_settings(place, hub_repo=repo)
        result = publish(place, settings, reporter_for(quiet=False), confirm=confirm_on_terminal)
        print_published(result)


if __name__ == "__main__":
    typer.run(main)
