"""What is said about an annotator rests on enough answers, and never pools people and machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from claimset.aggregation import annotator_figures
from claimset.models import AVERITEC, Annotation, AnnotatorFigures, Verdict

START = datetime(2026, 1, 1, tzinfo=UTC)
S, R, N, _ = Verdict


def _vote(claim: int, who: str, verdict: Verdict, **changes: Any) -> Annotation:
    fields: dict[str, Any] = {
        "annotation_id": f"r:{claim}-{who}-{changes.get('round', 'r')}-{changes.get('role', '')}",
        "claim_id": f"c_{claim:016x}",
        "round": "r",
        "annotator": who,
        "annotator_kind": "human",
        "checkability": "factual",
        "verdict": verdict,
        "lead_time_s": 10.0 * (claim + 1),
        "created_at": START,
        "updated_at": START + timedelta(minutes=claim),
        "status": "submitted",
        "label_schema_version": "1.0",
        "guidelines_version": "1.0",
    }
    return Annotation.model_validate(fields | changes)


def _round(claims: int) -> list[Annotation]:
    """Claims are supported and refuted in turn; p2 says refuted every time."""
    answers = []
    for claim in range(claims):
        truth = (S, R)[claim % 2]
        answers += [_vote(claim, "p0", truth), _vote(claim, "p1", truth), _vote(claim, "p2", R)]
    return answers


def _of(annotations: list[Annotation], name: str) -> AnnotatorFigures:
    return next(
        found for found in annotator_figures(annotations, AVERITEC) if found.annotator == name
    )


def test_agreement_is_with_the_majority_of_the_others() -> None:
    """p2 agrees on every second claim; p0 has ties of p1 and p2 on the others: left out."""
    found = _of(_round(40), "p2")
    assert (found.agreement.value, found.agreement.n, found.tied) == (0.5, 40, 0)
    first = _of(_round(40), "p0")
    assert (first.agreement.value, first.agreement.n, first.tied) == (1.0, 20, 20)


def test_bias_is_the_share_of_a_label_less_its_share_among_all() -> None:
    """p2 says refuted always; of all votes on the same claims two thirds are refuted."""
    found = _of(_round(40), "p2")
    assert found.bias[R].value == pytest.approx(1 - 2 / 3)
    assert found.bias[S].value == pytest.approx(-1 / 3)


def test_sensitivity_tells_what_somebody_does_not_see() -> None:
    found = _of(_round(60), "p2")
    assert (found.sensitivity[S].value or 0) < 0.15
    assert (found.sensitivity[R].value or 0) > 0.85
    assert found.sensitivity[S].n == pytest.approx(30, abs=1)


def test_time_is_the_median() -> None:
    answers = _round(21)
    answers[0] = _vote(0, "p0", S, lead_time_s=1_000_000.0)
    assert _of(answers, "p0").seconds.value == pytest.approx(120)


def test_under_twenty_answers_there_is_no_figure_but_the_number() -> None:
    found = _of(_round(19), "p2")
    figures = [found.agreement, found.seconds, *found.bias.values(), *found.sensitivity.values()]
    assert all(figure.value is None for figure in figures)
    assert found.agreement.n == 19


def test_a_claim_shown_again_tells_how_consistent_somebody_is() -> None:
    answers = _round(24)
    again = [
        _vote(claim, "p0", S if claim < 6 else (S, R)[claim % 2], round="again")
        for claim in range(24)
    ]
    found = _of([*answers, *again], "p0")
    assert (found.consistency.value, found.consistency.n) == (21 / 24, 24)


def test_gold_accuracy_is_over_adjudicated_claims() -> None:
    answers = _round(24)
    decided = [
        _vote(claim, "judge", R, role="adjudication", error_category="slip") for claim in range(24)
    ]
    found = _of([*answers, *decided], "p0")
    assert (found.gold_accuracy.value, found.gold_accuracy.n) == (0.5, 24)
    assert "judge" not in {
        each.annotator for each in annotator_figures([*answers, *decided], AVERITEC)
    }


def test_people_and_machines_are_apart() -> None:
    machines = [
        _vote(claim, f"m{place}", S, annotator_kind="machine")
        for claim in range(30)
        for place in range(3)
    ]
    figures = annotator_figures([*_round(30), *machines], AVERITEC)
    assert [(each.annotator, str(each.kind)) for each in figures] == [
        ("p0", "human"),
        ("p1", "human"),
        ("p2", "human"),
        ("m0", "machine"),
        ("m1", "machine"),
        ("m2", "machine"),
    ]
    assert figures[0].agreement == _of(_round(30), "p0").agreement
