"""Asking: which claims a round asks for, in which role and order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from claimset.errors import UsageError
from claimset.models import TaskRole
from claimset.selection import drawn, in_order, select_claims

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from claimset.models import KnownAnswer, Selection
    from claimset.pipeline.claim_index import ClaimIndex
    from claimset.selection import ClaimLines
    from claimset.storage.ledger import Ledger

__all__ = ["Asking", "Question", "Questions"]

_ROLES = tuple(TaskRole)


class Question(NamedTuple):
    """A claim that is asked, and what for."""

    claim_id: str
    role: TaskRole


class Questions(Sequence[Question]):
    """What a round asks, in the order of tasks; nine bytes a question.

    Args:
        claims: All claims.
        rows: The claims that are asked; one that is asked twice stands there twice.
        roles: What each is asked for, as places in the list of all roles.
    """

    def __init__(
        self, claims: ClaimLines, rows: NDArray[np.int64], roles: NDArray[np.uint8]
    ) -> None:
        self._claims = claims
        self._rows = rows
        self._roles = roles

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Question: ...

    @overload
    def __getitem__(self, place: slice) -> Questions: ...

    def __getitem__(self, place: int | slice) -> Question | Questions:
        if isinstance(place, slice):
            return Questions(self._claims, self._rows[place], self._roles[place])
        return Question(self._claims.id_of(int(self._rows[place])), _ROLES[self._roles[place]])

    def same_as(self, other: Questions) -> bool:
        """Whether the same is asked of the same claims in the same order."""
        return (
            self._claims is other._claims
            and np.array_equal(self._rows, other._rows)
            and np.array_equal(self._roles, other._roles)
        )

    def number_of(self, role: TaskRole) -> int:
        """How many have a role."""
        return int(np.count_nonzero(self._roles == _code(role)))


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

    def questions(self, ledger: Ledger, selection: Selection) -> Questions:
        """The claims in the order of tasks.

        Args:
            ledger: Knows which claims have a task, and the known answers of earlier pushes.
            selection: Which claims the round asks for.

        Raises:
            UsageError: The selection does not fit the claims.
        """
        claims = self.source.claims
        pushed = claims.mask_of(ledger.claims_with(self.round, TaskRole.CLAIM))
        known = claims.mask_of(self.known)
        known |= claims.mask_of(ledger.claims_with(self.round, TaskRole.GOLD))
        recorded = ledger.known_answers()
        known |= claims.mask_of(claim for name, claim in recorded if name == self.round)
        chosen = select_claims(claims, selection, ids=self.listed, pushed=pushed, without=known)
        asked = self._without_mentions(chosen, pushed)
        measuring = np.flatnonzero(known)
        first = in_order(np.concatenate([asked, measuring]), claims, selection)
        again = asked[self._is_drawn(asked, ledger)]
        roles = np.where(known[first], _code(TaskRole.GOLD), _code(TaskRole.CLAIM))
        return Questions(
            claims,
            np.concatenate([first, again]),
            np.concatenate([roles, np.full(len(again), _code(TaskRole.REPEAT))]).astype(np.uint8),
        )

    def tasks(self, questions: Questions) -> Iterator[tuple[TaskRole, dict[str, Any]]]:
        """The task of each question, in their order, one at a time."""
        order = (question.claim_id for question in questions)
        built = self.source.tasks(order, candidates=self.show_candidates)
        for question, task in zip(questions, built, strict=True):
            yield question.role, task

    def check_known(self, ledger: Ledger, path: Path) -> None:
        """See that no claim of the file is asked for its votes in the round already.

        Raises:
            UsageError: One is; names it.
        """
        both = sorted(
            claim for claim in self.known if ledger.tasks_of(self.round, claim, TaskRole.CLAIM)
        )
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
        self, chosen: NDArray[np.int64], pushed: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Without claims that get the label of another one that is asked."""
        if self.all_mentions:
            return chosen
        claims = self.source.claims
        is_chosen = np.zeros(len(claims) + 1, dtype=np.bool_)  # the last one stands for none
        is_chosen[chosen] = True
        may = is_chosen[claims.original[chosen]] & ~pushed[chosen]
        inherits = np.zeros(len(chosen), dtype=np.bool_)
        for place in np.flatnonzero(may).tolist():
            inherits[place] = self.source.inherits(int(chosen[place]))
        return chosen[~inherits]

    def _is_drawn(self, asked: NDArray[np.int64], ledger: Ledger) -> NDArray[np.bool_]:
        """Which claims are asked a second time: those that are already, and a draw up to the share.

        The lot is a hash of the claim's id, so another run draws the same ones.
        """
        claims = self.source.claims
        chosen = claims.mask_of(ledger.claims_with(self.round, TaskRole.REPEAT))
        if self.repeat is not None:
            size = math.ceil(self.repeat * len(asked))
            chosen[drawn(claims, asked, size, "again:", chosen)] = True
        return chosen[asked]


def _code(role: TaskRole) -> int:
    return _ROLES.index(role)
