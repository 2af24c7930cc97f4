"""What a shard of segmentation holds, written beside its files when they are complete."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from claimset.models.base import Model
from claimset.models.vocabulary import UnitKind

__all__ = ["SHARD_TABLES", "Quarantined", "ShardArticle", "ShardRecord"]

SHARD_TABLES = ("units", "claims", "evidence", "clauses")
"""The tables of a shard."""


class ShardArticle(Model):
    """One article of a shard."""

    article_id: str
    """The article."""
    stamp: tuple[str, ...]
    """What its place in the tables depends on: id, hash of the text, event and roles."""
    code_points: int = Field(ge=0)
    """Length of its text."""
    units: dict[UnitKind, int]
    """Units by kind."""
    language: str
    """Its language as the manifest gives it."""
    language_declared: bool
    """Whether the manifest gives one; otherwise it is the default."""


class Quarantined(Model):
    """An article or event that could not be segmented and was left out."""

    event_id: str
    """The event."""
    article_ids: tuple[str, ...]
    """The articles that were left out."""
    error: str
    """Kind of the error."""
    problem: str
    """What is wrong."""
    where: str
    """File, line and field."""
    remedy: str
    """What to do."""


class ShardRecord(Model):
    """`KEY.json`: a shard whose files are complete."""

    key: str
    """SHA-256 over everything that the shard depends on."""
    files: dict[str, str]
    """SHA-256 of each file, by table."""
    rows: dict[str, int]
    """Rows of each table."""
    articles: tuple[ShardArticle, ...]
    """Its articles, in the order of the tables."""
    duplicates: int = Field(ge=0)
    """Claims that repeat another one."""
    quarantined: tuple[Quarantined, ...] = ()
    """What was left out."""

    @model_validator(mode="after")
    def _names_every_table(self) -> Self:
        if not self.files.keys() == self.rows.keys() == set(SHARD_TABLES):
            msg = f"a shard has the tables {', '.join(SHARD_TABLES)}"
            raise ValueError(msg)
        return self
