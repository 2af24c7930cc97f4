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

from claimset.evidence.selection import DIGITS, Hit, Matches, choose, shortlist
from claimset.evidence.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["DIGITS", "Hit", "Ranking", "SentenceIndex"]

_WEIGHT_DIGITS = 9
_SHORTLIST = 20
_QUERIES = 16
"""Queries that are ranked together: what they share stays in the processor's cache."""
_CELLS = 2**18
"""Pairs of query and sentence that are held at once."""

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
        self._bounds = np.searchsorted(term, np.arange(len(number) + 1))

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
        return self._rank([query], [without], top, bonus)[0]

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
        found: list[list[Hit]] = []
        for first in range(0, len(queries), size):
            part = slice(first, first + size)
            found += self._rank(queries[part], without[part], top, None)
        return found

    def _rank(
        self,
        queries: Sequence[str],
        without: Sequence[int | None],
        top: int,
        bonus: NDArray[np.float64] | None,
    ) -> list[list[Hit]]:
        if top <= 0 or not len(self._groups):
            return [[] for _ in queries]
        matches = self._match(queries)
        scores = self._sum(matches, without)
        if bonus is not None:
            left_out = self._groups == _numbers(without)
            scores = np.round(np.where(left_out, 0.0, scores + bonus), DIGITS)
        short = shortlist(scores, max(top, _SHORTLIST))
        return choose(matches, short, top, bonus=bonus, repeated=self._ranking.repeated)

    def scores(self, query: str, *, without: int | None = None) -> NDArray[np.float64]:
        """Score of each sentence by itself; 0 for those that share no word with the query."""
        scores: NDArray[np.float64] = self._sum(self._match([query]), [without])[0]
        return scores

    def _match(self, queries: Sequence[str]) -> Matches:
        query_rows: list[int] = []
        term_rows: list[int] = []
        numbers: list[int] = []
        factors: list[float] = []
        known = self._number.get
        for place, query in enumerate(queries):
            found = terms(query)
            weights: dict[_Key, float] = {}
            for word, weight in found:
                weights[word] = weights.get(word, 0.0) + (weight if self._ranking.weighted else 1.0)
            words = [word for word, _ in found]
            weights |= dict.fromkeys(pairwise(words), 1.0)
            held = [
                (number, weight)
                for key, weight in weights.items()
                if (number := known(key)) is not None
            ]
            query_rows += [place] * len(held)
            term_rows += range(len(held))
            numbers += [number for number, _ in held]
            factors += [weight for _, weight in held]
        chosen = np.array(numbers, np.int64)
        starts = self._bounds[chosen]
        sizes = self._bounds[chosen + 1] - starts
        # Each term's rows, one run after the other.
        skipped = np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
        rows = skipped + np.arange(len(skipped))
        return Matches(
            query=np.repeat(np.array(query_rows, np.int64), sizes),
            term=np.repeat(np.array(term_rows, np.int64), sizes),
            sentence=self._sentence[rows],
            weight=self._weight[rows] * np.repeat(np.array(factors, np.float64), sizes),
            own=self._own[rows],
        )

    def _sum(self, matches: Matches, without: Sequence[int | None]) -> NDArray[np.float64]:
        shape = len(without), len(self._groups)
        cell = matches.query * shape[1] + matches.sentence
        scores = np.bincount(cell, matches.weight, minlength=shape[0] * shape[1]).reshape(shape)
        shares = np.zeros(shape, np.bool_)
        shares.reshape(-1)[cell[matches.own]] = True
        shares &= self._groups != _numbers(without)
        return np.round(np.where(shares, scores, 0.0), DIGITS)


def _numbers(without: Sequence[int | None]) -> NDArray[np.int64]:
    """Numbers of the articles to leave out, one row each; no article is -1."""
    return np.array([-1 if one is None else one for one in without], np.int64)[:, np.newaxis]
