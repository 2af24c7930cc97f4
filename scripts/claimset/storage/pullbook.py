"""Pulls in the ledger: what the last one saw, which the next one holds the server against."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from claimset.storage.database import transaction
from claimset.storage.history import iso
from claimset.storage.itembook import ItemBook

if TYPE_CHECKING:
    from claimset.storage.rounds import Round

__all__ = ["SET_BACK_REMEDY", "LastPull", "PullBook"]

SET_BACK_REMEDY = (
    "if Label Studio was restored from a backup, bring back `.claimset/` of the same day, or take "
    "what it holds now with `claimset pull --full`: answers that it no longer has then count as "
    "deleted, and stay in the ledger's history"
)
"""What to do where the server is not what the last pull saw."""

# Times in HTTP are whole seconds: what differs by less is no news.
_JITTER_S = 5


class LastPull(NamedTuple):
    """What the last pull of a round's project saw."""

    newest_task: int | None = None
    """The task that was changed last."""
    newest_at: datetime | None = None
    """When that was, by the server's clock."""
    ahead_s: float | None = None
    """Seconds by which the server's clock was ahead of this machine's."""


class PullBook(ItemBook):
    """What the ledger knows of the last pull."""

    def last_pull(self, of: Round) -> LastPull:
        """What the last pull of a round's project saw; nothing where there was none."""
        row = self._db.execute(
            "SELECT newest_task, newest_at, ahead_s FROM last_pull "
            "WHERE round = ? AND project_id = ? AND generation = ?",
            (of.name, of.project_id, of.generation),
        ).fetchone()
        if row is None:
            return LastPull()
        return LastPull(row[0], datetime.fromisoformat(row[1]) if row[1] else None, row[2])

    def record_last_pull(self, of: Round, seen: LastPull, *, latest: datetime | None) -> None:
        """Record what a pull saw when all of it is in the ledger.

        Args:
            of: The round.
            seen: What it saw.
            latest: The server's time, where it is known: the watermark is not kept beyond it.
        """
        known = self.last_pull(of)
        if None not in (known.ahead_s, seen.ahead_s):
            jitter = abs((known.ahead_s or 0) - (seen.ahead_s or 0)) < _JITTER_S
            seen = seen._replace(ahead_s=known.ahead_s if jitter else seen.ahead_s)
        newest_at = None if seen.newest_at is None else iso(seen.newest_at)
        with transaction(self._db):
            if seen != known:
                self._db.execute(
                    "INSERT OR REPLACE INTO last_pull VALUES (?, ?, ?, ?, ?, ?)",
                    (of.name, of.project_id, of.generation, seen[0], newest_at, seen.ahead_s),
                )
            if latest is not None:
                self._db.execute(
                    "UPDATE round SET watermark = ?1 WHERE name = ?2 AND watermark > ?1",
                    (iso(latest), of.name),
                )
