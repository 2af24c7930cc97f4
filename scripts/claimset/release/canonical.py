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
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.identifiers import canonical_json, hash_json
from claimset.release.arrays import list_starts, string_bytes
from claimset.release.columns import CORE, RECORDS, splits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from numpy.typing import NDArray

    from claimset.release.columns import Column

    Piece: TypeAlias = str | pa.Array
    """A part of a JSON text: one for all values, or a text for each, which may be coded."""

__all__ = ["ContentHash", "canonical_values", "row_digests"]

_ESCAPES = {
    ord("\\"): b"\\\\",
    ord('"'): b'\\"',
    ord("\n"): b"\\n",
    ord("\r"): b"\\r",
    ord("\t"): b"\\t",
    ord("\b"): b"\\b",
    ord("\f"): b"\\f",
}
"""Bytes that JSON writes as two; the backslash comes first, for it stands in all of them."""

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
    return _texts(array, column, "", "")


def _add_lines(digest: Any, whole: pa.Array, column: Column) -> None:
    """Add the JSON texts of an array, each ended by a line end, to a hash."""
    if _is_constant(whole):
        # Much of a row is the same in all rows: one text, repeated.
        (text,) = canonical_values(whole.slice(0, 1), column).to_pylist()
        digest.update(f"{text}\n".encode() * len(whole))
        return
    digest.update(string_bytes(_texts(whole, column, "", "\n")))


def _is_constant(array: pa.Array) -> bool:
    if pa.types.is_nested(array.type) or array.slice(0, _LOOK).null_count:
        return bool(array.null_count == len(array))
    first = array[0]
    if array.null_count or len(array.slice(0, _LOOK).unique()) > 1:
        return False
    same: bool = pc.all(pc.equal(array, first)).as_py()
    return same


def _texts(array: pa.Array, column: Column, before: Piece, after: Piece) -> pa.Array:
    """What stands before each value, its JSON text, and what stands after it, made one text.

    The texts lie one after the other in memory, so all of them together are one as well.
    """
    if array.null_count == len(array):
        return _put_together([before, pa.repeat(pa.scalar("null"), len(array)), after])
    if array.null_count:
        # What stands where a value is null does not matter before this.
        texts = pc.if_else(array.is_valid(), _put_together(_pieces(array, column)), "null")
        return _put_together([before, texts, after])
    framed = isinstance(before, str) and isinstance(after, str)
    if framed and not isinstance(column, str) and "list" in column:
        return _lists(array, column["list"], before, after)
    return _put_together([before, *_pieces(array, column), after])


def _put_together(pieces: Iterable[Piece]) -> pa.Array:
    """Texts and arrays of texts, joined for each value; at least one is an array."""
    made: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and made and not isinstance(made[-1], pa.StringArray):
            made[-1] = _followed(made[-1], piece)
        elif isinstance(piece, pa.DictionaryArray) and made and isinstance(made[-1], str):
            made[-1] = _coded(_joined(made[-1], piece.dictionary), piece.indices)
        else:
            made.append(piece)
    return _joined(
        *(p.dictionary.take(p.indices) if isinstance(p, pa.DictionaryArray) else p for p in made)
    )


def _followed(piece: Any, text: str) -> Piece:
    if isinstance(piece, str):
        return piece + text
    return _coded(_joined(piece.dictionary, text), piece.indices)


def _joined(*pieces: Piece) -> pa.Array:
    parts = [piece for piece in pieces if not isinstance(piece, str) or piece]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "")


def _coded(texts: pa.Array, places: pa.Array) -> pa.DictionaryArray:
    """Texts that stand at many places: what is put beside them is put beside each but once."""
    return pa.DictionaryArray.from_arrays(places, texts, safe=False)


def _pieces(array: pa.Array, column: Column) -> list[Piece]:
    """Texts and arrays of texts that make the JSON texts of values when they are joined."""
    if array.null_count == len(array):
        return ["null"]
    if isinstance(column, str):
        return _scalars(array, column)
    if "labels" in column:
        names = [canonical_json(str(name)) for name in column["labels"]]
        return [_coded(pa.array(names, pa.string()), array)]
    if "list" in column:
        return [_lists(array, column["list"], "", "")]
    pieces: list[Piece] = []
    fields = {array.type.field(n).name: part for n, part in enumerate(array.flatten())}
    for number, (name, inner) in enumerate(sorted(column["struct"].items())):
        part = fields[name]
        pieces.append(("," if number else "{") + json.dumps(name) + ":")
        whole = 0 < part.null_count < len(part)
        pieces += [_texts(part, inner, "", "")] if whole else _pieces(part, inner)
    return [*pieces, "}"]


