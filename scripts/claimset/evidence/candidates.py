"""Evidence candidates: the sentences of an event's other articles that may bear on a claim.

A score ranks, it never proves absence: a claim that no source mentions still gets candidates, and
only the annotator says whether one of them is evidence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING

from claimset.evidence.embeddings import ENCODER
from claimset.evidence.fusion import FusedIndex
from claimset.evidence.ranking import SentenceIndex
from claimset.models import Article, ArticleRole, Claim, EvidenceCandidate, Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["RETRIEVER", "Retriever", "find_candidates"]

RETRIEVER = "bm25-2"
"""Name and version of the ranking; changes whenever the same input may rank differently."""

_SENTENCE_KINDS = frozenset({UnitKind.CLAIM, UnitKind.OPINION, UnitKind.QUESTION})


class Retriever(StrEnum):
    """How candidates are ranked."""

    BM25 = "bm25"
    """By the words that claim and sentence share; needs no model."""
    FUSED = "fused"
    """The same, with the closeness of sentence vectors added; needs the extra ``embeddings``."""


_NAMES = {Retriever.BM25: RETRIEVER, Retriever.FUSED: f"{RETRIEVER}+{ENCODER}"}


def find_candidates(
    articles: Iterable[Article],
    units: Iterable[Unit],
    claims: Iterable[Claim],
    *,
    top: int = 5,
    retriever: Retriever = Retriever.BM25,
) -> list[EvidenceCandidate]:
    """Rank, for each claim, the sentences of its event's other articles.

    Args:
        articles: The articles; only those with the role ``evidence`` give candidates.
        units: Units of all articles, each article's together and in text order.
        claims: The claims to find candidates for.
        top: How many candidates a claim gets at most; with ``bm25``, sentences that share no word
            with the claim are never among them.
        retriever: How to rank.

    Returns:
        Candidates by claim in the order of ``claims``, best first. Equal scores keep article and
        text order, so the result does not depend on the machine.

    Raises:
        UsageError: ``fused`` is asked for but the extra ``embeddings`` is not installed.
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
    claims = list(claims)
    waiting = Counter(claim.event_id for claim in claims)
    indexes: dict[str, _Pool] = {}
    found = []
    for claim in claims:
        event = claim.event_id
        if event in pools:
            if event not in indexes:
                indexes[event] = _Pool(pools[event], retriever)
            found += indexes[event].rank(claim, top)
        waiting[event] -= 1
        if not waiting[event]:  # an index is large: none is kept longer than it is needed
            indexes.pop(event, None)
    return found


class _Pool:
    """The sentences of one event, ready to be ranked for its claims."""

    def __init__(self, units: Sequence[Unit], retriever: Retriever) -> None:
        self._units = units
        self._name = _NAMES[retriever]
        numbers: dict[str, int] = {}
        groups = [numbers.setdefault(unit.article_id, len(numbers)) for unit in units]
        self._numbers = numbers
        texts = [unit.text for unit in units]
        self._index: SentenceIndex | FusedIndex = (
            FusedIndex(texts, groups)
            if retriever is Retriever.FUSED
            else SentenceIndex(texts, groups)
        )

    def rank(self, claim: Claim, top: int) -> list[EvidenceCandidate]:
        hits = self._index.rank(claim.text, top, without=self._numbers.get(claim.article_id))
        return [
            EvidenceCandidate(
                article_id=self._units[hit.index].article_id,
                start=self._units[hit.index].start,
                end=self._units[hit.index].end,
                text=self._units[hit.index].text,
                claim_id=claim.claim_id,
                rank=rank,
                score=hit.score,
                retriever=self._name,
            )
            for rank, hit in enumerate(hits, start=1)
        ]
