"""Step 4: send the disagreements to somebody who decides, and read the decisions.

python scripts/adjudicate_claims.py [WORKSPACE] [--by NAME]
"""

from pathlib import Path

import typer

from claimset.cli.options import errors_as_exit_codes, reporter_for
from claimset.labelstudio.people import people_of
from claimset.pipeline import adjudicate
from claimset.reporting.adjudicating import print_adjudicated
from claimset.settings import load_settings
from claimset.storage.workspace import Workspace


def main(workspace: Path = typer.Argument(Path()), by: list[str] = typer.Option([])) -> None:  # noqa: B008 - typer's way
    """Adjudicate one workspace's disagreements and say how each stands."""
    with errors_as_exit_codes():
        place = Workspace.open(workspace)
        accounts = [person.email for person in people_of(by)]
        result = adjudicate(place, load_settings(place), reporter_for(quiet=False), by=accounts)
        print_adjudicated(result)
        if result.unassigned:
            raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
