"""Evidence agrees as far as the same text was marked by those of one verdict."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.agreement.evidence import evidence_agreement, shared_text
from claimset.models import AVERITEC, Annotation, Verdict

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
SENTENCES = {"src": [(0, 10), (11, 20), (21, 30)]}


def _answer(
    who: str, verdict: Verdict, *spans: tuple[int, int, str], claim: str = "c"
) -> Annotation:
    fields: dict[str, Any] = {
        "annotation_id": f"r:{claim}:{who}",
        "claim_id": claim,
        "round": "r",
        "annotator": who,
        "annotator_kind": "human",
        "checkability": "factual",
        "verdict": verdict,
        "evidence": [
            {
                "article_id": "src",
                "start": start,
                "end": end,
                "text": "x" * (end - start),
                "stance": stance,
            }
            for start, end, stance in spans
        ],
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "status": "submitted",
        "label_schema_version": "1.0",
        "guidelines_version": "1.0",
    }
    return Annotation.model_validate(fields)


def _values(*answers: Annotation) -> list[float | None]:
    votes: dict[str, list[Annotation]] = {}
    for answer in answers:
        votes.setdefault(answer.claim_id, []).append(answer)
    figures = evidence_agreement(votes, SENTENCES, dict.fromkeys(votes, "a"), labels=AVERITEC)
    return [figure.value for figure in figures]


def test_f1_over_characters_and_sentences_by_hand() -> None:
    """10 and 10 characters with 5 in common: 2 * 5 / 20; sentences {0} and {0, 1}: 2 / 3."""
    character, sentence, stance, *rest = _values(
        _answer("p", Verdict.SUPPORTED, (0, 10, "supports")),
        _answer("q", Verdict.SUPPORTED, (5, 15, "supports")),
    )
    assert character == pytest.approx(0.5)
    assert sentence == pytest.approx(2 / 3)
    assert stance == 1
    assert rest == [None, None, None]


def test_only_those_of_one_verdict_are_compared() -> None:
    assert (
        _values(
            _answer("p", Verdict.SUPPORTED, (0, 10, "supports")),
            _answer("q", Verdict.REFUTED, (0, 10, "refutes")),
        )
        == [None] * 6
    )


def test_not_enough_evidence_stands_apart() -> None:
    values = _values(
        _answer("p", Verdict.NOT_ENOUGH_EVIDENCE, (0, 10, "supports")),
        _answer("q", Verdict.NOT_ENOUGH_EVIDENCE, (0, 10, "refutes")),
    )
    assert values == [None, None, None, 1, 1, 0]


def test_one_without_a_span_is_zero_and_both_are_no_number() -> None:
    """Context is no evidence: q marked none."""
    values = _values(
        _answer("p", Verdict.NOT_ENOUGH_EVIDENCE, (0, 10, "supports")),
        _answer("q", Verdict.NOT_ENOUGH_EVIDENCE, (0, 10, "context")),
    )
    assert values[3:] == [0, 0, None]
    assert (
        _values(
            _answer("p", Verdict.NOT_ENOUGH_EVIDENCE), _answer("q", Verdict.NOT_ENOUGH_EVIDENCE)
        )
        == [None] * 6
    )


def test_pairs_are_averaged_within_a_claim_and_claims_among_each_other() -> None:
    """Three alike on one claim (three pairs of 1), two apart on another (one pair of 0): 1/2."""
    same = [_answer(who, Verdict.REFUTED, (0, 10, "refutes")) for who in "pqr"]
    apart = [
        _answer("p", Verdict.REFUTED, (0, 10, "refutes"), claim="d"),
        _answer("q", Verdict.REFUTED, (11, 20, "refutes"), claim="d"),
    ]
    assert _values(*same, *apart)[0] == pytest.approx(0.5)


def test_an_undefined_figure_says_why() -> None:
    figures = evidence_agreement({}, SENTENCES, {}, labels=AVERITEC)
    assert all(figure.value is None and figure.reason for figure in figures)


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda pair: (pair[0], sum(pair))),
    max_size=5,
)


@given(SPANS, SPANS)
def test_overlap_is_that_of_sets_of_code_points(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    left = {place for start, end in one for place in range(start, end)}
    right = {place for start, end in other for place in range(start, end)}
    answers = [
        _answer("p", Verdict.SUPPORTED, *[(s, e, "supports") for s, e in one]),
        _answer("q", Verdict.SUPPORTED, *[(s, e, "supports") for s, e in other]),
    ]
    value = _values(*answers)[0]
    if left or right:
        assert value == pytest.approx(2 * len(left & right) / (len(left) + len(right)))
    else:
        assert value is None


def test_shared_text_of_different_articles_is_none() -> None:
    assert shared_text({"a": [(0, 5)]}, {"b": [(0, 5)]}) == 0
