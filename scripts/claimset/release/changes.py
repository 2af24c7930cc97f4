"""What changed between two releases, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.models import ClaimStatus, GoldSource, Model
from claimset.release.columns import RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = Mapping[str, Any]
    Tables = Mapping[str, Iterable[Row]]

__all__ = ["Changes", "Relabelled", "RowChanges", "compare", "gold_label"]

_LABEL_COLUMNS = frozenset({"gold_verdict", "gold_checkability"})
_EVIDENCE_COLUMNS = frozenset({"evidence_sets"})


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

    def __bool__(self) -> bool:
        """Whether there is any change."""
        return bool(self.added or self.removed or self.changed)


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


def gold_label(row: Row) -> str:
    """The gold label of a claim row in one word: verdict, checkability or `unresolved`."""
    return str(row["gold_verdict"] or row["gold_checkability"] or GoldSource.UNRESOLVED)


def compare(before: Tables, after: Tables) -> Changes:
    """Compare the plain rows of two releases.

    Args:
        before: Rows by config, as they are read back from a release.
        after: Rows by config of the other release.

    Returns:
        Every difference in content; columns that record a run do not count.
    """
    old = {config: _by_key(config, rows) for config, rows in before.items()}
    new = {config: _by_key(config, rows) for config, rows in after.items()}
    rows = {
        config: _row_changes(config, old.get(config, {}), new.get(config, {}))
        for config in ("claims", "annotations", "articles")
    }
    pairs = [(key, old["claims"][key], new["claims"][key]) for key in rows["claims"].changed]
    return Changes(
        **rows,
        relabelled=tuple(
            Relabelled(claim_id=key, before=gold_label(was), after=gold_label(now))
            for key, was, now in pairs
            if _differ(was, now, _LABEL_COLUMNS)
        ),
        evidence=tuple(key for key, was, now in pairs if _differ(was, now, _EVIDENCE_COLUMNS)),
        withdrawn=tuple(
            key
            for key, was, now in pairs
            if was.get("status") != now["status"] == ClaimStatus.WITHDRAWN
        ),
        columns=tuple(_column_changes(old, new)),
    )


def _by_key(config: str, rows: Iterable[Row]) -> dict[str, Row]:
    return {_key(config, row): row for row in rows}


def _key(config: str, row: Row) -> str:
    if config == "annotations":
        return f"{row['claim_id']} {row['annotator']}"
    return str(row["claim_id" if config == "claims" else "article_id"])


def _row_changes(config: str, old: Mapping[str, Row], new: Mapping[str, Row]) -> RowChanges:
    return RowChanges(
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        changed=tuple(
            key
            for key, row in new.items()
            if key in old and _differ(old[key], row, (row.keys() | old[key]) - RECORDS[config])
        ),
    )


def _differ(was: Row, now: Row, columns: Iterable[str]) -> bool:
    return any(was.get(column) != now.get(column) for column in columns)


def _column_changes(
    old: Mapping[str, Mapping[str, Row]], new: Mapping[str, Mapping[str, Row]]
) -> Iterable[str]:
    for config in sorted(old.keys() & new.keys()):
        was = next(iter(old[config].values()), None)
        now = next(iter(new[config].values()), None)
        if was is None or now is None:
            continue
        yield from (f"`{config}.{name}` added" for name in now if name not in was)
        yield from (f"`{config}.{name}` removed" for name in was if name not in now)
