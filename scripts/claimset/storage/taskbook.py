"""Tasks in the ledger: what Label Studio is known to hold, and which of it is current."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from claimset.models import AnnotationStatus, TaskRole
from claimset.storage.database import transaction
from claimset.storage.history import History, now, tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimset.storage.rounds import Round

__all__ = ["PushedTask", "TaskBook"]


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


class TaskBook(History):
    """What the ledger knows of tasks."""

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

    def current_tasks(
        self, round_name: str, claim_ids: Sequence[str]
    ) -> dict[tuple[str, TaskRole], dict[str, int]]:
        """The current tasks of some claims, by claim and role.

        Returns:
            Content hashes, each with the number of its record; see :meth:`last_record`.
        """
        found: dict[tuple[str, TaskRole], dict[str, int]] = {}
        for claim_id in claim_ids:
            rows = self._db.execute(
                "SELECT role, content_hash, id FROM task INDEXED BY task_of_claim "
                "WHERE round = ? AND claim_id = ? "
                "AND deleted_at IS NULL AND superseded_at IS NULL",
                (round_name, claim_id),
            )
            for role, content_hash, record in rows:
                found.setdefault((claim_id, TaskRole(role)), {})[content_hash] = record
        return found

    def last_record(self) -> int:
        """Number of the latest record of a task, of any round; later records have higher ones."""
        row = self._db.execute("SELECT coalesce(max(id), 0) FROM task").fetchone()
        return int(row[0])

    def begin_wanted(self) -> None:
        """Begin a list of claims that a push wants to be asked; it stands in a file, not in memory.

        The list belongs to this connection and goes with it.
        """
        self._db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS wanted (claim_id TEXT PRIMARY KEY) STRICT"
        )
        self._db.execute("DELETE FROM wanted")

    def add_wanted(self, claim_ids: Iterable[str]) -> None:
        """Add claims to the list of those wanted."""
        self._db.executemany(
            "INSERT OR IGNORE INTO wanted VALUES (?)", ((name,) for name in claim_ids)
        )

    def unwanted_claims(self, round_name: str) -> list[str]:
        """Claims with a current task that asks for a vote and that are not wanted, by id."""
        rows = self._db.execute(
            "SELECT DISTINCT claim_id FROM task WHERE round = ? AND role = ? "
            "AND deleted_at IS NULL AND superseded_at IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM wanted WHERE wanted.claim_id = task.claim_id) "
            "ORDER BY claim_id",
            (round_name, TaskRole.CLAIM),
        )
        return [row[0] for row in rows]

    def tasks_of(self, round_name: str, claim_id: str, role: TaskRole) -> dict[int, str]:
        """Content hashes of a claim's tasks, old texts among them, by task id."""
        rows = self._db.execute(
            "SELECT task_id, content_hash FROM task INDEXED BY task_of_claim WHERE round = ? "
            "AND claim_id = ? AND role = ? AND deleted_at IS NULL ORDER BY task_id",
            (round_name, claim_id, role),
        )
        return dict(rows.fetchall())

    def superseded_tasks(self, round_name: str) -> list[int]:
        """Ids of tasks that show an old text and are still in Label Studio."""
        rows = self._db.execute(
            "SELECT task_id FROM task INDEXED BY task_superseded WHERE round = ? "
            "AND superseded_at IS NOT NULL AND deleted_at IS NULL",
            (round_name,),
        )
        return sorted(row[0] for row in rows)

    def pushed_at(self, round_name: str) -> dict[int, datetime]:
        """When each live task of a round was recorded, by task id."""
        rows = self._db.execute(
            "SELECT task_id, recorded_at FROM task WHERE round = ? AND deleted_at IS NULL",
            (round_name,),
        )
        return {row[0]: datetime.fromisoformat(row[1]) for row in rows}

    def count_tasks(self, of: Round, ids: tuple[int, int] | None = None) -> int:
        """How many tasks the round's project is known to hold, those of others among them.

        Args:
            of: The round.
            ids: Only tasks with ids from the first to the second.
        """
        if ids is None:
            row = self._db.execute(
                "SELECT coalesce((SELECT number FROM task_count WHERE round = ?1), 0) + "
                "(SELECT count(*) FROM foreign_task WHERE round = ?1 AND generation = ?2)",
                (of.name, of.generation),
            ).fetchone()
            return int(row[0])
        return int(
            self._db.execute(
                "SELECT (SELECT count(*) FROM task WHERE round = ?1 AND deleted_at IS NULL "
                "AND task_id BETWEEN ?3 AND ?4) + (SELECT count(*) FROM foreign_task "
                "WHERE round = ?1 AND generation = ?2 AND task_id BETWEEN ?3 AND ?4)",
                (of.name, of.generation, *ids),
            ).fetchone()[0]
        )

    def task_ids(self, of: Round, ids: tuple[int, int]) -> set[int]:
        """Ids in a range of tasks that the round's project is known to hold, of others too."""
        rows = self._db.execute(
            "SELECT task_id FROM task WHERE round = ?1 AND deleted_at IS NULL "
            "AND task_id BETWEEN ?3 AND ?4 UNION SELECT task_id FROM foreign_task "
            "WHERE round = ?1 AND generation = ?2 AND task_id BETWEEN ?3 AND ?4",
            (of.name, of.generation, *ids),
        )
        return {row[0] for row in rows}

    def last_task_id(self, of: Round) -> int:
        """The highest id of a task that the round's project is known to hold; 0 for none."""
        row = self._db.execute(
            "SELECT max(coalesce((SELECT max(task_id) FROM task WHERE round = ?1 "
            "AND deleted_at IS NULL), 0), coalesce((SELECT max(task_id) FROM foreign_task "
            "WHERE round = ?1 AND generation = ?2), 0))",
            (of.name, of.generation),
        ).fetchone()
        return int(row[0])

    def known_tasks(self, round_name: str, task_ids: Sequence[int]) -> dict[int, PushedTask]:
        """Of some tasks those that are known, by id."""
        found = {}
        for task_id in task_ids:
            row = self._live_row(round_name, task_id)
            if row is not None:
                found[task_id] = PushedTask(task_id, *row[1:])
        return found

    def doubled_tasks(self, round_name: str) -> list[tuple[list[int], int]]:
        """Tasks that show the same claim in the same role and with the same content.

        Returns:
            Ids of each set, and the highest id of a task that shows another text of that claim, 0
            for none.
        """
        rows = self._db.execute(
            "SELECT group_concat(task_id), (SELECT coalesce(max(task_id), 0) FROM task AS other "
            "INDEXED BY task_of_claim WHERE other.round = task.round "
            "AND other.claim_id = task.claim_id AND other.role = task.role "
            "AND other.content_hash != task.content_hash AND other.deleted_at IS NULL) "
            "FROM task INDEXED BY task_doubled WHERE round = ? "
            "AND doubled = 1 GROUP BY claim_id, role, content_hash",
            (round_name,),
        )
        return [(sorted(map(int, row[0].split(","))), int(row[1])) for row in rows]

    def record_tasks(self, round_name: str, tasks: Iterable[PushedTask]) -> None:
        """Record tasks of Label Studio; one that is known already stays as it is.

        Label Studio gives the number of a deleted task to a new one. So a known number under
        another claim, content or role is another task: the earlier one is gone, its annotations
        too. Of several tasks of a claim the one made last, which has the highest number, is
        current; the others are superseded.

        Args:
            round_name: The round.
            tasks: The tasks; their revision and whether they are superseded is found here.
        """
        with transaction(self._db):
            touched = set()
            for task in tasks:
                row = self._live_row(round_name, task.task_id)
                if row is not None and row[1:4] == task[1:4]:
                    continue
                if row is not None:
                    self._end_task(row[0])
                    touched.add((row.claim_id, row.role))
                self._db.execute(
                    "INSERT INTO task (task_id, round, claim_id, content_hash, role, revision, "
                    "recorded_at) SELECT ?1, ?2, ?3, ?4, ?5, 1 + coalesce(max(revision), 0), ?6 "
                    "FROM task WHERE round = ?2 AND claim_id = ?3 AND role = ?5 "
                    "AND content_hash != ?4",
                    (task.task_id, round_name, task.claim_id, task.content_hash, task.role, now()),
                )
                touched.add((task.claim_id, task.role))
            for claim_id, role in touched:
                self._compare(round_name, claim_id, role)

    def _compare(self, round_name: str, claim_id: str, role: TaskRole) -> None:
        """Mark which tasks of a claim show an old text, and which are the same."""
        # With the wrong index every task of the round would be looked at, for every claim.
        rows = self._db.execute(
            "SELECT task_id, id, content_hash, superseded_at, doubled FROM task "
            "INDEXED BY task_of_claim WHERE round = ? AND claim_id = ? "
            "AND role = ? AND deleted_at IS NULL",
            (round_name, claim_id, role),
        ).fetchall()
        newest = max(rows)[2] if rows else None
        count = Counter(row[2] for row in rows)
        for _, row, content_hash, superseded_at, doubled in rows:
            # A double of the newest one is no old text.
            moment = now() if content_hash != newest else None
            if (moment is None) != (superseded_at is None):
                self._db.execute("UPDATE task SET superseded_at = ? WHERE id = ?", (moment, row))
            if (count[content_hash] > 1) != bool(doubled):
                self._db.execute("UPDATE task SET doubled = 1 - doubled WHERE id = ?", (row,))

    def record_deleted_tasks(self, round_name: str, task_ids: Iterable[int]) -> int:
        """Record that tasks are gone from Label Studio; returns how many annotations went too."""
        gone = 0
        with transaction(self._db):
            for task_id in task_ids:
                row = self._live_row(round_name, task_id)
                if row is not None:
                    gone += self._end_task(row[0])
                    self._compare(round_name, row.claim_id, row.role)
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
        self._db.execute("UPDATE task SET deleted_at = ?, doubled = 0 WHERE id = ?", (now(), row))
        self._count_answers(row)
        return len(standing)
