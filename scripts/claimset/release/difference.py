"""The difference of two releases: what is said of the rows, and each changed claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import ClaimStatus, GoldSource, Model
from claimset.release.changes import Changes
from claimset.release.columns import CORE
from claimset.release.compare import Comparison
from claimset.release.features import decode_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimset.models import ReleaseMetadata
    from claimset.release.reader import Release

__all__ = ["ClaimChange", "ColumnChange", "Difference", "FactChange", "diff_releases"]

_RECORDS = {"first_release", "last_changed_release"}

_KINDS = ("relabelled", "withdrawn", "evidence", "changed", "removed", "added")
"""What a reader asks for first: what became of claims that were there; a release adds thousands."""

_FACTS: dict[str, Any] = {
    "name": True,
    "schema_id": True,
    "label_schema_version": True,
    "labels": True,
    "guidelines_versions": True,
    "segmenter_version": True,
    "splits": {"shares", "cut"},
    "allowed": True,
}
"""Fields of the metadata that say something beside the rows and do not follow from them."""


class FactChange(Model):
    """Something that differs in what is said of the rows: a part of `release.json`."""

    field: str
    """Its dotted name there; a verdict goes by its name: `labels.verdicts.refuted.hint`."""
    before: Any
    """Its value before, as JSON; null where there was none."""
    after: Any
    """Its value now."""


class ColumnChange(Model):
    """One column of a claim that differs."""

    column: str
    """The column."""
    before: Any
    """Its value before, as JSON; null where there was none."""
    after: Any
    """Its value now."""


class ClaimChange(Model):
    """One claim that was added, removed, withdrawn or changed."""

    claim_id: str
    """The claim."""
    change: str
    """`added`, `removed`, `withdrawn`, `relabelled`, `evidence` or `changed`."""
    article_id: str
    """Its article."""
    text: str | None
    """Its words now, or before where they are gone; null where they are withheld."""
    label_before: str | None
    """Its label before; null for an added claim."""
    label_after: str | None
    """Its label now; null for a removed claim."""
    columns: tuple[ColumnChange, ...] = ()
    """Every column that differs; empty for an added or removed claim."""


class Difference(Model):
    """What differs between two releases."""

    version_before: str
    """Version of the first release."""
    version_after: str
    """Version of the second one."""
    content_id_before: str
    """Content id of the first release."""
    content_id_after: str
    """Content id of the second one."""
    counts_before: dict[str, int]
    """Counts of the first release."""
    counts_after: dict[str, int]
    """Counts of the second one."""
    changes: Changes
    """Ids of everything that differs."""
    claims: tuple[ClaimChange, ...]
    """The claims that differ, by kind of change, relabelled ones first and added ones last; each
    kind in the order of the release."""
    moved: tuple[str, ...]
    """Claims whose split differs; no release made by claimset moves one."""
    facts: tuple[FactChange, ...] = ()
    """What differs in `release.json` beside the rows and what follows from them: name, columns,
    labels and what they mean, versions of guidelines and rules."""

    @property
    def same_rows(self) -> bool:
        """Whether both hold the same rows."""
        return self.content_id_before == self.content_id_after

    @property
    def same(self) -> bool:
        """Whether both hold the same rows and say the same of them."""
        return self.same_rows and not self.facts


def diff_releases(before: Release, after: Release) -> Difference:
    """Hold two releases against each other.

    Args:
        before: The earlier release.
        after: The later one; the order of the two is the reader's choice.

    Raises:
        DataError: A file is missing or damaged.
    """
    comparison = Comparison(before, {config: after.columns(config) for config in CORE})
    for config in CORE:
        for table in after.batches(config):
            comparison.add(config, table)
    changes = comparison.changes()
    wanted = {*changes.claims.added, *changes.claims.removed, *changes.claims.changed}
    old, new = _rows(before, wanted), _rows(after, wanted)
    kinds = _kinds(changes)
    return Difference(
        version_before=before.metadata.version,
        version_after=after.metadata.version,
        content_id_before=before.metadata.content_id,
        content_id_after=after.metadata.content_id,
        counts_before=before.metadata.counts,
        counts_after=after.metadata.counts,
        changes=changes,
        claims=tuple(
            _claim_change(name, kinds[name], old.get(name), new.get(name))
            for name in sorted({**new, **old}, key=lambda name: _KINDS.index(kinds[name]))
        ),
        moved=tuple(n for n in new if n in old and new[n]["split"] != old[n]["split"]),
        facts=tuple(_facts(before.metadata, after.metadata)),
    )


def _facts(before: ReleaseMetadata, after: ReleaseMetadata) -> Iterator[FactChange]:
    old, new = (given.model_dump(mode="json", include=_FACTS) for given in (before, after))
    for name in _FACTS:
        yield from _parts(name, old[name], new[name])


def _parts(name: str, old: Any, new: Any) -> Iterator[FactChange]:
    """Each part that differs; parts of a list that have names are told apart by these."""
    if isinstance(old, list) and isinstance(new, list) and _named(old) and _named(new):
        old, new = ({part["name"]: part for part in parts} for parts in (old, new))
        if [*old] != [*new] and {*old} == {*new}:
            yield FactChange(field=f"{name} (order)", before=[*old], after=[*new])
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _parts(f"{name}.{key}", old.get(key), new.get(key))
    elif old != new:
        yield FactChange(field=name, before=old, after=new)


def _named(parts: list[Any]) -> bool:
    return all(isinstance(part, dict) and "name" in part for part in parts)


def _rows(release: Release, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Claim rows by id, in release order."""
    values = pa.array(sorted(ids), pa.string())
    found: dict[str, dict[str, Any]] = {}
    if len(values):
        for table in release.batches("claims"):
            chosen = table.filter(pc.is_in(table["claim_id"], values))
            found |= {row["claim_id"]: row for row in decode_rows(chosen)}
    return found


def _kinds(changes: Changes) -> dict[str, str]:
    """What happened to each claim, in one word: the most telling."""
    kinds = dict.fromkeys(changes.claims.changed, "changed")
    kinds |= dict.fromkeys(changes.evidence, "evidence")
    kinds |= dict.fromkeys((item.claim_id for item in changes.relabelled), "relabelled")
    kinds |= dict.fromkeys(changes.withdrawn, "withdrawn")
    kinds |= dict.fromkeys(changes.claims.added, "added")
    return kinds | dict.fromkeys(changes.claims.removed, "removed")


def _claim_change(
    name: str, kind: str, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> ClaimChange:
    row = new or old or {}
    columns = []
    if old is not None and new is not None:
        columns = [
            ColumnChange(column=key, before=old.get(key), after=new.get(key))
            for key in dict.fromkeys([*new, *old])
            if key not in _RECORDS and old.get(key) != new.get(key)
        ]
    return ClaimChange(
        claim_id=name,
        change=kind,
        article_id=row["article_id"],
        text=row["text"] if row["text"] is not None or old is None else old["text"],
        label_before=_label(old),
        label_after=_label(new),
        columns=tuple(columns),
    )


def _label(row: dict[str, Any] | None) -> str | None:
    if row is None:
        return None
    if row["status"] == ClaimStatus.WITHDRAWN:
        return str(ClaimStatus.WITHDRAWN)
    return str(row["gold_verdict"] or row["gold_checkability"] or GoldSource.UNRESOLVED)
