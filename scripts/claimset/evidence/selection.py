"""Selection: the list of each query, built one by one from what its sentences add.

What a chosen sentence has said counts less from then on (greedy coverage: Lin and Bilmes 2011,
ACL P11-1052). All queries of a pool go step by step together, for a step costs little more for
many than for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DIGITS", "Hit", "Matches", "Shortlist", "choose", "shortlist"]

DIGITS = 4
"""Decimals of a score. What differs less is a tie, so no machine's rounding decides an order."""


class Hit(NamedTuple):
    """A sentence of the pool.

    Attributes:
        place: Its place in the pool.
        score: What it adds to the sentences ranked before it; never more than theirs.
    """

    place: int
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
    # One whole number a sentence, no two of them equal: by score, then the earlier one first.
    behind = np.arange(total - 1, -1, -1)
    keys = np.rint(scores * 10**DIGITS).astype(np.int64) * total + behind
    best = np.sort(keys, axis=1)[:, ::-1][:, :size]
    listed = best >= total
    best = best[:, : int(listed.sum(axis=1).max(initial=0))]
    listed = listed[:, : best.shape[1]]
    sentence = np.where(listed, total - 1 - best % max(total, 1), -1)
    column = np.full((queries, total), -1)
    query, place = np.nonzero(listed)
    column[query, sentence[query, place]] = place
    return Shortlist(column, sentence)


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
    if not size:
        return [[] for _ in range(queries)]
    column = short.column[matches.query, matches.sentence]
    inside = np.flatnonzero(column >= 0)
    # Terms come first: to add up what they give is then one step for all queries.
    shape = int(matches.term.max(initial=-1)) + 1, queries, size
    weight, own = np.zeros(shape), np.zeros(shape, np.bool_)
    place = (matches.term[inside] * queries + matches.query[inside]) * size + column[inside]
    weight.reshape(-1)[place], own.reshape(-1)[place] = matches.weight[inside], matches.own[inside]
    extra: NDArray[np.float64] = np.zeros((queries, size))
    if bonus is not None:
        extra = np.where(short.sentence >= 0, bonus[short.sentence], 0.0)
    every = np.arange(queries)
    gains: list[list[float]] = []
    sentences: list[list[int]] = []
    for _ in range(min(top, size)):
        now = np.round(weight.sum(axis=0) + extra, DIGITS)
        best = now.argmax(axis=1)
        gain = now[every, best]
        going = gain > 0
        if not going.any():
            break
        gains.append(gain.tolist())
        sentences.append(short.sentence[every, best].tolist())
        weight[own[:, every, best] & going] *= repeated
        weight[:, every, best], extra[every, best] = 0.0, 0.0
    return [
        [
            Hit(sentence[query], gain[query])
            for sentence, gain in zip(sentences, gains, strict=True)
            if gain[query] > 0
        ]
        for query in range(queries)
    ]
