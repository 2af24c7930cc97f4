"""Engines: every task ends in one outcome, wherever it ran and whatever died on the way."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.engines import EngineName, open_engine
from claimset.errors import UsageError
from claimset.pipeline import segment
from claimset.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimset.storage.workspace import Workspace

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _tasks_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers find the functions by name."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setenv("PYTHONPATH", ":".join([str(HERE), *sys.path[:3]]))


@pytest.mark.parametrize("name", [EngineName.INLINE, EngineName.PROCESSES])
def test_every_task_has_its_outcome(name: EngineName) -> None:
    from tasks import square

    with open_engine(name, workers=2) as engine:
        outcomes = list(engine.run(square, iter(range(40))))
    assert sorted(outcome[:2] for outcome in outcomes) == [(n, n * n) for n in range(40)]


def test_no_task_is_no_outcome() -> None:
    from tasks import square

    with open_engine(EngineName.PROCESSES, workers=2) as engine:
        assert list(engine.run(square, iter(()))) == []


def test_tasks_are_taken_as_fast_as_they_are_done() -> None:
    """A list of a million tasks is never held as a whole."""
    from tasks import square

    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(200):
            taken += 1
            yield number

    with open_engine(EngineName.PROCESSES, workers=2) as engine:
        running = engine.run(square, tasks())
        next(running)
        assert taken <= 8
        running.close()


def test_a_task_that_kills_its_process_is_named_and_the_others_are_done() -> None:
    from tasks import square_unless_thirteen

    with open_engine(EngineName.PROCESSES, workers=2) as engine:
        outcomes = {o.number: o for o in engine.run(square_unless_thirteen, iter(range(30)))}
    assert outcomes.keys() == set(range(30))
    assert outcomes[13].result is None
    assert "died" in str(outcomes[13].fault)
    assert all(o.result == n * n for n, o in outcomes.items() if n != 13)


def test_a_process_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    from tasks import square_but_die_once

    work = [(n, str(tmp_path / "mark")) for n in range(20)]
    with open_engine(EngineName.PROCESSES, workers=2) as engine:
        outcomes = list(engine.run(square_but_die_once, iter(work)))
    assert sorted(outcome[:2] for outcome in outcomes) == [(n, n * n) for n in range(20)]


@pytest.mark.parametrize("name", [EngineName.INLINE, EngineName.PROCESSES])
def test_a_fault_of_the_function_is_not_hidden(name: EngineName) -> None:
    from tasks import fail

    with open_engine(name, workers=2) as engine, pytest.raises(ValueError, match=r"^\d$"):
        list(engine.run(fail, iter(range(3))))


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is installed here")
def test_without_ray_the_extra_is_named() -> None:
    with pytest.raises(UsageError, match="extra `ray`"), open_engine(EngineName.RAY):
        pass


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is installed here")
def test_a_cluster_that_was_asked_for_is_not_replaced(workspace_copy: Workspace) -> None:
    """Not for a single shard either."""
    with pytest.raises(UsageError, match="extra `ray`"):
        segment(workspace_copy, Settings(engine="ray"))


MAIN = """
import sys
from claimset.engines import EngineName, open_engine
from tasks import note_process
if __name__ == "__main__":
    with open_engine(EngineName.PROCESSES, workers=2) as engine:
        list(engine.run(note_process, [sys.argv[1]] * 4))
"""


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """However it was ended: a worker that waits for ever keeps its memory for ever."""
    script, folder = tmp_path / "main.py", tmp_path / "seen"
    script.write_text(MAIN)
    folder.mkdir()
    main = subprocess.Popen([sys.executable, str(script), str(folder)])
    try:
        _until(lambda: len(list(folder.iterdir())) == 2)
    finally:
        main.kill()
        main.wait()
    workers = [int(path.name) for path in folder.iterdir()]
    _until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(1200):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it did not come true in two minutes")
