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

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from claimset.evidence.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["DIGITS", "Hit", "Ranking", "SentenceIndex"]

DIGITS = 4
"""Decimals of a score. What differs less is a tie, so no machine's rounding decides an order."""

_WEIGHT_DIGITS = 9
_SHORTLIST = 20

_Key = str | tuple[str, str]


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


@dataclass(frozen=True)
class Hit:
    """A sentence of the pool.

    Attributes:
        index: Its place in the pool.
        score: What it adds to the sentences ranked before it; never more than theirs.
    """

    index: int
    score: float


@dataclass(frozen=True)
class _Matches:
    """All that a query and the pool share, one row per query term and sentence.

    Attributes:
        term: Number of the query term.
        sentence: Place of the sentence in the pool.
        weight: What the term counts there.
        own: Whether the sentence itself has the term, not only a neighbour.
    """

    term: NDArray[np.int64]
    sentence: NDArray[np.int64]
    weight: NDArray[np.float64]
    own: NDArray[np.bool_]


_NOTHING = _Matches(
    term=np.zeros(0, np.int64),
    sentence=np.zeros(0, np.int64),
    weight=np.zeros(0, np.float64),
    own=np.zeros(0, np.bool_),
)


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
        self._number: dict[_Key, int] = {}
        self._build([[term.word for term in terms(text)] for text in sentences])

    def _build(self, sentences: list[list[str]]) -> None:
        """Lay out the weights as one row per term and sentence, sorted by term, then sentence."""
        chosen, number = self._ranking, self._number
        term_rows: list[int] = []
        sentence_rows: list[int] = []
        counts: list[int] = []
        for place, words in enumerate(sentences):
            found: Counter[_Key] = Counter(words)
            if chosen.pair:
                found.update(dict.fromkeys(pairwise(words), 1))
            for key, count in found.items():
                term_rows.append(number.setdefault(key, len(number)))
                sentence_rows.append(place)
                counts.append(count)
        total = len(sentences)
        lengths = np.array([len(words) for words in sentences], np.float64)
        mean = lengths.mean() if lengths.any() else 1.0
        term, sentence = np.array(term_rows, np.int64), np.array(sentence_rows, np.int64)
        df = np.bincount(term, minlength=len(number))
        idf = np.log(1 + (total - df + 0.5) / (df + 0.5))
        is_pair = np.array([isinstance(key, tuple) for key in number], np.bool_)
        idf[is_pair] *= chosen.pair
        tf = np.array(counts, np.float64)
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
        order = np.lexsort((sentence, term))
        key = (term * max(total, 1) + sentence)[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        self._sentence = sentence[order][first]
        term = term[order][first]
        if len(first):
            weight = np.maximum.reduceat(weight[order], first)
            own = np.logical_or.reduceat(own[order], first)
        # Logarithms may differ in their last bit between machines.
        self._weight, self._own = np.round(weight, _WEIGHT_DIGITS), own
        self._bounds = np.searchsorted(term, np.arange(len(number) + 1)).tolist()

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
        matches = self._match(query)
        if bonus is None and not len(matches.term):
            return []
        scores = self._sum(matches, without)
        if bonus is not None:
            scores = np.round(np.where(self._groups == without, 0.0, scores + bonus), DIGITS)
        short = _shortlist(scores, max(top, _SHORTLIST))
        return self._choose(matches, short, top, bonus)

    def scores(self, query: str, *, without: int | None = None) -> NDArray[np.float64]:
        """Score of each sentence by itself; 0 for those that share no word with the query."""
        return self._sum(self._match(query), without)

    def _match(self, query: str) -> _Matches:
        found = terms(query)
        weights: dict[_Key, float] = {}
        for word, weight in found:
            weights[word] = weights.get(word, 0.0) + (weight if self._ranking.weighted else 1.0)
        for one, other in pairwise(found):
            weights[one.word, other.word] = 1.0
        rows = [
            (self._bounds[number], self._bounds[number + 1], weight)
            for key, weight in weights.items()
            if (number := self._number.get(key)) is not None
        ]
        if not rows:
            return _NOTHING
        slices = [slice(start, end) for start, end, _ in rows]
        sizes = [end - start for start, end, _ in rows]
        factor = np.repeat([weight for _, _, weight in rows], sizes)
        return _Matches(
            term=np.repeat(np.arange(len(rows)), sizes),
            sentence=np.concatenate([self._sentence[part] for part in slices]),
            weight=np.concatenate([self._weight[part] for part in slices]) * factor,
            own=np.concatenate([self._own[part] for part in slices]),
        )

    def _sum(self, matches: _Matches, without: int | None) -> NDArray[np.float64]:
        total = len(self._groups)
        scores = np.bincount(matches.sentence, matches.weight, minlength=total)
        shares = np.zeros(total, np.bool_)
        shares[matches.sentence[matches.own]] = True
        if without is not None:
            shares &= self._groups != without
        return np.round(np.where(shares, scores, 0.0), DIGITS)

    def _choose(
        self,
        matches: _Matches,
        short: NDArray[np.int64],
        top: int,
        bonus: NDArray[np.float64] | None,
    ) -> list[Hit]:
        """Take the best of the shortlist one by one; what was said counts less from then on."""
        column = np.full(len(self._groups), -1)
        column[short] = np.arange(len(short))
        inside = column[matches.sentence] >= 0
        shape = (int(matches.term.max(initial=-1)) + 1, len(short))
        weight, own = np.zeros(shape), np.zeros(shape, np.bool_)
        place = (matches.term[inside], column[matches.sentence[inside]])
        weight[place], own[place] = matches.weight[inside], matches.own[inside]
        extra = np.zeros(len(short)) if bonus is None else bonus[short]
        hits: list[Hit] = []
        for _ in range(min(top, len(short))):
            gains = np.round(weight.sum(axis=0) + extra, DIGITS)
            best = int(gains.argmax())
            if gains[best] <= 0:
                break
            hits.append(Hit(int(short[best]), float(gains[best])))
            weight[own[:, best]] *= self._ranking.repeated
            weight[:, best], extra[best] = 0.0, 0.0
        return hits


def _shortlist(scores: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Places of the ``size`` best scores above 0, best first, equal ones in order."""
    places: NDArray[np.int64] = np.flatnonzero(scores > 0)
    if len(places) > size:
        bar = np.partition(scores[places], -size)[-size]
        places = places[scores[places] >= bar]
    ordered: NDArray[np.int64] = places[np.lexsort((places, -scores[places]))][:size]
    return ordered