def _lists(array: pa.Array, column: Column, before: str, after: str) -> pa.Array:
    """The JSON texts of lists, framed.

    Brackets and frames are joined to the items, those of an empty list to the next item (or the
    last one of all). So the lists are the items' own bytes, cut at other places.
    """
    items, starts = array.flatten(), list_starts(array)
    empty = f"{before}[]{after}"
    if not len(items):
        return pa.repeat(pa.scalar(empty), len(array))
    filled = starts[1:] > starts[:-1]
    numbers = np.arange(len(array))
    last = np.maximum.accumulate(np.where(filled, numbers, -1))
    # How many empty lists stand between each list and the last one before it that has items.
    skipped = numbers - 1 - np.concatenate([[-1], last[:-1]])
    trailing = len(array) - 1 - int(last[-1])
    opened = np.zeros(len(items), np.int64)
    opened[starts[:-1][filled]] = skipped[filled] + 1
    closed = np.zeros(len(items), np.int64)
    closed[starts[1:][filled] - 1] = 1
    closed[-1] += trailing > 0
    texts = _texts(
        items,
        column,
        _chosen(opened, lambda n: f"{empty * (n - 1)}{before}[" if n else ","),
        _chosen(closed, lambda n: ("", f"]{after}", f"]{after}{empty * trailing}")[n]),
    )
    ends = _offsets(texts)
    size = len(empty.encode())
    at = ends[starts[:-1]] + size * skipped
    at[len(array) - trailing :] -= size * trailing
    offsets = pa.py_buffer(np.append(at, ends[-1]).astype(np.int32))
    return pa.StringArray.from_buffers(len(array), offsets, texts.buffers()[2])


def _chosen(numbers: NDArray[np.int64], text: Callable[[int], str]) -> Piece:
    """The text of each number, which is small and not negative: one for all, or an array."""
    distinct = np.flatnonzero(np.bincount(numbers))
    if len(distinct) == 1:
        return text(int(distinct[0]))
    place = np.zeros(int(distinct[-1]) + 1, np.int64)
    place[distinct] = np.arange(len(distinct))
    texts = pa.array([text(number) for number in distinct.tolist()], pa.string())
    return _coded(texts, pa.array(place[numbers]))


def _offsets(texts: pa.Array) -> NDArray[np.int32]:
    """Where each text begins among the bytes of an array, and after the last one where it ends."""
    found = np.frombuffer(texts.buffers()[1], np.int32)
    return found[texts.offset : texts.offset + len(texts) + 1]


def _scalars(array: pa.Array, column: str) -> list[Piece]:
    if column == "string":
        return ['"', _escaped(array), '"']
    if column == "int64":
        return [_integers(array)]
    if column == "bool":
        return [array.cast(pa.string())]
    if column == "date32":
        return ['"', array.cast(pa.string()), '"']
    distinct = array.dictionary_encode()
    values: Iterable[Any] = distinct.dictionary.to_pylist()
    if column.startswith("timestamp"):
        texts = [canonical_json(v.isoformat().replace("+00:00", "Z")) for v in values]
    else:
        texts = [repr(value) for value in values]  # as the json module writes a number
    return [_coded(pa.array(texts, pa.string()), distinct.indices)]


def _integers(array: pa.Array) -> Piece:
    bounds = pc.min_max(array)
    least, most = bounds["min"].as_py(), bounds["max"].as_py()
    if least < 0 or most >= len(array):
        return array.cast(pa.string())
    # Positions in articles are small: each is looked up instead of written.
    return _coded(_small_integers(1 << most.bit_length()).slice(0, most + 1), array)


@lru_cache(maxsize=32)
def _small_integers(count: int) -> pa.Array:
    return pa.array(np.arange(count)).cast(pa.string())


def _escaped(array: pa.Array) -> pa.Array:
    """Strings as they stand between the quotation marks of a JSON string."""
    data = string_bytes(array)
    found = np.frombuffer(data, np.uint8)
    if not len(found):
        return array
    marks = [ord(mark) for mark in '\\"' if (found == ord(mark)).any()]
    if found.min() < _FIRST_PRINTABLE:
        controls = np.unique(found[found < _FIRST_PRINTABLE]).tolist()
        if not _ESCAPES.keys() >= set(controls):
            plain = array.to_pylist()
            texts = [None if text is None else canonical_json(text)[1:-1] for text in plain]
            return pa.array(texts, pa.string())
        marks += controls
    if not marks:
        return array
    grown = np.zeros(len(array) + 1, np.int64)
    before = _offsets(array) - _offsets(array)[0]
    written = bytes(data)
    for mark in marks:
        # Each mark becomes two bytes, so what stands behind it moves by one.
        grown += np.searchsorted(np.flatnonzero(found == mark), before)
        written = written.replace(bytes([mark]), _ESCAPES[mark])
    offsets = pa.py_buffer((before + grown).astype(np.int32))
    valid = array.is_valid() if array.null_count else None
    return pa.StringArray.from_buffers(
        len(array),
        offsets,
        pa.py_buffer(written),
        None if valid is None else valid.buffers()[1],
        array.null_count,
    )
