"""Early: an answer that is waited for by another thread while this one does something else."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Early"]

_Answer = TypeVar("_Answer")


class Early(Generic[_Answer]):
    """Something that is being made by a thread of its own.

    The thread never keeps the process: nobody waits for an answer that is not asked for.

    Args:
        make: Makes it; begins at once.

    >>> Early(lambda: 7).result()
    7
    """

    def __init__(self, make: Callable[[], _Answer]) -> None:
        self._make = make
        self._answers: list[_Answer] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="early", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._answers.append(self._make())
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is asked for
            self._error = error

    def result(self) -> _Answer:
        """The answer, when it has come; what making it raised is raised here."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._answers[0]
