"""Items that measure, in the ledger: known answers, and claims that are asked a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.models import KnownAnswer, TaskRole
from claimset.storage.database import transaction
from claimset.storage.returnbook import ReturnBook

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def claims_with(self, round_name: str, role: TaskRole) -> set[str]:
        """Claims that have a task of a role in the round, of whatever text."""
        rows = self._db.execute(
            "SELECT DISTINCT claim_id FROM task WHERE round = ? AND role = ? "
            "AND deleted_at IS NULL",
            (round_name, role),
        )
        return {row[0] for row in rows}
