"""The command that decides disagreements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claimset.cli.options import (
    DebugOption,
    JsonOption,
    QuietOption,
    RoundOption,
    WorkspaceOption,
    errors_as_exit_codes,
    open_workspace,
    print_json,
    reporter_for,
)
from claimset.settings import load_settings

__all__ = ["adjudicate"]

_HERE = Path()
_CHECK_FAILED = 1


def adjudicate(
    *,
    workspace: WorkspaceOption = _HERE,
    round_name: RoundOption = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="NAME",
            help="Who decides: a name or e-mail address as for `annotators add`; can be repeated.",
        ),
    ] = None,
    only_unresolved: Annotated[
        bool,
        typer.Option(
            "--only-unresolved", help="Leave out what the votes decide by the rules of gold."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent; needs no server.")
    ] = False,
    recreate: Annotated[
        bool, typer.Option("--recreate", help="Make a deleted project anew.")
    ] = False,
    reworded: Annotated[
        bool,
        typer.Option(
            "--reworded", help="Page or guidelines have a new wording of the same meaning."
        ),
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Send the disagreements to somebody who decides, and read the decisions.

    Claims whose votes differ become a round of their own in Label Studio, `ROUND-adjudication`.
    Each goes to one of those named with --by who did not vote on it; a decision by anybody else
    is refused. Run it again to read the decisions: they become gold with the next build.
    """
    from claimset import pipeline  # noqa: PLC0415 - `--help` stays fast
    from claimset.labelstudio.people import people_of  # noqa: PLC0415
    from claimset.reporting.adjudicating import print_adjudicated  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        result = pipeline.adjudicate(
            place,
            load_settings(place, round=round_name),
            reporter_for(quiet=quiet or as_json),
            by=[person.email for person in people_of(by or ())],
            only_unresolved=only_unresolved,
            dry_run=dry_run,
            recreate=recreate,
            reworded=reworded,
        )
        print_json(result) if as_json else print_adjudicated(result)
        if result.unassigned:
            raise typer.Exit(_CHECK_FAILED)
