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
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.identifiers import canonical_json, hash_json
from claimset.release.arrays import list_of, list_starts, string_bytes
from claimset.release.columns import CORE, RECORDS, columns_of, splits_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimset.release.columns import Column

__all__ = ["ContentHash", "canonical_values", "row_digests"]

_ESCAPES = (
    ("\\", "\\\\"),
    ('"', '\\"'),
    ("\n", "\\n"),
    ("\r", "\\r"),
    ("\t", "\\t"),
    ("\b", "\\b"),
    ("\f", "\\f"),
)
_FIRST_PRINTABLE = 0x20


class ContentHash:
    """The content id of a release whose tables arrive piece by piece, each in its row order.

    Args:
        columns: The columns of the core tables, where they are not those of this version.
    """

    def __init__(self, columns: Mapping[str, Mapping[str, Column]] | None = None) -> None:
        self._columns = columns or {name: columns_of(model) for name, model in CORE.items()}
        self._hashes: dict[tuple[str, str, str], Any] = {}

    def add(self, config: str, split: str, table: pa.Table) -> None:
        """Add the next rows of a split of a core table."""
        if not table.num_rows:
            return
        for name in self._content(config):
            lines = canonical_values(table[name], self._columns[config][name])
            digest = self._hashes.setdefault((config, split, name), hashlib.sha256())
            ended = pc.binary_join_element_wise(lines, "", "\n")
            digest.update(string_bytes(ended))

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
    if array.null_count == len(array):
        return pa.repeat(pa.scalar("null"), len(array))
    return pc.fill_null(_values(array, column), "null")


def _values(array: pa.Array, column: Column) -> pa.Array:
    """The JSON texts of the values; null where the value is."""
    if isinstance(column, str):
        return _scalars(array, column)
    if "labels" in column:
        return pa.array([canonical_json(name) for name in column["labels"]]).take(array)
    if "list" in column:
        items = canonical_values(array.flatten(), column["list"])
        lists = list_of(items, np.diff(list_starts(array)))
        texts = pc.binary_join_element_wise("[", pc.binary_join(lists, ","), "]", "")
        return _null_where_null(texts, array)
    parts: list[Any] = []
    fields = {array.type.field(n).name: part for n, part in enumerate(array.flatten())}
    for number, (name, inner) in enumerate(sorted(column["struct"].items())):
        parts += [("," if number else "{") + json.dumps(name) + ":"]
        parts += [canonical_values(fields[name], inner)]
    return _null_where_null(pc.binary_join_element_wise(*parts, "}", ""), array)


def _null_where_null(texts: pa.Array, array: pa.Array) -> pa.Array:
    return pc.if_else(array.is_valid(), texts, None) if array.null_count else texts


def _scalars(array: pa.Array, column: str) -> pa.Array:
    if column == "string":
        return pc.binary_join_element_wise('"', _escaped(array), '"', "")
    if column in ("int64", "bool"):
        return array.cast(pa.string())
    if column == "date32":
        return pc.binary_join_element_wise('"', array.cast(pa.string()), '"', "")
    distinct = array.dictionary_encode()
    values: Iterable[Any] = distinct.dictionary.to_pylist()
    if column.startswith("timestamp"):
        values = (moment.isoformat().replace("+00:00", "Z") for moment in values)
    texts = pa.array([canonical_json(value) for value in values], pa.string())
    return texts.take(distinct.indices)


def _escaped(array: pa.Array) -> pa.Array:
    """Strings as they stand between the quotation marks of a JSON string."""
    present = np.bincount(np.frombuffer(string_bytes(array), np.uint8), minlength=_FIRST_PRINTABLE)
    known = {ord(mark) for mark, _ in _ESCAPES}
    if any(present[code] for code in range(_FIRST_PRINTABLE) if code not in known):
        plain = array.to_pylist()
        texts = [None if text is None else canonical_json(text)[1:-1] for text in plain]
        return pa.array(texts, pa.string())
    for mark, escape in _ESCAPES:
        if ord(mark) < len(present) and present[ord(mark)]:
            array = pc.replace_substring(array, mark, escape)
    return array
