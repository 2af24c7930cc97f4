"""Items that measure, in the ledger: known answers, and claims that are asked a second time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from claimset.models import AnnotationStatus, KnownAnswer, TaskRole
from claimset.storage.database import transaction
from claimset.storage.returnbook import ReturnBook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ItemBook"]


class ItemBook(ReturnBook):
    """What the ledger knows of tasks that give no vote."""

    def record_known_answers(self, round_name: str, answers: Mapping[str, KnownAnswer]) -> None:
        """Record the right answers of claims; a later one replaces an earlier one.

        Args:
            round_name: The round.
            answers: By claim id.
        """
        with transaction(self._db):
            self._db.executemany(
                "INSERT OR REPLACE INTO gold VALUES (?, ?, ?)",
                [
                    (round_name, claim_id, answer.model_dump_json(exclude_none=True))
                    for claim_id, answer in answers.items()
                ],
            )

    def known_answers(self) -> dict[tuple[str, str], KnownAnswer]:
        """The right answers, by round and claim id."""
        rows = self._db.execute("SELECT round, claim_id, answer FROM gold ORDER BY round, claim_id")
        return {(row[0], row[1]): KnownAnswer.model_validate_json(row[2]) for row in rows}

    def second_answers_due(self, round_name: str, before: datetime) -> dict[str, list[int]]:
        """Second tasks that who answered the first has not answered yet, by annotator.

        Args:
            round_name: The round.
            before: Only where the first answer was given before this moment.

        Returns:
            Label Studio's task ids, ascending.
        """
        rows = self._db.execute(
            "SELECT standing.annotator, again.task_id, payload ->> '$.created_at' "
            "FROM task AS again "
            "JOIN task AS asked ON asked.round = again.round AND asked.claim_id = again.claim_id "
            "JOIN standing ON standing.task = asked.id JOIN annotation_version USING (version) "
            "WHERE again.round = ?1 AND again.role = ?2 AND asked.role = ?3 "
            "AND again.deleted_at IS NULL AND again.superseded_at IS NULL "
            "AND asked.deleted_at IS NULL AND asked.superseded_at IS NULL "
            "AND standing.status = ?4 AND NOT EXISTS (SELECT 1 FROM standing AS done "
            "WHERE done.task = again.id AND done.annotator = standing.annotator "
            "AND done.status != ?5) ORDER BY standing.annotator, again.task_id",
            (
                round_name,
                TaskRole.REPEAT,
                TaskRole.CLAIM,
                AnnotationStatus.SUBMITTED,
                AnnotationStatus.DELETED,
            ),
        )
        found: dict[str, list[int]] = {}
        for annotator, task_id, created_at in rows:
            if datetime.fromisoformat(created_at) < before:
                found.setdefault(annotator, []).append(task_id)
        return found

    def claims_with(self, round_name: str, role: TaskRole) -> Iterator[str]:
        """Claims that have a task of a role in the round, of whatever text.

        They come one by one, those with old texts more than once; nothing may be recorded
        meanwhile.
        """
        rows = self._db.execute(
            "SELECT claim_id FROM task WHERE round = ? AND role = ? AND deleted_at IS NULL",
            (round_name, role),
        )
        yield from (row[0] for row in rows)

    def count_claims_with(self, round_name: str, role: TaskRole) -> int:
        """How many claims have a task of a role in the round, of whatever text."""
        row = self._db.execute(
            "SELECT count(DISTINCT claim_id) FROM task WHERE round = ? AND role = ? "
            "AND deleted_at IS NULL",
            (round_name, role),
        ).fetchone()
        return int(row[0])
