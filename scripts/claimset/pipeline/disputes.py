"""Disputes: the claims whose votes differ, with every answer to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimset.aggregation import label_of, votes_of_claims
from claimset.models import AnnotationRole, AnnotationStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimset.aggregation import Gold
    from claimset.models import Annotation, Claim
    from claimset.pipeline.segmenting import Segmented

__all__ = ["Dispute", "disputes_of"]

_CONTEXT = 220
"""Code points of the line before and after a claim that are shown with it."""


class Dispute(NamedTuple):
    """A claim whose votes differ, with every answer."""

    claim: Claim
    title: str
    before: str
    after: str
    votes: tuple[Annotation, ...]
    decision: Annotation | None
    gold: Gold


def disputes_of(
    segmented: Segmented, known: Sequence[Annotation], golds: Mapping[str, Gold]
) -> list[Dispute]:
    """The disputed claims: those without a decision first, then by article and position."""
    articles = {article.article_id: article for article in segmented.articles}
    votes = votes_of_claims(known)
    decisions = {
        item.claim_id: item
        for item in known
        if item.role is AnnotationRole.ADJUDICATION
        and item.status is AnnotationStatus.SUBMITTED
        and item.claim_id in golds
        and golds[item.claim_id].adjudicator == item.annotator
    }
    found = []
    for claim in segmented.claims:
        answers = votes.get(claim.claim_id, [])
        if len({label_of(vote) for vote in answers}) > 1:
            article = articles[claim.article_id]
            text = article.text
            found.append(
                Dispute(
                    claim=claim,
                    title=article.title,
                    before=_before(text, claim.start),
                    after=_after(text, claim.end),
                    votes=tuple(answers),
                    decision=decisions.get(claim.claim_id),
                    gold=golds[claim.claim_id],
                )
            )
    found.sort(key=lambda item: item.decision is not None)
    return found


def _before(text: str, start: int) -> str:
    """The words of the line before a position, whole ones only."""
    line = text.rfind("\n", 0, start) + 1
    first = start - _CONTEXT
    if first <= line:
        return text[line:start]
    space = text.find(" ", first, start)
    return "… " + text[space + 1 : start] if space >= 0 else ""


def _after(text: str, end: int) -> str:
    line = text.find("\n", end)
    line = len(text) if line < 0 else line
    last = end + _CONTEXT
    if last >= line:
        return text[end:line]
    space = text.rfind(" ", end, last)
    return text[end:space] + " …" if space >= 0 else ""
