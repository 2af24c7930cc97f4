"""Returns in the ledger: answers that were put before their annotator again."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from claimset.models import AnnotationStatus
from claimset.storage.database import transaction
from claimset.storage.history import BROKEN, Rejection, now
from claimset.storage.taskbook import TaskBook

__all__ = ["ReturnBook", "Returned"]


class Returned(NamedTuple):
    """An answer that was put before its annotator again."""

    annotation_id: str
    task_id: int
    claim_id: str
    annotator: str
    reason: str
    returned_at: datetime


class ReturnBook(TaskBook):
    """What the ledger knows of answers that break a rule and were returned."""

    def mendable(self, round_name: str) -> list[tuple[Rejection, str]]:
        """Answers that stand and break a rule, with their claim, by task.

        Those given to an old text are left out: nobody is asked it any more.
        """
        rows = self._db.execute(
            "SELECT standing.annotation_id, task_id, rejected_because, payload, annotator, "
            "claim_id FROM standing JOIN annotation_version USING (version) "
            "JOIN task ON task.id = standing.task WHERE standing.round = ? "
            "AND standing.status = ? AND annotator IS NOT NULL AND deleted_at IS NULL "
            "AND superseded_at IS NULL ORDER BY task_id, standing.annotation_id",
            (round_name, BROKEN),
        )
        return [(Rejection._make((*row[:5], True)), row[5]) for row in rows]

    def record_return(self, round_name: str, found: Rejection) -> None:
        """Record that an answer is put before its annotator again; twice changes nothing.

        Raises:
            ValueError: The answer has no task in the round, or nobody to return it to.
        """
        row = self._live_row(round_name, found.task_id)
        if row is None or found.annotator is None:
            msg = f"answer {found.annotation_id} has no task or no annotator to return it to"
            raise ValueError(msg)
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO returned VALUES (?, ?, ?, ?, ?)",
                (found.annotation_id, row[0], found.annotator, found.reason, now()),
            )

    def waiting_returns(self, round_name: str, *, superseded: bool = False) -> list[Returned]:
        """Returned answers whose annotator has not answered the task again, by task.

        Args:
            round_name: The round.
            superseded: Those whose task a new text has replaced since, instead of the others.
        """
        rows = self._db.execute(
            "SELECT annotation_id, task_id, claim_id, annotator, reason, max(returned_at) "
            "FROM returned JOIN task ON task.id = returned.task WHERE round = ? "
            "AND deleted_at IS NULL AND (superseded_at IS NOT NULL) = ? AND NOT EXISTS (SELECT 1 "
            "FROM standing WHERE standing.task = returned.task "
            "AND standing.annotator = returned.annotator AND standing.status != ?) "
            "GROUP BY task.id, annotator ORDER BY task_id, annotator",
            (round_name, superseded, AnnotationStatus.DELETED),
        )
        return [Returned._make((*row[:5], datetime.fromisoformat(row[5]))) for row in rows]

    def count_mended(self, round_name: str) -> int:
        """How many tasks were returned to somebody who has answered them by the rules since."""
        row = self._db.execute(
            "SELECT count(*) FROM (SELECT DISTINCT returned.task, returned.annotator "
            "FROM returned JOIN task ON task.id = returned.task JOIN standing "
            "ON standing.task = task.id AND standing.annotator = returned.annotator "
            "WHERE task.round = ? AND standing.status IN (?, ?))",
            (round_name, AnnotationStatus.SUBMITTED, AnnotationStatus.SKIPPED),
        ).fetchone()
        return int(row[0])
