"""Mentions: what the sources of an event name and count, and whether another article has it too."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimset.evidence.lists import CONNECTORS, ROLES
from claimset.evidence.numbers import find_figures
from claimset.evidence.reading import form_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from typing import Any

    from numpy.typing import NDArray

    from claimset.evidence.sources import Sources

__all__ = ["INITIALS_MAXIMUM", "Mentions"]

INITIALS_MAXIMUM = 6
"""Letters of the longest acronym that is known by the initials of names."""

_SENTENCE_END = re.compile(r"[.!?:;]")
_SEVERAL = -1
"""Stands for an article's number where several have the thing."""


class _Kind(NamedTuple):
    """What counts of a written word."""

    word: str
    """In small letters, without a possessive ending."""
    initial: str
    is_capital: bool
    connects: bool
    """A small word that is left out between the words of a name."""
    is_role: bool
    ends_initials: bool
    """Whether the initials of a name end where it stands."""


@lru_cache(maxsize=2**15)
def _kind_of(written: str) -> _Kind:
    text = form_of(written).text
    word, is_capital = text.casefold(), text[0].isupper()
    connects = word in CONNECTORS and not is_capital
    ends = not (is_capital or connects or word in ("and", "for"))
    return _Kind(word, text[0], is_capital, connects, word in ROLES, ends)


class Mentions:
    """What an event's sources name and count: each thing with the article that has it.

    Args:
        sources: Their words.
    """

    def __init__(self, sources: Sources) -> None:
        self._figures: dict[Hashable, int] = {}
        self._written: dict[Hashable, int] = {}
        self._initials: dict[Hashable, int] = {}
        for number, (article, words) in enumerate(
            zip(sources.articles, sources.words, strict=True)
        ):
            figures = find_figures(words)
            if article.published_at is not None:
                figures += find_figures(article.published_at.isoformat())
            _note({key for figure in figures for key in figure.means}, number, self._figures)
            _note([form_of(word).text for word in set(words.written)], number, self._written)
        self._number: dict[str, int] = {}
        self._read(sources)

    def _read(self, sources: Sources) -> None:
        """Note words, pairs of words, surnames that stand alone, and initials of names."""
        number = self._number
        place = {form: at for at, form in enumerate(dict.fromkeys(sources.written))}
        kinds = list(map(_kind_of, place))
        form = np.fromiter(map(place.__getitem__, sources.written), np.int64)
        numbers = [number.setdefault(kind.word, len(number)) for kind in kinds]
        word = np.array(numbers, np.int64)[form]
        is_capital, connects, is_role, ends_initials = (
            np.array([kind[field] for kind in kinds], np.bool_)[form] for field in range(2, 6)
        )
        article = sources.article_numbers
        stretch = np.cumsum(_begins_stretch(sources, article))
        held = _Holding(article)
        self._words = held.by(word)
        self._small = held.by(word, ~is_capital)
        # Words side by side, small ones that connect left out.
        told = np.flatnonzero(~connects)
        before, after = told[:-1], told[1:]
        joined = stretch[before] == stretch[after]
        before, after = before[joined], after[joined]
        pairs = np.zeros(len(form), np.int64)
        pairs[after] = word[before] * len(number) + word[after]
        follows = np.zeros(len(form), np.bool_)
        follows[after] = True
        self._pairs = held.by(pairs, follows)
        # A surname stands alone where no other name is before it.
        follows[after] = is_capital[before] & ~is_role[before]
        self._alone = held.by(word, is_capital & ~follows)
        capitals = np.flatnonzero(is_capital)
        letters = "".join([kinds[at].initial for at in form[capitals].tolist()])
        run = stretch * (len(form) + 1) + np.cumsum(ends_initials)
        borders = np.flatnonzero(np.diff(run[capitals], prepend=-1, append=-1)).tolist()
        found = {
            (letters[start:stop], int(article[capitals[start]]))
            for start, stop in pairwise(borders)
            if stop - start > 1
        }
        for initials, own in sorted(found):
            _note(_acronyms_in(initials), own, self._initials)

    def figure(self, key: str, own: int | None) -> bool:
        """Whether an article other than ``own`` has a number or date."""
        return self._figures.get(key, own) != own

    def written(self, word: str, own: int | None) -> bool:
        """Whether an article other than ``own`` has a word as it is written."""
        return self._written.get(word, own) != own

    def initials(self, letters: str, own: int | None) -> bool:
        """Whether an article other than ``own`` has a name with such initials."""
        return self._initials.get(letters, own) != own

    def word(self, word: str, own: int | None) -> bool:
        """Whether an article other than ``own`` has a word; all are in small letters."""
        return self._has(self._words, word, own)

    def small(self, word: str, own: int | None) -> bool:
        """Whether an article other than ``own`` has a word without a capital."""
        return self._has(self._small, word, own)

    def surname(self, word: str, own: int | None) -> bool:
        """Whether an article other than ``own`` has a word with a capital and no name before it."""
        return self._has(self._alone, word, own)

    def pair(self, word: str, after: str, own: int | None) -> bool:
        """Whether an article other than ``own`` has two words side by side."""
        first, second = self._number.get(word), self._number.get(after)
        if first is None or second is None:
            return False
        return self._pairs.get(first * len(self._number) + second, own) != own

    def _has(self, holders: dict[int, int], word: str, own: int | None) -> bool:
        number = self._number.get(word)
        return number is not None and holders.get(number, own) != own


class _Holding:
    """Which articles hold things: the one, or ``_SEVERAL``, of which one is not a claim's own.

    Args:
        article: Number of the article of each word.
    """

    def __init__(self, article: NDArray[np.int64]) -> None:
        self._article = article
        self._total = int(article.max(initial=0)) + 1

    def by(
        self, things: NDArray[np.int64], chosen: NDArray[np.bool_] | None = None
    ) -> dict[int, int]:
        """The article of each thing, for the chosen words."""
        cells = things * self._total + self._article
        thing, article = np.divmod(
            np.unique(cells if chosen is None else cells[chosen]), self._total
        )
        first = np.flatnonzero(np.diff(thing, prepend=-1))
        several = np.diff(first, append=len(thing)) > 1
        holder = np.where(several, _SEVERAL, article[first])
        return dict(zip(thing[first].tolist(), holder.tolist(), strict=True))


def _note(things: Iterable[Hashable], article: int, holders: dict[Any, int]) -> None:
    for thing in things:
        if holders.setdefault(thing, article) != article:
            holders[thing] = _SEVERAL


def _begins_stretch(sources: Sources, article: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a sentence or an article ends right before each word."""
    begins = np.diff(article, prepend=-1) > 0
    offset = 0
    for words in sources.words:
        gaps = np.array(words.starts[1:]) - np.array(words.ends[:-1]) > 1
        for at in np.flatnonzero(gaps).tolist():
            gap = words.text[words.ends[at] : words.starts[at + 1]]
            if gap[1] != " " and _SENTENCE_END.search(gap):
                begins[offset + at + 1] = True
        offset += len(words.written)
    return begins


@lru_cache(maxsize=2**12)
def _acronyms_in(initials: str) -> tuple[str, ...]:
    """All that two to six neighbouring initials spell."""
    return tuple(
        {
            initials[start:stop]
            for start in range(len(initials) - 1)
            for stop in range(start + 2, min(start + INITIALS_MAXIMUM, len(initials)) + 1)
        }
    )
