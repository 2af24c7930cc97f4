"""Fitting: whether whole columns keep the rules of a model, without making its rows.

A table of some thousand rows is looked at in a few passes over its columns. Where a column breaks
a rule, or where a rule has no counterpart for columns, the answer is no: then the rows are made
one by one, and the model says what is wrong where.
"""

from __future__ import annotations

import types
from enum import Enum
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

import pyarrow as pa
import pyarrow.compute as pc
from annotated_types import Ge, Le, MinLen
from pydantic import AfterValidator, BaseModel

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
    if rules.field_validators or rules.root_validators or rules.validators:
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
    return annotation in (str, int, float, bool) and all(_keeps(mark, array) for mark in marks)


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


_RULES: dict[str, Callable[[Mapping[str, pa.Array]], bool]] = {
    "_positions_fit_text": _positions_fit_text,
    "_links_are_complete": _links_are_complete,
}
"""Rules that span fields, by the name of the model's validator."""
