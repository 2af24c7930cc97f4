"""Disputed claims: which claims somebody must decide, who does, and how far that is."""

from __future__ import annotations

import hashlib
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from claimset.aggregation import (
    adjudications_of_claims,
    aggregate_claims,
    label_of,
    votes_of_claims,
)
from claimset.labelstudio.pulling import PullResult
from claimset.labelstudio.referee import objection
from claimset.models import AnnotationRole, GoldSource, Model

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from claimset.aggregation import GoldRules
    from claimset.models import Annotation, Claim
    from claimset.storage.ledger import Author

__all__ = [
    "AdjudicateResult",
    "DisputeState",
    "DisputedClaim",
    "Docket",
    "assign",
    "disputed_claims",
]


class DisputeState(StrEnum):
    """How far the decision on a disputed claim is."""

    UNSENT = "unsent"
    """Nobody was asked yet."""
    OPEN = "open"
    """An adjudicator was asked and has not decided."""
    DECIDED = "decided"
    """An adjudicator has decided."""
    CANNOT_BE_DECIDED = "cannot_be_decided"
    """An adjudicator has said that no single answer follows; it stays unresolved."""


class DisputedClaim(Model):
    """A claim whose votes differ."""

    claim_id: str
    """The claim."""
    text: str
    """Its text."""
    votes: dict[str, int]
    """Votes by label, most first."""
    gold_source: GoldSource
    """What gold is made by now."""
    label: str | None
    """The gold label by now; null when unresolved."""
    state: DisputeState
    """How far the decision is."""
    adjudicator: str | None = None
    """Pseudonym of who decides or has decided; null where that is not known."""
    refused: tuple[str, ...] = ()
    """Why none of the named adjudicators may decide it; empty where one may."""


class Docket(Model):
    """What one adjudicator has to decide."""

    account: str
    """Their account in Label Studio."""
    adjudicator: str
    """Their pseudonym."""
    claims: int
    """How many claims wait for them."""
    url: str | None
    """Where they decide them, one after the other; null in a dry run."""


class AdjudicateResult(Model):
    """How the disagreements of a round stand."""

    round: str
    """The round of annotation."""
    adjudication: str
    """The round that decides its disagreements."""
    project_id: int | None
    """Label Studio's project of the adjudication; null when there is none yet."""
    pulled: PullResult | None
    """Votes and decisions read by this run; null in a dry run."""
    disputes: tuple[DisputedClaim, ...]
    """The claims whose votes differ, decided ones among them."""
    waiting: int
    """Claims whose votes differ but that have too few yet."""
    sent: int
    """Tasks sent by this run."""
    unchanged: int
    """Tasks that were there already."""
    dockets: tuple[Docket, ...]
    """What waits for each adjudicator that was named."""
    agreed: tuple[str, ...]
    """Claims with an open task whose votes do not differ any more."""
    dry_run: bool
    """Whether nothing was sent on purpose."""

    @property
    def unassigned(self) -> tuple[DisputedClaim, ...]:
        """Disputes that none of the named adjudicators may decide."""
        return tuple(dispute for dispute in self.disputes if dispute.refused)

    def count(self, state: DisputeState) -> int:
        """How many disputes are in a state."""
        return sum(dispute.state is state for dispute in self.disputes)


def disputed_claims(
    claims: Iterable[Claim],
    annotations: Sequence[Annotation],
    rules: GoldRules,
    *,
    asked: Collection[str],
    sent: Collection[str],
    only_unresolved: bool,
) -> tuple[list[DisputedClaim], int]:
    """The claims with enough votes that differ: ties, thin margins, majorities and the rest.

    Args:
        claims: The claims whose votes differ, in the order in which they are asked.
        annotations: Annotations with all their history.
        rules: When answers make gold.
        asked: Claims of the round.
        sent: Claims that an adjudicator was asked.
        only_unresolved: Leave out those that the rules give a gold label.

    Returns:
        The disputed claims, and how many more differ but have too few votes yet.
    """
    votes = votes_of_claims(annotations)
    golds = aggregate_claims(annotations, rules)
    by_votes = aggregate_claims(
        [item for item in annotations if item.role is AnnotationRole.VOTE], rules
    )
    decisions = adjudications_of_claims(annotations)
    found = []
    waiting = 0
    for claim in claims:
        answers = votes.get(claim.claim_id, [])
        labels = Counter(map(label_of, answers))
        if claim.claim_id not in asked or len(labels) <= 1:
            continue
        decision = decisions.get(claim.claim_id)
        if decision is None and len(answers) < rules.min_votes:
            waiting += 1
            continue
        settled = by_votes[claim.claim_id].source is not GoldSource.UNRESOLVED
        if decision is None and only_unresolved and settled:
            continue
        gold = golds[claim.claim_id]
        found.append(
            DisputedClaim(
                claim_id=claim.claim_id,
                text=claim.text,
                votes=dict(labels.most_common()),
                gold_source=gold.source,
                label=gold.label,
                state=_state(claim.claim_id, decision, sent),
                adjudicator=decision.annotator if decision is not None else None,
            )
        )
    return found, waiting


def _state(claim_id: str, decision: Annotation | None, sent: Collection[str]) -> DisputeState:
    if decision is not None:
        undecided = decision.checkability is None
        return DisputeState.CANNOT_BE_DECIDED if undecided else DisputeState.DECIDED
    return DisputeState.OPEN if claim_id in sent else DisputeState.UNSENT


def assign(
    claim_id: str, voters: set[Author], adjudicators: Mapping[str, Author]
) -> tuple[str | None, tuple[str, ...]]:
    """Choose who decides a claim: somebody who did not vote on it.

    Of several, a hash of claim and account chooses (rendezvous hashing, Thaler and Ravishankar
    1998, doi:10.1109/90.663936): so the choice is the same each time, whatever other claims there
    are, and the claims are spread evenly.

    Args:
        claim_id: The claim.
        voters: Who ever voted on it.
        adjudicators: Author by account.

    Returns:
        The account, or ``None`` and why each may not.
    """
    reasons = {account: objection(author, voters) for account, author in adjudicators.items()}
    fit = [account for account, reason in reasons.items() if reason is None]
    if not fit:
        return None, tuple(reason for reason in reasons.values() if reason is not None)

    def lot(account: str) -> bytes:
        return hashlib.sha256(f"{claim_id}/{account}".encode()).digest()

    return max(fit, key=lot), ()
