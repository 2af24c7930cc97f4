"""Which sentences of a pool bear on a query: BM25, deepened by what sentences of one event share.

The base is BM25 as Lucene computes it (Kamphuis et al. 2020, doi:10.1007/978-3-030-45442-5_4; the
formula itself: Robertson and Zaragoza 2009, doi:10.1561/1500000019). A pool here is small (one
event) and its documents are sentences, hence `k1` and `b` below the usual ones: a word that a
sentence says twice, and a long sentence, say little. On top of it:

- Names and numbers weigh 1.2 in the query, and numbers have one spelling (see ``words``).
- Two words that stand side by side in the query count extra where they do so in a sentence.
- A word that a neighbouring sentence has counts for a fifth where the sentence itself lacks it: a
  sentence that goes on about "he" or "the firm" is read with the one before it.
- The list is built one by one, and what a chosen sentence has said counts half from then on
  (greedy coverage: Lin and Bilmes 2011, ACL P11-1052). A claim of several parts needs several
  sentences, and news agencies repeat one sentence in many articles.

What each of them gives is printed by ``tests/benchmarks/evidence.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from claimset.evidence.numbering import Numbering, runs
from claimset.evidence.selection import DIGITS, Hit, Matches, choose, shortlist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["DIGITS", "Hit", "Ranking", "SentenceIndex"]

_WEIGHT_DIGITS = 9
_SHORTLIST = 20
_QUERIES = 32
"""Queries that are ranked together: what they share stays in the processor's cache."""
_CELLS = 2**18
"""Pairs of query and sentence that are held at once."""

_PAIR = 2**31
"""Keys of single words lie below it."""


@dataclass(frozen=True)
class Ranking:
    """How to score; the defaults are what ``find_candidates`` uses.

    Attributes:
        k1: How much a repeated word still adds.
        b: How much a long sentence is held back (0 not at all, 1 in full).
        pair: What two neighbouring words count, beside the words themselves.
        neighbour: Share of a neighbouring sentence's word where the sentence lacks it.
        repeated: What a word still counts once a chosen sentence has said it.
        weighted: Whether names and numbers weigh more than other words.
    """

    k1: float = 0.4
    b: float = 0.3
    pair: float = 0.3
    neighbour: float = 0.2
    repeated: float = 0.5
    weighted: bool = True


class _Queries(NamedTuple):
    """Terms of queries, one query after the other.

    Attributes:
        number: The pool's number of the term.
        factor: What it counts.
        bounds: Where the terms of each query begin, and where the last ends.
    """

    number: NDArray[np.int64]
    factor: NDArray[np.float64]
    bounds: NDArray[np.int64]


