"""Step 1: cut the articles of seeds/ into claims with exact positions.

python scripts/segment_articles.py [WORKSPACE]
"""

from pathlib import Path

import typer

from claimset.cli.options import errors_as_exit_codes, reporter_for
from claimset.pipeline import segment
from claimset.reporting.tables import print_segment
from claimset.settings import load_settings
from claimset.storage.workspace import Workspace


def main(workspace: Path = typer.Argument(Path())) -> None:  # noqa: B008 - typer's way
    """Segment one workspace and say what was made."""
    with errors_as_exit_codes():
        place = Workspace.open(workspace)
        result = segment(place, load_settings(place), reporter_for(quiet=False))
        print_segment(result)


if __name__ == "__main__":
    typer.run(main)
