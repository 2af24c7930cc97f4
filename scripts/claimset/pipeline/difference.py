"""Difference: what became of the claims of the run before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimset.storage.earlier import EarlierClaims

__all__ = ["LISTED", "ClaimDifference"]

LISTED = 1000
"""Articles and claims that a result names; it counts them all."""


class _Named:
    """Claims that are counted, and the first of them by name."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []

    def add(self, claim_id: str) -> None:
        self.count += 1
        if len(self.first) < LISTED:
            self.first.append(claim_id)


class ClaimDifference:
    """Counts the claims that are kept, moved, new and gone, one event after the other.

    Args:
        before: The claims of the run before.
    """

    def __init__(self, before: EarlierClaims) -> None:
        self._before = before
        self.kept = 0
        self.moved, self.new, self.gone = _Named(), _Named(), _Named()

    def add(self, article_ids: Iterable[str], claims: Iterable[tuple[str, int]]) -> None:
        """Hold claims against those that their articles had before.

        Args:
            article_ids: The articles.
            claims: Id and start of each of their claims.
        """
        earlier: dict[str, int] = {}
        for article_id in article_ids:
            earlier |= self._before.take(article_id)
        for claim_id, now in claims:
            start = earlier.pop(claim_id, None)
            if start is None:
                self.new.add(claim_id)
            elif start == now:
                self.kept += 1
            else:
                self.moved.add(claim_id)
        for claim_id in earlier:
            self.gone.add(claim_id)

    def close(self) -> None:
        """Count the claims of articles that are no longer there."""
        for claim_id in self._before.left():
            self.gone.add(claim_id)
