"""Functions that workers of the tests import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def square(number: int) -> int:
    return number * number


def square_unless_thirteen(number: int) -> int:
    """Thirteen takes its process along, as running out of memory does."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def square_but_die_once(task: tuple[int, str]) -> int:
    """The first process that gets thirteen dies; the second is spared."""
    number, mark = task
    if number == 13 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def slow_square(number: int) -> int:
    time.sleep(0.5)
    return number * number


def fail(number: int) -> int:
    raise ValueError(number)


def note_process(folder: str) -> None:
    """Leave the number of this process in a folder, and work on for long."""
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(600)


def square_but_lose_the_input_once(task: tuple[int, str]) -> int:
    """As when the object store loses what a task was given."""
    number, mark = task
    if number == 13 and not Path(mark).exists():
        import ray

        Path(mark).touch()
        raise ray.exceptions.OwnerDiedError("00" * 28, None, "nobody")
    return number * number
