"""Quoted words against the sources: exact, altered, truncated or not found.

A fact about text, found before anybody reads: it says nothing of whether the words were spoken.
Quotation marks, dashes and white space may differ (see ``sources.folded``), everything else
counts. An altered quotation keeps two in three of its telling words, in order and close together.

A quotation that is part of a longer passage is exact. It is truncated when the passage goes on
inside it: words, marked by an ellipsis or not, are left out between those that are quoted.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from claimset.evidence.nearest import Nearest, Quote, find_nearest, in_words, listed, read_quote
from claimset.evidence.sources import Passage, Sources, folded
from claimset.models import ArticleSpan, QuoteCheck, QuoteOutcome, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["check_quotes"]

_ELLIPSIS = re.compile(r"\s*[\[(]?(?:…|\.{3}|\. \. \.)[\])]?\s*")
_GAP_WORDS = 200  # what an ellipsis may leave out


def check_quotes(
    quotes: Sequence[Span], sources: Sources, *, without: str | None = None
) -> tuple[QuoteCheck, ...]:
    """Look for quoted words in the sources.

    A single word, or words that all say little, are looked for exactly only; everything begins and
    ends at the border of a word. Punctuation at the quotation's ends is not compared, since houses
    differ in whether it belongs inside the marks.

    Args:
        quotes: The quoted words, with or without their marks.
        sources: Where to look.
        without: The article that the quotations stand in.

    Returns:
        One check for each quotation that holds a word, in the same order.
    """
    own = sources.number_of(without)
    return tuple(
        _check(span, quote, sources, own)
        for span in quotes
        if (quote := read_quote(span.text)) is not None
    )


def _check(span: Span, quote: Quote, sources: Sources, own: int | None) -> QuoteCheck:
    if (exact := _exact(quote, sources, own)) is not None:
        return _checked(span, QuoteOutcome.EXACT, sources.span(exact))
    nearest = _with_gaps(quote, sources, own) or find_nearest(quote, sources, own)
    if nearest is None:
        return _checked(span, QuoteOutcome.NOT_FOUND)
    return _checked(span, nearest.outcome, sources.span(nearest.passage), nearest.difference)


def _checked(
    quote: Span, outcome: QuoteOutcome, found: ArticleSpan | None = None, differs: str | None = None
) -> QuoteCheck:
    return QuoteCheck.trusted(
        {"quote": quote, "outcome": outcome, "found": found, "difference": differs}
    )


def _exact(quote: Quote, sources: Sources, own: int | None) -> Passage | None:
    """The first exact passage; of a single word, the first that is quoted there too, if any."""
    first = None
    for passage in _exact_passages(quote, sources, own):
        if len(quote.keys) > 1 or sources.is_quoted(passage):
            return passage
        first = first or passage
    return first


def _exact_passages(quote: Quote, sources: Sources, own: int | None) -> Iterator[Passage]:
    """All passages that read as the quotation does, folded; in order."""
    if any(key not in sources.places for key in quote.keys):
        return
    size = len(quote.keys)
    rarest = min(range(size), key=lambda place: len(sources.places[quote.keys[place]]))
    wanted = folded(quote.text)
    for word in sources.places[quote.keys[rarest]]:
        start, end = word - rarest, word - rarest + size
        if start < 0 or end > len(sources.keys):
            continue
        # The ends first: a long quotation is compared in full only where it may stand.
        if sources.keys[start] != quote.keys[0] or sources.keys[end - 1] != quote.keys[-1]:
            continue
        article = sources.article_of(start)
        if article == own or sources.article_of(end - 1) != article:
            continue
        passage = Passage(start, end - 1)
        if sources.keys[start:end] == quote.keys and folded(sources.text(passage)) == wanted:
            yield passage


def _with_gaps(quote: Quote, sources: Sources, own: int | None) -> Nearest | None:
    """A passage whose words are the quotation's, save what its ellipses leave out."""
    parts = [part for text in _ELLIPSIS.split(quote.text) if (part := read_quote(text))]
    if len(parts) < 2:  # noqa: PLR2004 - nothing is left out
        return None
    found: list[Passage] = []
    for part in parts:
        after = found[-1].last if found else -1
        passage = next(
            (
                passage
                for passage in _exact_passages(part, sources, own)
                if not found
                or (
                    after < passage.first <= after + _GAP_WORDS
                    and sources.article_of(passage.first) == sources.article_of(after)
                )
            ),
            None,
        )
        if passage is None:
            return None
        found.append(passage)
    gaps = [sources.written[one.last + 1 : other.first] for one, other in pairwise(found)]
    left_out = [f"{in_words(gap)} left out" for gap in gaps if gap]
    return Nearest(
        Passage(found[0].first, found[-1].last),
        1.0,
        QuoteOutcome.TRUNCATED if left_out else QuoteOutcome.ALTERED,
        listed(left_out) if left_out else "an ellipsis added",
    )
