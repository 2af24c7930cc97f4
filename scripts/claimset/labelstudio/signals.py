"""Signals: requests to end a program, turned into an exception that ends it in order."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["OrderlyExit"]


class OrderlyExit:
    """Handlers for SIGTERM and SIGHUP that let ``finally`` blocks run.

    Only the main thread can set handlers; elsewhere nothing is done. Handlers that somebody else
    has set are left alone.
    """

    def __init__(self) -> None:
        self._earlier: dict[int, Any] = {}

    def take(self) -> None:
        """From now on a request to end raises ``SystemExit``."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._earlier[number] = signal.signal(number, _exit_in_order)

    def ignore(self) -> None:
        """From now on a request to end is not heard: the program is ending already."""
        for number in self._earlier:
            signal.signal(number, signal.SIG_IGN)

    def give_back(self) -> None:
        """Set the earlier handlers again."""
        while self._earlier:
            number, handler = self._earlier.popitem()
            signal.signal(number, handler)


def _exit_in_order(number: int, _frame: FrameType | None) -> None:
    """End the program by an exception, with the shell's exit code for the signal."""
    raise SystemExit(128 + number)
