"""At any time: how the annotation stands, in the terminal and as one HTML page.

python scripts/report_progress.py [WORKSPACE]
"""

from pathlib import Path

import typer

from claimset.cli.options import errors_as_exit_codes
from claimset.pipeline import report, status
from claimset.reporting.status_tables import print_report, print_status
from claimset.settings import load_settings
from claimset.storage.workspace import Workspace


def main(workspace: Path = typer.Argument(Path())) -> None:  # noqa: B008 - typer's way
    """Show one workspace's rounds, and write its report."""
    with errors_as_exit_codes():
        place = Workspace.open(workspace)
        print_status(status(place))
        print_report(report(place, load_settings(place)))


if __name__ == "__main__":
    typer.run(main)
