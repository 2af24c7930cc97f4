"""Disputes: the claims whose votes differ, with every answer to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimset.aggregation import label_of, votes_of_claims
from claimset.models import AnnotationRole, AnnotationStatus, Claim

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimset.aggregation import Gold
    from claimset.models import Annotation
    from claimset.pipeline.segmented_rows import SegmentedRows

__all__ = ["Dispute", "differing", "disputes_of"]

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


def differing(votes: Mapping[str, Sequence[Annotation]]) -> set[str]:
    """The claims whose votes differ.

    Args:
        votes: The votes of each claim.
    """
    return {claim for claim, answers in votes.items() if len(set(map(label_of, answers))) > 1}


def disputes_of(
    segmented: SegmentedRows, known: Sequence[Annotation], golds: Mapping[str, Gold]
) -> list[Dispute]:
    """The disputed claims: those without a decision first, then by article and position."""
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
    for claim in segmented.rows_of(Claim, "claim_id", differing(votes)):
        article = segmented.article(claim.article_id)
        text = article.text
        found.append(
            Dispute(
                claim=claim,
                title=article.title,
                before=_before(text, claim.start),
                after=_after(text, claim.end),
                votes=tuple(votes[claim.claim_id]),
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
