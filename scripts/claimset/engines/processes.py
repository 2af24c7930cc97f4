"""The engine of several processes on this machine."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, TypeVar

from claimset.engines.engine import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

__all__ = ["ProcessEngine"]

Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 2
"""Tasks that wait for each process, so that none is idle and memory stays flat."""


class ProcessEngine:
    """A pool of processes; a task whose process dies is tried once more, alone.

    Args:
        workers: Number of processes.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        # Processes are started afresh: a fork of a process with threads may hang.
        self._context = multiprocessing.get_context("spawn")

    def _pool(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers, mp_context=self._context, initializer=_end_with_the_main_process
        )

    def run(
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Outcome[Result], None, None]:
        """Outcomes as they come."""
        waiting = enumerate(tasks)
        while True:
            suspects: list[tuple[int, Task]] = []
            done = yield from self._run_until_broken(function, waiting, suspects)
            # Nobody can tell which task killed the pool, so each that was in it gets one process.
            for number, task in suspects:
                yield self._run_alone(function, number, task)
            if done:
                return

    def _run_until_broken(
        self,
        function: Callable[[Task], Result],
        waiting: Iterator[tuple[int, Task]],
        suspects: list[tuple[int, Task]],
    ) -> Generator[Outcome[Result], None, bool]:
        """Run until all is done (true) or a process dies; what was running then is suspect."""
        running: dict[Future[Result], tuple[int, Task]] = {}
        pool = self._pool(self._workers)
        exhausted = False
        try:
            while True:
                while not exhausted and len(running) < self._workers * _AHEAD:
                    item = next(waiting, None)
                    if item is None:
                        exhausted = True
                        break
                    running[pool.submit(function, item[1])] = item
                if not running:
                    return True
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    number, _ = running[future]
                    result = future.result()  # raises when the pool is broken
                    del running[future]
                    yield Outcome(number, result)
        except BrokenProcessPool:
            suspects += [item for future, item in running.items() if not _has_result(future)]
            for future, (number, _) in list(running.items()):
                if _has_result(future):
                    yield Outcome(number, future.result())
            return False
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _run_alone(
        self, function: Callable[[Task], Result], number: int, task: Task
    ) -> Outcome[Result]:
        with self._pool(1) as pool:
            try:
                return Outcome(number, pool.submit(function, task).result())
            except BrokenProcessPool:
                return Outcome(number, None, "the process that ran it died, twice")


def _end_with_the_main_process() -> None:
    """Let this process end when the one that started it does, even if that was killed.

    Otherwise it would wait for work for ever, with all its memory.
    """
    main = multiprocessing.parent_process()

    def watch() -> None:
        if main is not None:
            main.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _has_result(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
