"""Whole columns keep the rules of a model exactly where its rows do."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError, model_validator

from claimset.models import Annotation, Claim, Clause, EvidenceCandidate, Model, Unit
from claimset.storage.columns import arrow_schema, table_of
from claimset.storage.fitting import fits

if TYPE_CHECKING:
    from collections.abc import Iterator

SPAN: dict[str, Any] = {"start": 2, "end": 5, "text": "e\u0301👩"}
PLACED: dict[str, Any] = SPAN | {"article_id": "a"}
UNIT: dict[str, Any] = PLACED | {"kind": "heading", "reason": "r"}
CANDIDATE: dict[str, Any] = PLACED | {
    "claim_id": "c", "rank": 1, "score": 0.1, "retriever": "bm25",
}  # fmt: skip
PLAIN: dict[str, Any] = PLACED | {
    "claim_id": "c_0123456789abcdef",
    "event_id": "e",
    "prefix": "\n\n",
    "suffix": "",
    "kind": "claim",
    "rule": "r",
    "segmenter_version": "1.0",
}
FULL: dict[str, Any] = PLAIN | {
    "attributions": [
        {
            "speaker": "Mr Case",
            "speaker_span": SPAN,
            "cue": "said",
            "cue_span": SPAN,
            "quote_spans": [SPAN, SPAN],
            "quote_type": "mixed",
            "antecedent": None,
        },
        {"quote_type": "indirect"},
    ],
    "quote_id": "q1",
    "checkworthiness": 0.5,
    "checkworthiness_reasons": ["number", "name"],
    "duplicate_of": "c_1",
    "duplicate_score": 1.0,
    "duplicate_method": "ratio",
    "quote_checks": [
        {"quote": SPAN, "outcome": "altered", "found": PLACED, "difference": "d"},
        {"quote": SPAN, "outcome": "not_found"},
    ],
    "unseen": [SPAN],
    "parent_id": "c_2",
    "derived": True,
}
MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
VOTE: dict[str, Any] = {
    "annotation_id": "r:1",
    "claim_id": "c_0123456789abcdef",
    "round": "r",
    "annotator": "p_ada",
    "annotator_kind": "human",
    "checkability": "factual",
    "verdict": "supported",
    "evidence": [PLACED | {"stance": "supports"}],
    "lead_time_s": 1.5,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "status": "submitted",
    "label_schema_version": "1.0",
    "guidelines_version": "1.0",
}
DECISION: dict[str, Any] = VOTE | {
    "checkability": None, "verdict": None, "evidence": [], "role": "adjudication",
    "error_category": "slip",
}  # fmt: skip
ROWS: list[tuple[type[Model], dict[str, Any]]] = [
    (Unit, UNIT), (EvidenceCandidate, CANDIDATE), (Claim, PLAIN), (Claim, FULL),
    (Annotation, VOTE), (Annotation, DECISION), (Annotation, VOTE | {"status": "skipped"}),
]  # fmt: skip
OTHER_VALUES: list[Any] = [
    None, "", "x", "a b", "c_0123456789abcdeF", "c_0123456789abcdef\n", "-a", "claim",
    0, 1, -1, 3, 6, 0.5, 1.5, -0.5, float("nan"), float("inf"), True, False, [],
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a plain row, also deep within it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in inner:
        yield (*path, key)
        if isinstance(below, (dict, list)):
            yield from places(below, (*path, key))


def changed(row: dict[str, Any], path: tuple[Any, ...], value: object) -> dict[str, Any]:
    """A copy of a row with another value at a place."""
    row = copy.deepcopy(row)
    inner: Any = row
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return row


def accepted(row: dict[str, Any], model: type[Model]) -> bool:
    """Whether the model takes a row as it stands in the table."""
    try:
        model.checked(row)
    except ValidationError:
        return False
    return True


def plain(row: dict[str, Any], model: type[Model]) -> dict[str, Any]:
    """The row with all its fields."""
    made: dict[str, Any] = table_of([model.checked(row)], arrow_schema(model)).to_pylist()[0]
    return made


@pytest.mark.parametrize(("model", "row"), ROWS)
def test_sound_rows_fit(model: type[Model], row: dict[str, Any]) -> None:
    """Every rule of these models has a counterpart, or nothing would ever fit."""
    rows = [model.checked(row)] * 3
    assert fits(table_of(rows, arrow_schema(model)), model)
    assert fits(table_of(rows, arrow_schema(model)).slice(1, 1), model)
    assert fits(table_of([], arrow_schema(model)), model)


@pytest.mark.parametrize(("model", "row"), ROWS)
def test_columns_fit_where_the_rows_do(model: type[Model], row: dict[str, Any]) -> None:
    """Any one value is changed to many others, at any depth: columns and model say the same."""
    schema = arrow_schema(model)
    whole = plain(row, model)
    refused = taken = 0
    for path in places(whole):
        for value in OTHER_VALUES:
            try:
                table = pa.Table.from_pylist([whole, changed(whole, path, value)], schema)
            except (pa.ArrowException, TypeError, ValueError, OverflowError):
                continue  # the column cannot hold it
            sound = all(accepted(found, model) for found in table.to_pylist())
            assert fits(table, model) == sound, (path, value)
            taken += sound
            refused += not sound
    assert refused > len(whole)
    assert taken > len(whole)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_what_fits_is_accepted_row_by_row(data: st.DataObject) -> None:
    """Several values are changed together, so that one may make up for another."""
    model, row = data.draw(st.sampled_from(ROWS))
    whole = changed_row = plain(row, model)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(changed_row))))
        value = data.draw(st.one_of(st.sampled_from(OTHER_VALUES), st.text(max_size=3)))
        changed_row = changed(changed_row, path, value)
    try:
        table = pa.Table.from_pylist([changed_row, whole], arrow_schema(model))
    except (pa.ArrowException, TypeError, AttributeError, ValueError, OverflowError):
        return
    assert fits(table, model) == all(accepted(found, model) for found in table.to_pylist())


def test_tables_of_another_form_are_left_to_the_model() -> None:
    """Columns that lack, are more, or have another type; the model says what it makes of them."""
    table = table_of([Unit.checked(UNIT)], arrow_schema(Unit))
    start = table["start"].cast(pa.int32())
    assert not fits(table.drop_columns(["reason"]), Unit)
    assert not fits(table.append_column("more", start), Unit)
    assert not fits(table.set_column(0, "start", start), Unit)


def test_text_that_is_not_utf8_does_not_fit() -> None:
    table = table_of([Unit.checked(UNIT)], arrow_schema(Unit))
    broken = pa.array([b"\xff\xfe\xfd"]).view(pa.string())
    field = table.schema.field("text")
    assert not fits(table.set_column(table.schema.get_field_index("text"), field, broken), Unit)


def test_a_rule_without_counterpart_is_never_passed_over() -> None:
    """A model that got a new rule is checked row by row until columns know it, too."""

    class Stricter(Unit):
        """A unit with one more rule."""

        @model_validator(mode="after")
        def _is_no_heading(self) -> Stricter:
            raise ValueError(self.kind)

    class Bounded(Model):
        """A mark that columns do not know."""

        number: int = Field(multiple_of=2)
        """Even."""

    table = table_of([Unit.checked(UNIT)], arrow_schema(Unit))
    assert fits(table, Unit)
    assert not fits(table, Stricter)
    assert not fits(table_of([Bounded(number=2)], arrow_schema(Bounded)), Bounded)
    assert not fits(table_of([], arrow_schema(Clause)), Clause)
