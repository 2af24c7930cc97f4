"""The engine that does everything in this process, one task after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from claimset.engines.engine import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

__all__ = ["InlineEngine"]

Task = TypeVar("Task")
Result = TypeVar("Result")


class InlineEngine:
    """Runs tasks here: nothing to start, nothing to lose."""

    def run(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Outcome[Result], None, None]:
        """Outcomes in the order of the tasks."""
        for number, task in enumerate(tasks):
            yield Outcome(number, function(task))
