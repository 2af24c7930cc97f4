"""Links between claims: repetitions and derived claims, which tie events together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from claimset.models import SplitConflict
from claimset.release.order import claim_numbers
from claimset.release.splits import less_protected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claimset.release.order import ClaimIndex
    from claimset.release.splits import Division

__all__ = ["Link", "Links", "conflicts_of"]

_COLUMNS = ("duplicate_of", "parent_id")


class Link(NamedTuple):
    """Two claims that are linked, of different events."""

    claim: int
    """Number of the claim that names the other one."""
    other: int
    """Number of the other claim."""
    event: str
    """Id of the first one's event."""
    other_event: str
    """Id of the other one's event."""


class Links:
    """What the claims of a release say of other claims; compact, for it is held as a whole."""

    def __init__(self) -> None:
        self._ones: list[NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
        self._others: list[NDArray[np.uint64]] = [np.zeros(0, np.uint64)]

    def add(self, claims: pa.Table, numbers: NDArray[np.uint64]) -> None:
        """Take in claims, whose numbers are given, too."""
        for name in _COLUMNS:
            linked = claims[name].is_valid().to_numpy()
            if linked.any():
                self._ones.append(numbers[linked])
                self._others.append(claim_numbers(claims[name].filter(pa.array(linked))))

    def across(self, event_of: Sequence[str], index: ClaimIndex) -> list[Link]:
        """The links between events; those to claims outside the release are none.

        Args:
            event_of: The event of each article.
            index: Where each claim stands.
        """
        ones, others = np.concatenate(self._ones), np.concatenate(self._others)
        places = index.find(ones), index.find(others)
        return [
            Link(one, other, event_of[a], event_of[b])
            for one, other, a, b in zip(
                ones.tolist(), others.tolist(), *(place.tolist() for place in places), strict=True
            )
            if b >= 0 and event_of[a] != event_of[b]
        ]


def conflicts_of(
    across: list[Link], division: Division
) -> tuple[NDArray[np.uint64], tuple[SplitConflict, ...]]:
    """The claims withheld from views because a link leads into another split, and why."""
    found: dict[int, int] = {}
    for link in across:
        splits = division.split_of[link.event], division.split_of[link.other_event]
        if splits[0] is not splits[1]:
            pair = (link.claim, link.other)
            withheld, kept = pair if less_protected(*splits) else reversed(pair)
            found[withheld] = kept
    names = sorted(found)
    return np.array(names, np.uint64), tuple(
        SplitConflict(withheld=f"c_{one:016x}", linked_to=f"c_{found[one]:016x}") for one in names
    )
