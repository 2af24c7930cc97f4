"""History in the ledger: every version of every annotation, append-only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from claimset.models import Annotation, AnnotationStatus, AnnotatorKind, RoundKind, TaskRole
from claimset.storage.rounds import Author, RoundBook

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    import pyarrow as pa

__all__ = [
    "BROKEN",
    "AnnotationVersion",
    "Corrected",
    "History",
    "Rejection",
    "iso",
    "now",
    "tombstone",
    "version_of",
]

_ROWS_PER_TABLE = 5_000
_PAIRS_AT_ONCE = 50_000
_REJECTED = "rejected"
BROKEN = "broken"
"""Status of a rejected answer that its annotator can mend."""
_STANDING = (
    "FROM standing JOIN annotation_version USING (version) JOIN task ON task.id = standing.task"
)

# Answers to tasks of the role ?2; with those to claims also of who answered a second task alone.
_OF_ROLE = """(role = ?2 OR (?2 = ?3 AND role = ?4 AND NOT EXISTS (
  SELECT 1 FROM task AS asked JOIN standing AS first ON first.task = asked.id
  WHERE asked.round = task.round AND asked.claim_id = task.claim_id AND asked.role = ?3
  AND first.annotator = standing.annotator AND first.status != ?5)))"""


class Rejection(NamedTuple):
    """An annotation that cannot be used, and why; what Label Studio holds is kept beside it."""

    annotation_id: str
    task_id: int
    reason: str
    payload: str
    annotator: str | None = None
    returnable: bool = False
    """Whether it breaks a rule of the guidelines, which its annotator can mend."""


class Corrected(NamedTuple):
    """An annotation that could be used after a provable slip was corrected, and what that was."""

    annotation: Annotation
    correction: str

    @property
    def annotation_id(self) -> str:
        """The annotation's id."""
        return self.annotation.annotation_id


class AnnotationVersion(NamedTuple):
    """What one row of annotation history says."""

    status: str
    payload: str
    rejected_because: str | None
    corrected: str | None = None
    annotator: str | None = None

    def says_the_same(self, other: AnnotationVersion | None) -> bool:
        """Whether it is no news after another one."""
        return other is not None and self[:4] == other[:4]


