"""One event: from its articles to units, claims, evidence candidates and clauses."""

from __future__ import annotations

from typing import NamedTuple

from claimset.evidence import Retriever, find_candidates, with_text_facts
from claimset.models import (
    Article,
    ArticleRole,
    Claim,
    Clause,
    EvidenceCandidate,
    Granularity,
    Unit,
)
from claimset.segmentation import claims_of, find_units
from claimset.segmentation.clauses import clauses_of
from claimset.segmentation.duplicates import link_duplicates, link_verbatim
from claimset.segmentation.languages import language_of
from claimset.segmentation.statements import AttributionMethod

__all__ = ["SegmentTerms", "Segmented", "segment_event"]


class SegmentTerms(NamedTuple):
    """What segmentation is asked for.

    Attributes:
        candidates: How many evidence candidates a claim gets at most.
        retriever: How they are ranked.
        granularity: Whether clauses are derived from the claims.
        attribution: How speakers are found.
    """

    candidates: int = 5
    retriever: Retriever = Retriever.BM25
    granularity: Granularity = Granularity.SENTENCE
    attribution: AttributionMethod = AttributionMethod.RULES


class Segmented(NamedTuple):
    """What segmentation left in the workspace, with the articles it was made from."""

    articles: list[Article]
    units: list[Unit]
    claims: list[Claim]
    candidates: list[EvidenceCandidate]
    clauses: list[Clause]


def segment_event(
    articles: list[Article],
    *,
    candidates: int = 5,
    retriever: Retriever = Retriever.BM25,
    granularity: Granularity = Granularity.SENTENCE,
    attribution: AttributionMethod = AttributionMethod.RULES,
) -> Segmented:
    """Segment the articles of one event: a pure function of the articles and the setting.

    Args:
        articles: All articles of the event, in manifest order.
        candidates: How many evidence candidates a claim gets at most.
        retriever: How they are ranked.
        granularity: Whether clauses are derived from the claims.
        attribution: How speakers are found.

    Raises:
        UsageError: The ranking, the granularity or the attribution needs an extra that is not
            installed.
    """
    units: list[Unit] = []
    claims: list[Claim] = []
    for article in articles:
        found = find_units(article)
        units += found
        if ArticleRole.CLAIMS in article.roles:
            claims += claims_of(article, found, attribution)
    claims = _with_facts(articles, claims)
    found_candidates = find_candidates(articles, units, claims, top=candidates, retriever=retriever)
    clauses = clauses_of(claims) if granularity is Granularity.CLAUSE else []
    return Segmented(articles, units, claims, found_candidates, clauses)


def _with_facts(articles: list[Article], claims: list[Claim]) -> list[Claim]:
    """Link and check the claims, those of each language by what is known of it.

    What makes two tellings differ, and which words are names, is known for English. Elsewhere only
    the same words are the same claim, quotations are compared, and names are not looked for.
    """
    other = {a.article_id for a in articles if not language_of(a.language).is_english}
    if not other:
        return with_text_facts(articles, link_duplicates(claims))
    linked = link_duplicates([claim for claim in claims if claim.article_id not in other])
    linked += link_verbatim([claim for claim in claims if claim.article_id in other])
    found = {
        claim.claim_id: claim.model_copy(update={"unseen": ()})
        if claim.article_id in other
        else claim
        for claim in with_text_facts(articles, linked)
    }
    return [found[claim.claim_id] for claim in claims]
