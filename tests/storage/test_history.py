"""What the ledger tells of answers: who gave them, which stand, and which are too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import ContractError
from claimset.models import Annotation, AnnotationStatus, AnnotatorKind, RoundKind, TaskRole
from claimset.storage.history import Corrected, iso
from claimset.storage.ledger import Ledger, PushedTask, Rejection, Round
from claimset.storage.rounds import Author

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ROUND = Round("r", "http://127.0.0.1:1", 7, 1, 2, "1.0", "0.2", "f" * 64)
HUMAN, MACHINE = AnnotatorKind.HUMAN, AnnotatorKind.MACHINE


def answer(name: str, annotator: str = "p_1", **changes: Any) -> Annotation:
    return Annotation.model_validate(
        {
            "annotation_id": name,
            "claim_id": "c",
            "round": "r",
            "annotator": annotator,
            "annotator_kind": "human",
            "checkability": "opinion",
            "created_at": NOON,
            "updated_at": NOON,
            "status": "submitted",
            "label_schema_version": "1.0",
            "guidelines_version": "0.2",
        }
        | changes
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Two rounds; the first has tasks of claims a to d, a second one of a, and a known answer."""
    with Ledger(tmp_path / "ledger.sqlite3") as found:
        for round_ in (ROUND, ROUND._replace(name="s", project_id=8)):
            found.save_round(round_)
        found.record_tasks(
            "r",
            [
                *(PushedTask(n, name, "h") for n, name in enumerate("abcd", start=1)),
                PushedTask(5, "a", "h", TaskRole.REPEAT),
                PushedTask(6, "e", "h", TaskRole.GOLD),
            ],
        )
        found.record_tasks("s", [PushedTask(11, "a", "h")])
        yield found


def test_more_people_than_asked_are_named_for_tasks_that_stand(ledger: Ledger) -> None:
    """Not for old texts, deleted tasks, known answers, other rounds, or two answers of one."""
    three = ("p_1", "p_2", "p_3")
    ledger.record_pull(
        "r",
        {task: [answer(f"r:{task}{who}", who) for who in three] for task in (1, 2, 3, 6)}
        | {4: [answer("r:4a"), answer("r:4b"), answer("r:4c", "p_2")]},
    )
    ledger.record_pull("s", {11: [answer(f"s:{who}", who, round="s") for who in three]})
    assert ledger.above_overlap("r", 2) == [(1, 3), (2, 3), (3, 3)]
    assert ledger.above_overlap("r", 3) == []
    ledger.record_tasks("r", [PushedTask(7, "b", "another text")])
    ledger.record_deleted_tasks("r", [3])
    assert ledger.above_overlap("r", 2) == [(1, 3)]
    assert ledger.above_overlap("s", 2) == [(11, 3)]


def test_two_answers_of_one_person_are_named_while_both_stand(ledger: Ledger) -> None:
    """Skipped, deleted and rejected ones are no answers; two people are not one."""
    ledger.record_pull(
        "r",
        {
            1: [answer("r:1"), answer("r:2"), answer("r:3", "p_2")],
            2: [answer("r:4"), answer("r:5", status="skipped", checkability=None)],
            3: [answer("r:6"), Rejection("r:7", 3, "why", "{}", "p_1")],
            4: [answer("r:8"), answer("r:9"), answer("r:10"), answer("r:11", "p_2")],
        },
    )
    ledger.record_pull("s", {11: [answer("s:1", round="s"), answer("s:2", round="s")]})
    assert ledger.answered_twice("r") == [(1, "p_1"), (4, "p_1")]
    assert ledger.answered_twice("s") == [(11, "p_1")]
    ledger.record_pull("r", {1: [answer("r:1"), answer("r:3", "p_2")]})
    assert ledger.answered_twice("r") == [(4, "p_1")]
    ledger.record_deleted_tasks("r", [4])
    assert ledger.answered_twice("r") == []


def test_answers_to_old_texts_are_counted_while_they_stand(ledger: Ledger) -> None:
    ledger.record_pull(
        "r",
        {
            1: [answer("r:1"), answer("r:2", "p_2"), answer("r:3", "p_3", status="skipped",
                                                            checkability=None)],
            2: [answer("r:4")],
            3: [answer("r:5")],
        },
    )  # fmt: skip
    assert ledger.count_superseded("r") == 0
    ledger.record_tasks("r", [PushedTask(7, "a", "another text"), PushedTask(8, "c", "new")])
    assert ledger.count_superseded("r") == 3
    assert ledger.count_superseded("s") == 0
    ledger.record_deleted_tasks("r", [3])
    assert ledger.count_superseded("r") == 2


def test_a_claim_is_answered_by_any_answer_that_stands(ledger: Ledger) -> None:
    """Also by a skipped or an unusable one: somebody has looked at what the task shows."""
    ledger.record_pull(
        "r",
        {
            1: [answer("r:1", status="skipped", checkability=None)],
            2: [Rejection("r:2", 2, "why", "{}")],
            3: [answer("r:3")],
            4: [answer("r:4")],
        },
    )
    assert [name for name in "abcdx" if ledger.is_answered("r", name)] == ["a", "b", "c", "d"]
    assert [name for name in "abcdx" if ledger.is_answered("s", name)] == []
    ledger.record_pull("r", {3: []})
    ledger.record_deleted_tasks("r", [4])
    assert [name for name in "abcdx" if ledger.is_answered("r", name)] == ["a", "b"]


