"""The ledger: what was pushed, every annotation version ever seen, what was released.

Annotation history is append-only: an edit adds a version, a deletion adds a tombstone, and nothing
is ever overwritten. Each batch is one transaction, so a kill at any instant leaves whole batches.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

from claimset.models import Annotation, AnnotationStatus
from claimset.storage.database import open_database, transaction, unusable
from claimset.storage.history import Corrected, Rejection, iso, now, tombstone, version_of
from claimset.storage.itembook import ItemBook
from claimset.storage.returnbook import Returned
from claimset.storage.rounds import Author, Round
from claimset.storage.taskbook import PushedTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

__all__ = ["Author", "Corrected", "Ledger", "PushedTask", "Rejection", "Returned", "Round"]


class Ledger(ItemBook):
    """The workspace's SQLite ledger; use it as a context manager.

    Args:
        path: The file.
        patient: For who can read again what a power failure would take back; see
            :func:`open_database`.
    """

    def __init__(self, path: Path, *, patient: bool = False) -> None:
        self._path = path
        self._db = open_database(path, patient=patient)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._db.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise unusable(self._path, error) from error

    def record_pull(
        self,
        round_name: str,
        answers: Mapping[int, Iterable[Annotation | Corrected | Rejection]],
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
                    if version.says_the_same(before):
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
                self._count_answers(row[0])
            if watermark is not None:
                self._db.execute(
                    "UPDATE round SET watermark = max(coalesce(watermark, ''), ?) WHERE name = ?",
                    (iso(watermark), round_name),
                )
        return counts

    def record_release(self, version: str, content_id: str) -> None:
        """Record a built release; recording it twice changes nothing."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO release VALUES (?, ?, ?)", (version, content_id, now())
            )
