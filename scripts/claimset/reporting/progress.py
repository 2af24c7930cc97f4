"""Progress on stderr: bars on a terminal, a line now and then elsewhere, nothing when quiet."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Protocol

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from claimset.reporting.console import stderr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

__all__ = ["ConsoleReporter", "QuietReporter", "Reporter"]

_SECONDS_BETWEEN_LINES = 10


class Reporter(Protocol):
    """Where a long step says how far it is."""

    def say(self, text: str) -> None:
        """Say one sentence."""

    def track(
        self, text: str, total: int | None = None
    ) -> contextlib.AbstractContextManager[Callable[[int], None]]:
        """Follow a step of ``total`` parts; the value it gives is called with each advance."""

    def watch(
        self, text: str
    ) -> contextlib.AbstractContextManager[Callable[[str, float | None], None]]:
        """Follow a step that says itself what it does and how far it is (0 to 1, or unknown)."""


class QuietReporter:
    """Says nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""

    @contextlib.contextmanager
    def track(self, text: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Follow nothing."""
        del text, total
        yield lambda _count: None

    @contextlib.contextmanager
    def watch(self, text: str) -> Iterator[Callable[[str, float | None], None]]:
        """Follow nothing."""
        del text
        yield lambda _text, _fraction: None


class ConsoleReporter:
    """Speaks on stderr, so that stdout stays free for data."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or stderr()

    def say(self, text: str) -> None:
        """Print one sentence."""
        self._console.print(text, markup=False)

    @contextlib.contextmanager
    def track(self, text: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """A bar on a terminal; elsewhere the step's name once it takes long."""
        with self.watch(text) as show:
            done = 0

            def advance(count: int) -> None:
                nonlocal done
                done += count
                known = f" {done} of {total}" if total is not None else f" {done}"
                show(text + known, done / total if total else None)

            yield advance

    @contextlib.contextmanager
    def watch(self, text: str) -> Iterator[Callable[[str, float | None], None]]:
        """A bar on a terminal; elsewhere a line every ten seconds."""
        if not self._console.is_terminal:
            last = time.monotonic()

            def line(text: str, fraction: float | None) -> None:
                nonlocal last
                if time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
                    last = time.monotonic()
                    share = "" if fraction is None else f" ({fraction:.0%})"
                    self.say(f"  {text}{share}")

            yield line
            return
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        ) as progress:
            task = progress.add_task(text, total=None)

            def bar(text: str, fraction: float | None) -> None:
                total = None if fraction is None else 1.0
                progress.update(task, description=text, completed=fraction or 0, total=total)

            yield bar
