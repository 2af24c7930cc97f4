"""The engine: what all drivers have in common, and how one is chosen."""

from __future__ import annotations

import contextlib
import os
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

__all__ = ["Engine", "EngineName", "Outcome", "open_engine"]

Task = TypeVar("Task")
Result = TypeVar("Result")


class EngineName(StrEnum):
    """Where the work is done."""

    INLINE = "inline"
    """In this process."""
    PROCESSES = "processes"
    """In a pool of processes on this machine."""
    RAY = "ray"
    """On a Ray cluster (extra `ray`)."""


class Outcome(NamedTuple, Generic[Result]):
    """What became of one task.

    Attributes:
        number: Place of the task, from 0.
        result: What the function returned; ``None`` when it never returned.
        fault: Why it never returned: the process or node that ran it died, each time it was tried.
    """

    number: int
    result: Result | None
    fault: str | None = None


class Engine(Protocol):
    """Runs a function over tasks.

    The function must be pure and importable by name, and must not raise: what goes wrong with its
    input is part of its result. Tasks and results must be picklable.
    """

    def run(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Outcome[Result], None, None]:
        """Outcomes as they come, in no order; tasks are taken only as fast as they are done."""


@contextlib.contextmanager
def open_engine(
    name: EngineName, *, workers: int | None = None, address: str | None = None
) -> Iterator[Engine]:
    """Open an engine, and close what it started.

    Args:
        name: Which one.
        workers: How many tasks run at once; default: one a processor core. On a cluster its own
            processors decide.
        address: Address of the Ray cluster; without one, Ray's own default: the cluster this
            machine belongs to, else one on this machine only.

    Raises:
        UsageError: The extra ``ray`` is missing, or the cluster cannot be reached.
    """
    if name is EngineName.INLINE:
        from claimset.engines.inline import InlineEngine  # noqa: PLC0415 - only the one needed

        yield InlineEngine()
    elif name is EngineName.PROCESSES:
        from claimset.engines.processes import ProcessEngine  # noqa: PLC0415

        yield ProcessEngine(workers or os.cpu_count() or 1)
    else:
        from claimset.engines.cluster import RayEngine  # noqa: PLC0415

        with RayEngine(address) as engine:
            yield engine
