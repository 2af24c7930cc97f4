"""Step 5: make the next release of the dataset in dataset/.

python scripts/build_dataset.py [WORKSPACE]
"""

from pathlib import Path

import typer

from claimset.cli.options import errors_as_exit_codes, reporter_for
from claimset.pipeline import build
from claimset.reporting.tables import print_build
from claimset.settings import load_settings
from claimset.storage.workspace import Workspace


def main(workspace: Path = typer.Argument(Path())) -> None:  # noqa: B008 - typer's way
    """Build one workspace's dataset and say what it holds."""
    with errors_as_exit_codes():
        place = Workspace.open(workspace)
        result = build(place, load_settings(place), reporter_for(quiet=False))
        print_build(result)


if __name__ == "__main__":
    typer.run(main)
