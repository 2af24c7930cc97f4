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
from claimset.release.columns import CORE, RECORDS, splits_of

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
            whole = table[name].combine_chunks()
            for start in range(0, len(whole), _AT_ONCE):
                _add_lines(digest, whole.slice(start, _AT_ONCE), self._columns[config][name])

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
    before, texts, after = _framed(array, column)
    return pc.binary_join_element_wise(before, texts, after, "") if before or after else texts


def _add_lines(digest: Any, whole: pa.Array, column: Column) -> None:
    """Add the JSON texts of an array, each ended by a line end, to a hash."""
    if _is_constant(whole):
        # Much of a row is the same in all rows: one text, repeated.
        digest.update(
            (canonical_values(whole.slice(0, 1), column)[0].as_py() + "\n").encode() * len(whole)
        )
        return
    before, texts, after = _framed(whole, column)
    # All in one list, joined by what stands between two of them.
    joined = pc.binary_join(list_of(texts, [len(texts)]), f"{after}\n{before}")
    digest.update(before.encode())
    digest.update(string_bytes(joined))
    digest.update(f"{after}\n".encode())


def _is_constant(array: pa.Array) -> bool:
    if pa.types.is_nested(array.type) or array.slice(0, _LOOK).null_count:
        return bool(array.null_count == len(array))
    first = array[0]
    if array.null_count or len(array.slice(0, _LOOK).unique()) > 1:
        return False
    same: bool = pc.all(pc.equal(array, first)).as_py()
    return same


def _framed(array: pa.Array, column: Column) -> tuple[str, pa.Array, str]:
    """What the JSON text of each value begins with, the rest of each, what each ends with."""
    first, *rest = pieces = _pieces(array, column)
    if len(pieces) == 1:
        return "", first, ""
    before = first if isinstance(first, str) else ""
    after = rest[-1] if isinstance(rest[-1], str) else ""
    middle = pieces[bool(before) : len(pieces) - bool(after)]
    texts = middle[0] if len(middle) == 1 else pc.binary_join_element_wise(*middle, "")
    return before, texts, after


def _pieces(array: pa.Array, column: Column) -> list[Any]:
    """Texts and arrays of texts, alternately, that make the JSON texts when they are joined."""
    if array.null_count == len(array):
        return [pa.repeat(pa.scalar("null"), len(array))]
    pieces = _joined(_parts(array, column))
    if not array.null_count:
        return pieces
    # What stands where a value is null does not matter before this.
    texts = pieces[0] if len(pieces) == 1 else pc.binary_join_element_wise(*pieces, "")
    return [pc.if_else(array.is_valid(), texts, "null")]


def _joined(parts: list[Any]) -> list[Any]:
    """The same parts, neighbouring texts made one."""
    made: list[Any] = []
    for part in parts:
        if isinstance(part, str) and made and isinstance(made[-1], str):
            made[-1] += part
        else:
            made.append(part)
    return made


def _parts(array: pa.Array, column: Column) -> list[Any]:
    if isinstance(column, str):
        return _scalars(array, column)
    if "labels" in column:
        names = [canonical_json(str(name)) for name in column["labels"]]
        return [pa.array(names, pa.string()).take(array)]
    if "list" in column:
        before, items, after = _framed(array.flatten(), column["list"])
        starts = list_starts(array)
        lists = pc.binary_join(list_of(items, np.diff(starts)), f"{after},{before}")
        if not before and not after:
            return ["[", lists, "]"]
        empty = pa.array(np.diff(starts) == 0)
        filled = pc.binary_join_element_wise(before, lists, after, "")
        return ["[", pc.if_else(empty, "", filled), "]"]
    parts: list[Any] = []
    fields = {array.type.field(n).name: part for n, part in enumerate(array.flatten())}
    for number, (name, inner) in enumerate(sorted(column["struct"].items())):
        parts += [("," if number else "{") + json.dumps(name) + ":", *_pieces(fields[name], inner)]
    return [*parts, "}"]


def _scalars(array: pa.Array, column: str) -> list[Any]:
    if column == "string":
        return ['"', _escaped(array), '"']
    if column in ("int64", "bool"):
        return [array.cast(pa.string())]
    if column == "date32":
        return ['"', array.cast(pa.string()), '"']
    distinct = array.dictionary_encode()
    values: Iterable[Any] = distinct.dictionary.to_pylist()
    if column.startswith("timestamp"):
        texts = [canonical_json(v.isoformat().replace("+00:00", "Z")) for v in values]
    else:
        texts = [repr(value) for value in values]  # as the json module writes a number
    return [pa.array(texts, pa.string()).take(distinct.indices)]


def _escaped(array: pa.Array) -> pa.Array:
    """Strings as they stand between the quotation marks of a JSON string."""
    data = string_bytes(array)
    found = np.frombuffer(data, np.uint8)
    if not len(found):
        return array
    controls = np.unique(found[found < _FIRST_PRINTABLE])
    known = {ord(mark) for mark, _ in _ESCAPES}
    if set(controls.tolist()) - known:
        plain = array.to_pylist()
        texts = [None if text is None else canonical_json(text)[1:-1] for text in plain]
        return pa.array(texts, pa.string())
    for mark, escape in _ESCAPES:
        if ord(mark) in controls or (ord(mark) >= _FIRST_PRINTABLE and (found == ord(mark)).any()):
            array = pc.replace_substring(array, mark, escape)
    return array
