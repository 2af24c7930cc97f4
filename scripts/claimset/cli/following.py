"""Following a round: the options of ``claimset pull --watch``, and how it ends."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from claimset.cli.options import reporter_for
from claimset.errors import UsageError
from claimset.reporting.tables import print_pull, print_pulled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from claimset.labelstudio.pulling import PullResult
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["IntervalOption", "WatchOption", "WebhookOption", "WebhookUrlOption", "follow_pulls"]

_PANEL = "With --watch"

WatchOption = Annotated[
    bool, typer.Option("--watch", help="Keep pulling until Ctrl+C.", rich_help_panel=_PANEL)
]
IntervalOption = Annotated[
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
WebhookOption = Annotated[
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
WebhookUrlOption = Annotated[
    str | None,
    typer.Option(
        "--webhook-url",
        metavar="URL",
        help="Where Label Studio reaches that port, when it runs elsewhere.",
        rich_help_panel=_PANEL,
    ),
]


def follow_pulls(
    workspace: Workspace,
    settings: Settings,
    *,
    webhook_port: int | None,
    webhook_url: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Pull until Ctrl+C or SIGTERM, and say what each pull brought.

    Raises:
        ClaimsetError: See :func:`claimset.pipeline.following.follow`.
    """
    from claimset.pipeline.following import follow  # noqa: PLC0415 - `--help` stays fast

    if webhook_url is not None and webhook_port is None:
        raise UsageError(
            "--webhook-url needs --webhook", remedy="name the port here that the address leads to"
        )
    notes = Console(stderr=True, highlight=False)
    before: PullResult | None = None

    def show(result: PullResult) -> None:
        nonlocal before
        news = before is None or result.changed or result.rejected != before.rejected
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
