"""Tasks in the ledger: which are there, which show an old text, and which stand twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from claimset.models import TaskRole
from claimset.storage.ledger import Ledger, PushedTask, Round

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUND = Round("r", "http://127.0.0.1:1", 7, 1, 2, "1.0", "0.2", "f" * 64)
OTHER = ROUND._replace(name="s", project_id=8)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Claim a has an old and a new text, b a second task too, and one of c was deleted."""
    with Ledger(tmp_path / "ledger.sqlite3") as found:
        found.save_round(ROUND)
        found.save_round(OTHER)
        found.record_tasks(
            "r",
            [
                PushedTask(1, "a", "old"),
                PushedTask(2, "b", "h"),
                PushedTask(3, "b", "h", TaskRole.REPEAT),
                PushedTask(4, "c", "h"),
                PushedTask(5, "a", "new"),
                PushedTask(9, "d", "h"),
            ],
        )
        found.record_deleted_tasks("r", [4])
        found.record_tasks("s", [PushedTask(20, "a", "other"), PushedTask(21, "e", "h")])
        yield found


def test_tasks_of_a_claim_are_those_of_its_round_and_role(book: Ledger) -> None:
    """Old texts among them, deleted ones not."""
    assert book.tasks_of("r", "a", TaskRole.CLAIM) == {1: "old", 5: "new"}
    assert book.tasks_of("r", "b", TaskRole.CLAIM) == {2: "h"}
    assert book.tasks_of("r", "b", TaskRole.REPEAT) == {3: "h"}
    assert book.tasks_of("r", "c", TaskRole.CLAIM) == {}
    assert book.tasks_of("s", "a", TaskRole.CLAIM) == {20: "other"}


def test_old_texts_are_told_as_long_as_they_are_there(book: Ledger) -> None:
    assert book.superseded_tasks("r") == [1]
    assert book.superseded_tasks("s") == []
    book.record_tasks(
        "r", [PushedTask(10, "b", "new"), PushedTask(11, "b", "new", TaskRole.REPEAT)]
    )
    assert book.superseded_tasks("r") == [1, 2, 3]
    book.record_deleted_tasks("r", [1, 11])
    assert book.superseded_tasks("r") == [2]


def test_what_the_project_holds_is_told_by_id(book: Ledger) -> None:
    """Within a range or in all; what was deleted, and what another round holds, is not there."""
    assert book.count_tasks(ROUND) == 5
    assert book.count_tasks(ROUND, (2, 5)) == 3
    assert book.task_ids(ROUND, (2, 5)) == {2, 3, 5}
    assert book.task_ids(ROUND, (1, 99)) == {1, 2, 3, 5, 9}
    assert (book.last_task_id(ROUND), book.last_task_id(OTHER)) == (9, 21)
    assert book.last_task_id(ROUND._replace(name="nothing")) == 0
    book.record_deleted_tasks("r", [9])
    assert (book.last_task_id(ROUND), book.count_tasks(ROUND)) == (5, 4)
    book.add_foreign_tasks(ROUND, [3000, 3001])  # made in the project by somebody else
    assert (book.last_task_id(ROUND), book.count_tasks(ROUND)) == (3001, 6)
    assert book.count_tasks(ROUND, (5, 3000)) == 2
    assert book.task_ids(ROUND, (5, 3000)) == {5, 3000}
    anew = ROUND._replace(generation=2)
    assert book.task_ids(anew, (3000, 3001)) == set()
    book.forget_foreign_tasks(ROUND, [3001])
    assert (book.last_task_id(ROUND), book.count_tasks(ROUND)) == (3000, 5)


def test_known_tasks_are_told_with_what_they_show(book: Ledger) -> None:
    assert book.known_tasks("r", [1, 3, 4, 5, 20]) == {
        1: PushedTask(1, "a", "old", TaskRole.CLAIM, 1, superseded=True),
        3: PushedTask(3, "b", "h", TaskRole.REPEAT),
        5: PushedTask(5, "a", "new", TaskRole.CLAIM, 2),
    }


def test_when_a_task_was_recorded_is_known(book: Ledger) -> None:
    moments = book.pushed_at("r")
    assert moments.keys() == {1, 2, 3, 5, 9}
    for moment in moments.values():
        assert timedelta() <= datetime.now(UTC) - moment < timedelta(minutes=10)
    assert book.pushed_at("s").keys() == {20, 21}


def test_tasks_that_show_the_same_are_doubles(book: Ledger) -> None:
    """Of one claim, role and text; beside each set the latest task of another text is named."""
    assert book.doubled_tasks("r") == []
    book.record_tasks("r", [PushedTask(n, "a", "new") for n in (12, 13)])
    book.record_tasks("r", [PushedTask(14, "d", "h"), PushedTask(15, "b", "h", TaskRole.GOLD)])
    assert sorted(book.doubled_tasks("r")) == [([5, 12, 13], 1), ([9, 14], 0)]
    assert book.doubled_tasks("s") == []
    book.record_deleted_tasks("r", [14])
    assert book.doubled_tasks("r") == [([5, 12, 13], 1)]
    book.record_tasks("r", [PushedTask(16, "a", "newest")])
    assert book.doubled_tasks("r") == [([5, 12, 13], 16)]
    book.record_deleted_tasks("r", [5, 12])
    assert book.doubled_tasks("r") == []
    assert book.superseded_tasks("r") == [1, 13]
