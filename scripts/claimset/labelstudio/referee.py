"""Referee: who may decide a claim that others disagree about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.labelstudio.accounts import annotator_of
from claimset.models import AnnotatorKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimset.storage.ledger import Author, Ledger

__all__ = ["ADJUDICATOR", "Referee", "objection"]

ADJUDICATOR = "adjudicator"
"""Key of a task's data: the account that the claim was assigned to."""


def objection(author: Author, voters: set[Author]) -> str | None:
    """Why somebody may not decide a claim, in words; ``None`` when nothing stands against it."""
    if author.annotator in {voter.annotator for voter in voters}:
        return f"{author.annotator} voted on the claim, so somebody else must decide it"
    people = any(voter.kind is AnnotatorKind.HUMAN for voter in voters)
    if people and author.kind is AnnotatorKind.MACHINE:
        return f"{author.annotator} is a machine, and no machine decides between people"
    return None


class Referee:
    """Holds each decision against the votes on its claim and against its assignment.

    Args:
        ledger: Knows who voted; pull the votes before the decisions.
        secret: Keys the pseudonyms.
    """

    def __init__(self, ledger: Ledger, secret: bytes) -> None:
        self._ledger = ledger
        self._secret = secret

    def objection(self, author: Author, data: Mapping[str, Any]) -> str | None:
        """Why an answer to a task cannot be its decision; ``None`` when it can.

        Args:
            author: Who answered.
            data: The task's data.
        """
        claim_id = str(data["claim_id"])
        if reason := objection(author, self._ledger.voters(claim_id)):
            return f"claim {claim_id}: {reason}"
        account = data.get(ADJUDICATOR)
        if isinstance(account, str) and account:
            assigned = annotator_of(account, self._secret)
            if assigned.annotator != author.annotator:
                return (
                    f"claim {claim_id}: {author.annotator} is a second adjudicator, it was "
                    f"assigned to {assigned.annotator}"
                )
        return None
