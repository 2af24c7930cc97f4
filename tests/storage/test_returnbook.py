"""Returns in the ledger: who is waited for, and who has mended what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.storage.ledger import Ledger, PushedTask, Rejection, Round
from tests.storage.test_ledger import annotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimset.models import Annotation

ROUND = Round("r", "http://127.0.0.1:1", 7, 1, 2, "1.0", "0.2", "f" * 64)
BROKEN = Rejection("r:1", 1, "no verdict", "{}", "p_1", returnable=True)
UNREADABLE = Rejection("r:2", 1, "unknown control", "{}", "p_2")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite3") as found:
        found.save_round(ROUND)
        found.record_tasks("r", [PushedTask(1, "c", "h"), PushedTask(2, "d", "h")])
        found.record_pull("r", {1: [BROKEN, UNREADABLE]})
        yield found


def pull(ledger: Ledger, *answers: Annotation | Rejection) -> None:
    ledger.record_pull("r", {1: answers})


def test_only_what_its_annotator_can_mend_is_listed(ledger: Ledger) -> None:
    assert ledger.mendable("r") == [(BROKEN, "c")]
    assert ledger.mendable("other") == []
    pull(ledger, UNREADABLE, annotation("r:1"))  # mended in place
    assert ledger.mendable("r") == []


def test_a_return_is_waited_for_until_its_annotator_answers(ledger: Ledger) -> None:
    """Recorded once; an answer of somebody else, or a deleted one, ends no waiting."""
    ledger.record_return("r", BROKEN)
    ledger.record_return("r", BROKEN)
    assert ledger.waiting_returns("r") == []  # it stands still
    pull(ledger, UNREADABLE)
    (waiting,) = ledger.waiting_returns("r")
    assert (waiting.task_id, waiting.claim_id, waiting.annotator) == (1, "c", "p_1")
    pull(ledger, annotation("r:3", annotator="p_9"))
    assert len(ledger.waiting_returns("r")) == 1
    assert ledger.count_mended("r") == 0
    pull(ledger, annotation("r:4"))
    assert (ledger.waiting_returns("r"), ledger.count_mended("r")) == ([], 1)
    pull(ledger)
    assert (len(ledger.waiting_returns("r")), ledger.count_mended("r")) == (1, 0)


def test_an_answer_broken_again_is_listed_and_waited_for_once(ledger: Ledger) -> None:
    ledger.record_return("r", BROKEN)
    again = BROKEN._replace(annotation_id="r:5", reason="no span")
    pull(ledger, again)
    assert (ledger.mendable("r"), ledger.waiting_returns("r")) == ([(again, "c")], [])
    ledger.record_return("r", again)
    pull(ledger)
    (waiting,) = ledger.waiting_returns("r")
    assert waiting.reason == "no span"
    pull(ledger, annotation("r:6"))
    assert ledger.count_mended("r") == 1  # one task, however often it came back


def test_nobody_is_asked_an_old_text_again(ledger: Ledger) -> None:
    """A task that shows an old text, or is gone, leaves both lists."""
    ledger.record_return("r", BROKEN)
    ledger.record_tasks("r", [PushedTask(9, "c", "h2")])
    assert ledger.mendable("r") == []
    pull(ledger)
    assert ledger.waiting_returns("r") == []
    assert [found.task_id for found in ledger.waiting_returns("r", superseded=True)] == [1]
    with pytest.raises(ValueError, match="no task"):
        ledger.record_return("r", BROKEN._replace(task_id=77))
