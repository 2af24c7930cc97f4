"""The command that brings annotations back, once or as long as it is let."""

from __future__ import annotations

import contextlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from claimset.errors import UsageError
from claimset.reporting.console import stderr
from claimset.reporting.tables import print_pull, print_pulled
from claimset.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from claimset.labelstudio.pulling import PullResult
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["pull"]

_HERE = Path()
_PANEL = "With --watch"

_WatchOption = Annotated[
    bool, typer.Option("--watch", help="Keep pulling until Ctrl+C.", rich_help_panel=_PANEL)
]
_IntervalOption = Annotated[
    float | None,
    typer.Option(
        "--interval",
        min=1,
        max=86_400,
        metavar="S",
        help="Seconds between two pulls; default: 30.",
        rich_help_panel=_PANEL,
    ),
]
_WebhookOption = Annotated[
    int | None,
    typer.Option(
        "--webhook",
        min=1,
        max=65535,
        metavar="PORT",
        help="Have Label Studio call this port of 127.0.0.1 after each answer.",
        rich_help_panel=_PANEL,
    ),
]
_WebhookUrlOption = Annotated[
    str | None,
    typer.Option(
        "--webhook-url",
        metavar="URL",
        help="Where Label Studio reaches that port, when it runs elsewhere.",
        rich_help_panel=_PANEL,
    ),
]


def pull(
    *,
    workspace: WorkspaceOption = _HERE,
    round_name: RoundOption = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read everything again, not only what changed.")
    ] = False,
    watch: _WatchOption = False,
    interval: _IntervalOption = None,
    webhook: _WebhookOption = None,
    webhook_url: _WebhookUrlOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Bring the annotations from Label Studio into the ledger.

    Every span is checked against its article, and accounts become pseudonyms. What cannot be used
    is listed with the reason. With --watch it goes on until Ctrl+C, waits for a server that is
    away, and --json gives one object a line for each pull that brought something.
    """
    from claimset import pipeline  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        settings = load_settings(place, round=round_name, watch_interval=interval)
        if watch:
            if full:
                raise UsageError("--full and --watch exclude each other", remedy="pull --full once")
            _follow(
                place,
                settings,
                webhook_port=webhook,
                webhook_url=webhook_url,
                as_json=as_json,
                quiet=quiet,
            )
            return
        for name, given in (
            ("--interval", interval),
            ("--webhook", webhook),
            ("--webhook-url", webhook_url),
        ):
            if given is not None:
                raise UsageError(f"{name} needs --watch", remedy="add --watch")
        result = pipeline.pull(place, settings, reporter_for(quiet=quiet or as_json), full=full)
        print_json(result) if as_json else print_pull(result)


def _follow(
    workspace: Workspace,
    settings: Settings,
    *,
    webhook_port: int | None,
    webhook_url: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Pull until Ctrl+C or SIGTERM, and say what each pull brought."""
    from claimset.pipeline.following import follow  # noqa: PLC0415 - `--help` stays fast

    if webhook_url is not None and webhook_port is None:
        raise UsageError(
            "--webhook-url needs --webhook", remedy="name the port here that the address leads to"
        )
    notes = stderr()
    before: PullResult | None = None

    def show(result: PullResult) -> None:
        nonlocal before
        news = before is None or result.changed or result.faults != before.faults
        if news and as_json:
            sys.stdout.write(result.model_dump_json() + "\n")
            sys.stdout.flush()
        elif before is None:
            print_pull(result)
            if not quiet:
                notes.print("watching; Ctrl+C ends it")
        elif news:
            print_pulled(result, before)
        before = result

    with _ended_by_signals():
        try:
            follow(
                workspace,
                settings,
                reporter_for(quiet=quiet),
                pulled=show,
                webhook_port=webhook_port,
                webhook_url=webhook_url,
            )
        except KeyboardInterrupt:
            if not quiet:
                notes.print("ended; everything pulled is in the ledger")


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl+C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    earlier = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
