"""Positions: half-open ranges of Unicode code points whose text can always be checked."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from claimset.errors import SpanError
from claimset.models.base import Model

__all__ = ["ArticleSpan", "Span", "check_slice"]


def check_slice(source: str, start: int, end: int, text: str, *, where: str) -> None:
    """Hold the rule of all positions: ``source[start:end] == text``.

    Args:
        source: The normalised text of the article.
        start: First code point of the span.
        end: The code point after the last one.
        text: What is stored as the span's text.
        where: What to name in the error: file and line, claim, annotation.

    Raises:
        SpanError: The slice differs or the positions lie outside the article.
    """
    if 0 <= start < end <= len(source) and source[start:end] == text:
        return
    found = source[start:end] if 0 <= start <= end else ""
    raise SpanError(
        f"the span [{start}, {end}) does not hold its stored text: "
        f"expected {_shorten(text)}, the article ({len(source)} code points) has "
        f"{_shorten(found)}",
        where=where,
        remedy="the article's text is not the one the span was made on; restore the article, "
        "or segment again and repeat the step that wrote the span",
    )


def _shorten(text: str, width: int = 60) -> str:
    return repr(text if len(text) <= width else text[: width - 1] + "…")


class Span(Model):
    """A piece of one article, known from the context."""

    start: int = Field(ge=0)
    """First code point of the span in the article's text."""
    end: int = Field(ge=1)
    """The code point after the last one (half-open)."""
    text: str = Field(min_length=1)
    """The characters at `[start, end)`, exactly."""

    @model_validator(mode="after")
    def _positions_fit_text(self) -> Self:
        if self.end - self.start != len(self.text):
            msg = f"end - start is {self.end - self.start} but text has {len(self.text)} characters"
            raise ValueError(msg)
        return self

    def check(self, source: str, *, where: str) -> None:
        """Check this span against the article's text; see :func:`check_slice`."""
        check_slice(source, self.start, self.end, self.text, where=where)


class ArticleSpan(Span):
    """A piece of a named article."""

    article_id: str
    """The article the positions belong to."""
