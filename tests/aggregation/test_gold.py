"""Gold is what more than half say; a tie is left open, whatever order the answers come in."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.aggregation import (
    GoldRules,
    aggregate,
    aggregate_claims,
    label_of,
    latest_answers,
    votes_of_claims,
)
from claimset.models import (
    AVERITEC,
    Annotation,
    AnnotationStatus,
    AnnotatorKind,
    Checkability,
    Evidence,
    GoldSource,
    Stance,
    Verdict,
)

if TYPE_CHECKING:
    import random

START = datetime(2026, 1, 1, tzinfo=UTC)


def _answer(number: int, annotator: str, label: str, **changes: Any) -> Annotation:
    factual = label in set(Verdict)
    fields = {
        "annotation_id": f"pilot:{number}",
        "claim_id": "c_0000000000000000",
        "round": "pilot",
        "annotator": annotator,
        "annotator_kind": AnnotatorKind.HUMAN,
        "checkability": Checkability.FACTUAL if factual else Checkability(label),
        "verdict": Verdict(label) if factual else None,
        "created_at": START,
        "updated_at": START + timedelta(minutes=number),
        "status": AnnotationStatus.SUBMITTED,
        "label_schema_version": "1.0",
        "guidelines_version": "1.0",
    }
    return Annotation.model_validate(fields | changes)


def _answers(*labels: str) -> list[Annotation]:
    return [_answer(number, f"p{number}", label) for number, label in enumerate(labels)]


S, R, N, C = Verdict
O = Checkability.OPINION  # noqa: E741 - reads as the others do


@pytest.mark.parametrize(
    ("votes", "source", "label"),
    [
        ((S, S), GoldSource.UNANIMOUS, S),
        ((O, O, O), GoldSource.UNANIMOUS, O),
        ((S, S, R), GoldSource.MAJORITY, S),
        ((N, N, N, C, O), GoldSource.MAJORITY, N),
        ((S, R), GoldSource.UNRESOLVED, None),
        ((S, S, R, R), GoldSource.UNRESOLVED, None),
        ((S, R, N), GoldSource.UNRESOLVED, None),
        # Ahead of each other label, but only half of the votes.
        ((S, S, R, N), GoldSource.UNRESOLVED, None),
        ((S,), GoldSource.UNRESOLVED, None),
        ((), GoldSource.UNRESOLVED, None),
    ],
)
def test_gold_needs_more_than_half_of_at_least_two_votes(
    votes: tuple[str, ...], source: GoldSource, label: str | None
) -> None:
    gold = aggregate(_answers(*votes))
    assert gold.source is source
    assert (gold.verdict or gold.checkability) == label
    assert (gold.checkability is Checkability.FACTUAL) == (gold.verdict is not None)
    assert gold.n_annotations == len(votes)


def test_one_vote_makes_gold_only_when_allowed() -> None:
    gold = aggregate(_answers(R), GoldRules(allow_single=True))
    assert (gold.source, gold.verdict) == (GoldSource.SINGLE, R)
    assert aggregate(_answers(R, S), GoldRules(allow_single=True)).source is GoldSource.UNRESOLVED


@given(st.lists(st.sampled_from(AVERITEC.labels), max_size=7), st.randoms())
def test_shuffling_the_answers_changes_nothing(labels: list[str], chance: random.Random) -> None:
    answers = _answers(*labels)
    shuffled = answers.copy()
    chance.shuffle(shuffled)
    assert aggregate(shuffled) == aggregate(answers)


@given(st.lists(st.sampled_from(AVERITEC.labels), max_size=7))
def test_every_vote_stays_visible(labels: list[str]) -> None:
    gold = aggregate(_answers(*labels))
    assert {item.label: item.count for item in gold.distribution} == {
        label: labels.count(label) for label in set(labels)
    }
    pairs = list(combinations(labels, 2))
    expected = sum(one == other for one, other in pairs) / len(pairs) if pairs else None
    assert gold.agreement == pytest.approx(expected)


def test_the_latest_submitted_answer_of_an_annotator_counts() -> None:
    first, second = _answer(9, "p1", S), _answer(10, "p1", R)
    assert latest_answers([second, first]) == [second]


def test_of_two_answers_at_one_moment_the_one_with_the_later_id_counts() -> None:
    """Number 10 comes after number 9, although "10" sorts before "9"."""
    first, second = _answer(9, "p1", S), _answer(10, "p1", R, updated_at=START)
    first = first.model_copy(update={"updated_at": START})
    assert latest_answers([second, first]) == latest_answers([first, second]) == [second]


def test_latest_answers_come_by_claim_annotator_and_role() -> None:
    """Whatever order they were given in; a vote stands before the same person's decision."""
    decision = _answer(4, "p2", S, role="adjudication")
    answers = [_answer(1, "p1", S), _answer(2, "p2", S), _answer(3, "p3", R)]
    expected = [answers[0], answers[1], decision, answers[2]]
    for order in itertools.permutations([*answers, decision]):
        assert latest_answers(order) == expected


