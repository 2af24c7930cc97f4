"""Evidence candidates: the sentences of an event's other articles that may bear on a claim.

A score ranks, it never proves absence: a claim that no source mentions still gets candidates, and
only the annotator says whether one of them is evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from claimset.models import Article, ArticleRole, Claim, EvidenceCandidate, Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["RETRIEVER", "find_candidates", "tokens"]

RETRIEVER = "bm25-1"
"""Name and version of the ranking; changes whenever the same input may rank differently."""

# BM25 in the variant and with the constants of Lucene (Kamphuis et al. 2020,
# doi:10.1007/978-3-030-45442-5_4).
_K1, _B = 1.2, 0.75
_SENTENCE_KINDS = frozenset({UnitKind.CLAIM, UnitKind.OPINION, UnitKind.QUESTION})
_WORD = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*")
# fmt: off
_STOP_WORDS = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by", "did", "do", "does",
    "for", "from", "had", "has", "have", "he", "her", "his", "i", "if", "in", "into", "is", "it",
    "its", "me", "my", "no", "nor", "not", "of", "on", "or", "our", "she", "so", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "us", "was",
    "we", "were", "what", "when", "where", "which", "who", "whom", "will", "with", "would", "you",
    "your",
))
# fmt: on


def tokens(text: str) -> list[str]:
    """Words as the ranking sees them: case-folded, without stop words, lightly stemmed.

    >>> tokens("The unions were criticising Whitehall's officials")
    ['union', 'criticis', 'whitehall', 'official']
    """
    words = (match.group().casefold() for match in _WORD.finditer(text))
    return [_stem(word) for word in words if word not in _STOP_WORDS]


_SHORTEST_STEMMED = 4
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))


def _stem(word: str) -> str:
    """Cut possessive, plural, -ing and -ed: enough for retellings, too little to merge words."""
    word = word.removesuffix("'s").removesuffix("’s")
    if word.endswith("ss"):
        return word
    for ending, replacement in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) + len(replacement) >= _SHORTEST_STEMMED:
            return stem + replacement
    return word


def find_candidates(
    articles: Iterable[Article], units: Iterable[Unit], claims: Iterable[Claim], *, top: int = 5
) -> list[EvidenceCandidate]:
    """Rank, for each claim, the sentences of its event's other articles.

    Args:
        articles: The articles; only those with the role ``evidence`` give candidates.
        units: Units of all articles.
        claims: The claims to find candidates for.
        top: How many candidates a claim gets at most; those that share no word get none.

    Returns:
        Candidates by claim in the order of ``claims``, best first. Equal scores keep article and
        text order, so the result does not depend on the machine.
    """
    event_of = {
        article.article_id: article.event_id
        for article in articles
        if ArticleRole.EVIDENCE in article.roles
    }
    pools: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.kind in _SENTENCE_KINDS and unit.article_id in event_of:
            pools[event_of[unit.article_id]].append(unit)
    rankers: dict[str, _Ranker] = {}
    found = []
    for claim in claims:
        pool = pools.get(claim.event_id)
        if not pool:
            continue
        if claim.event_id not in rankers:
            rankers[claim.event_id] = _Ranker(pool)
        found += rankers[claim.event_id].rank(claim, top)
    return found


class _Ranker:
    """BM25 over the sentences of one event."""

    def __init__(self, pool: Sequence[Unit]) -> None:
        # Imported here so that `import claimset` stays light.
        import bm25s  # noqa: PLC0415

        self._pool = pool
        self._index: Any = None
        corpus = [tokens(unit.text) for unit in pool]
        if any(corpus):
            self._index = bm25s.BM25(method="lucene", k1=_K1, b=_B)
            self._index.index(corpus, show_progress=False)

    def rank(self, claim: Claim, top: int) -> list[EvidenceCandidate]:
        query = tokens(claim.text)
        if self._index is None or not query:
            return []
        scores = self._index.get_scores(query)
        order = sorted(
            (
                index
                for index in scores.nonzero()[0].tolist()
                if self._pool[index].article_id != claim.article_id
            ),
            key=lambda index: (-round(float(scores[index]), 4), index),
        )
        return [
            EvidenceCandidate(
                article_id=self._pool[index].article_id,
                start=self._pool[index].start,
                end=self._pool[index].end,
                text=self._pool[index].text,
                claim_id=claim.claim_id,
                rank=rank,
                score=round(float(scores[index]), 4),
                retriever=RETRIEVER,
            )
            for rank, index in enumerate(order[:top], start=1)
        ]