class SentenceIndex:
    """The sentences of one event, ready to be ranked.

    Args:
        sentences: Their texts, article by article in text order.
        groups: Number of the article of each; sentences are neighbours only within one. Default:
            all of one article.
        ranking: How to score.
    """

    def __init__(
        self,
        sentences: Sequence[str],
        groups: Sequence[int] | None = None,
        ranking: Ranking | None = None,
    ) -> None:
        self._ranking = ranking or Ranking()
        self._groups = np.array(groups if groups is not None else [0] * len(sentences), np.int64)
        self._numbering = Numbering()
        self._words = self._numbering.read(sentences)
        # Most queries are sentences of the pool themselves: none is read twice.
        self._place = {text: place for place, text in enumerate(sentences)}
        self._build()

    def _build(self) -> None:
        """Lay out the weights as one row per term and sentence, sorted by term, then sentence."""
        chosen, words = self._ranking, self._words
        total = len(words.sizes)
        keys, places = words.word, np.repeat(np.arange(total), words.sizes)
        if chosen.pair:
            pairs, first = _pairs(words.word, places)
            keys, places = np.concatenate([keys, pairs]), np.concatenate([places, places[first]])
        self._keys, terms = np.unique(keys, return_inverse=True)
        cells, counts = np.unique(terms * max(total, 1) + places, return_counts=True)
        term, sentence = np.divmod(cells, max(total, 1))
        lengths = words.sizes.astype(np.float64)
        mean = lengths.mean() if lengths.any() else 1.0
        df = np.bincount(term, minlength=len(self._keys))
        idf = np.log(1 + (total - df + 0.5) / (df + 0.5))
        is_pair = self._keys >= _PAIR
        idf[is_pair] *= chosen.pair
        # A pair counts once, however often a sentence has it.
        tf = np.where(is_pair[term], 1, counts).astype(np.float64)
        damping = chosen.k1 * (1 - chosen.b + chosen.b * lengths / mean)
        weight = idf[term] * tf / (tf + damping[sentence]) if total else tf
        own: NDArray[np.bool_] = np.ones(len(term), np.bool_)
        if chosen.neighbour:
            single = ~is_pair[term]
            sides: list[tuple[NDArray[Any], ...]] = [(term, sentence, weight, own)]
            for step in (-1, 1):
                beside = sentence + step
                near = single & (beside >= 0) & (beside < total)
                near[near] = self._groups[beside[near]] == self._groups[sentence[near]]
                sides.append(
                    (term[near], beside[near], chosen.neighbour * weight[near], ~own[near])
                )
            term, sentence, weight, own = map(np.concatenate, zip(*sides, strict=True))
        cell = term * max(total, 1) + sentence
        order = np.argsort(cell, kind="stable")  # three runs that are sorted already
        first = np.flatnonzero(np.diff(cell[order], prepend=-1))
        self._sentence = sentence[order][first]
        term = term[order][first]
        if len(first):
            weight = np.maximum.reduceat(weight[order], first)
            own = np.logical_or.reduceat(own[order], first)
        # Logarithms may differ in their last bit between machines.
        self._weight, self._own = np.round(weight, _WEIGHT_DIGITS), own
        self._bounds = np.searchsorted(term, np.arange(len(self._keys) + 1))

    def rank(
        self,
        query: str,
        top: int,
        *,
        without: int | None = None,
        bonus: NDArray[np.float64] | None = None,
    ) -> list[Hit]:
        """The sentences that bear most on a query.

        Args:
            query: The claim's text.
            top: How many to give at most.
            without: Number of the article to leave out.
            bonus: What to add to each sentence's score; without it, sentences that share no word
                with the query are left out.

        Returns:
            Best first; equal scores in the order of the pool. Scores are above 0 and never rise.
        """
        if top <= 0 or not len(self._groups):
            return []
        return self._rank(self._match(self._read([query]), slice(1)), [without], top, bonus)[0]

    def rank_all(
        self, queries: Sequence[str], top: int, *, without: Sequence[int | None]
    ) -> list[list[Hit]]:
        """What :meth:`rank` gives for each of many queries, in a fraction of the time.

        Args:
            queries: The claims' texts.
            top: How many to give at most for each.
            without: For each query the number of the article to leave out.
        """
        size = max(1, min(_QUERIES, _CELLS // max(1, len(self._groups))))
        if top <= 0 or not len(self._groups):
            return [[] for _ in queries]
        asked = self._read(queries)
        found: list[list[Hit]] = []
        for first in range(0, len(queries), size):
            part = slice(first, first + size)
            found += self._rank(self._match(asked, part), without[part], top, None)
        return found

    def _rank(
        self,
        matches: Matches,
        without: Sequence[int | None],
        top: int,
        bonus: NDArray[np.float64] | None,
    ) -> list[list[Hit]]:
        scores = self._sum(matches, without)
        if bonus is not None:
            left_out = self._groups == _numbers(without)
            scores = np.round(np.where(left_out, 0.0, scores + bonus), DIGITS)
        short = shortlist(scores, max(top, _SHORTLIST))
        return choose(matches, short, top, bonus=bonus, repeated=self._ranking.repeated)

    def scores(self, query: str, *, without: int | None = None) -> NDArray[np.float64]:
        """Score of each sentence by itself; 0 for those that share no word with the query."""
        matches = self._match(self._read([query]), slice(1))
        scores: NDArray[np.float64] = self._sum(matches, [without])[0]
        return scores

    def _read(self, queries: Sequence[str]) -> _Queries:
        """The terms of queries that the pool has: a query's words first, then its pairs."""
        new = list(dict.fromkeys(query for query in queries if query not in self._place))
        texts = self._place | {query: len(self._groups) + at for at, query in enumerate(new)}
        words = self._words
        if new:
            words = words.followed_by(self._numbering.read(new))
        words = words.take(np.fromiter(map(texts.__getitem__, queries), np.int64, len(queries)))
        query = np.repeat(np.arange(len(queries)), words.sizes)
        weights = words.weight if self._ranking.weighted else np.ones(len(query))
        firsts, keys, factors = [], [], []
        pairs, first = _pairs(words.word, query)
        for key, stands, weight in (
            (words.word, np.arange(len(query)), weights),
            (pairs, first, None),
        ):
            found, held = self._known(key)
            place, number = stands[held], found[held]
            cell = query[place] * len(self._keys) + number
            cells, once, inverse = np.unique(cell, return_index=True, return_inverse=True)
            firsts.append(place[once])
            keys.append(number[once])
            # A word counts each time, a pair once.
            factors.append(
                np.ones(len(cells)) if weight is None else np.bincount(inverse, weight[held])
            )
        at = np.concatenate(firsts)
        kind = np.repeat([0, 1], list(map(len, firsts)))
        order = np.lexsort((at, kind, query[at]))
        rows = np.bincount(query[at], minlength=len(queries))
        return _Queries(
            number=np.concatenate(keys)[order],
            factor=np.concatenate(factors)[order],
            bounds=np.concatenate([[0], np.cumsum(rows)]),
        )

    def _known(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The pool's number of each term, and whether it has one."""
        if not len(self._keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.bool_)
        number = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return number, self._keys[number] == keys

    def _match(self, asked: _Queries, part: slice) -> Matches:
        """What some of the queries share with the pool."""
        bounds = asked.bounds[part.start or 0 : part.stop + 1]
        rows = slice(bounds[0], bounds[-1])
        terms = np.diff(bounds)
        starts = self._bounds[asked.number[rows]]
        sizes = self._bounds[asked.number[rows] + 1] - starts
        places = runs(starts, sizes)
        return Matches(
            query=np.repeat(np.repeat(np.arange(len(terms)), terms), sizes),
            term=np.repeat(runs(np.zeros(len(terms), np.int64), terms), sizes),
            sentence=self._sentence[places],
            weight=self._weight[places] * np.repeat(asked.factor[rows], sizes),
            own=self._own[places],
        )

    def _sum(self, matches: Matches, without: Sequence[int | None]) -> NDArray[np.float64]:
        shape = len(without), len(self._groups)
        cell = matches.query * shape[1] + matches.sentence
        scores = np.bincount(cell, matches.weight, minlength=shape[0] * shape[1]).reshape(shape)
        shares = np.zeros(shape, np.bool_)
        shares.reshape(-1)[cell[matches.own]] = True
        shares &= self._groups != _numbers(without)
        return np.round(np.where(shares, scores, 0.0), DIGITS)


def _pairs(
    word: NDArray[np.int64], text: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Words that stand side by side in a text, as keys above those of words, and where."""
    first = np.flatnonzero(text[1:] == text[:-1])
    return (word[first] + 1) * _PAIR + word[first + 1], first


def _numbers(without: Sequence[int | None]) -> NDArray[np.int64]:
    """Numbers of the articles to leave out, one row each; no article is -1."""
    return np.array([-1 if one is None else one for one in without], np.int64)[:, np.newaxis]
