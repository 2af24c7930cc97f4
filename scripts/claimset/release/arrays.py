"""Arrow arrays of columns: from models, from plain tables, and back to label names.

Closed vocabularies are numbers in Arrow, nesting is offsets; nothing is made row by row that can
be made column by column.
"""

from __future__ import annotations

from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from claimset.release.columns import Column

__all__ = [
    "arrow_type",
    "coded",
    "distinct_rows",
    "list_of",
    "list_starts",
    "parents_of",
    "plain_rows",
    "string_bytes",
    "struct_of",
    "table_of",
    "with_columns",
]


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type of a column, as `datasets` stores it."""
    if isinstance(column, str):
        if column.startswith("timestamp"):
            return pa.timestamp("us", tz="UTC")
        return pa.date32() if column == "date32" else pa.type_for_alias(column)
    if "labels" in column:
        return pa.int64()
    if "list" in column:
        return pa.list_(arrow_type(column["list"]), column.get("length", -1))
    return pa.struct([(name, arrow_type(inner)) for name, inner in column["struct"].items()])


def table_of(rows: Sequence[Any], columns: Mapping[str, Column]) -> pa.Table:
    """A table of models, column by column.

    Args:
        rows: Models, or any objects with attributes named as the columns.
        columns: The columns to take.
    """
    return pa.table(
        {
            name: _array(column, [getattr(row, name) for row in rows])
            for name, column in columns.items()
        }
    )


def _array(column: Column, values: list[Any]) -> pa.Array:
    if isinstance(column, str):
        return pa.array(values, arrow_type(column))
    if "labels" in column:
        numbers = {name: number for number, name in enumerate(column["labels"])}
        return pa.array([None if value is None else numbers[value] for value in values], pa.int64())
    if "list" in column:
        offsets = list(accumulate((len(value or ()) for value in values), initial=0))
        items = list(chain.from_iterable(value or () for value in values))
        return pa.ListArray.from_arrays(
            pa.array(offsets, pa.int32()), _array(column["list"], items)
        )
    parts = {
        name: _array(inner, [None if value is None else getattr(value, name) for value in values])
        for name, inner in column["struct"].items()
    }
    return struct_of(parts, missing=pa.array([value is None for value in values], pa.bool_()))


def coded(array: pa.Array | pa.ChunkedArray, column: Column) -> pa.Array:
    """A plain array with label names as one with label numbers, in the types of the column.

    Fields that the column does not have are left out.

    Raises:
        ValueError: A name is not in the label set.
    """
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(column, str):
        return array.cast(arrow_type(column))
    if "labels" in column:
        if pa.types.is_integer(array.type):
            return array.cast(pa.int64())
        numbers = pc.index_in(array, pa.array(column["labels"], array.type))
        if numbers.null_count != array.null_count:
            unknown = array.filter(pc.and_(numbers.is_null(), array.is_valid()))[0]
            raise ValueError(f"{unknown.as_py()!r} is not one of {', '.join(column['labels'])}")
        return numbers.cast(pa.int64())
    if "list" in column:
        return list_of(coded(array.flatten(), column["list"]), np.diff(list_starts(array)))
    fields = {array.type.field(number).name for number in range(array.type.num_fields)}
    parts = {
        # Without `flatten`, a null record would show what lies beneath it.
        name: coded(array.flatten()[array.type.get_field_index(name)], inner)
        if name in fields
        else pa.nulls(len(array), arrow_type(inner))
        for name, inner in column["struct"].items()
    }
    return struct_of(parts, missing=array.is_null())


def list_starts(array: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Where each list begins in ``array.flatten()``, and after the last one where it ends."""
    lengths = pc.fill_null(pc.list_value_length(array), 0)
    return np.concatenate([[0], np.cumsum(lengths.to_numpy(zero_copy_only=False), dtype=np.int64)])


def parents_of(array: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """For each item of ``array.flatten()``, the number of the list it is in."""
    return np.repeat(np.arange(len(array)), np.diff(list_starts(array)))


def list_of(items: pa.Array, lengths: Iterable[int] | np.ndarray[Any, Any]) -> pa.ListArray:
    """Lists of the given lengths out of items in order."""
    starts = np.concatenate([[0], np.cumsum(np.asarray(lengths), dtype=np.int64)])
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), items)


def struct_of(parts: Mapping[str, pa.Array], missing: pa.Array | None = None) -> pa.StructArray:
    """Records of equally long arrays; those at ``missing`` are null."""
    return pa.StructArray.from_arrays(list(parts.values()), names=list(parts), mask=missing)


def with_columns(table: pa.Table, columns: Mapping[str, Any]) -> pa.Table:
    """The table with columns replaced, or added at its end."""
    for name, array in columns.items():
        place = table.schema.get_field_index(name)
        table = (
            table.append_column(name, array) if place < 0 else table.set_column(place, name, array)
        )
    return table


def plain_rows(table: pa.Table, columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    """The rows of a table as plain values, labels by name, dates and times as Python has them.

    Args:
        table: May have other columns, too, and may lack some.
        columns: The columns to take.
    """
    names = [name for name in columns if name in table.column_names]
    return [
        {name: _plain(row[name], columns[name]) for name in names}
        for row in table.select(names).to_pylist()
    ]


def _plain(value: Any, column: Column) -> Any:
    if value is None or isinstance(column, str):
        return value
    if "labels" in column:
        return column["labels"][value]
    if "list" in column:
        return [_plain(item, column["list"]) for item in value]
    return {name: _plain(value[name], inner) for name, inner in column["struct"].items()}


def string_bytes(array: pa.Array) -> memoryview:
    """The UTF-8 bytes of all strings of an array, one after the other, without a copy."""
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    # Arrow offers signed bytes, which compare unequal to bytes of Python.
    return memoryview(data).cast("B")[ends[0] : ends[-1]]


def distinct_rows(
    counts: np.ndarray[Any, np.dtype[np.int64]],
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.int64]]]:
    """The distinct rows of counts, and the number of each row's own among them.

    Args:
        counts: Not negative, shape (rows, columns).
    """
    base = int(counts.max(initial=0)) + 1
    if base ** counts.shape[1] >= np.iinfo(np.int64).max:
        distinct, place = np.unique(counts, axis=0, return_inverse=True)
        return distinct, place.reshape(-1)
    # A row as one number: many times faster to sort than the rows themselves.
    packed = counts @ (base ** np.arange(counts.shape[1], dtype=np.int64)[::-1])
    _, first, place = np.unique(packed, return_index=True, return_inverse=True)
    return counts[first], place
