"""Engines: every task ends in one outcome, wherever it ran and whatever died on the way."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.engines import EngineName, open_engine
from claimset.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