def test_skipped_and_deleted_answers_do_not_count() -> None:
    skipped = _answer(5, "p1", S, status="skipped", checkability=None, verdict=None)
    deleted = _answer(6, "p2", S, status="deleted")
    gold = aggregate([skipped, deleted, *_answers(R, R)])
    assert (gold.verdict, gold.n_annotations) == (R, 2)
    assert latest_answers([deleted]) == []


def test_a_later_skip_does_not_withdraw_an_answer() -> None:
    answer = _answer(1, "p1", S)
    skip = _answer(2, "p1", S, status="skipped", checkability=None, verdict=None)
    assert latest_answers([answer, skip]) == [answer]


def test_machines_never_vote_beside_people() -> None:
    machines = [
        _answer(number, f"m{number}", S, annotator_kind="machine") for number in range(20, 24)
    ]
    gold = aggregate([*machines, *_answers(R, R)])
    assert (gold.verdict, gold.n_annotations) == (R, 2)
    assert aggregate([*machines, *_answers(R)]).source is GoldSource.UNRESOLVED
    assert aggregate(machines).verdict == S


def _span(start: int, stance: Stance) -> Evidence:
    return Evidence(article_id="a", start=start, end=start + 1, text="x", stance=stance)


def test_evidence_sets_are_those_of_the_annotators_who_gave_the_gold_label() -> None:
    supports, context = _span(3, Stance.SUPPORTS), _span(1, Stance.CONTEXT)
    answers = [
        _answer(1, "p1", S, evidence=(_span(5, Stance.SUPPORTS), context, supports)),
        _answer(2, "p2", S, evidence=(supports,)),
        _answer(3, "p3", S, evidence=(context,)),
        _answer(4, "p4", R, evidence=(_span(3, Stance.REFUTES),)),
    ]
    sets = aggregate(answers).evidence_sets
    assert [item.annotator for item in sets] == ["p1", "p2"]
    assert [span.start for span in sets[0].spans] == [3, 5]


def test_an_unresolved_claim_has_no_evidence_sets() -> None:
    answers = [
        _answer(1, "p1", S, evidence=(_span(3, Stance.SUPPORTS),)),
        _answer(2, "p2", R, evidence=(_span(3, Stance.REFUTES),)),
    ]
    assert aggregate(answers).evidence_sets == ()


def test_answers_to_different_claims_are_not_mixed() -> None:
    other = _answer(7, "p7", S, claim_id="c_1111111111111111")
    assert set(votes_of_claims([*_answers(S), other])) == {
        "c_0000000000000000",
        "c_1111111111111111",
    }
    with pytest.raises(ValueError, match="2 claims"):
        aggregate([*_answers(S), other])


def test_a_skipped_answer_has_no_label() -> None:
    with pytest.raises(ValueError, match="no answer"):
        label_of(_answer(1, "p1", S, status="skipped", checkability=None, verdict=None))


def _adjudication(number: int, who: str, label: str | None, **changes: Any) -> Annotation:
    factual = label in set(Verdict)
    fields: dict[str, Any] = {
        "role": "adjudication",
        "error_category": "evidence_missed",
        "checkability": Checkability.FACTUAL if factual else label,
        "verdict": label if factual else None,
    }
    return _answer(number, who, S, **(fields | changes))


@pytest.mark.parametrize(
    ("rules", "votes", "source"),
    [
        ({"min_votes": 3}, (S, S), GoldSource.UNRESOLVED),
        ({"min_votes": 3}, (S, S, S), GoldSource.UNANIMOUS),
        ({"min_votes": 3}, (S, S, R), GoldSource.MAJORITY),
        ({"min_margin": 2}, (S, S, R), GoldSource.UNRESOLVED),
        ({"min_margin": 2}, (S, S), GoldSource.UNANIMOUS),
        ({"min_margin": 2}, (S, S, S, R), GoldSource.MAJORITY),
        ({"min_votes": 3, "allow_single": True}, (S,), GoldSource.SINGLE),
        ({"min_votes": 3, "allow_single": True}, (S, S), GoldSource.UNRESOLVED),
    ],
)
def test_votes_and_margin_are_asked_for(
    rules: dict[str, Any], votes: tuple[str, ...], source: GoldSource
) -> None:
    """A thin margin and too few votes are never gold."""
    assert aggregate(_answers(*votes), GoldRules(**rules)).source is source


