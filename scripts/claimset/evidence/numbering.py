"""Numbering: the words of texts as numbers, so that many sentences are counted at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from claimset.evidence.words import terms_of, written_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Numbering", "WordRuns", "runs"]


def runs(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of rows that lie in runs, one run after the other.

    >>> runs(np.array([4, 0]), np.array([2, 3])).tolist()
    [4, 5, 0, 1, 2]
    """
    before = np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
    places: NDArray[np.int64] = before + np.arange(len(before))
    return places


class WordRuns(NamedTuple):
    """The words of several texts, one text after the other.

    Attributes:
        word: Number of each word.
        weight: What it counts in a query.
        sizes: How many words each text has.
    """

    word: NDArray[np.int64]
    weight: NDArray[np.float64]
    sizes: NDArray[np.int64]

    def followed_by(self, others: Self) -> Self:
        """The words of these texts and of others."""
        return type(self)(
            np.concatenate([self.word, others.word]),
            np.concatenate([self.weight, others.weight]),
            np.concatenate([self.sizes, others.sizes]),
        )

    def take(self, texts: NDArray[np.int64]) -> Self:
        """The words of chosen texts, in the order they are named."""
        starts = np.cumsum(self.sizes) - self.sizes
        sizes = self.sizes[texts]
        places = runs(starts[texts], sizes)
        return type(self)(self.word[places], self.weight[places], sizes)


class Numbering:
    """Gives each word a number when it first comes."""

    def __init__(self) -> None:
        self._written: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        # The words that each written form counts for: none, one or two.
        self._words: list[int] = []
        self._weights: list[float] = []
        self._sizes: list[int] = []

    def read(self, texts: Sequence[str]) -> WordRuns:
        """The words of texts as ``words.terms`` sees them."""
        parts = list(map(written_words, texts))
        written = list(chain.from_iterable(parts))
        for form in dict.fromkeys(written):
            if form not in self._written:
                self._add(form)
        forms = np.fromiter(map(self._written.__getitem__, written), np.int64, len(written))
        form_sizes = np.array(self._sizes, np.int64)
        sizes = form_sizes[forms]
        places = runs((np.cumsum(form_sizes) - form_sizes)[forms], sizes)
        text = np.repeat(np.arange(len(texts)), list(map(len, parts)))
        return WordRuns(
            word=np.array(self._words, np.int64)[places],
            weight=np.array(self._weights, np.float64)[places],
            sizes=np.bincount(np.repeat(text, sizes), minlength=len(texts)),
        )

    def _add(self, form: str) -> None:
        self._written[form] = len(self._written)
        found = terms_of(form)
        self._sizes.append(len(found))
        for word, weight in found:
            self._words.append(self._numbers.setdefault(word, len(self._numbers)))
            self._weights.append(weight)
