"""The rule of all positions, held for every span in every row that is released."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel

from claimset.errors import SpanError
from claimset.models import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["FoundSpan", "check_spans", "spans_of"]


class FoundSpan(NamedTuple):
    """A span somewhere in a row."""

    span: Span
    article_id: str
    where: str
    """The row and the path to the span, for an error."""


def spans_of(row: BaseModel, *, where: str) -> Iterator[FoundSpan]:
    """Every span of a row, however deep: the row itself, attributions, evidence.

    A span that names no article itself (a speaker, a cue, a quotation) lies in the article of the
    row that holds it.

    Args:
        row: A claim, annotation, evidence candidate, unit or released row.
        where: What to name in an error.
    """
    yield from _walk(row, "", where)


def _walk(row: BaseModel, article_id: str, where: str) -> Iterator[FoundSpan]:
    article_id = getattr(row, "article_id", article_id)
    if isinstance(row, Span):
        yield FoundSpan(row, article_id, f"{where}, article {article_id}")
    for name, value in row:
        if isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _walk(item, article_id, f"{where}, {name}[{number}]")
        elif isinstance(value, BaseModel):
            yield from _walk(value, article_id, f"{where}, {name}")


def check_spans(row: BaseModel, texts: Mapping[str, str], *, where: str) -> int:
    """Check every span of a row: ``text[start:end]`` equals the stored text.

    Args:
        row: See :func:`spans_of`.
        texts: The normalised text of every article, by id.
        where: What to name in the error.

    Returns:
        How many spans were checked.

    Raises:
        SpanError: A span differs from its article, or its article is not given.
    """
    checked = 0
    for found in spans_of(row, where=where):
        text = texts.get(found.article_id)
        if text is None:
            raise SpanError(
                f"the span lies in article {found.article_id!r}, which is not among the articles",
                where=found.where,
                remedy="put the article back into the manifest, or withdraw the row",
            )
        found.span.check(text, where=found.where)
        checked += 1
    return checked
