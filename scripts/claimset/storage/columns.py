"""Columns: rows of a model as an Arrow table, built column by column.

A column is read off all rows at once, and what is nested in a row becomes columns in turn: no row
is turned into a dictionary on its way.
"""

from __future__ import annotations

import types
from datetime import date, datetime
from enum import Enum
from itertools import accumulate, chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

import pyarrow as pa
from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["arrow_schema", "table_of"]

_SIMPLE = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}


def arrow_schema(model: type[BaseModel]) -> pa.Schema:
    """The Arrow schema of a model: same names, same order, nothing nullable by accident.

    Raises:
        TypeError: A field's type has no Arrow counterpart here.
    """
    return pa.schema(
        [
            pa.field(name, _arrow_type(field.annotation), nullable=_is_optional(field.annotation))
            for name, field in model.model_fields.items()
        ]
    )


def _arrow_type(annotation: Any) -> pa.DataType:
    if _is_optional(annotation):
        (inner,) = (part for part in get_args(annotation) if part is not types.NoneType)
        return _arrow_type(inner)
    if get_origin(annotation) is tuple:
        return pa.list_(_arrow_type(get_args(annotation)[0]))
    if get_args(annotation) and hasattr(annotation, "__metadata__"):
        return _arrow_type(get_args(annotation)[0])
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return pa.struct(list(arrow_schema(annotation)))
        if issubclass(annotation, Enum):
            return pa.string()
        if annotation in _SIMPLE:
            return _SIMPLE[annotation]
    raise TypeError(f"no Arrow type for {annotation!r}")


def _is_optional(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType) and types.NoneType in get_args(
        annotation
    )


def table_of(rows: Sequence[BaseModel], schema: pa.Schema) -> pa.Table:
    """Rows of one model as a table.

    Args:
        rows: The rows, all of one model.
        schema: What :func:`arrow_schema` says of that model.
    """
    return pa.Table.from_arrays(
        [_column(list(map(attrgetter(field.name), rows)), field.type) for field in schema],
        schema=schema,
    )


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    """One column of values, ``None`` where there is none."""
    if pa.types.is_struct(kind):
        return _struct_column(values, kind)
    if pa.types.is_list(kind):
        offsets = [0, *accumulate(map(len, values))]
        inner = _column(list(chain.from_iterable(values)), kind.value_type)
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), inner, type=kind)
    return pa.array(values, kind)


def _struct_column(values: list[Any], kind: pa.StructType) -> pa.Array:
    absent = [value is None for value in values]
    if all(absent):
        return pa.array(values, kind)
    mask = None
    if any(absent):
        # Below an absent value stands something that nobody sees, for the fields may not be null.
        mask = pa.array(absent, pa.bool_())
        unseen = values[absent.index(False)]
        values = [unseen if value is None else value for value in values]
    columns = [_column(list(map(attrgetter(field.name), values)), field.type) for field in kind]
    return pa.StructArray.from_arrays(columns, fields=list(kind), mask=mask)
