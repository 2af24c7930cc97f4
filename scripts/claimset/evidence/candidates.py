"""Evidence candidates: the sentences of an event's other articles that may bear on a claim.

A score ranks, it never proves absence: a claim that no source mentions still gets candidates, and
only the annotator says whether one of them is evidence.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from claimset.evidence.embeddings import ENCODER
from claimset.evidence.fusion import FusedIndex
from claimset.evidence.ranking import SentenceIndex
from claimset.evidence.retriever import RETRIEVER, Retriever
from claimset.models import Article, ArticleRole, Claim, EvidenceCandidate, Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimset.evidence.selection import Hit

__all__ = ["find_candidates"]

_SENTENCE_KINDS = frozenset({UnitKind.CLAIM, UnitKind.OPINION, UnitKind.QUESTION})


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
    of_event: dict[str, list[int]] = defaultdict(list)
    for number, claim in enumerate(claims):
        if claim.event_id in pools:
            of_event[claim.event_id].append(number)
    found: list[list[EvidenceCandidate]] = [[] for _ in claims]
    for event, members in of_event.items():
        # An index is large: none is kept longer than it is needed.
        ranked = _Pool(pools[event], retriever).rank([claims[number] for number in members], top)
        for number, candidates in zip(members, ranked, strict=True):
            found[number] = candidates
    return list(chain.from_iterable(found))


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

    def rank(self, claims: Sequence[Claim], top: int) -> list[list[EvidenceCandidate]]:
        """The candidates of each claim."""
        own = [self._numbers.get(claim.article_id) for claim in claims]
        ranked = self._index.rank_all([claim.text for claim in claims], top, without=own)
        return [
            [self._candidate(claim.claim_id, rank, hit) for rank, hit in enumerate(hits, start=1)]
            for claim, hits in zip(claims, ranked, strict=True)
        ]

    def _candidate(self, claim_id: str, rank: int, hit: Hit) -> EvidenceCandidate:
        unit = self._units[hit.place]
        return EvidenceCandidate.trusted(
            {
                "start": unit.start,
                "end": unit.end,
                "text": unit.text,
                "article_id": unit.article_id,
                "claim_id": claim_id,
                "rank": rank,
                "score": hit.score,
                "retriever": self._name,
            }
        )