def test_an_adjudication_decides_and_is_no_vote() -> None:
    span = _span(7, Stance.REFUTES)
    answers = [
        *_answers(S, S, R),
        _adjudication(9, "judge", R, evidence=(span, _span(1, Stance.CONTEXT))),
    ]
    gold = aggregate(answers)
    assert (gold.source, gold.verdict, gold.adjudicator) == (GoldSource.ADJUDICATED, R, "judge")
    assert gold.error_category == "evidence_missed"
    assert gold.n_annotations == 3
    assert {item.label: item.count for item in gold.distribution} == {S: 2, R: 1}
    assert [(item.annotator, item.spans) for item in gold.evidence_sets] == [("judge", (span,))]


def test_what_cannot_be_decided_stays_unresolved() -> None:
    """Even where the votes alone would have made a majority: somebody looked at both sides."""
    gold = aggregate([*_answers(S, S, R), _adjudication(9, "judge", None)])
    assert (gold.source, gold.label, gold.adjudicator) == (GoldSource.UNRESOLVED, None, "judge")


def test_nobody_decides_a_dispute_they_are_part_of() -> None:
    answers = [*_answers(S, S, R), _adjudication(9, "p2", R)]
    assert aggregate(answers).source is GoldSource.MAJORITY


def test_a_machine_does_not_decide_between_people() -> None:
    machine = _adjudication(9, "machine-d", R, annotator_kind="machine")
    assert aggregate([*_answers(S, S, R), machine]).source is GoldSource.MAJORITY
    votes = [
        answer.model_copy(update={"annotator_kind": AnnotatorKind.MACHINE})
        for answer in _answers(S, S, R)
    ]
    assert aggregate([*votes, machine]).adjudicator == "machine-d"
    person = _adjudication(8, "judge", S)
    assert aggregate([*votes, machine, person]).adjudicator == "judge"


def test_the_latest_adjudication_counts_and_a_skipped_one_does_not() -> None:
    first, second = _adjudication(8, "judge", S), _adjudication(9, "other", R)
    skipped = _adjudication(10, "third", None, status="skipped", error_category=None)
    assert aggregate([*_answers(S, R), first, second, skipped]).adjudicator == "other"


def _many() -> list[Annotation]:
    """Thirty claims by three annotators; p0 and p1 are right, p2 always says refuted."""
    answers = []
    for claim in range(30):
        truth = (S, N, R)[claim % 3]
        for place, label in enumerate((truth, truth, R)):
            number = claim * 3 + place
            claim_id = f"c_{claim:016x}"
            answers.append(_answer(number, f"p{place}", label, claim_id=claim_id))
    tie = "c_" + "f" * 16
    answers += [
        _answer(900, "p0", S, claim_id=tie),
        _answer(901, "p2", R, claim_id=tie),
    ]
    return answers


def test_the_model_decides_a_tie_only_when_switched_on_and_sure() -> None:
    """p2 says refuted whatever is true, so p0's word is worth more."""
    tie = "c_" + "f" * 16
    assert aggregate_claims(_many())[tie].source is GoldSource.UNRESOLVED
    gold = aggregate_claims(_many(), GoldRules(model_gold=True, model_posterior=0.9))[tie]
    assert (gold.source, gold.verdict) == (GoldSource.MODEL, S)
    assert gold.posterior is not None
    assert 0.9 <= gold.posterior <= 1
    unsure = GoldRules(model_gold=True, model_posterior=1.0)
    assert aggregate_claims(_many(), unsure)[tie].source is GoldSource.UNRESOLVED


def test_the_model_overrules_no_votes() -> None:
    rules = GoldRules(model_gold=True, model_posterior=0.51)
    with_model, without = aggregate_claims(_many(), rules), aggregate_claims(_many())
    for claim, gold in without.items():
        if gold.source is not GoldSource.UNRESOLVED:
            assert with_model[claim] == gold


def test_shuffling_changes_nothing_with_the_model_either() -> None:
    rules = GoldRules(model_gold=True)
    assert aggregate_claims(_many()[::-1], rules) == aggregate_claims(_many(), rules)
