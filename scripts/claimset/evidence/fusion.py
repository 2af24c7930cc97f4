"""Words and meaning together: BM25 with the closeness of sentence vectors added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claimset.evidence.embeddings import encode
from claimset.evidence.ranking import SentenceIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claimset.evidence.selection import Hit

__all__ = ["FusedIndex"]

# The share of the vectors: standard deviations of the cosine, in standard deviations of BM25.
_VECTOR_WEIGHT = 0.6
_VECTOR_DIGITS = 3


class FusedIndex:
    """The sentences of one event, ranked by a sum of standard scores.

    The cosine of the vectors is put on BM25's scale (a sum of z-scores: Lee 1997,
    doi:10.1145/258525.258587) before the list is chosen as ``SentenceIndex`` chooses it.

    Args:
        sentences: Their texts, article by article in text order.
        groups: Number of the article of each.

    Raises:
        UsageError: The extra ``embeddings`` is not installed.
    """

    def __init__(self, sentences: Sequence[str], groups: Sequence[int]) -> None:
        self._words = SentenceIndex(sentences, groups)
        self._groups = np.array(groups, np.int64)
        # Half of a sentence's vector is that of the sentence read after the one before it.
        after = [
            f"{sentences[n - 1]} {text}" if n and groups[n - 1] == groups[n] else text
            for n, text in enumerate(sentences)
        ]
        self._alone = encode(sentences)
        self._vectors = (self._alone + encode(after)) / 2
        # Most claims are sentences of the pool themselves: none is encoded twice.
        self._place = {text: place for place, text in enumerate(sentences)}

    def rank(self, query: str, top: int, *, without: int | None = None) -> list[Hit]:
        """The sentences that bear most on a query; see ``SentenceIndex.rank``."""
        if top <= 0 or not len(self._groups):
            return []
        scores = self._words.scores(query, without=without)
        place = self._place.get(query)
        vector = encode([query])[0] if place is None else self._alone[place]
        cosine = np.round(self._vectors @ vector, _VECTOR_DIGITS)
        others = self._groups != without
        bonus = _VECTOR_WEIGHT * scores[others].std() * _standard(cosine, others)
        return self._words.rank(query, top, without=without, bonus=bonus)

    def rank_all(
        self, queries: Sequence[str], top: int, *, without: Sequence[int | None]
    ) -> list[list[Hit]]:
        """What :meth:`rank` gives for each of many queries."""
        return [
            self.rank(query, top, without=own) for query, own in zip(queries, without, strict=True)
        ]


def _standard(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Standard scores by the mean and deviation of the chosen ones; 0 where all are equal."""
    deviation = values[chosen].std() if chosen.any() else 0.0
    if not deviation:
        return np.zeros(len(values))
    standard: NDArray[np.float64] = (values - values[chosen].mean()) / deviation
    return standard
