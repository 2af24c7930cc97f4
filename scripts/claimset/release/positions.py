"""The rule of all positions, held for every span of a table at once.

The slices that the positions name are joined and compared with the joined stored texts, as UTF-8.
When both are equal, and every stored text is as long as its slice, every single span is its slice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.errors import SpanError
from claimset.models import check_slice
from claimset.release.arrays import parents_of, string_bytes
from claimset.release.texts import utf8_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

__all__ = ["Checked", "Sources", "check_spans"]

_SPAN = {"start", "end", "text"}
_FIRST_GOING_ON = -64
"""Bytes of UTF-8 that go on with a code point, 0x80 to 0xBF, are the signed ones below this."""


class Checked(NamedTuple):
    """How many spans were held against their article."""

    whole: int
    """Spans whose stored text was compared with the slice."""
    positions: int
    """Spans whose text or whose article's text is not there: only their end was looked at."""


class Sources(NamedTuple):
    """The articles that spans lie in."""

    texts: Mapping[str, str]
    """The normalised texts at hand, by id."""
    lengths: Mapping[str, int]
    """The length of every article in code points, by id."""


def check_spans(
    table: pa.Table, articles: pa.Array, sources: Sources, *, noun: str, key: str
) -> Checked:
    """Check every span of every row: ``text[start:end]`` equals the stored text.

    Args:
        table: Rows with spans, however deep. A span that names no article lies in its row's; one
            whose text is null is checked against the length of its article only.
        articles: The article of each row.
        sources: The articles.
        noun: What a row is, for an error.
        key: The column that names a row, for an error.

    Returns:
        How many spans were checked.

    Raises:
        SpanError: A span differs from its article, or its article is not given.
    """
    rows = np.arange(table.num_rows)
    parts = {name: table[name].combine_chunks() for name in table.column_names}

    def name_row(row: int) -> str:
        return f"{noun} {table[key][row].as_py()}"

    return _walk(parts, articles, rows, sources, "", name_row)


def _walk(
    parts: Mapping[str, pa.Array],
    articles: pa.Array,
    rows: np.ndarray[Any, Any],
    sources: Sources,
    path: str,
    name_row: Callable[[int], str],
) -> Checked:
    articles = parts.get("article_id", articles)
    checked = Checked(0, 0)
    if parts.keys() >= _SPAN:

        def where(number: int) -> str:
            return f"{name_row(int(rows[number]))}{path}, article {articles[number].as_py()}"

        checked = _check(parts, articles, sources, where)
    for name, array in parts.items():
        if not _holds_spans(array.type):
            continue
        deeper: pa.Array = array
        down: np.ndarray[Any, Any] = np.arange(len(array))
        inside = f"{path}, {name}"
        if pa.types.is_list(array.type):
            deeper, down = array.flatten(), parents_of(array)
            inside += "[]"
        if len(deeper):
            if deeper.null_count:
                valid = np.flatnonzero(deeper.is_valid().to_numpy(zero_copy_only=False))
                deeper, down = deeper.take(pa.array(valid)), down[valid]
            fields = {deeper.type.field(n).name: part for n, part in enumerate(deeper.flatten())}
            under = fields.get("article_id")
            if under is None:
                under = articles.take(pa.array(down))
            found = _walk(fields, under, rows[down], sources, inside, name_row)
            checked = Checked(checked.whole + found.whole, checked.positions + found.positions)
    return checked


def _holds_spans(kind: pa.DataType) -> bool:
    """Whether there is a span somewhere in the records of a type."""
    if pa.types.is_list(kind):
        return _holds_spans(kind.value_type)
    if not pa.types.is_struct(kind):
        return False
    fields = [kind.field(number) for number in range(kind.num_fields)]
    return {field.name for field in fields} >= _SPAN or any(_holds_spans(f.type) for f in fields)


def _check(
    parts: Mapping[str, pa.Array],
    articles: pa.Array,
    sources: Sources,
    where: Callable[[int], str],
) -> Checked:
    codes = articles.dictionary_encode()
    names = codes.dictionary.to_pylist()
    numbers = codes.indices.to_numpy(zero_copy_only=False)
    if unknown := [name for name in names if name not in sources.lengths]:
        at = int(np.flatnonzero(numbers == names.index(unknown[0]))[0])
        raise SpanError(
            f"the span lies in article {unknown[0]!r}, which is not among the articles",
            where=where(at),
            remedy="put the article back into the manifest, or withdraw the row",
        )
    ends = parts["end"].to_numpy(zero_copy_only=False)
    lengths = np.array([sources.lengths[name] for name in names], np.int64)[numbers]
    known = np.array([name in sources.texts for name in names], bool)[numbers]
    compared: np.ndarray[Any, Any] = known & parts["text"].is_valid().to_numpy(zero_copy_only=False)
    beyond = np.flatnonzero((ends > lengths) & ~compared)
    if len(beyond):
        at = int(beyond[0])
        raise SpanError(
            f"the span ends at {ends[at]}, its article has {lengths[at]} code points",
            where=where(at),
            remedy="restore the folder from its git or Hub tag",
        )
    rows = np.flatnonzero(compared)
    _compare(parts, [utf8_of(sources.texts, name) for name in names], numbers, rows, where)
    return Checked(len(rows), len(ends) - len(rows))


def _compare(
    parts: Mapping[str, pa.Array],
    texts: list[bytes],
    articles: np.ndarray[Any, Any],
    rows: np.ndarray[Any, Any],
    where: Callable[[int], str],
) -> None:
    stored = parts["text"]
    if len(rows) < len(articles):
        stored, articles = stored.take(pa.array(rows)), articles[rows]
    starts = parts["start"].to_numpy(zero_copy_only=False)[rows]
    ends = parts["end"].to_numpy(zero_copy_only=False)[rows]
    whole = b"".join(texts)
    counts, bytes_before = _code_points(texts, whole)
    if (
        (starts >= 0).all()
        and (starts <= ends).all()
        and (ends <= counts[articles]).all()  # so that every slice lies in its article
    ):
        first = (np.cumsum(counts) - counts)[articles]
        begin, stop = bytes_before(first + starts), bytes_before(first + ends)
        widths = pc.binary_length(stored).to_numpy(zero_copy_only=False)
        pairs = zip(begin.tolist(), stop.tolist(), strict=True)
        if np.array_equal(widths, stop - begin) and b"".join(
            [whole[a:b] for a, b in pairs]
        ) == bytes(string_bytes(stored)):
            return
    for number, article in enumerate(articles.tolist()):
        check_slice(
            texts[article].decode("utf-8"),
            int(starts[number]),
            int(ends[number]),
            stored[number].as_py(),
            where=where(int(rows[number])),
        )


def _code_points(
    texts: list[bytes], whole: bytes
) -> tuple[NDArray[np.int64], Callable[[NDArray[np.int64]], NDArray[np.int64]]]:
    """How many code points each text has, and how many bytes of all stand before a code point."""
    sizes = np.array([len(text) for text in texts], np.int64)
    if whole.isascii():
        return sizes, lambda points: points
    going_on = np.flatnonzero(np.frombuffer(whole, np.int8) < _FIRST_GOING_ON)
    counts = sizes - np.diff(np.searchsorted(going_on, np.cumsum(sizes)), prepend=0)
    # The code point that each of these bytes belongs to: all other bytes begin one.
    owner = going_on - np.arange(1, len(going_on) + 1)

    def bytes_before(points: NDArray[np.int64]) -> NDArray[np.int64]:
        before: NDArray[np.int64] = points + np.searchsorted(owner, points, side="left")
        return before

    return counts, bytes_before