class History(RoundBook):
    """What the ledger knows of annotations.

    The table ``standing`` holds for each annotation which version is its latest.
    """

    def annotations(
        self, *, role: TaskRole = TaskRole.CLAIM, superseded: bool = False
    ) -> list[Annotation]:
        """The latest usable version of every annotation, tombstones among them, by annotation id.

        An annotation whose latest version was rejected is not among them: its earlier answer no
        longer stands in Label Studio.

        Somebody who was given a claim's second task alone has answered it once, as everybody else:
        that answer is a vote, and comes with those to ``claim`` tasks.

        Args:
            role: What the tasks are there for; only answers to ``claim`` tasks are votes.
            superseded: Those given to an old text instead of those to the current one.
        """
        rows = self._payloads(role, superseded=superseded)
        return [Annotation.model_validate_json(row[0]) for row in rows]

    def annotation_tables(self) -> Iterator[pa.Table]:
        """Answers to current ``claim`` tasks as columns; nothing may be recorded meanwhile.

        They are those of :meth:`annotations`, in the same order, some thousand in a table.
        """
        from claimset.storage.answer_tables import answers_of  # noqa: PLC0415 - a pull needs none

        rows = self._payloads(TaskRole.CLAIM, superseded=False)
        while part := rows.fetchmany(_ROWS_PER_TABLE):
            yield answers_of([row[0] for row in part])

    def _payloads(self, role: TaskRole, *, superseded: bool) -> sqlite3.Cursor:
        return self._db.execute(
            f"SELECT payload {_STANDING} "
            f"WHERE rejected_because IS NULL AND (superseded_at IS NOT NULL) = ?1 AND {_OF_ROLE} "
            "ORDER BY standing.annotation_id",
            (superseded, role, TaskRole.CLAIM, TaskRole.REPEAT, AnnotationStatus.DELETED),
        )

    def rejections(self, round_name: str) -> list[Rejection]:
        """Annotations whose latest version could not be used, with the reason, by task."""
        rows = self._db.execute(
            "SELECT standing.annotation_id, task_id, rejected_because, payload, annotator, "
            f"standing.status {_STANDING} WHERE standing.round = ? AND standing.status IN (?, ?) "
            "ORDER BY task_id, standing.annotation_id",
            (round_name, _REJECTED, BROKEN),
        )
        return [Rejection._make((*row[:5], row[5] == BROKEN)) for row in rows]

    def corrections(self, round_name: str) -> dict[str, str]:
        """What was corrected in annotations that stand, by annotation id."""
        rows = self._db.execute(
            "SELECT standing.annotation_id, corrected "
            "FROM annotation_version INDEXED BY version_corrected "
            "CROSS JOIN standing USING (annotation_id, version) WHERE corrected IS NOT NULL "
            "AND round = ? AND standing.status != ? ORDER BY standing.annotation_id",
            (round_name, AnnotationStatus.DELETED),
        )
        return dict(rows.fetchall())

    def count_by_annotator(self, round_name: str, status: AnnotationStatus) -> dict[str, int]:
        """How many annotations of a status stand in the round, by annotator."""
        rows = self._db.execute(
            "SELECT annotator, number FROM answer_count "
            "WHERE round = ? AND status = ? AND number > 0 ORDER BY annotator",
            (round_name, status),
        )
        return dict(rows.fetchall())

    def count_superseded(self, round_name: str) -> int:
        """How many answers that stand were given to an old text."""
        row = self._db.execute(
            "SELECT coalesce(sum(submitted), 0) FROM task WHERE round = ? "
            "AND deleted_at IS NULL AND superseded_at IS NOT NULL",
            (round_name,),
        ).fetchone()
        return int(row[0])

    def answered_twice(self, round_name: str) -> list[tuple[int, str]]:
        """Tasks that one annotator has answered more than once, with the annotator."""
        rows = self._db.execute(
            "SELECT task_id, annotator FROM task INDEXED BY task_answered_twice "
            "CROSS JOIN standing ON standing.task = task.id WHERE task.round = ? "
            "AND deleted_at IS NULL AND submitted > people AND standing.status = ? "
            "GROUP BY task_id, annotator HAVING count(*) > 1 ORDER BY task_id, annotator",
            (round_name, AnnotationStatus.SUBMITTED),
        )
        return rows.fetchall()

    def above_overlap(self, round_name: str, overlap: int) -> list[tuple[int, int]]:
        """Tasks that more people have answered than were asked, with their number."""
        rows = self._db.execute(
            "SELECT task_id, people FROM task WHERE round = ? AND people > ? AND role = ? "
            "AND deleted_at IS NULL AND superseded_at IS NULL ORDER BY task_id",
            (round_name, overlap, TaskRole.CLAIM),
        )
        return rows.fetchall()

    def _latest_of_task(self, row: int) -> dict[str, AnnotationVersion]:
        rows = self._db.execute(
            "SELECT standing.annotation_id, standing.status, payload, rejected_because, "
            f"corrected, annotator {_STANDING} WHERE standing.task = ?",
            (row,),
        )
        return {found[0]: AnnotationVersion(*found[1:]) for found in rows}

    def _append(self, row: int, annotation_id: str, version: AnnotationVersion) -> None:
        number = self._db.execute(
            "INSERT INTO annotation_version "
            "(annotation_id, task, status, payload, rejected_because, corrected, seen_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (annotation_id, row, *version[:4], now()),
        ).lastrowid
        self._db.execute(
            "INSERT INTO standing SELECT ?1, round, ?2, ?3, ?4, ?5 FROM task WHERE id = ?2 "
            "ON CONFLICT (annotation_id) DO UPDATE SET round = excluded.round, "
            "task = excluded.task, version = excluded.version, status = excluded.status, "
            "annotator = excluded.annotator",
            (annotation_id, row, number, version.status, version.annotator),
        )

    def _count_answers(self, row: int) -> None:
        """Keep with a task how many answers it has, and of how many people."""
        self._db.execute(
            "UPDATE task SET (submitted, people) = (SELECT count(*), count(DISTINCT annotator) "
            "FROM standing WHERE task = ?1 AND status = ?2) WHERE id = ?1",
            (row, AnnotationStatus.SUBMITTED),
        )

    def is_answered(self, round_name: str, claim_id: str) -> bool:
        """Whether an answer of any kind to a claim stands in the round."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM task INDEXED BY task_of_claim "
            "JOIN standing ON standing.task = task.id WHERE task.round = ? AND claim_id = ? "
            "AND deleted_at IS NULL AND status != ?)",
            (round_name, claim_id, AnnotationStatus.DELETED),
        ).fetchone()
        return bool(row[0])

    def author_of(self, annotation_id: str) -> Author | None:
        """Who gave an answer, as far as the ledger knows."""
        row = self._db.execute(
            "SELECT payload ->> '$.annotator', payload ->> '$.annotator_kind' "
            "FROM annotation_version WHERE annotation_id = ? AND rejected_because IS NULL "
            "ORDER BY version DESC",
            (annotation_id,),
        ).fetchone()
        return None if row is None else Author(row[0], AnnotatorKind(row[1]))

    def voters(self, claim_id: str) -> set[Author]:
        """Everybody who ever gave a vote on a claim, in any round, also one that was deleted."""
        rows = self._db.execute(
            "SELECT DISTINCT payload ->> '$.annotator', payload ->> '$.annotator_kind' FROM task "
            "JOIN annotation_version ON annotation_version.task = task.id "
            "WHERE task.round IN (SELECT name FROM round WHERE kind = ?) AND claim_id = ? "
            "AND status = ?",
            (RoundKind.ANNOTATION, claim_id, AnnotationStatus.SUBMITTED),
        )
        return {Author(row[0], AnnotatorKind(row[1])) for row in rows}

    def answered(self) -> Iterator[list[tuple[str, str]]]:
        """Claim and annotator of every usable answer ever seen, also of deleted and earlier ones.

        They come some thousand at a time, some more than once; nothing may be recorded meanwhile.
        """
        return self._pairs(
            "SELECT payload ->> '$.claim_id', payload ->> '$.annotator' "
            "FROM annotation_version WHERE rejected_because IS NULL"
        )

    def answered_now(self) -> Iterator[list[tuple[str, str]]]:
        """Those of :meth:`answered` whose latest version is usable; no payload is looked into."""
        return self._pairs(
            f"SELECT claim_id, annotator {_STANDING} "
            "WHERE rejected_because IS NULL AND annotator IS NOT NULL"
        )

    def _pairs(self, question: str) -> Iterator[list[tuple[str, str]]]:
        rows = self._db.execute(question)
        while some := rows.fetchmany(_PAIRS_AT_ONCE):
            yield some


def version_of(answer: Annotation | Corrected | Rejection) -> AnnotationVersion:
    """What a row of history says of an answer."""
    if isinstance(answer, Rejection):
        status = BROKEN if answer.returnable else _REJECTED
        return AnnotationVersion(status, answer.payload, answer.reason, None, answer.annotator)
    correction = None
    if isinstance(answer, Corrected):
        answer, correction = answer
    return AnnotationVersion(
        answer.status, answer.model_dump_json(), None, correction, answer.annotator
    )


def tombstone(before: AnnotationVersion) -> AnnotationVersion:
    """The same answer, deleted: it keeps what was said."""
    payload = before.payload
    if before.rejected_because is None:
        annotation = Annotation.model_validate_json(payload)
        deleted = annotation.model_copy(update={"status": AnnotationStatus.DELETED})
        payload = deleted.model_dump_json()
    return before._replace(status=AnnotationStatus.DELETED, payload=payload)


def now() -> str:
    """This moment as the ledger writes it."""
    return iso(datetime.now(UTC))


def iso(moment: datetime) -> str:
    """A moment in UTC with microseconds: as text, earlier ones sort first."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
