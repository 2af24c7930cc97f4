"""Annotators held against known answers and themselves: with n, none under twenty, no mixing."""

from __future__ import annotations

from claimset.aggregation import CheckAnswers, annotator_checks, annotator_figures
from claimset.models import AVERITEC, Annotation, Verdict
from tests.aggregation.test_annotators import _round, _vote

S, R, N, _ = Verdict


def again(claim: int, who: str, verdict: Verdict, **changes: object) -> Annotation:
    first = _vote(claim, who, verdict, **changes)
    return first.model_copy(update={"annotation_id": first.annotation_id + "-again"})


def test_shares_come_with_their_number_and_none_under_twenty() -> None:
    """19 answers give no share, 20 do; a deleted or skipped one is no answer."""
    for n in (19, 20):
        gold = tuple(_vote(claim, "p0", (S, R)[claim % 4 == 0]) for claim in range(n))
        off = {"status": "skipped", "checkability": None, "verdict": None}
        checks = CheckAnswers(
            known={("r", item.claim_id): "supported" for item in gold},
            gold=(*gold, _vote(99, "p0", S), _vote(98, "p0", S).model_copy(update=off)),
        )
        (row,) = annotator_checks([], checks)
        assert row.known.n == n
        assert row.known.value == (None if n < 20 else 0.75)
        assert (row.again.value, row.again.n) == (None, 0)


def test_a_second_answer_is_held_against_the_first_of_the_same_person() -> None:
    """Another person's, another round's and a claim answered once alone are not compared."""
    first = [_vote(claim, "p0", S) for claim in range(24)]
    second = [again(claim, "p0", (S, N)[claim < 6]) for claim in range(24)]
    checks = CheckAnswers(again=(*second, again(3, "p1", R), again(4, "p0", R, round="other")))
    (row,) = annotator_checks(first, checks)
    assert (row.annotator, row.again.value, row.again.n) == ("p0", 0.75, 24)
    # Who was given the second task alone comes with the votes, and has nothing to compare.
    (row,) = annotator_checks([*first, again(3, "p1", R)], checks)
    assert row.annotator == "p0"


def test_the_figures_of_annotators_hold_both() -> None:
    """Second answers add to the consistency over rounds; votes and agreement stay as they are."""
    votes = _round(30)
    plain = {found.annotator: found for found in annotator_figures(votes, AVERITEC)}
    checks = CheckAnswers(
        known={("r", item.claim_id): "refuted" for item in votes},
        gold=tuple(item for item in votes if item.annotator == "p2"),
        again=tuple(again(claim, "p0", (S, R)[claim % 2]) for claim in range(30)),
    )
    for found in annotator_figures(votes, AVERITEC, checks):
        before = plain[found.annotator]
        changed = {
            name
            for name in type(found).model_fields
            if getattr(found, name) != getattr(before, name)
        }
        assert (
            changed
            == {"p0": {"consistency"}, "p1": set(), "p2": {"known_accuracy"}}[found.annotator]
        )
    assert {found.annotator: found for found in annotator_figures(votes, AVERITEC, checks)}[
        "p0"
    ].consistency.value == 1.0
