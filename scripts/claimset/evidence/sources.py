"""The words of an event's sources, laid out once so that facts about many claims cost little."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimset.evidence.reading import Words
from claimset.evidence.words import stem
from claimset.models import Article, ArticleSpan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["Passage", "Sources", "folded", "is_mark", "key_of"]

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
        self.words = [Words(article.text) for article in self.articles]
        """The words of each article."""
        self.written: list[str] = []
        """Each word as it is written."""
        self.keys: list[str] = []
        """Each word's key."""
        self.places: dict[str, list[int]] = defaultdict(list)
        """Numbers of the words that have a key."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._offsets: list[int] = []
        self._numbers = {a.article_id: number for number, a in enumerate(self.articles)}
        for words in self.words:
            self._offsets.append(len(self.keys))
            self.written += words.written
            self._starts += words.starts
            self._ends += words.ends
            self.keys += map(key_of, words.written)
        for number, key in enumerate(self.keys):
            self.places[key].append(number)

    @property
    def article_numbers(self) -> NDArray[np.int64]:
        """Place of the article of each word."""
        sizes = [len(words.written) for words in self.words]
        return np.repeat(np.arange(len(sizes)), sizes)

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
        article = self.articles[self.article_of(passage.first)]
        return article.text[self._starts[passage.first] : self._ends[passage.last]]

    def span(self, passage: Passage) -> ArticleSpan:
        """The passage as a span of its article."""
        return ArticleSpan.trusted(
            {
                "start": self._starts[passage.first],
                "end": self._ends[passage.last],
                "text": self.text(passage),
                "article_id": self.articles[self.article_of(passage.first)].article_id,
            }
        )

    def is_quoted(self, passage: Passage) -> bool:
        """Whether a quotation mark opens right before the passage."""
        article = self.articles[self.article_of(passage.first)]
        start = self._starts[passage.first]
        return is_mark(article.text[max(0, start - 1) : start])
