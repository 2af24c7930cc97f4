"""The command that looks a workspace over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from claimset.cli.options import (
    DebugOption,
    JsonOption,
    QuietOption,
    WorkspaceOption,
    errors_as_exit_codes,
    open_workspace,
    print_json,
)

__all__ = ["doctor"]

_HERE = Path()


def doctor(
    *,
    workspace: WorkspaceOption = _HERE,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write generated schemas that are out of date.")
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Check that the workspace is in order; show every setting and where it comes from."""
    from claimset.pipeline.doctor import doctor as look_over  # noqa: PLC0415 - `--help` stays fast
    from claimset.reporting.console import stdout  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        del quiet  # there is no progress to leave out; every command takes the option
        result = look_over(open_workspace(workspace), fix=fix)
        failed = [check for check in result.checks if not check.ok]
        if as_json:
            print_json(result)
        else:
            for check in result.checks:
                mark = Text("ok    ", style="green") if check.ok else Text("wrong ", style="red")
                stdout().print(mark + Text(f"{check.name}: {check.detail}"), soft_wrap=True)
            table = Table(box=None, header_style="bold")
            for name in ("setting", "value", "from"):
                table.add_column(name)
            for setting in result.settings:
                table.add_row(setting.name, Text(setting.value or "–"), setting.origin)
            stdout().print()
            stdout().print(table)
        if failed:
            raise typer.Exit(1)
