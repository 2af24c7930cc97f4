"""The ledger: what was pushed, every annotation version ever seen, what was released.

Annotation history is append-only: an edit adds a version, a deletion adds a tombstone, and nothing
is ever overwritten. Each batch is one transaction, so a kill at any instant leaves whole batches.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Self

from claimset.models import Annotation, AnnotationStatus, AnnotatorKind
from claimset.storage.database import open_database, transaction, unusable
from claimset.storage.rounds import Author, Round, RoundBook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Author", "Ledger", "PushedTask", "Rejection", "Round"]

_REJECTED = "rejected"


class PushedTask(NamedTuple):
    """A task that Label Studio is known to hold."""

    task_id: int
    claim_id: str
    content_hash: str


class Rejection(NamedTuple):
    """An annotation that cannot be used, and why; what Label Studio holds is kept beside it."""

    annotation_id: str
    task_id: int
    reason: str
    payload: str


class _Version(NamedTuple):
    """What one row of annotation history says."""

    status: str
    payload: str
    rejected_because: str | None


class Ledger(RoundBook):
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
        """Tasks that are in Label Studio as far as is known, by task id."""
        rows = self._db.execute(
            "SELECT task_id, claim_id, content_hash FROM task "
            "WHERE round = ? AND deleted_at IS NULL ORDER BY task_id",
            (round_name,),
        )
        return [PushedTask(*row) for row in rows]

    def record_tasks(self, round_name: str, tasks: Iterable[PushedTask]) -> None:
        """Record pushed tasks; a task that is known already stays as it is.

        Label Studio gives the number of a deleted task to a new one. So a known number under
        another claim or content is another task: the earlier one is gone, its annotations too.
        """
        with transaction(self._db):
            for task in tasks:
                row = self._live_row(round_name, task.task_id)
                if row is not None and row[1:] == (task.claim_id, task.content_hash):
                    continue
                if row is not None:
                    self._end_task(row[0])
                self._db.execute(
                    "INSERT INTO task (task_id, round, claim_id, content_hash, recorded_at) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (task.task_id, round_name, task.claim_id, task.content_hash, _now()),
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

    def _live_row(self, round_name: str, task_id: int) -> tuple[int, str, str] | None:
        row: tuple[int, str, str] | None = self._db.execute(
            "SELECT id, claim_id, content_hash FROM task "
            "WHERE round = ? AND task_id = ? AND deleted_at IS NULL",
            (round_name, task_id),
        ).fetchone()
        return row

    def _end_task(self, row: int) -> int:
        standing = {
            annotation_id: before
            for annotation_id, before in self._latest_of_task(row).items()
            if before.status != AnnotationStatus.DELETED
        }
        for annotation_id, before in standing.items():
            self._append(row, annotation_id, _tombstone(before))
        self._db.execute("UPDATE task SET deleted_at = ? WHERE id = ?", (_now(), row))
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
                    version = _version_of(answer)
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
                        self._append(row[0], annotation_id, _tombstone(before))
            if watermark is not None:
                self._db.execute(
                    "UPDATE round SET watermark = max(coalesce(watermark, ''), ?) WHERE name = ?",
                    (_iso(watermark), round_name),
                )
        return counts

    def annotations(self) -> list[Annotation]:
        """The latest usable version of every annotation, tombstones among them, by annotation id.

        An annotation whose latest version was rejected is not among them: its earlier answer no
        longer stands in Label Studio.
        """
        rows = self._db.execute(
            "SELECT payload FROM annotation_version WHERE rejected_because IS NULL AND version IN "
            "(SELECT max(version) FROM annotation_version GROUP BY annotation_id) "
            "ORDER BY annotation_id"
        )
        return [Annotation.model_validate_json(row[0]) for row in rows]

    def rejections(self, round_name: str) -> list[Rejection]:
        """Annotations whose latest version could not be used, with the reason, by task."""
        rows = self._db.execute(
            "SELECT annotation_id, task_id, rejected_because, payload FROM annotation_version "
            "JOIN task ON task.id = annotation_version.task "
            "WHERE rejected_because IS NOT NULL AND round = ? AND status = ? AND version IN "
            "(SELECT max(version) FROM annotation_version GROUP BY annotation_id) "
            "ORDER BY task_id, annotation_id",
            (round_name, _REJECTED),
        )
        return [Rejection(*row) for row in rows]

    def _latest_of_task(self, row: int) -> dict[str, _Version]:
        rows = self._db.execute(
            "SELECT annotation_id, status, payload, rejected_because FROM annotation_version "
            "WHERE task = ? ORDER BY version",
            (row,),
        )
        return {found[0]: _Version(*found[1:]) for found in rows}

    def _append(self, row: int, annotation_id: str, version: _Version) -> None:
        self._db.execute(
            "INSERT INTO annotation_version "
            "(annotation_id, task, status, payload, rejected_because, seen_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (annotation_id, row, *version, _now()),
        )

    def author_of(self, annotation_id: str) -> Author | None:
        """Who gave an answer, as far as the ledger knows."""
        row = self._db.execute(
            "SELECT payload ->> '$.annotator', payload ->> '$.annotator_kind' "
            "FROM annotation_version WHERE annotation_id = ? AND rejected_because IS NULL "
            "ORDER BY version DESC",
            (annotation_id,),
        ).fetchone()
        return None if row is None else Author(row[0], AnnotatorKind(row[1]))

    def answered(self) -> set[tuple[str, str]]:
        """Claim and annotator of every usable answer ever seen, also of deleted ones."""
        rows = self._db.execute(
            "SELECT DISTINCT payload ->> '$.claim_id', payload ->> '$.annotator' "
            "FROM annotation_version WHERE rejected_because IS NULL"
        )
        return {(row[0], row[1]) for row in rows}

    # Releases

    def record_release(self, version: str, content_id: str) -> None:
        """Record a built release; recording it twice changes nothing."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO release VALUES (?, ?, ?)", (version, content_id, _now())
            )


def _version_of(answer: Annotation | Rejection) -> _Version:
    if isinstance(answer, Rejection):
        return _Version(_REJECTED, answer.payload, answer.reason)
    return _Version(answer.status, answer.model_dump_json(), None)


def _tombstone(before: _Version) -> _Version:
    if before.rejected_because is not None:
        return before._replace(status=AnnotationStatus.DELETED)
    annotation = Annotation.model_validate_json(before.payload)
    deleted = annotation.model_copy(update={"status": AnnotationStatus.DELETED})
    return _version_of(deleted)


def _now() -> str:
    return _iso(datetime.now(UTC))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
