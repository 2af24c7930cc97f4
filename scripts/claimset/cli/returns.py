"""The command that returns answers to their annotators."""

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
from claimset.reporting.returns import print_returns
from claimset.settings import load_settings

__all__ = ["returns"]

_HERE = Path()


def returns(
    *,
    workspace: WorkspaceOption = _HERE,
    round_name: RoundOption = None,
    send: Annotated[
        bool, typer.Option("--send", help="Put them before their own annotators again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --send: say what would be sent; send nothing.")
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """List answers that break a rule; with --send put them before their annotators again.

    A verdict without a mark, a mark that is not in its source, a factual claim without a verdict:
    such an answer is no vote until its annotator has mended it. Lists what the last pull found;
    --send pulls first.
    """
    from claimset.pipeline.returning import list_returns, send_returns  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        settings = load_settings(place, round=round_name)
        if send and not dry_run:
            result = send_returns(place, settings, reporter_for(quiet=quiet or as_json))
        else:
            result = list_returns(place, settings, dry_run=dry_run)
        print_json(result) if as_json else print_returns(result)
