"""Asking: which claims a round asks for, in which role and order."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import UsageError
from claimset.models import TaskRole
from claimset.segmentation.duplicates import carries_label
from claimset.selection import in_order, select_claims

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from claimset.models import KnownAnswer, Selection
    from claimset.pipeline.claim_index import ClaimIndex, ClaimOutline
    from claimset.storage.ledger import Ledger

__all__ = ["Asking", "Question"]


class Question(NamedTuple):
    """A claim that is asked, and what for."""

    claim_id: str
    role: TaskRole


class Asking(NamedTuple):
    """What a round asks for.

    A claim with a known answer stands at its place among the others, so that nothing tells it from
    them. A claim that is asked a second time comes once more behind all others.
    """

    source: ClaimIndex
    round: str
    listed: frozenset[str] | None
    """The listed ids, when the selection names a file of ids."""
    all_mentions: bool
    """Whether claims that repeat another one word for word are asked, too."""
    known: Mapping[str, KnownAnswer] = {}
    """Known answers that this push brings, by claim id."""
    repeat: float | None = None
    """Share of the claims to be asked a second time; ``None`` keeps to those that are."""
    show_candidates: bool = True
    """Whether annotators see the evidence candidates."""

    def questions(self, ledger: Ledger, selection: Selection) -> list[Question]:
        """The claims in the order of tasks.

        Args:
            ledger: Knows which claims have a task, and the known answers of earlier pushes.
            selection: Which claims the round asks for.

        Raises:
            UsageError: The selection does not fit the claims.
        """
        claims = self.source.claims
        pushed = ledger.claims_with(self.round, TaskRole.CLAIM)
        recorded = {claim for name, claim in ledger.known_answers() if name == self.round}
        known = {*self.known, *recorded, *ledger.claims_with(self.round, TaskRole.GOLD)}
        others = [claim for claim in claims if claim.claim_id not in known]
        chosen = select_claims(others, selection, ids=self.listed, pushed=pushed)
        asked = self._without_mentions(chosen, pushed)
        measuring = [claim for claim in claims if claim.claim_id in known]
        again = self._drawn(asked, ledger)
        return [
            Question(claim.claim_id, TaskRole.GOLD if claim.claim_id in known else TaskRole.CLAIM)
            for claim in in_order([*asked, *measuring] if measuring else asked, claims, selection)
        ] + [
            Question(claim.claim_id, TaskRole.REPEAT) for claim in asked if claim.claim_id in again
        ]

    def tasks(self, questions: Sequence[Question]) -> Iterator[tuple[TaskRole, dict[str, Any]]]:
        """The task of each question, in their order, one at a time."""
        order = [question.claim_id for question in questions]
        built = self.source.tasks(order, candidates=self.show_candidates)
        for question, task in zip(questions, built, strict=True):
            yield question.role, task

    def check_known(self, ledger: Ledger, path: Path) -> None:
        """See that no claim of the file is asked for its votes in the round already.

        Raises:
            UsageError: One is; names it.
        """
        both = sorted(self.known.keys() & ledger.claims_with(self.round, TaskRole.CLAIM))
        if both:
            more = f" and {len(both) - 1} more" if len(both) > 1 else ""
            raise UsageError(
                f"claim {both[0]}{more} of the file: round {self.round} asks for votes on it "
                "already",
                where=str(path),
                remedy="leave it out: a claim cannot give votes and measure those who give them; "
                "give known answers with the push that begins a round, or for claims that it "
                "does not ask for",
            )

    def _without_mentions(
        self, chosen: Sequence[ClaimOutline], pushed: set[str]
    ) -> list[ClaimOutline]:
        """Without claims that get the label of another one that is asked."""
        if self.all_mentions:
            return list(chosen)
        ids = {claim.claim_id for claim in chosen}

        def inherits(claim: ClaimOutline, original: str) -> bool:
            if original not in ids or claim.claim_id in pushed:
                return False
            return carries_label(self.source.claim(claim.claim_id), self.source.claim(original))

        return [
            claim for claim in chosen if claim.repeats is None or not inherits(claim, claim.repeats)
        ]

    def _drawn(self, asked: Sequence[ClaimOutline], ledger: Ledger) -> set[str]:
        """Claims that are asked a second time: those that are already, and a draw up to the share.

        The lot is a hash of the claim's id, so another run draws the same ones.
        """
        there = ledger.claims_with(self.round, TaskRole.REPEAT)
        if self.repeat is None:
            return there

        def lot(claim: ClaimOutline) -> tuple[bool, bytes]:
            key = f"again:{claim.claim_id}".encode()
            return claim.claim_id not in there, hashlib.sha256(key).digest()

        size = math.ceil(self.repeat * len(asked))
        return there | {claim.claim_id for claim in sorted(asked, key=lot)[:size]}
