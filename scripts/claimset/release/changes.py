"""What changed between two releases, row by row."""

from __future__ import annotations

from claimset.models import Model

__all__ = ["Changes", "Relabelled", "RowChanges"]


class Relabelled(Model):
    """A claim whose gold label is another one now."""

    claim_id: str
    """The claim."""
    before: str
    """Its label before, or `unresolved`."""
    after: str
    """Its label now, or `unresolved`."""


class RowChanges(Model):
    """What became of the rows of one table, by their ids."""

    added: tuple[str, ...] = ()
    """Rows that are new."""
    removed: tuple[str, ...] = ()
    """Rows that are gone."""
    changed: tuple[str, ...] = ()
    """Rows that are still there with other content."""


class Changes(Model):
    """The difference between two releases."""

    claims: RowChanges = RowChanges()
    """Claims, by claim id."""
    annotations: RowChanges = RowChanges()
    """Annotations, by claim id and annotator."""
    articles: RowChanges = RowChanges()
    """Articles, by article id."""
    relabelled: tuple[Relabelled, ...] = ()
    """Changed claims whose gold label differs."""
    evidence: tuple[str, ...] = ()
    """Changed claims whose evidence sets differ."""
    withdrawn: tuple[str, ...] = ()
    """Changed claims that were active and are withdrawn."""
    columns: tuple[str, ...] = ()
    """Columns that were added or removed, in words."""
