"""Values of Arrow columns as plain Python lists, at the speed of Arrow.

`to_pylist` makes a scalar object for every value first. Strings and numbers that go through NumPy
do not, and nested columns are put together from their flat parts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["plain_batches", "plain_values", "shuffled_batches"]

_AT_ONCE = 4096
"""Rows that are taken from the table together."""


def plain_values(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """The values of a column, equal to what `to_pylist` gives.

    Args:
        column: A column of any type, nested ones and null values included.
    """
    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks == 1:
            return plain_values(column.chunk(0))
        return [value for chunk in column.chunks for value in plain_values(chunk)]
    kind = column.type
    if _is_string(kind):
        values: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
        return values
    if column.null_count:
        return column.to_pylist()  # type: ignore[no-any-return]
    if pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind):
        return column.to_numpy(zero_copy_only=False).tolist()  # type: ignore[no-any-return]
    if pa.types.is_list(kind):
        flat, offsets = plain_values(column.flatten()), column.offsets.to_numpy()
        return [flat[start:end] for start, end in pairwise((offsets - offsets[0]).tolist())]
    if pa.types.is_fixed_size_list(kind) and kind.list_size:
        flat, width = plain_values(column.flatten()), kind.list_size
        return [flat[start : start + width] for start in range(0, len(flat), width)]
    if pa.types.is_struct(kind) and kind.num_fields:
        names = [field.name for field in kind]
        parts = [plain_values(part) for part in column.flatten()]
        return [dict(zip(names, row, strict=True)) for row in zip(*parts, strict=True)]
    return column.to_pylist()  # type: ignore[no-any-return]


def _is_string(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def plain_batches(table: pa.Table, size: int) -> Iterator[dict[str, list[Any]]]:
    """Stretches of a table as lists of plain values by column, the last one perhaps shorter."""
    # Small batches of flat columns are cut from larger ones; many objects at once would only keep
    # the garbage collector busy.
    nested = any(pa.types.is_nested(column.type) for column in table.columns)
    step = size if nested else size * max(1, _AT_ONCE // size)
    for start in range(0, table.num_rows, step):
        part = table.slice(start, step)
        values = {name: plain_values(part[name]) for name in part.column_names}
        for first in range(0, part.num_rows, size):
            yield {name: column[first : first + size] for name, column in values.items()}


def shuffled_batches(table: pa.Table, size: int, seed: int) -> Iterator[dict[str, list[Any]]]:
    """Batches of all rows in an order that the seed draws; the table is copied into one piece."""
    table = table.combine_chunks()
    order = pa.array(np.random.default_rng(seed).permutation(table.num_rows))
    step = size * max(1, _AT_ONCE // size)
    for start in range(0, len(order), step):
        yield from plain_batches(table.take(order.slice(start, step)), size)
