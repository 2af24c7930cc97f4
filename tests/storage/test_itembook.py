"""Items that measure, in the ledger: roles stay apart, and only first answers are votes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from claimset.models import KnownAnswer, TaskRole, Verdict
from claimset.storage.ledger import Ledger, PushedTask, Round
from tests.storage.test_ledger import NOON, annotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUND = Round("r", "http://127.0.0.1:1", 7, 1, 2, "1.0", "0.2", "f" * 64)
FIRST, AGAIN, KNOWN = 1, 2, 3


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite3") as found:
        found.save_round(ROUND)
        found.record_tasks(
            "r",
            [
                PushedTask(FIRST, "c", "h"),
                PushedTask(AGAIN, "c", "h", TaskRole.REPEAT),
                PushedTask(KNOWN, "d", "h", TaskRole.GOLD),
            ],
        )
        yield found


def votes(ledger: Ledger) -> list[str]:
    return [item.annotation_id for item in ledger.annotations()]


def test_the_same_claim_in_two_roles_is_no_double(ledger: Ledger) -> None:
    """A second one in the same role is."""
    assert ledger.doubled_tasks("r") == []
    assert not any(task.superseded for task in ledger.tasks("r"))
    ledger.record_tasks("r", [PushedTask(8, "c", "h", TaskRole.REPEAT)])
    assert ledger.doubled_tasks("r") == [([AGAIN, 8], 0)]


def test_answers_to_known_claims_are_never_votes(ledger: Ledger) -> None:
    ledger.record_pull("r", {KNOWN: [annotation("r:1")]})
    assert votes(ledger) == []
    (found,) = ledger.annotations(role=TaskRole.GOLD)
    assert found.annotation_id == "r:1"


def test_of_two_answers_by_one_person_the_first_is_the_vote(ledger: Ledger) -> None:
    """Whichever came first; a second task answered alone gives the vote until then."""
    ledger.record_pull("r", {AGAIN: [annotation("r:2"), annotation("r:3", annotator="p_2")]})
    assert votes(ledger) == ["r:2", "r:3"]
    ledger.record_pull("r", {FIRST: [annotation("r:4")]})
    assert votes(ledger) == ["r:3", "r:4"]
    assert [item.annotation_id for item in ledger.annotations(role=TaskRole.REPEAT)] == [
        "r:2",
        "r:3",
    ]
    ledger.record_pull("r", {FIRST: []})  # deleted: the tombstone stands beside the other answer
    assert {item.annotation_id: item.status for item in ledger.annotations()} == {
        "r:2": "submitted",
        "r:3": "submitted",
        "r:4": "deleted",
    }


def test_second_answers_are_due_of_who_gave_the_first_long_enough_ago(ledger: Ledger) -> None:
    ledger.record_pull("r", {FIRST: [annotation("r:1"), annotation("r:2", annotator="p_2")]})
    later = NOON + timedelta(hours=1)
    assert ledger.second_answers_due("r", NOON) == {}
    assert ledger.second_answers_due("r", later) == {"p_1": [AGAIN], "p_2": [AGAIN]}
    ledger.record_pull("r", {AGAIN: [annotation("r:3")]})
    assert ledger.second_answers_due("r", later) == {"p_2": [AGAIN]}
    ledger.record_deleted_tasks("r", [AGAIN])
    assert ledger.second_answers_due("r", later) == {}


def test_second_answers_are_due_of_the_same_claim_and_round_alone(ledger: Ledger) -> None:
    """Not of who answered another claim, an old text, or the claim in another round."""
    ledger.save_round(ROUND._replace(name="s", project_id=8))
    ledger.record_tasks("s", [PushedTask(21, "c", "h")])
    ledger.record_tasks("r", [PushedTask(5, "e", "h"), PushedTask(6, "e", "h", TaskRole.REPEAT)])
    ledger.record_pull("r", {5: [annotation("r:1"), annotation("r:2", annotator="p_2")]})
    ledger.record_pull("r", {KNOWN: [annotation("r:3", annotator="p_3")]})
    ledger.record_pull("s", {21: [annotation("s:1", annotator="p_4")]})
    later = NOON + timedelta(hours=1)
    assert ledger.second_answers_due("r", later) == {"p_1": [6], "p_2": [6]}
    ledger.record_pull("r", {6: [annotation("r:4", status="skipped", checkability=None)]})
    assert ledger.second_answers_due("r", later) == {"p_2": [6]}  # who skipped it has seen it
    ledger.record_tasks("r", [PushedTask(7, "e", "another text")])
    assert ledger.second_answers_due("r", later) == {}


def test_known_answers_are_told_by_round_and_claim(ledger: Ledger) -> None:
    ledger.save_round(ROUND._replace(name="s", project_id=8))
    told = {
        (name, claim): KnownAnswer(claim_id=claim, verdict=verdict)
        for name, claim, verdict in (
            ("s", "d", Verdict.SUPPORTED),
            ("r", "e", Verdict.REFUTED),
            ("r", "d", Verdict.REFUTED),
        )
    }
    for (name, claim), answer in told.items():
        ledger.record_known_answers(name, {claim: answer})
    assert list(ledger.known_answers()) == [("r", "d"), ("r", "e"), ("s", "d")]
    assert ledger.known_answers() == told


def test_known_answers_are_kept_and_replaced(ledger: Ledger) -> None:
    answer = KnownAnswer(claim_id="d", verdict=Verdict.REFUTED, note="see the minutes")
    ledger.record_known_answers("r", {"d": answer})
    assert ledger.known_answers() == {("r", "d"): answer}
    better = KnownAnswer(claim_id="d", verdict=Verdict.SUPPORTED)
    ledger.record_known_answers("r", {"d": better})
    assert ledger.known_answers() == {("r", "d"): better}
    assert list(ledger.claims_with("r", TaskRole.GOLD)) == ["d"]
    assert ledger.count_claims_with("r", TaskRole.GOLD) == 1
