"""Rounds in the ledger: their projects, their annotators, and tasks that are not ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from claimset.models import AnnotatorKind, RoundKind, Selection
from claimset.storage.database import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

__all__ = ["Author", "Round", "RoundBook"]


class Round(NamedTuple):
    """One named Label Studio project and the versions it was made under.

    The generation counts how often the round's project was made anew after it was deleted.
    ``config_sha256`` is of the page and the guidelines that Label Studio was last given; empty
    when that is not known.
    """

    name: str
    server_url: str
    project_id: int
    generation: int
    overlap: int
    label_schema_version: str
    guidelines_version: str
    config_sha256: str
    kind: RoundKind = RoundKind.ANNOTATION
    selection: Selection = Selection()
    watermark: datetime | None = None


class Author(NamedTuple):
    """The annotator behind an account."""

    annotator: str
    kind: AnnotatorKind


class RoundBook:
    """What the ledger knows of rounds."""

    _db: sqlite3.Connection

    def rounds(self) -> list[Round]:
        """All rounds, by name."""
        rows = self._db.execute(
            "SELECT name, server_url, project_id, generation, overlap, label_schema_version, "
            "guidelines_version, config_sha256, kind, selection, watermark "
            "FROM round ORDER BY name"
        )
        return [
            Round._make(
                (
                    *row[:8],
                    RoundKind(row[8]),
                    Selection.model_validate_json(row[9]),
                    datetime.fromisoformat(row[10]) if row[10] else None,
                )
            )
            for row in rows
        ]

    def round(self, name: str) -> Round | None:
        """One round, or ``None``."""
        return next((found for found in self.rounds() if found.name == name), None)

    def save_round(self, value: Round) -> None:
        """Record a round, or the new project of a known one: then tasks and watermark start anew.

        A new server counts from 1 again, so a new project may have the id of the one before; its
        generation tells them apart.

        Args:
            value: The round; its watermark is not looked at.
        """
        with transaction(self._db):
            known = self.round(value.name)
            if known is not None and known[:-1] == value[:-1]:
                return
            project = (value.project_id, value.generation)
            if known is not None and (known.project_id, known.generation) != project:
                self._db.execute(
                    "UPDATE task SET deleted_at = ? WHERE round = ? AND deleted_at IS NULL",
                    (datetime.now(UTC).isoformat(timespec="microseconds"), value.name),
                )
                self._db.execute("UPDATE round SET watermark = NULL WHERE name = ?", (value.name,))
            self._db.execute(
                "INSERT INTO round (name, server_url, project_id, generation, overlap, "
                "label_schema_version, guidelines_version, config_sha256, kind, selection) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE "
                "SET server_url = excluded.server_url, project_id = excluded.project_id, "
                "generation = excluded.generation, "
                "overlap = excluded.overlap, label_schema_version = excluded.label_schema_version, "
                "guidelines_version = excluded.guidelines_version, "
                "config_sha256 = excluded.config_sha256, kind = excluded.kind, "
                "selection = excluded.selection",
                (*value[:8], value.kind, value.selection.compact()),
            )

    def foreign_tasks(self, of: Round) -> set[int]:
        """Tasks of the round's project that claimset did not make."""
        rows = self._db.execute(
            "SELECT task_id FROM foreign_task WHERE round = ? AND generation = ?",
            (of.name, of.generation),
        )
        return {row[0] for row in rows}

    def add_foreign_tasks(self, of: Round, task_ids: Iterable[int]) -> None:
        """Record tasks that claimset did not make."""
        with transaction(self._db):
            self._db.executemany(
                "INSERT OR IGNORE INTO foreign_task VALUES (?, ?, ?)",
                [(of.name, of.generation, task) for task in task_ids],
            )

    def forget_foreign_tasks(self, of: Round, task_ids: Iterable[int]) -> None:
        """Record that tasks of others are gone, or are ours after all."""
        with transaction(self._db):
            self._db.executemany(
                "DELETE FROM foreign_task WHERE round = ? AND generation = ? AND task_id = ?",
                [(of.name, of.generation, task) for task in task_ids],
            )

    def authors(self, of: Round) -> dict[int, Author]:
        """Who each account was when it was first seen, by Label Studio's user id."""
        rows = self._db.execute(
            "SELECT user_id, annotator, kind FROM author WHERE round = ? AND generation = ?",
            (of.name, of.generation),
        )
        return {row[0]: Author(row[1], AnnotatorKind(row[2])) for row in rows}

    def record_authors(self, of: Round, authors: Mapping[int, Author]) -> None:
        """Keep who accounts are: Label Studio forgets the address of one that was removed."""
        with transaction(self._db):
            self._db.executemany(
                "INSERT OR IGNORE INTO author VALUES (?, ?, ?, ?, ?)",
                [
                    (of.name, of.generation, user, author.annotator, author.kind)
                    for user, author in authors.items()
                ],
            )
