"""The canonical form of a table, and the content id made of it.

Each value of a column is one line of JSON: keys sorted, no spaces, non-ASCII kept, labels by
name, dates in ISO 8601, numbers as Python writes them (the shortest text that reads
back as the same double). The content id is the SHA-256 over the hashes of the lines of every
column, so it depends on no library and no file layout; :func:`claimset.identifiers.content_id`
is the same in a dozen lines over plain rows, for whoever wants to recompute it.

Here the lines are made column by column in Arrow, some fifty times faster than row by row.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from claimset.identifiers import hash_json
from claimset.release.arrays import string_bytes
from claimset.release.columns import CORE, RECORDS, splits_of
from claimset.release.jsontexts import json_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimset.release.columns import Column

__all__ = ["ContentHash", "canonical_values", "row_digests"]

_AT_ONCE = 10_000
"""Rows whose texts are in memory at a time; nested ones are several times as large as the rows."""

_LOOK = 100
"""Rows looked at before a column is compared as a whole."""


class ContentHash:
    """The content id of a release whose tables arrive piece by piece, each in its row order.

    Args:
        columns: The columns of the core tables; see
            :func:`claimset.release.columns.core_columns`.
    """

    def __init__(self, columns: Mapping[str, Mapping[str, Column]]) -> None:
        self._columns = columns
        self._hashes: dict[tuple[str, str, str], Any] = {}

    def add(self, config: str, split: str, table: pa.Table) -> None:
        """Add the next rows of a split of a core table."""
        for name in self._content(config) if table.num_rows else ():
            digest = self._hashes.setdefault((config, split, name), hashlib.sha256())
            whole, column = table[name].combine_chunks(), self._columns[config][name]
            # Of numbers each distinct one is written once.
            rows = len(whole) if column == "float64" else _AT_ONCE
            for start in range(0, len(whole), rows):
                _add_lines(digest, whole.slice(start, rows), column)

    def _content(self, config: str) -> list[str]:
        return sorted(self._columns[config].keys() - RECORDS[config])

    def content_id(self) -> str:
        """The content id of everything added so far."""
        found = [
            [config, split, name, self._hashes[config, split, name].hexdigest()]
            for config in sorted(CORE)
            for split in splits_of(config)
            for name in self._content(config)
            if (config, split, name) in self._hashes
        ]
        return hash_json(found)


def row_digests(table: pa.Table, columns: Mapping[str, Column]) -> list[bytes]:
    """A SHA-256 for each row over the given columns: equal rows, equal digests."""
    lines = [canonical_values(table[name], column) for name, column in sorted(columns.items())]
    if not lines:
        return [b""] * table.num_rows
    joined = pc.binary_join_element_wise(*lines, "\n")
    return [hashlib.sha256(row).digest() for row in joined.cast(pa.binary()).to_pylist()]


def canonical_values(array: pa.Array | pa.ChunkedArray, column: Column) -> pa.Array:
    """The JSON text of every value of an array."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return json_texts(array, column)


def _add_lines(digest: Any, whole: pa.Array, column: Column) -> None:
    """Add the JSON texts of an array, each ended by a line end, to a hash."""
    if _is_constant(whole):
        # Much of a row is the same in all rows: one text, repeated.
        (text,) = canonical_values(whole.slice(0, 1), column).to_pylist()
        digest.update(f"{text}\n".encode() * len(whole))
        return
    digest.update(string_bytes(json_texts(whole, column, after="\n")))


def _is_constant(array: pa.Array) -> bool:
    if pa.types.is_nested(array.type) or array.slice(0, _LOOK).null_count:
        return bool(array.null_count == len(array))
    first = array[0]
    if array.null_count or len(array.slice(0, _LOOK).unique()) > 1:
        return False
    same: bool = pc.all(pc.equal(array, first)).as_py()
    return same
