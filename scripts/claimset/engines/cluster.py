"""The engine of a Ray cluster (Moritz et al. 2018, arXiv:1712.05889)."""

from __future__ import annotations

import logging
import re
import socket
from typing import TYPE_CHECKING, Any, Self, TypeVar

from claimset.engines.engine import Outcome
from claimset.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

__all__ = ["RayEngine"]

Task = TypeVar("Task")
Result = TypeVar("Result")

_TRIES = 3
"""How often a task is tried again when its worker or node dies."""
_AHEAD = 2
_SECONDS = 10
_PLACE = re.compile(r"(ray://)?(?P<host>[^/:]+|\[[^/]+\]):(?P<port>\d+)")


class RayEngine:
    """Runs tasks on a cluster; the package must be installed on every node.

    Use it as a context manager: it leaves a cluster that was there running, and stops one that it
    started on this machine.

    Args:
        address: Address of the cluster, such as ``auto`` or ``ray://head:10001``.

    Raises:
        UsageError: The extra ``ray`` is missing, or the cluster cannot be reached.
    """

    def __init__(self, address: str | None) -> None:
        try:
            import ray  # noqa: PLC0415 - an extra, and slow to import
        except ImportError as error:
            raise UsageError(
                "the engine ray needs the extra `ray`",
                where="setting engine",
                remedy="pip install 'claimset[ray]' here and on every node",
            ) from error
        self._ray = ray
        self._began = not ray.is_initialized()
        if self._began:
            _see_that_it_answers(address)
            try:
                ray.init(
                    address=address,
                    logging_level=logging.ERROR,
                    log_to_driver=False,
                    include_dashboard=False if address is None else None,
                )
            except (ConnectionError, ValueError, RuntimeError) as error:
                raise _unreachable(address, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._began:
            self._ray.shutdown()

    def run(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Outcome[Result], None, None]:
        """Outcomes as they come; nodes may die and join meanwhile."""
        ray = self._ray
        remote = ray.remote(max_retries=_TRIES, num_cpus=1)(function)
        running: dict[Any, tuple[int, Task, int]] = {}
        waiting = enumerate(tasks)
        exhausted = False
        while True:
            # Nodes may join while the work goes on, so the window is looked at each time.
            window = max(1, int(ray.cluster_resources().get("CPU", 1))) * _AHEAD
            while not exhausted and len(running) < window:
                item = next(waiting, None)
                if item is None:
                    exhausted = True
                    break
                number, task = item
                running[remote.remote(task)] = number, task, 1
            if not running:
                return
            finished, _ = ray.wait(list(running), num_returns=1)
            for reference in finished:
                number, task, tries = running.pop(reference)
                try:
                    yield Outcome(number, ray.get(reference))
                except ray.exceptions.RayError as error:
                    cause = getattr(error, "cause", error)
                    if not isinstance(cause, ray.exceptions.RayError):
                        raise cause from error  # a fault of the function, not of a node
                    # Ray begins a task again whose worker dies, not one whose input got lost.
                    if cause is not error and tries <= _TRIES:
                        running[remote.remote(task)] = number, task, tries + 1
                        continue
                    reason = type(cause).__name__
                    yield Outcome(number, None, f"its worker died {_TRIES + 1} times ({reason})")


def _see_that_it_answers(address: str | None) -> None:
    """Ray itself tries for minutes before it gives up."""
    found = _PLACE.fullmatch(address or "")
    if found is None:
        return
    try:
        socket.create_connection((found["host"], int(found["port"])), _SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _unreachable(address, error) from error


def _unreachable(address: str | None, error: Exception) -> UsageError:
    return UsageError(
        f"the Ray cluster cannot be reached ({type(error).__name__})",
        where=f"Ray address {address or 'local'}",
        remedy="start it with `ray start --head`, or give its address",
    )
