"""Fitting: whether whole columns keep the rules of a model, without making its rows.

A table of some thousand rows is looked at in a few passes over its columns. Where a column breaks
a rule, or where a rule has no counterpart for columns, the answer is no: then the rows are made
one by one, and the model says what is wrong where.
"""

from __future__ import annotations

import types
from datetime import datetime
from enum import Enum
from itertools import chain
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Ge, Le, MinLen
from pydantic import AfterValidator, BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo

from claimset.models import AnnotationRole, AnnotationStatus, Checkability
from claimset.storage.columns import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["fits"]


def fits(table: pa.Table, model: type[BaseModel]) -> bool:
    """Whether every row of a table is surely one of the model.

    Args:
        table: The columns.
        model: The model of a row.

    Returns:
        True when making a row of the model would raise nothing for any row, and would change no
        value; False when one breaks a rule, or when that cannot be told from the columns.
    """
    if not table.schema.equals(arrow_schema(model)):
        return False
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    try:
        for array in columns.values():
            array.validate(full=True)  # offsets, and text that is UTF-8
    except pa.ArrowInvalid:
        return False
    return _rows_fit(model, columns)


def _rows_fit(model: type[BaseModel], columns: Mapping[str, pa.Array]) -> bool:
    rules = model.__pydantic_decorators__
    if rules.root_validators or rules.validators or rules.field_validators.keys() - _SURE:
        return False
    if columns.keys() != model.model_fields.keys():
        return False
    if not all(
        _column_fits(field.annotation, field.metadata, columns[name])
        for name, field in model.model_fields.items()
    ):
        return False
    return all(name in _RULES and _RULES[name](columns) for name in rules.model_validators)


def _column_fits(annotation: Any, marks: Iterable[Any], array: pa.Array) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = (part for part in get_args(annotation) if part is not types.NoneType)
        array = array.drop_null()
    if hasattr(annotation, "__metadata__"):
        annotation, *given = get_args(annotation)
        marks = [*marks, *chain.from_iterable(_rules_of(mark) for mark in given)]
    if array.null_count:
        return False
    if get_origin(annotation) is tuple:
        inner, *rest = get_args(annotation)
        return rest == [Ellipsis] and not marks and _column_fits(inner, (), array.flatten())
    if not isinstance(annotation, type):
        return False
    if issubclass(annotation, BaseModel):
        names = [array.type.field(number).name for number in range(array.type.num_fields)]
        columns = dict(zip(names, array.flatten(), strict=True))
        return not marks and _rows_fit(annotation, columns)
    if issubclass(annotation, Enum):
        names = pa.array([str(member.value) for member in annotation], pa.string())
        return not marks and _all(pc.is_in(array, names))
    if annotation is float and not _all(pc.is_finite(array)):
        return False
    return annotation in (str, int, float, bool, datetime) and all(
        _keeps(mark, array) for mark in marks
    )


def _rules_of(mark: Any) -> Iterable[Any]:
    """The rules in a mark of a type; a word, or what its JSON Schema says, is none."""
    if isinstance(mark, FieldInfo):
        return mark.metadata
    return () if isinstance(mark, str | WithJsonSchema) else (mark,)


def _keeps(mark: Any, array: pa.Array) -> bool:
    """Whether all values keep one rule of their field."""
    if isinstance(mark, Ge):
        return _all(pc.greater_equal(array, mark.ge))
    if isinstance(mark, Le):
        return _all(pc.less_equal(array, mark.le))
    if isinstance(mark, MinLen):
        return _all(pc.greater_equal(pc.utf8_length(array), mark.min_length))
    if isinstance(mark, AfterValidator):
        return all(_passes(mark.func, value) for value in pc.unique(array).to_pylist())
    pattern = getattr(mark, "pattern", None)
    return isinstance(pattern, str) and _all(pc.match_substring_regex(array, pattern))


def _passes(validator: Callable[..., Any], value: object) -> bool:
    try:
        return bool(validator(value) == value)
    except ValueError:
        return False


def _all(truths: pa.Array) -> bool:
    return len(truths) == 0 or pc.all(truths, skip_nulls=False).as_py() is True


def _positions_fit_text(columns: Mapping[str, pa.Array]) -> bool:
    lengths = pc.utf8_length(columns["text"])
    return _all(pc.equal(pc.subtract(columns["end"], columns["start"]), lengths))


def _links_are_complete(columns: Mapping[str, pa.Array]) -> bool:
    linked = columns["duplicate_of"].is_valid()
    return bool(
        linked.equals(columns["duplicate_score"].is_valid())
        and linked.equals(columns["duplicate_method"].is_valid())
        and columns["derived"].equals(columns["parent_id"].is_valid())
    )


def _answer_is_whole(columns: Mapping[str, pa.Array]) -> bool:
    adjudicates = pc.equal(columns["role"], AnnotationRole.ADJUDICATION)
    submitted = pc.equal(columns["status"], AnnotationStatus.SUBMITTED)
    factual = pc.fill_null(pc.equal(columns["checkability"], Checkability.FACTUAL), False)
    without = pc.and_(submitted, columns["checkability"].is_null())
    unlike = pc.xor(columns["verdict"].is_valid(), factual)
    broken = (
        pc.and_not(columns["error_category"].is_valid(), adjudicates),
        pc.and_not(without, adjudicates),
        pc.and_(submitted, unlike),
    )
    return not any(pc.any(rows).as_py() for rows in broken)


_SURE = {"_time_names_its_zone"}
"""Rules of single fields that every column of the model's Arrow type keeps."""

_RULES: dict[str, Callable[[Mapping[str, pa.Array]], bool]] = {
    "_positions_fit_text": _positions_fit_text,
    "_links_are_complete": _links_are_complete,
    "_answer_is_whole": _answer_is_whole,
}
"""Rules that span fields, by the name of the model's validator."""
