"""The ledger: what was pushed, every annotation version ever seen, what was released.

Annotation history is append-only: an edit adds a version, a deletion adds a tombstone, and nothing
is ever overwritten. Each batch is one transaction, so a kill at any instant leaves whole batches.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple, Self

from claimset.models import Annotation, AnnotationStatus, TaskRole
from claimset.storage.database import open_database, transaction, unusable
from claimset.storage.history import History, Rejection, iso, now, tombstone, version_of
from claimset.storage.rounds import Author, Round, RoundBook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

__all__ = ["Author", "Ledger", "PushedTask", "Rejection", "Round"]


class PushedTask(NamedTuple):
    """A task that Label Studio is known to hold.

    The revision counts how often the claim's task was made anew because what it shows changed. A
    superseded task shows an old text; it stays because it has answers.
    """

    task_id: int
    claim_id: str
    content_hash: str
    role: TaskRole = TaskRole.CLAIM
    revision: int = 1
    superseded: bool = False


class _Row(NamedTuple):
    """A task's row: its number in the ledger, and what stands in it."""

    id: int
    claim_id: str
    content_hash: str
    role: TaskRole
    revision: int
    superseded: bool


class Ledger(RoundBook, History):
    """The workspace's SQLite ledger; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = open_database(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._db.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise unusable(self._path, error) from error

    # Tasks

    def tasks(self, round_name: str) -> list[PushedTask]:
        """Tasks that are in Label Studio as far as is known, of every role, by task id."""
        rows = self._db.execute(
            "SELECT task_id, claim_id, content_hash, role, revision, superseded_at IS NOT NULL "
            "FROM task WHERE round = ? AND deleted_at IS NULL ORDER BY task_id",
            (round_name,),
        )
        return [
            PushedTask._make((*row[:3], TaskRole(row[3]), row[4], bool(row[5]))) for row in rows
        ]

    def record_tasks(self, round_name: str, tasks: Iterable[PushedTask]) -> None:
        """Record pushed tasks; a task that is known already only becomes superseded or current.

        Label Studio gives the number of a deleted task to a new one. So a known number under
        another claim or content is another task: the earlier one is gone, its annotations too.
        """
        with transaction(self._db):
            for task in tasks:
                row = self._live_row(round_name, task.task_id)
                if row is not None and row[1:4] == task[1:4]:
                    self._mark_superseded(row, task)
                    continue
                if row is not None:
                    self._end_task(row[0])
                self._db.execute(
                    "INSERT INTO task (task_id, round, claim_id, content_hash, role, revision, "
                    "recorded_at, superseded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        task.task_id,
                        round_name,
                        *task[1:5],
                        now(),
                        now() if task.superseded else None,
                    ),
                )

    def _mark_superseded(self, row: _Row, task: PushedTask) -> None:
        if (row.revision, row.superseded) != (task.revision, task.superseded):
            self._db.execute(
                "UPDATE task SET revision = ?, superseded_at = ? WHERE id = ?",
                (task.revision, now() if task.superseded else None, row.id),
            )

    def record_deleted_tasks(self, round_name: str, task_ids: Iterable[int]) -> int:
        """Record that tasks are gone from Label Studio; returns how many annotations went too."""
        gone = 0
        with transaction(self._db):
            for task_id in task_ids:
                row = self._live_row(round_name, task_id)
                if row is not None:
                    gone += self._end_task(row[0])
        return gone

    def _live_row(self, round_name: str, task_id: int) -> _Row | None:
        row = self._db.execute(
            "SELECT id, claim_id, content_hash, role, revision, superseded_at IS NOT NULL "
            "FROM task WHERE round = ? AND task_id = ? AND deleted_at IS NULL",
            (round_name, task_id),
        ).fetchone()
        return (
            None if row is None else _Row._make((*row[:3], TaskRole(row[3]), row[4], bool(row[5])))
        )

    def _end_task(self, row: int) -> int:
        standing = {
            annotation_id: before
            for annotation_id, before in self._latest_of_task(row).items()
            if before.status != AnnotationStatus.DELETED
        }
        for annotation_id, before in standing.items():
            self._append(row, annotation_id, tombstone(before))
        self._db.execute("UPDATE task SET deleted_at = ? WHERE id = ?", (now(), row))
        return len(standing)

    # Annotations

    def record_pull(
        self,
        round_name: str,
        answers: Mapping[int, Iterable[Annotation | Rejection]],
        *,
        watermark: datetime | None = None,
    ) -> dict[str, int]:
        """Take in the whole annotation sets of the tasks that Label Studio reported.

        Args:
            round_name: The round.
            answers: For each task, every annotation it has now, usable or rejected. One that the
                ledger knows and that is missing here was deleted: it gets a tombstone.
            watermark: Highest change time seen, kept when later than the one before.

        Returns:
            Counts: ``new``, ``edited``, ``deleted``, ``unchanged``, ``rejected``.
        """
        counts = dict.fromkeys(("new", "edited", "deleted", "unchanged", "rejected"), 0)
        with transaction(self._db):
            for task_id, present in answers.items():
                row = self._live_row(round_name, task_id)
                if row is None:
                    msg = f"task {task_id} of round {round_name} was not recorded"
                    raise ValueError(msg)
                known = self._latest_of_task(row[0])
                for answer in present:
                    before = known.pop(answer.annotation_id, None)
                    version = version_of(answer)
                    if version == before:
                        counts["unchanged"] += 1
                        continue
                    if version.rejected_because is not None:
                        counts["rejected"] += 1
                    else:
                        counts["new" if before is None else "edited"] += 1
                    self._append(row[0], answer.annotation_id, version)
                for annotation_id, before in known.items():
                    if before.status != AnnotationStatus.DELETED:
                        counts["deleted"] += 1
                        self._append(row[0], annotation_id, tombstone(before))
            if watermark is not None:
                self._db.execute(
                    "UPDATE round SET watermark = max(coalesce(watermark, ''), ?) WHERE name = ?",
                    (iso(watermark), round_name),
                )
        return counts

    # Releases

    def record_release(self, version: str, content_id: str) -> None:
        """Record a built release; recording it twice changes nothing."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO release VALUES (?, ?, ?)", (version, content_id, now())
            )
