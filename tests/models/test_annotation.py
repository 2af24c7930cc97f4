"""Answers: which ones are whole, and which break a rule of the guidelines."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from pydantic import ValidationError

from claimset.models import (
    AVERITEC,
    Annotation,
    Checkability,
    Evidence,
    ReferenceAdjudication,
    ReferenceAnnotation,
    Stance,
    Verdict,
    broken_answer_rules,
)

NEEDS_VERDICT = "a factual claim needs a verdict"
NEEDS_SUPPORT = "supported needs a span marked supports"
NEEDS_REFUTE = "refuted needs a span marked refutes"
NEEDS_BOTH = "conflicting_evidence needs a span of each stance"


def marked(*stances: str) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(article_id="s", start=n, end=n + 1, text="x", stance=Stance(stance))
        for n, stance in enumerate(stances)
    )


def annotation(**changes: Any) -> Annotation:
    return Annotation.model_validate(
        {
            "annotation_id": "r:1",
            "claim_id": "c_0000000000000000",
            "round": "r",
            "annotator": "p_1",
            "annotator_kind": "human",
            "checkability": "opinion",
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
            "status": "submitted",
            "label_schema_version": "1.0",
            "guidelines_version": "0.2",
        }
        | changes
    )


@pytest.mark.parametrize(
    ("checkability", "verdict", "stances", "broken"),
    [
        ("factual", "supported", ["supports"], ()),
        ("factual", "supported", ["supports", "refutes", "context"], ()),
        ("factual", "supported", [], (NEEDS_SUPPORT,)),
        ("factual", "supported", ["context", "refutes"], (NEEDS_SUPPORT,)),
        ("factual", "refuted", ["refutes"], ()),
        ("factual", "refuted", [], (NEEDS_REFUTE,)),
        ("factual", "refuted", ["supports"], (NEEDS_REFUTE,)),
        ("factual", "conflicting_evidence", ["refutes", "supports"], ()),
        ("factual", "conflicting_evidence", ["supports"], (NEEDS_BOTH,)),
        ("factual", "conflicting_evidence", ["refutes", "context"], (NEEDS_BOTH,)),
        ("factual", "conflicting_evidence", [], (NEEDS_BOTH,)),
        ("factual", "not_enough_evidence", [], ()),
        ("factual", "not_enough_evidence", ["context"], ()),
        ("factual", "not_enough_evidence", ["supports"], ()),
        ("factual", None, ["supports"], (NEEDS_VERDICT,)),
        ("opinion", None, [], ()),
        ("not_a_claim", None, ["context"], ()),
        (
            "opinion",
            "refuted",
            [],
            ("a verdict is given although the claim is marked opinion", NEEDS_REFUTE),
        ),
        (
            "not_a_claim",
            "not_enough_evidence",
            [],
            ("a verdict is given although the claim is marked not_a_claim",),
        ),
    ],
)
def test_the_rules_of_an_answer(
    checkability: str, verdict: str | None, stances: list[str], broken: tuple[str, ...]
) -> None:
    """The table of the guidelines, row by row; each broken rule is named."""
    found = broken_answer_rules(
        AVERITEC,
        Checkability(checkability),
        Verdict(verdict) if verdict else None,
        marked(*stances),
    )
    assert found == broken


def test_exactly_one_of_the_two_carries_the_answer() -> None:
    """With every stance marked, an answer is good iff a verdict is given just when factual."""
    for checkability, verdict in itertools.product(Checkability, [None, *Verdict]):
        broken = broken_answer_rules(AVERITEC, checkability, verdict, marked("supports", "refutes"))
        assert (broken == ()) == (
            (checkability is Checkability.FACTUAL) == (verdict is not None)
        ), (checkability, verdict)


@pytest.mark.parametrize(
    ("changes", "good"),
    [
        ({"checkability": "opinion"}, True),
        ({"checkability": "factual", "verdict": "refuted"}, True),
        ({"checkability": "factual"}, False),
        ({"checkability": "opinion", "verdict": "refuted"}, False),
        ({"checkability": None}, False),
        ({"checkability": None, "status": "skipped"}, True),
        ({"checkability": None, "status": "deleted"}, True),
        ({"checkability": "factual", "verdict": "supported", "status": "deleted"}, True),
        ({"status": "lost"}, False),
        ({"annotator_kind": "unknown"}, False),
        ({"lead_time_s": 0}, True),
        ({"lead_time_s": -0.1}, False),
        ({"lead_time_s": float("nan")}, False),
        ({"created_at": "yesterday"}, False),
        ({"verdict": "probably"}, False),
    ],
)
def test_a_submitted_annotation_is_whole(changes: dict[str, Any], good: bool) -> None:
    """Only a skipped or deleted annotation may lack its answer."""
    if good:
        found = annotation(**changes)
        assert Annotation.model_validate_json(found.model_dump_json()) == found
    else:
        with pytest.raises(ValidationError):
            annotation(**changes)


def test_a_reference_answer_keeps_the_rules() -> None:
    """What reading a recording refuses, since a pull would reject it."""
    base = {
        "article_id": "a",
        "start": 0,
        "end": 1,
        "text": "x",
        "annotator": "machine-a",
        "checkability": "factual",
        "verdict": "supported",
        "evidence": [{"article_id": "s", "start": 0, "end": 1, "text": "x", "stance": "supports"}],
        "confidence": "high",
        "justification": "it says so",
    }
    answer = ReferenceAnnotation.model_validate(base)
    assert answer.verdict == Verdict.SUPPORTED
    assert answer.broken_rules(AVERITEC) == ()
    (broken,) = answer.model_copy(update={"evidence": ()}).broken_rules(AVERITEC)
    assert broken == NEEDS_SUPPORT


def test_a_recorded_decision_keeps_the_rules_and_may_decide_nothing() -> None:
    base = {
        "article_id": "a",
        "start": 0,
        "end": 1,
        "text": "x",
        "adjudicator": "machine-d",
        "checkability": "factual",
        "verdict": "supported",
        "evidence": [],
        "error_category": "slip",
        "confidence": "high",
        "justification": "it says so",
    }
    decision = ReferenceAdjudication.model_validate(base)
    assert decision.annotator == "machine-d"
    assert decision.broken_rules(AVERITEC) == (NEEDS_SUPPORT,)
    marks = decision.model_copy(update={"evidence": marked("supports")})
    assert marks.broken_rules(AVERITEC) == ()
    undecided = decision.model_copy(update={"checkability": None})
    assert undecided.broken_rules(AVERITEC) == (
        "a verdict is given although the claim could not be decided",
    )
    assert undecided.model_copy(update={"verdict": None}).broken_rules(AVERITEC) == ()
