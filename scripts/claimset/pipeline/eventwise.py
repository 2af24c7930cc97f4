"""One event: from its articles to units, claims, evidence candidates and clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
from claimset.pipeline.segmenters import ChosenSegmenter, open_segmenter
from claimset.segmentation import SEGMENTER_VERSION, claims_of, version_of
from claimset.segmentation.clauses import clauses_of, derived_clauses
from claimset.segmentation.duplicates import link_duplicates, link_verbatim
from claimset.segmentation.languages import language_of
from claimset.segmentation.methods import RULES, AttributionMethod
from claimset.segmentation.segmenter import cut_article

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SegmentTerms", "Segmented", "segment_article", "segment_event"]


class SegmentTerms(NamedTuple):
    """What segmentation is asked for.

    Attributes:
        candidates: How many evidence candidates a claim gets at most.
        retriever: How they are ranked.
        granularity: Whether clauses are derived from the claims.
        attribution: How speakers are found.
        segmenter: What cuts the articles.
    """

    candidates: int = 5
    retriever: Retriever = Retriever.BM25
    granularity: Granularity = Granularity.SENTENCE
    attribution: AttributionMethod = AttributionMethod.RULES
    segmenter: ChosenSegmenter = ChosenSegmenter(RULES, SEGMENTER_VERSION)

    @property
    def version(self) -> str:
        """What claims name as the version of the rules that made them."""
        return version_of(self.attribution, self.segmenter.label)


class Segmented(NamedTuple):
    """What segmentation left in the workspace, with the articles it was made from."""

    articles: list[Article]
    units: list[Unit]
    claims: list[Claim]
    candidates: list[EvidenceCandidate]
    clauses: list[Clause]


def segment_event(articles: list[Article], terms: SegmentTerms | None = None) -> Segmented:
    """Segment the articles of one event: a pure function of the articles and the terms.

    Args:
        articles: All articles of the event, in manifest order.
        terms: What is asked for; default: the rules' own.

    Raises:
        UsageError: The terms need an extra or a segmenter that is not installed.
        DataError: A segmenter failed, or gave positions that are not those of the article.
    """
    terms = terms or SegmentTerms()
    units: list[Unit] = []
    claims: list[Claim] = []
    clauses: list[Clause] = []
    for article in articles:
        found, own, derived = segment_article(article, terms)
        units += found
        claims += own
        clauses += derived
    claims = _with_facts(articles, claims)
    found_candidates = find_candidates(
        articles, units, claims, top=terms.candidates, retriever=terms.retriever
    )
    if terms.granularity is Granularity.CLAUSE:
        clauses = _by_claim(claims, [*clauses, *clauses_of(claims)])
    return Segmented(articles, units, claims, found_candidates, clauses)


def segment_article(
    article: Article, terms: SegmentTerms
) -> tuple[Sequence[Unit], list[Claim], list[Clause]]:
    """Units and claims of one article, and what its segmenter derived; facts are not looked for.

    Raises:
        UsageError: As :func:`segment_event`.
        DataError: As :func:`segment_event`.
    """
    cut = cut_article(open_segmenter(terms.segmenter), article)
    if ArticleRole.CLAIMS not in article.roles:
        return cut.units, [], []
    claims = claims_of(article, cut.units, terms.attribution, version=terms.version)
    return cut.units, claims, derived_clauses(article, claims, cut.derived) if cut.derived else []


def _by_claim(claims: list[Claim], clauses: list[Clause]) -> list[Clause]:
    """Clauses in the order of their sentences, each once."""
    place = {claim.claim_id: number for number, claim in enumerate(claims)}
    known = {clause.claim_id: clause for clause in clauses}
    return sorted(known.values(), key=lambda clause: place[clause.parent_id])


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
