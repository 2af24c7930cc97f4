"""Arrivals: the server is kept at work, in order, and what it did is recorded."""

from __future__ import annotations

import json
import time
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import DataError
from claimset.labelstudio.ahead import begun
from claimset.labelstudio.arrival import Arrivals
from claimset.labelstudio.failures import UnclearError
from claimset.labelstudio.listing import StoredTask
from claimset.labelstudio.roles import item_key
from claimset.models import TaskRole
from claimset.selection.lines import number_of_id
from claimset.storage.ledger import Ledger, Round

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ROUND = Round(
    name="r",
    server_url="http://127.0.0.1:1",
    project_id=7,
    generation=1,
    overlap=1,
    label_schema_version="1",
    guidelines_version="1",
    config_sha256="",
)


class Server:
    """Answers an import when it is told to; numbers tasks as they come."""

    def __init__(self) -> None:
        self.tasks: list[dict[str, Any]] = []
        self.at_work = 0
        self.most = 0
        self.begun = Event()
        self.may_end = Event()
        self.may_end.set()
        self.loses: set[int] = set()
        """Which imports lose their answer, counted from 0."""
        self.imports = 0

    def import_encoded(self, project_id: int, body: bytes, count: int) -> list[int]:
        assert project_id == ROUND.project_id
        tasks = json.loads(body)
        assert len(tasks) == count
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        self.begun.set()
        assert self.may_end.wait(30)
        first = len(self.tasks) + 1
        self.tasks += tasks
        self.at_work -= 1
        self.imports += 1
        if self.imports - 1 in self.loses:
            raise UnclearError("the answer was lost", where="there", remedy="look")
        return list(range(first, first + len(tasks)))

    def find_tasks(self, _project_id: int, claims: Sequence[str]) -> list[StoredTask]:
        return [
            StoredTask(number, d["claim_id"], d["content_hash"], TaskRole.CLAIM, 0, labelled=False)
            for number, task in enumerate(self.tasks, start=1)
            if (d := task["data"])["claim_id"] in claims
        ]


def batch(*numbers: int) -> list[dict[str, Any]]:
    made = []
    for number in numbers:
        data = {"claim_id": f"c_{number:016x}", "content_hash": f"h{number}"}
        made.append({"data": data | {"item": item_key(data, TaskRole.CLAIM)}})
    return made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite3") as found:
        found.save_round(ROUND)
        yield found


def numbers(ledger: Ledger) -> list[tuple[int, int]]:
    """Task and claim, as the ledger knows them."""
    return [(task.task_id, number_of_id(task.claim_id)) for task in ledger.tasks("r")]


def test_a_batch_is_recorded_while_the_next_is_on_its_way(ledger: Ledger) -> None:
    """One import at a time, in the order of sending; the last is recorded when it has arrived."""
    server = Server()
    with Arrivals(server, ledger, ROUND) as arrivals:  # type: ignore[arg-type]
        arrivals.send(batch(5, 3))
        assert server.begun.wait(30)
        assert numbers(ledger) == []
        arrivals.send(batch(4))
        assert numbers(ledger) == [(1, 5), (2, 3)]
        while server.imports < 2:
            time.sleep(0.01)
        server.may_end.clear()
        arrivals.send(batch(1))
        assert numbers(ledger) == [(1, 5), (2, 3), (3, 4)]
        server.may_end.set()
        arrivals.settle()
    assert numbers(ledger) == [(1, 5), (2, 3), (3, 4), (4, 1)]
    assert (arrivals.sent, arrivals.found, server.most) == (4, 0, 1)


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_lost_answer_is_cleared_up_before_the_next_batch_goes(ledger: Ledger, lost: int) -> None:
    """What came after it in the order of asking comes after it in the project."""
    server = Server()
    server.loses = {lost}
    with Arrivals(server, ledger, ROUND, sleep=lambda _: None) as arrivals:  # type: ignore[arg-type]
        for number in (5, 4, 1):
            arrivals.send(batch(number))
        arrivals.settle()
    assert numbers(ledger) == [(1, 5), (2, 4), (3, 1)]
    assert (arrivals.sent, arrivals.found, server.imports) == (2, 1, 3)


def test_what_is_on_its_way_is_recorded_when_making_the_next_fails(ledger: Ledger) -> None:
    """A damaged article further on ends the push; what was sent is known all the same."""
    server = Server()

    def push() -> None:
        with Arrivals(server, ledger, ROUND) as arrivals:  # type: ignore[arg-type]
            arrivals.send(batch(5))
            raise DataError("the next article is damaged", where="there", remedy="mend it")

    with pytest.raises(DataError, match="damaged"):
        push()
    assert numbers(ledger) == [(1, 5)]


def test_the_first_items_are_made_before_they_are_asked_for() -> None:
    """The others are made one by one, and what goes wrong is raised where it is reached."""
    third = Event()

    def items() -> Iterator[int]:
        yield from (1, 2, 3)
        third.set()
        yield 4
        raise DataError("no more", where="there", remedy="stop")

    found = begun(items(), 4)
    assert third.wait(30)
    assert [next(found) for _ in range(4)] == [1, 2, 3, 4]
    with pytest.raises(DataError, match="no more"):
        next(found)
