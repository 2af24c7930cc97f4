"""Tasks: what an annotator sees of a claim, its article and its sources."""

from __future__ import annotations

import html
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from claimset.evidence import RETRIEVER
from claimset.identifiers import hash_json
from claimset.labelstudio.config import CANDIDATE
from claimset.labelstudio.facts import facts_of
from claimset.models import Article, ArticleRole, Claim, EvidenceCandidate, Unit, check_slice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["build_tasks"]

# Units shown on each side of the claim; the rest of the article is folded away.
_CONTEXT_UNITS = 2

# Label Studio gives hotkeys to choices and labels only. What else needs one stands in the context
# with an access key: a switch that the page's style sheet reads, and a place to tab on from.
_KEYS = (
    '<details class="fc-whole"><summary accesskey="o">Whole sources (Alt+O)</summary></details>'
    '<span class="fc-here" tabindex="0" accesskey="j"></span>'
)


def build_tasks(
    articles: Sequence[Article],
    units: Iterable[Unit],
    claims: Iterable[Claim],
    candidates: Iterable[EvidenceCandidate],
    *,
    order: Iterable[str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Make Label Studio's task for each claim, article by article.

    Args:
        articles: All articles, in the order in which sources are shown.
        units: Units of all articles.
        claims: The claims to verify, article by article.
        candidates: Evidence candidates of the claims.
        order: Ids of the claims whose tasks are made; default: all, as they come. All claims are
            given nevertheless: the place of one in its article must not depend on which are asked.

    Yields:
        ``{"data": …, "predictions": …}`` as Label Studio imports it. ``data.content_hash`` covers
        all that the annotator sees, but for the claim's number among those of its article.

    Raises:
        SpanError: A claim or candidate is not the slice of its article.
    """
    by_id = {article.article_id: article for article in articles}
    events: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        events[article.event_id].append(article)
    units_of: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        units_of[unit.article_id].append(unit)
    candidates_of: dict[str, list[EvidenceCandidate]] = defaultdict(list)
    for candidate in candidates:
        candidates_of[candidate.claim_id].append(candidate)
    claims_of: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        claims_of[claim.article_id].append(claim)
    place_of = {
        claim.claim_id: (claim, f"claim {number} of {len(found)}")
        for found in claims_of.values()
        for number, claim in enumerate(found, start=1)
    }
    sources_of: dict[str, list[Article]] = {}
    for claim_id in place_of if order is None else order:
        claim, place = place_of[claim_id]
        article = by_id[claim.article_id]
        if article.article_id not in sources_of:
            # Claims come article by article: only the sources of one are kept.
            sources_of = {article.article_id: _sources(article, events[article.event_id])}
        yield _task(
            claim,
            article,
            units_of[article.article_id],
            sources_of[article.article_id],
            candidates_of[claim_id],
            place,
        )


def _sources(article: Article, event: Sequence[Article]) -> list[Article]:
    return [
        other
        for other in event
        if other.article_id != article.article_id and ArticleRole.EVIDENCE in other.roles
    ]


def _task(
    claim: Claim,
    article: Article,
    units: Sequence[Unit],
    sources: Sequence[Article],
    candidates: Sequence[EvidenceCandidate],
    place: str,
) -> dict[str, Any]:
    claim.check(article.text, where=f"claim {claim.claim_id} of article {article.article_id}")
    shown = {
        "claim": claim.text,
        "claim_label": f"{place} · {_describe(article)}",
        "facts": facts_of(claim, sources),
        "context_html": _context_html(claim, article, units),
        "sources": [
            {"article_id": source.article_id, "title": _describe(source), "text": source.text}
            for source in sources
        ],
    }
    highlights = _highlights(sources, candidates)
    data = {
        "claim_id": claim.claim_id,
        "article_id": claim.article_id,
        # Without the place among the article's claims: another claim found elsewhere in the article
        # must not make every task of it a new one.
        "content_hash": hash_json([shown | {"claim_label": _describe(article)}, highlights]),
        **shown,
    }
    if not highlights:
        return {"data": data}
    return {"data": data, "predictions": [{"model_version": RETRIEVER, "result": highlights}]}


def _describe(article: Article) -> str:
    # The title comes last: it is what a narrow screen cuts off.
    parts = (
        article.publisher or "publisher not known",
        article.published_at.isoformat() if article.published_at else "undated",
        article.title,
    )
    return " · ".join(parts)


def _context_html(claim: Claim, article: Article, units: Sequence[Unit]) -> str:
    """The article as escaped HTML, the claim marked, everything far from it folded away."""
    inside = [
        index
        for index, unit in enumerate(units)
        if unit.start < claim.end and claim.start < unit.end
    ]
    first = units[max(0, inside[0] - _CONTEXT_UNITS)].start if inside else claim.start
    last = units[min(len(units) - 1, inside[-1] + _CONTEXT_UNITS)].end if inside else claim.end
    text = article.text
    parts = [
        _folded("Earlier in the article", "b", text[:first]),
        _escaped(text[first : claim.start]),
        f"<mark>{_escaped(claim.text)}</mark>",
        _escaped(text[claim.end : last]),
        _folded("Later in the article", "n", text[last:]),
        _KEYS,
    ]
    return "".join(parts)


def _escaped(text: str) -> str:
    # Article text is hostile: whatever it holds must show as text, never act as markup.
    return html.escape(text).replace("\n", "<br>")


def _folded(summary: str, key: str, text: str) -> str:
    if not text.strip():
        return ""
    shown = f'<summary accesskey="{key}">{summary} (Alt+{key.upper()})</summary>'
    return f"<details>{shown}{_escaped(text.strip())}</details>"


def _highlights(
    sources: Sequence[Article], candidates: Sequence[EvidenceCandidate]
) -> list[dict[str, Any]]:
    """Candidate sentences as regions that claim nothing about the verdict."""
    number_of = {source.article_id: number for number, source in enumerate(sources)}
    text_of = {source.article_id: source.text for source in sources}
    regions = []
    for candidate in candidates:
        number = number_of.get(candidate.article_id)
        if number is None:
            continue
        check_slice(
            text_of[candidate.article_id],
            candidate.start,
            candidate.end,
            candidate.text,
            where=f"evidence candidate {candidate.rank} of claim {candidate.claim_id}",
        )
        regions.append(
            {
                "id": f"candidate-{candidate.rank}",
                "from_name": f"evidence_{number}",
                "to_name": f"source_{number}",
                "type": "labels",
                "value": {
                    "start": candidate.start,
                    "end": candidate.end,
                    "text": candidate.text,
                    "labels": [CANDIDATE],
                },
            }
        )
    return regions
