"""Step 3: bring the annotations from Label Studio into the ledger.

python scripts/pull_annotations.py [WORKSPACE]

Uses LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY, or the workspace's embedded Label Studio.
"""

from pathlib import Path

import typer

from claimset.cli.options import errors_as_exit_codes, reporter_for
from claimset.pipeline import pull
from claimset.reporting.tables import print_pull
from claimset.settings import load_settings
from claimset.storage.workspace import Workspace


def main(workspace: Path = typer.Argument(Path())) -> None:  # noqa: B008 - typer's way
    """Pull one workspace's annotations and say what was found."""
    with errors_as_exit_codes():
        place = Workspace.open(workspace)
        result = pull(place, load_settings(place), reporter_for(quiet=False))
        print_pull(result)


if __name__ == "__main__":
    typer.run(main)
