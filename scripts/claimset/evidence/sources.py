"""The words of an event's sources, laid out once so that facts about many claims cost little."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from claimset.evidence.words import stem
from claimset.models import Article, ArticleSpan

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["WORD", "Passage", "Sources", "folded", "is_mark", "key_of"]

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word; hyphens and dots part words, so that a span may begin or end inside a compound."""

_PIECES = re.compile(f"({WORD.pattern})")
_MARKS = "'‘’‚‛′ʼ`´\"“”„‟″«»‹›"
_DASHES = "-‐‑‒–—―−"
_FOLDING = str.maketrans(
    dict.fromkeys(_MARKS, "'")
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}", " ")
)


def folded(text: str) -> str:
    """The text with all quotation marks, all dashes and all white space written alike.

    Houses differ in them, and a quotation inside another changes its marks. Letters and their
    case stay.

    >>> folded("“It’s  – his”") == folded("'It's - his'")
    True
    """
    return " ".join(text.translate(_FOLDING).split())


def is_mark(character: str) -> bool:
    """Whether a character is a quotation mark of any kind."""
    return bool(character) and character in _MARKS


@lru_cache(maxsize=2**14)
def key_of(word: str) -> str:
    """What all forms of a word share: folded case, no ending."""
    return stem(word.casefold().replace("’", "'"))


class Passage(NamedTuple):
    """Words of one article.

    Attributes:
        first: Number of the first word, counted over all sources.
        last: Number of the last word.
    """

    first: int
    last: int


class Sources:
    """The words of an event's evidence articles in order, and where each stands.

    Args:
        articles: The articles that may be quoted.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = tuple(articles)
        self.written: list[str] = []
        """Each word as it is written."""
        self.keys: list[str] = []
        """Each word's key."""
        self.places: dict[str, list[int]] = defaultdict(list)
        """Numbers of the words that have a key."""
        self._spans: list[tuple[int, int]] = []
        self._gaps: list[str] = []
        self._offsets: list[int] = []
        self._numbers = {a.article_id: number for number, a in enumerate(self.articles)}
        for article in self.articles:
            self._offsets.append(len(self.keys))
            # What stands between words, and the words, by turns.
            pieces = _PIECES.split(article.text)
            edges = list(accumulate(map(len, pieces)))
            words = pieces[1::2]
            self.written += words
            self._gaps += pieces[:-1:2]
            self._spans += zip(edges[:-1:2], edges[1::2], strict=True)
            self.keys += map(key_of, words)
        for number, key in enumerate(self.keys):
            self.places[key].append(number)

    def number_of(self, article_id: str | None) -> int | None:
        """Place of an article among the sources; ``None`` when it is none of them."""
        return None if article_id is None else self._numbers.get(article_id)

    def article_of(self, word: int) -> int:
        """Place of the article that a word stands in."""
        return bisect_right(self._offsets, word) - 1

    def bounds(self, article: int) -> tuple[int, int]:
        """Numbers of an article's first word and of the first word after it."""
        after = article + 1
        return self._offsets[article], (
            self._offsets[after] if after < len(self._offsets) else len(self.keys)
        )

    def text(self, passage: Passage) -> str:
        """The passage as it is written."""
        return self.span(passage).text

    def words_of(self, article: int) -> list[tuple[str, str]]:
        """An article's words, each with what stands between it and the word before it."""
        first, stop = self.bounds(article)
        return list(zip(self.written[first:stop], self._gaps[first:stop], strict=True))

    def span(self, passage: Passage) -> ArticleSpan:
        """The passage as a span of its article."""
        article = self.articles[self.article_of(passage.first)]
        start, end = self._spans[passage.first][0], self._spans[passage.last][1]
        return ArticleSpan(
            article_id=article.article_id, start=start, end=end, text=article.text[start:end]
        )

    def is_quoted(self, passage: Passage) -> bool:
        """Whether a quotation mark opens right before the passage."""
        article = self.articles[self.article_of(passage.first)]
        start = self._spans[passage.first][0]
        return is_mark(article.text[max(0, start - 1) : start])
