"""Selection: the list of each query, built one by one from what its sentences add.

What a chosen sentence has said counts less from then on (greedy coverage: Lin and Bilmes 2011,
ACL P11-1052). All queries of a pool go step by step together, for a step costs little more for
many than for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DIGITS", "Hit", "Matches", "Shortlist", "choose", "shortlist"]

DIGITS = 4
"""Decimals of a score. What differs less is a tie, so no machine's rounding decides an order."""


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
class Matches:
    """All that queries and the pool share, one row per query, query term and sentence.

    Attributes:
        query: Number of the query.
        term: Number of the term among those of its query.
        sentence: Place of the sentence in the pool.
        weight: What the term counts there.
        own: Whether the sentence itself has the term, not only a neighbour.
    """

    query: NDArray[np.int64]
    term: NDArray[np.int64]
    sentence: NDArray[np.int64]
    weight: NDArray[np.float64]
    own: NDArray[np.bool_]


@dataclass(frozen=True)
class Shortlist:
    """The few sentences of each query that may be chosen.

    Attributes:
        column: By query and sentence: its place on the query's list, best first; -1 for none.
        sentence: By query and place on its list: the sentence; -1 where the list is shorter.
    """

    column: NDArray[np.int64]
    sentence: NDArray[np.int64]


def shortlist(scores: NDArray[np.float64], size: int) -> Shortlist:
    """The ``size`` best scores above 0 of each query, best first, equal ones in order.

    Args:
        scores: By query and sentence.
        size: Length of a list.
    """
    queries, total = scores.shape
    bar: NDArray[np.float64] = np.zeros((queries, 1))
    if total > size:
        bar = np.partition(scores, total - size, axis=1)[:, total - size, np.newaxis]
    query, sentence = np.nonzero((scores >= bar) & (scores > 0))
    order = np.lexsort((sentence, -scores[query, sentence], query))
    query, sentence = query[order], sentence[order]
    place = np.arange(len(query)) - np.searchsorted(query, query)
    listed = place < size
    query, sentence, place = query[listed], sentence[listed], place[listed]
    found = Shortlist(
        column=np.full((queries, total), -1),
        sentence=np.full((queries, int(place.max(initial=-1)) + 1), -1),
    )
    found.column[query, sentence] = place
    found.sentence[query, place] = sentence
    return found


def choose(
    matches: Matches,
    short: Shortlist,
    top: int,
    *,
    bonus: NDArray[np.float64] | None,
    repeated: float,
) -> list[list[Hit]]:
    """Take the best of each shortlist one by one; what was said counts less from then on.

    Args:
        matches: What queries and sentences share.
        short: The shortlists.
        top: How many to take at most.
        bonus: What a sentence has beside its terms.
        repeated: What a term still counts once a chosen sentence has said it.
    """
    queries, size = short.sentence.shape
    hits: list[list[Hit]] = [[] for _ in range(queries)]
    if not size:
        return hits
    column = short.column[matches.query, matches.sentence]
    inside = column >= 0
    shape = queries, int(matches.term.max(initial=-1)) + 1, size
    weight, own = np.zeros(shape), np.zeros(shape, np.bool_)
    place = matches.query[inside], matches.term[inside], column[inside]
    weight[place], own[place] = matches.weight[inside], matches.own[inside]
    extra: NDArray[np.float64] = np.zeros((queries, size))
    if bonus is not None:
        extra = np.where(short.sentence >= 0, bonus[short.sentence], 0.0)
    every = np.arange(queries)
    for _ in range(min(top, size)):
        gains = np.round(weight.sum(axis=1) + extra, DIGITS)
        best = gains.argmax(axis=1)
        gain, sentence = gains[every, best], short.sentence[every, best]
        going = gain > 0
        if not going.any():
            break
        for query in np.flatnonzero(going).tolist():
            hits[query].append(Hit(int(sentence[query]), float(gain[query])))
        weight[own[every, :, best] & going[:, np.newaxis]] *= repeated
        weight[every, :, best], extra[every, best] = 0.0, 0.0
    return hits
