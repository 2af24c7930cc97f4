"""Answers read as columns are the answers that the model reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from claimset.models import Annotation, AnnotationStatus, Confidence, Stance
from claimset.storage import answer_tables
from claimset.storage.answer_tables import answers_of
from claimset.storage.columns import arrow_schema, table_of

MOMENT = timedelta(microseconds=977)
TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\n\r"\\\u2028\x01'))
MOMENTS = st.integers(0, 2**42).map(lambda n: datetime(1980, 1, 1, tzinfo=UTC) + n * MOMENT)


@st.composite
def answers(draw: st.DrawFn) -> Annotation:
    """Submitted votes and others, with and without what may be missing."""
    texts = draw(st.lists(TEXT.filter(bool), max_size=2))
    evidence = [
        {"article_id": "a", "start": 3, "end": 3 + len(text), "text": text, "stance": stance}
        for text, stance in zip(texts, Stance, strict=False)
    ]
    factual = draw(st.booleans())
    return Annotation.model_validate(
        {
            "annotation_id": draw(TEXT),
            "claim_id": "c",
            "round": "r",
            "annotator": "p",
            "annotator_kind": "human",
            "checkability": "factual" if factual else "opinion",
            "verdict": "supported" if factual else None,
            "evidence": evidence,
            "confidence": draw(st.none() | st.sampled_from(Confidence)),
            "justification": draw(st.none() | TEXT),
            "lead_time_s": draw(st.none() | st.floats(0, allow_infinity=False)),
            "created_at": draw(MOMENTS),
            "updated_at": draw(MOMENTS) + timedelta(microseconds=1),
            "status": draw(st.sampled_from(AnnotationStatus)),
            "label_schema_version": "1.0",
            "guidelines_version": "1.0",
        }
    )


@settings(deadline=None)
@given(st.lists(answers(), min_size=1, max_size=5))
def test_columns_hold_what_the_model_reads(rows: list[Annotation]) -> None:
    found = answers_of([row.model_dump_json() for row in rows])
    assert found.equals(table_of(rows, arrow_schema(Annotation)))


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A plain answer, where the columns must do without rows."""
    monkeypatch.setattr(answer_tables, "table_of", lambda *_: "made row by row")
    return {
        "annotation_id": "r:1",
        "claim_id": "c",
        "round": "r",
        "annotator": "p",
        "annotator_kind": "human",
        "checkability": "factual",
        "verdict": "supported",
        "evidence": [],
        "created_at": "2026-01-31T12:00:00Z",
        "updated_at": "2026-01-31T12:00:00.000001Z",
        "status": "submitted",
        "role": "vote",
        "label_schema_version": "1.0",
        "guidelines_version": "1.0",
    }


def test_sound_answers_are_no_rows(stored: dict[str, Any]) -> None:
    assert answers_of([json.dumps(stored)] * 3).num_rows == 3


def test_an_answer_of_an_earlier_form_gets_what_it_lacks(stored: dict[str, Any]) -> None:
    del stored["role"]
    assert answers_of([json.dumps(stored)]) == "made row by row"


@pytest.mark.parametrize(
    "fault",
    [
        {"of another version": 1},
        {"status": "unknown"},
        {"verdict": None},
        {"checkability": None},
        {"annotator": None},
        {"lead_time_s": -1.0},
        {"created_at": "yesterday"},
        {"created_at": "2026-01-31T12:00:00"},
        {"evidence": [None]},
        {"evidence": [{"article_id": "a", "start": 0, "end": 2, "text": "x", "stance": "refutes"}]},
    ],
)
def test_a_faulty_answer_is_refused_by_the_model(
    stored: dict[str, Any], fault: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        answers_of([json.dumps(stored), json.dumps(stored | fault)])
