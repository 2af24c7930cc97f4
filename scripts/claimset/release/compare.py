"""A release held against another one, piece by piece and by digests.

Of the release before, each row is kept as two 64-bit numbers, one for its key and one for its
content, so that millions of rows fit; the rows of the other release pass by once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from claimset.models import ClaimStatus
from claimset.release.changes import Changes, Relabelled, RowChanges
from claimset.release.columns import CORE, RECORDS
from claimset.release.compact_rows import (
    KEYS,
    CompactRows,
    Words,
    compact_rows,
    hashed,
    joined,
    key_texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from claimset.release.columns import Column
    from claimset.release.reader import Release

__all__ = ["Comparison"]


class _Known(NamedTuple):
    """The rows of a table of the release before, in the order of their keys."""

    rows: CompactRows
    releases: NDArray[np.int32]
    """First release and last changed release of each claim, as codes of words."""
    seen: NDArray[np.bool_]
    """Which of them the later release has."""


class Found(NamedTuple):
    """How some claims stand to those of the release before."""

    known: NDArray[np.bool_]
    """Which claims were there."""
    same: NDArray[np.bool_]
    """Which of them say the same."""
    first: NDArray[np.object_]
    """The release each known claim first appeared in."""
    last: NDArray[np.object_]
    """The release each known claim last changed in."""


class Comparison:
    """Takes in the rows of the later release and says what changed.

    Args:
        before: The earlier release; its files are read once, and checked.
        columns: The columns of the later release, by config.
    """

    def __init__(self, before: Release, columns: Mapping[str, Mapping[str, Column]]) -> None:
        self._before = before
        self._columns = columns
        theirs = {config: before.columns(config) for config in CORE}
        # With other columns every row would differ; then what both have is compared.
        self._common = {
            config: {
                name: column
                for name, column in columns[config].items()
                if name in theirs[config] and name not in RECORDS[config]
            }
            for config in CORE
        }
        self._added_columns = list(_column_changes(theirs, columns))
        self._words = Words()
        self._known = {config: self._read(config, theirs[config]) for config in CORE}
        self._found: dict[str, dict[str, list[str]]] = {
            config: {"added": [], "changed": []} for config in CORE
        }
        self._relabelled: list[Relabelled] = []
        self._evidence: list[str] = []
        self._withdrawn: list[str] = []

    def _read(self, config: str, theirs: Mapping[str, Column]) -> _Known:
        parts, releases = [], []
        for table in self._before.batches(config):
            common = {name: theirs[name] for name in self._common[config]}
            parts.append(self._rows(config, table, common, theirs))
            if config == "claims":
                both = (table["first_release"], table["last_changed_release"])
                releases.append(np.stack([self._words.of(column) for column in both]))
        whole = joined(parts)
        order = np.argsort(whole.keys, kind="stable")
        dates: NDArray[np.int32] = np.zeros((2, 0), np.int32)
        if releases:
            dates = np.concatenate(releases, axis=1)[:, order]
        return _Known(whole.take(order), dates, np.zeros(len(order), bool))

    def _rows(
        self,
        config: str,
        table: pa.Table,
        common: Mapping[str, Column],
        columns: Mapping[str, Column],
    ) -> CompactRows:
        return compact_rows(table, KEYS[config], common, columns, self._words)

    def add(self, config: str, table: pa.Table) -> Found:
        """Take in rows of the later release; the columns that record a run need not be there."""
        known = self._known[config]
        rows = self._rows(config, table, self._common[config], self._columns[config])
        place = np.minimum(
            np.searchsorted(known.rows.keys, rows.keys), max(len(known.rows.keys) - 1, 0)
        )
        there = np.zeros(len(rows.keys), bool)
        if len(known.rows.keys):
            there = known.rows.keys[place] == rows.keys
            known.seen[place[there]] = True
        same = there.copy()
        same[there] = known.rows.content[place[there]] == rows.content[there]
        names = _names(config, table)
        found = self._found[config]
        found["added"] += names(np.flatnonzero(~there))
        changed = np.flatnonzero(there & ~same)
        found["changed"] += names(changed)
        if config != "claims":
            nothing = np.full(len(there), None, dtype=object)
            return Found(there, same, nothing, nothing)
        ids = names(changed)
        for name, row, old in zip(ids, changed, place[changed], strict=True):
            self._tell(name, rows, row, known, old)
        if not len(known.rows.keys):
            nothing = np.full(len(there), None, dtype=object)
            return Found(there, same, nothing, nothing)
        first, last = (self._words.back(codes[place]) for codes in known.releases)
        return Found(there, same, first, last)

    def _tell(self, name: str, rows: CompactRows, row: int, known: _Known, old: int) -> None:
        withdrawn = self._words.number(str(ClaimStatus.WITHDRAWN))
        if rows.status[row] == withdrawn != known.rows.status[old]:
            self._withdrawn.append(name)
            return
        if rows.label[row] != known.rows.label[old]:
            before, after = (
                self._words.word(int(code)) for code in (known.rows.label[old], rows.label[row])
            )
            self._relabelled.append(Relabelled(claim_id=name, before=before, after=after))
        if rows.evidence[row] != known.rows.evidence[old]:
            self._evidence.append(name)

    def changes(self) -> Changes:
        """What differs, once all rows of the later release were taken in."""
        return Changes(
            **{
                config: RowChanges(
                    added=tuple(self._found[config]["added"]),
                    removed=tuple(self._removed(config)),
                    changed=tuple(self._found[config]["changed"]),
                )
                for config in CORE
            },
            relabelled=tuple(self._relabelled),
            evidence=tuple(self._evidence),
            withdrawn=tuple(self._withdrawn),
            columns=tuple(self._added_columns),
        )

    def _removed(self, config: str) -> Iterator[str]:
        known = self._known[config]
        gone = np.sort(known.rows.keys[~known.seen])
        if not len(gone):
            return
        for table in self._before.batches(config, list(KEYS[config])):
            keys = hashed(key_texts(table, KEYS[config]))
            place = np.minimum(np.searchsorted(gone, keys), len(gone) - 1)
            yield from _names(config, table)(np.flatnonzero(gone[place] == keys))


def _names(config: str, table: pa.Table) -> Callable[[NDArray[np.int64]], list[str]]:
    def names(rows: NDArray[np.int64]) -> list[str]:
        if not len(rows):
            return []
        found: list[str] = key_texts(table.take(pa.array(rows)), KEYS[config]).to_pylist()
        return found

    return names


def _column_changes(
    old: Mapping[str, Mapping[str, Column]], new: Mapping[str, Mapping[str, Column]]
) -> Iterator[str]:
    for config in CORE:
        was, now = old[config], new[config]
        yield from (f"`{config}.{name}` added" for name in now if name not in was)
        yield from (f"`{config}.{name}` removed" for name in was if name not in now)
        yield from (
            f"`{config}.{name}` has other types or labels"
            for name in now
            if name in was and _plain(now[name]) != _plain(was[name])
        )


def _plain(column: Column) -> Any:
    """A column without regard to whether its labels are enum members or words."""
    if isinstance(column, str):
        return column
    if "labels" in column:
        return [str(name) for name in column["labels"]]
    if "list" in column:
        return ["list", _plain(column["list"]), column.get("length", -1)]
    return {name: _plain(inner) for name, inner in column["struct"].items()}
