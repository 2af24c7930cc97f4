"""The command of those who annotate."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from claimset.cli.options import (
    DebugOption,
    JsonOption,
    QuietOption,
    WorkspaceOption,
    errors_as_exit_codes,
    open_workspace,
    print_json,
    reporter_for,
)
from claimset.errors import UsageError
from claimset.settings import load_settings

__all__ = ["Action", "annotators"]

_HERE = Path()


class Action(StrEnum):
    """What to do with the names."""

    ADD = "add"
    """Give them an account, or take over the one they have."""


def annotators(
    action: Annotated[
        Action | None, typer.Argument(help="`add`; without it, everybody is listed.")
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Names or e-mail addresses of people to add."),
    ] = None,
    *,
    workspace: WorkspaceOption = _HERE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With add: say who would be added.")
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """List who annotates, or add people.

    `claimset annotators add anna ben@example.org` makes their accounts in Label Studio, or takes
    over those that are there, and says once how each logs in. Names, addresses and passwords stay
    in .claimset/; the dataset knows pseudonyms only.
    """
    from claimset.pipeline.annotators import add_annotators, list_annotators  # noqa: PLC0415
    from claimset.reporting.annotators import print_added, print_annotators  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        if action is None:
            listed = list_annotators(place)
            print_json(listed) if as_json else print_annotators(listed)
            return
        if not names:
            raise UsageError(
                "nobody is named",
                where="argument NAME",
                remedy="name the people: claimset annotators add anna ben@example.org",
            )
        result, made = add_annotators(
            place,
            load_settings(place),
            names,
            reporter_for(quiet=quiet or as_json),
            dry_run=dry_run,
        )
        print_json(result) if as_json else print_added(result, made, place.annotators)
