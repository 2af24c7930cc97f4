"""At any time: how far each annotation round is, from the ledger.

python scripts/report_progress.py [WORKSPACE]
"""

from pathlib import Path

import typer

from claimset.cli.options import errors_as_exit_codes
from claimset.pipeline import status
from claimset.reporting.tables import print_status
from claimset.storage.workspace import Workspace


def main(workspace: Path = typer.Argument(Path())) -> None:  # noqa: B008 - typer's way
    """Show one workspace's rounds."""
    with errors_as_exit_codes():
        place = Workspace.open(workspace)
        print_status(status(place))


if __name__ == "__main__":
    typer.run(main)