def test_who_gave_an_answer_is_known_from_its_latest_usable_version(ledger: Ledger) -> None:
    ledger.record_pull("r", {1: [answer("r:1", "p_1")]})
    ledger.record_pull("r", {1: [answer("r:1", "m", annotator_kind="machine")]})
    assert ledger.author_of("r:1") == Author("m", MACHINE)
    ledger.record_pull("r", {1: [Rejection("r:1", 1, "why", "{}", "p_3")]})
    assert ledger.author_of("r:1") == Author("m", MACHINE)
    assert ledger.author_of("r:2") is None
    ledger.record_pull("r", {2: [Rejection("r:2", 2, "why", "{}", "p_3")]})
    assert ledger.author_of("r:2") is None


def test_voters_of_a_claim_are_those_of_every_round_and_version(ledger: Ledger) -> None:
    """A deleted vote was one, a skipped task was none, and an adjudicator's answer is no vote."""
    ledger.save_round(ROUND._replace(name="x", project_id=9, kind=RoundKind.ADJUDICATION))
    ledger.record_tasks("x", [PushedTask(21, "a", "h")])
    ledger.record_pull(
        "r",
        {
            1: [answer("r:1"), answer("r:2", "p_2", status="skipped", checkability=None)],
            2: [answer("r:3", "p_3")],
        },
    )
    ledger.record_pull("r", {1: []})
    ledger.record_pull("s", {11: [answer("s:1", "m", annotator_kind="machine", round="s")]})
    ledger.record_pull("x", {21: [answer("x:1", "p_4", round="x")]})
    assert ledger.voters("a") == {Author("p_1", HUMAN), Author("m", MACHINE)}
    assert ledger.voters("b") == {Author("p_3", HUMAN)}
    assert ledger.voters("z") == set()


def test_everything_usable_that_was_ever_seen_is_told(ledger: Ledger) -> None:
    """A build must not lose what was released once: earlier versions and deleted ones count."""
    ledger.record_pull("r", {1: [answer("r:1", "p_1"), Rejection("r:2", 1, "why", "{}", "p_9")]})
    ledger.record_pull("r", {1: [answer("r:1", "p_2", claim_id="d")]})
    ledger.record_pull("r", {1: []})
    assert {pair for batch in ledger.answered() for pair in batch} == {("c", "p_1"), ("d", "p_2")}


def test_corrections_are_told_as_long_as_their_answer_stands(ledger: Ledger) -> None:
    """By the latest version, in its round, in the order of ids."""
    ledger.record_pull(
        "r",
        {
            1: [Corrected(answer("r:2"), "two"), Corrected(answer("r:1", "p_2"), "one")],
            2: [Corrected(answer("r:3"), "three")],
        },
    )
    assert list(ledger.corrections("r").items()) == [
        ("r:1", "one"),
        ("r:2", "two"),
        ("r:3", "three"),
    ]
    assert ledger.corrections("s") == {}
    ledger.record_pull("r", {1: [answer("r:2", justification="mended")], 2: []})
    assert ledger.corrections("r") == {}


def test_rejections_are_told_with_what_can_be_mended(ledger: Ledger) -> None:
    """Those whose latest version cannot be used, by task and id."""
    broken = Rejection("r:3", 2, "needs a span", '{"id": 3}', "p_1", returnable=True)
    lost = Rejection("r:2", 1, "no region", '{"id": 2}')
    ledger.record_pull("r", {2: [broken], 1: [lost, answer("r:1")]})
    assert ledger.rejections("r") == [lost, broken]
    ledger.record_pull("r", {2: [answer("r:3")], 1: [answer("r:1")]})
    assert ledger.rejections("r") == []


def test_a_second_task_that_somebody_had_alone_is_their_vote(ledger: Ledger) -> None:
    """Who answered the first, too, gives a second answer there; a deleted first is none."""
    ledger.record_pull(
        "r",
        {
            1: [answer("r:1", "p_1", claim_id="a")],
            5: [answer("r:2", "p_1", claim_id="a"), answer("r:3", "p_2", claim_id="a")],
            6: [answer("r:4", "p_1", claim_id="e")],
        },
    )

    def told(role: TaskRole) -> list[str]:
        return [item.annotation_id for item in ledger.annotations(role=role)]

    assert told(TaskRole.CLAIM) == ["r:1", "r:3"]
    assert told(TaskRole.REPEAT) == ["r:2", "r:3"]
    assert told(TaskRole.GOLD) == ["r:4"]
    ledger.record_pull("r", {1: []})
    assert told(TaskRole.CLAIM) == ["r:1", "r:2", "r:3"]
    assert ledger.annotations()[0].status is AnnotationStatus.DELETED


def test_a_known_number_made_at_another_time_is_another_answer(ledger: Ledger) -> None:
    """Nothing is taken from a server that was set back until it is asked for; then both stand."""
    ledger.record_pull("r", {1: [answer("r:1", justification="first")]})
    later = NOON + timedelta(days=1)
    other = answer("r:1", "p_2", claim_id="b", created_at=later, updated_at=later)
    for task in (1, 2):
        with pytest.raises(ContractError, match="set back to an earlier state"):
            ledger.record_pull("r", {3: [answer("r:5")], task: [other]})
    assert [item.annotation_id for item in ledger.annotations()] == ["r:1"]
    counts = ledger.record_pull("r", {2: [other]}, set_back=True)
    assert (counts["deleted"], counts["new"], counts["edited"]) == (1, 1, 0)
    assert ledger.annotations() == [other]
    assert {pair for batch in ledger.answered() for pair in batch} == {("c", "p_1"), ("b", "p_2")}
    edited = answer("r:1", "p_2", claim_id="b", created_at=later, justification="mended")
    assert ledger.record_pull("r", {2: [edited]})["edited"] == 1


def test_moments_sort_as_text() -> None:
    """In UTC with microseconds, whatever zone they came in."""
    later = NOON + timedelta(microseconds=1)
    assert iso(NOON) == "2026-01-01T12:00:00.000000+00:00"
    assert iso(NOON) < iso(later) < iso(NOON + timedelta(days=1))
