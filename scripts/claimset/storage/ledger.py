"""The ledger: what was pushed, every annotation version ever seen, what was released.

Annotation history is append-only: an edit adds a version, a deletion adds a tombstone, and nothing
is ever overwritten. Each batch is one transaction, so a kill at any instant leaves whole batches.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING, Self

from claimset.errors import ContractError
from claimset.models import Annotation, AnnotationStatus
from claimset.storage.database import open_database, transaction, unusable
from claimset.storage.history import (
    AnnotationVersion,
    Corrected,
    Rejection,
    iso,
    now,
    tombstone,
    version_of,
)
from claimset.storage.pullbook import SET_BACK_REMEDY, PullBook
from claimset.storage.returnbook import Returned
from claimset.storage.rounds import Author, Round
from claimset.storage.taskbook import PushedTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["Author", "Corrected", "Ledger", "PushedTask", "Rejection", "Returned", "Round"]


class Ledger(PullBook):
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
        set_back: bool = False,
    ) -> dict[str, int]:
        """Take in the whole annotation sets of the tasks that Label Studio reported.

        Label Studio numbers answers and uses no number twice. So a known number with another time
        of making is another answer, of a server that was set back.

        Args:
            round_name: The round.
            answers: For each task, every annotation it has now, usable or rejected. One that the
                ledger knows and that is missing here was deleted: it gets a tombstone.
            watermark: Highest change time seen, kept when later than the one before.
            set_back: Whether to take what the server says then: the earlier answer is gone.

        Returns:
            Counts: ``new``, ``edited``, ``deleted``, ``unchanged``, ``rejected``.

        Raises:
            ContractError: The server was set back; nothing is recorded.
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
                    for what in self._take(row[0], answer, before, set_back=set_back):
                        counts[what] += 1
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

    def _take(
        self,
        row: int,
        answer: Annotation | Corrected | Rejection,
        before: AnnotationVersion | None,
        *,
        set_back: bool,
    ) -> Iterator[str]:
        """Record an answer to a task; yields what has to be counted."""
        version, name = version_of(answer), answer.annotation_id
        if version.says_the_same(before):
            yield "unchanged"
            return
        place = (row, before) if before else self._place(name)
        if place is not None and not _made_at_once(place[1], version):
            if not set_back:
                raise _other_answer(name)
            if place[1].status != AnnotationStatus.DELETED:
                yield "deleted"
                self._append(place[0], name, tombstone(place[1]))
                self._count_answers(place[0])
            before = None
        if version.rejected_because is not None:
            yield "rejected"
        else:
            yield "new" if before is None else "edited"
        self._append(row, name, version)

    def _place(self, annotation_id: str) -> tuple[int, AnnotationVersion] | None:
        """The row of the task that an answer stands on, and its latest version."""
        row = self._db.execute(
            "SELECT standing.task, standing.status, payload, rejected_because, corrected, "
            "annotator FROM standing JOIN annotation_version USING (version) "
            "WHERE standing.annotation_id = ?",
            (annotation_id,),
        ).fetchone()
        return None if row is None else (row[0], AnnotationVersion(*row[1:]))

    def record_release(self, version: str, content_id: str) -> None:
        """Record a built release; recording it twice changes nothing."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO release VALUES (?, ?, ?)", (version, content_id, now())
            )


def _made_at_once(one: AnnotationVersion, other: AnnotationVersion) -> bool:
    """Whether two versions can be of one answer: it keeps the time at which it was made."""
    times = [json.loads(version.payload).get("created_at") for version in (one, other)]
    try:
        return datetime.fromisoformat(times[0]) == datetime.fromisoformat(times[1])
    except (TypeError, ValueError):  # one of them does not tell
        return True


def _other_answer(annotation_id: str) -> ContractError:
    return ContractError(
        "Label Studio was set back to an earlier state: an answer is another one than an earlier "
        "pull saw under its number",
        where=f"answer {annotation_id}",
        remedy=SET_BACK_REMEDY,
    )
