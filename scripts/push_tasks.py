"""Step 2: send every claim to Label Studio, exactly once.

python scripts/push_tasks.py [WORKSPACE]

Uses LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY, or the workspace's embedded Label Studio.
"""

from pathlib import Path

import typer

from claimset.cli.options import errors_as_exit_codes, reporter_for
from claimset.pipeline import push
from claimset.reporting.tables import print_push
from claimset.settings import load_settings
from claimset.storage.workspace import Workspace


def main(workspace: Path = typer.Argument(Path())) -> None:  # noqa: B008 - typer's way
    """Push one workspace's claims and say what was sent."""
    with errors_as_exit_codes():
        place = Workspace.open(workspace)
        result = push(place, load_settings(place), reporter_for(quiet=False))
        print_push(result)


if __name__ == "__main__":
    typer.run(main)
