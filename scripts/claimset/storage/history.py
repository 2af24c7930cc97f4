"""History in the ledger: every version of every annotation, append-only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from claimset.models import Annotation, AnnotationStatus, AnnotatorKind, TaskRole
from claimset.storage.rounds import Author

if TYPE_CHECKING:
    import sqlite3

__all__ = ["AnnotationVersion", "History", "Rejection", "iso", "now", "tombstone", "version_of"]

_REJECTED = "rejected"


class Rejection(NamedTuple):
    """An annotation that cannot be used, and why; what Label Studio holds is kept beside it."""

    annotation_id: str
    task_id: int
    reason: str
    payload: str


class AnnotationVersion(NamedTuple):
    """What one row of annotation history says."""

    status: str
    payload: str
    rejected_because: str | None


class History:
    """What the ledger knows of annotations."""

    _db: sqlite3.Connection

    def annotations(
        self, *, role: TaskRole = TaskRole.CLAIM, superseded: bool = False
    ) -> list[Annotation]:
        """The latest usable version of every annotation, tombstones among them, by annotation id.

        An annotation whose latest version was rejected is not among them: its earlier answer no
        longer stands in Label Studio.

        Args:
            role: What the tasks are there for; only answers to ``claim`` tasks are votes.
            superseded: Those given to an old text instead of those to the current one.
        """
        rows = self._db.execute(
            "SELECT payload FROM annotation_version JOIN task ON task.id = annotation_version.task "
            "WHERE rejected_because IS NULL AND role = ? AND (superseded_at IS NOT NULL) = ? "
            "AND version IN (SELECT max(version) FROM annotation_version GROUP BY annotation_id) "
            "ORDER BY annotation_id",
            (role, superseded),
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

    def _latest_of_task(self, row: int) -> dict[str, AnnotationVersion]:
        rows = self._db.execute(
            "SELECT annotation_id, status, payload, rejected_because FROM annotation_version "
            "WHERE task = ? ORDER BY version",
            (row,),
        )
        return {found[0]: AnnotationVersion(*found[1:]) for found in rows}

    def _append(self, row: int, annotation_id: str, version: AnnotationVersion) -> None:
        self._db.execute(
            "INSERT INTO annotation_version "
            "(annotation_id, task, status, payload, rejected_because, seen_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (annotation_id, row, *version, now()),
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


def version_of(answer: Annotation | Rejection) -> AnnotationVersion:
    """What a row of history says of an answer."""
    if isinstance(answer, Rejection):
        return AnnotationVersion(_REJECTED, answer.payload, answer.reason)
    return AnnotationVersion(answer.status, answer.model_dump_json(), None)


def tombstone(before: AnnotationVersion) -> AnnotationVersion:
    """The same answer, deleted: it keeps what was said."""
    if before.rejected_because is not None:
        return before._replace(status=AnnotationStatus.DELETED)
    annotation = Annotation.model_validate_json(before.payload)
    deleted = annotation.model_copy(update={"status": AnnotationStatus.DELETED})
    return version_of(deleted)


def now() -> str:
    """This moment as the ledger writes it."""
    return iso(datetime.now(UTC))


def iso(moment: datetime) -> str:
    """A moment in UTC with microseconds: as text, earlier ones sort first."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
