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
from claimset.release.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Checked", "Sources", "check_spans"]

_SPAN = {"start", "end", "text"}
_OWN = _SPAN | {"article_id"}


class Checked(NamedTuple):
    """How many spans were held against their article."""

    whole: int
    """Spans whose stored text was compared with the slice."""
    positions: int
    """Spans whose text or whose article's text is not there: only their end was looked at."""


class Sources:
    """The articles that spans lie in.

    Args:
        texts: The normalised texts at hand, by id.
        lengths: The length of every article in code points, by id.
    """

    def __init__(self, texts: Mapping[str, str], lengths: Mapping[str, int]) -> None:
        self.texts, self.lengths = texts, lengths
        self._last = Slices({}, [])

    def slices(self, names: list[str]) -> Slices:
        """The texts of articles, ready to be cut; those of the last call may be among them."""
        if not self._last.number.keys() >= set(names):
            self._last = Slices(self.texts, names)
        return self._last


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
    parts = {
        field.name: table[field.name].combine_chunks()
        for field in table.schema
        if field.name in _OWN or _holds_spans(field.type)
    }

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
    slices = sources.slices(names)
    own = np.array([slices.number[name] for name in names], np.int64)
    _compare(parts, slices, own[numbers], rows, where)
    return Checked(len(rows), len(ends) - len(rows))


def _compare(
    parts: Mapping[str, pa.Array],
    slices: Slices,
    articles: np.ndarray[Any, Any],
    rows: np.ndarray[Any, Any],
    where: Callable[[int], str],
) -> None:
    stored = parts["text"]
    starts = parts["start"].to_numpy(zero_copy_only=False)
    ends = parts["end"].to_numpy(zero_copy_only=False)
    if len(rows) < len(articles):
        stored, articles = stored.take(pa.array(rows)), articles[rows]
        starts, ends = starts[rows], ends[rows]
    if (
        (starts >= 0).all()
        and (starts <= ends).all()
        and (ends <= slices.lengths[articles]).all()  # so that every slice lies in its article
    ):
        begin, stop = slices.bounds(articles, starts, ends)
        widths = pc.binary_length(stored).to_numpy(zero_copy_only=False)
        same = np.array_equal(widths, stop - begin)
        if same and slices.cut(begin, stop).equals(pa.py_buffer(string_bytes(stored))):
            return
    for number, article in enumerate(articles.tolist()):
        check_slice(
            slices.text(article),
            int(starts[number]),
            int(ends[number]),
            stored[number].as_py(),
            where=where(int(rows[number])),
        )
