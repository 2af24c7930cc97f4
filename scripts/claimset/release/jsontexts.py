"""The JSON texts of Arrow columns: a text for each value, made for all values at once.

The texts are joined from pieces: some are the same for all values, some come from a short list,
and the rest are arrays. Nothing is made value by value that can be made once and looked up.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.identifiers import canonical_json
from claimset.release.arrays import list_starts, string_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from numpy.typing import NDArray

    from claimset.release.columns import Column

    Piece: TypeAlias = str | pa.Array
    """A part of a JSON text: one for all values, or a text for each, which may be coded."""

__all__ = ["json_texts"]

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


def json_texts(array: pa.Array, column: Column, before: Piece = "", after: Piece = "") -> pa.Array:
    """What stands before each value, its JSON text, and what stands after it, made one text.

    The texts lie one after the other in memory, so all of them together are one as well.
    """
    if array.null_count == len(array):
        return _put_together([before, "null", after], len(array))
    if array.null_count:
        # What stands where a value is null does not matter before this.
        texts = pc.if_else(
            array.is_valid(), _put_together(_pieces(array, column), len(array)), "null"
        )
        return _put_together([before, texts, after], len(array))
    framed = isinstance(before, str) and isinstance(after, str)
    if framed and not isinstance(column, str) and "list" in column:
        return _lists(array, column["list"], before, after)
    return _put_together([before, *_pieces(array, column), after], len(array))


def _put_together(pieces: Iterable[Piece], count: int) -> pa.Array:
    """Texts and arrays of texts, joined for each of as many values."""
    made: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and made and not isinstance(made[-1], pa.StringArray):
            made[-1] = _followed(made[-1], piece)
        elif isinstance(piece, pa.DictionaryArray) and made and isinstance(made[-1], str):
            made[-1] = _coded(_joined(made[-1], piece.dictionary), piece.indices)
        else:
            made.append(piece)
    if len(made) == 1 and isinstance(made[0], str):
        return pa.repeat(pa.scalar(made[0]), count)
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
        pieces += [json_texts(part, inner)] if whole else _pieces(part, inner)
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
    texts = json_texts(
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
