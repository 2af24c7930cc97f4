"""A release held against another one, piece by piece and by digests.

Of the release before, each row is kept as two 64-bit numbers, one for its key and one for its
content, so that millions of rows fit; the rows of the other release pass by once.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import ClaimStatus, GoldSource
from claimset.release.canonical import row_digests
from claimset.release.changes import Changes, Relabelled, RowChanges
from claimset.release.columns import CORE, RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from claimset.release.columns import Column
    from claimset.release.reader import Release

__all__ = ["Comparison"]

_KEYS = {
    "claims": ("claim_id",),
    "annotations": ("claim_id", "annotator", "role"),
    "articles": ("article_id",),
}
_LABELS = ("gold_verdict", "gold_checkability")


class _Rows(NamedTuple):
    """What is compared of some rows."""

    keys: NDArray[np.uint64]
    content: NDArray[np.uint64]
    label: NDArray[np.str_]
    evidence: NDArray[np.uint64]
    status: NDArray[np.str_]


class _Known(NamedTuple):
    """The rows of a table of the release before, in the order of their keys."""

    rows: _Rows
    releases: NDArray[np.str_]
    """First release and last changed release of each claim."""
    seen: NDArray[np.bool_]
    """Which of them the later release has."""


class Found(NamedTuple):
    """How some claims stand to those of the release before."""

    known: NDArray[np.bool_]
    """Which claims were there."""
    same: NDArray[np.bool_]
    """Which of them say the same."""
    first: NDArray[np.str_]
    """The release each known claim first appeared in."""
    last: NDArray[np.str_]
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
            parts.append(_rows(config, table, {n: theirs[n] for n in self._common[config]}, theirs))
            if config == "claims":
                both = (table["first_release"], table["last_changed_release"])
                releases.append(np.array([column.to_pylist() for column in both]).T)
        whole = _joined(parts)
        order = np.argsort(whole.keys, kind="stable")
        rows = _Rows(
            whole.keys[order],
            whole.content[order],
            whole.label[order],
            whole.evidence[order],
            whole.status[order],
        )
        dates = np.concatenate(releases)[order] if releases else np.zeros((0, 2), "U1")
        return _Known(rows, dates, np.zeros(len(order), bool))

    def add(self, config: str, table: pa.Table) -> Found:
        """Take in rows of the later release; the columns that record a run need not be there."""
        known = self._known[config]
        rows = _rows(config, table, self._common[config], self._columns[config])
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
            return Found(there, same, np.zeros(0, "U1"), np.zeros(0, "U1"))
        ids = names(changed)
        for name, row, old in zip(ids, changed, place[changed], strict=True):
            self._tell(name, rows, row, known, old)
        dates = known.releases[place] if len(known.rows.keys) else np.zeros((len(there), 2), "U1")
        return Found(there, same, dates[:, 0], dates[:, 1])

    def _tell(self, name: str, rows: _Rows, row: int, known: _Known, old: int) -> None:
        withdrawn = str(ClaimStatus.WITHDRAWN)
        if rows.status[row] == withdrawn != known.rows.status[old]:
            self._withdrawn.append(name)
            return
        if rows.label[row] != known.rows.label[old]:
            self._relabelled.append(
                Relabelled(
                    claim_id=name, before=str(known.rows.label[old]), after=str(rows.label[row])
                )
            )
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
        for table in self._before.batches(config, list(_KEYS[config])):
            keys = _hashed(_key_texts(config, table))
            place = np.minimum(np.searchsorted(gone, keys), len(gone) - 1)
            yield from _names(config, table)(np.flatnonzero(gone[place] == keys))


def _rows(
    config: str, table: pa.Table, common: Mapping[str, Column], columns: Mapping[str, Column]
) -> _Rows:
    keys = _hashed(_key_texts(config, table))
    content = _numbers(row_digests(table, common))
    if config != "claims":
        nothing = np.zeros(len(keys), "U1")
        return _Rows(keys, content, nothing, np.zeros(len(keys), np.uint64), nothing)
    evidence = {"evidence_sets": columns["evidence_sets"]}
    return _Rows(
        keys,
        content,
        _labels(table, columns),
        _numbers(row_digests(table, evidence)),
        _decoded(table["status"], columns["status"]),
    )


def _joined(parts: list[_Rows]) -> _Rows:
    if not parts:
        return _Rows(*(np.zeros(0, kind) for kind in ("u8", "u8", "U1", "u8", "U1")))
    return _Rows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _labels(table: pa.Table, columns: Mapping[str, Column]) -> NDArray[np.str_]:
    verdict, checkability = (_texts(table[name], columns[name]) for name in _LABELS)
    unresolved = pa.scalar(str(GoldSource.UNRESOLVED))
    return np.array(pc.fill_null(pc.coalesce(verdict, checkability), unresolved).to_pylist(), "U32")


def _texts(array: pa.ChunkedArray, column: Column) -> pa.Array:
    names = column["labels"] if isinstance(column, dict) else []
    return pa.array([str(name) for name in names], pa.string()).take(array.combine_chunks())


def _decoded(array: pa.ChunkedArray, column: Column) -> NDArray[np.str_]:
    return np.array(_texts(array, column).to_pylist(), "U32")


def _key_texts(config: str, table: pa.Table) -> pa.Array:
    return pc.binary_join_element_wise(
        *(table[name].combine_chunks().cast(pa.string()) for name in _KEYS[config]), " "
    )


def _names(config: str, table: pa.Table) -> Callable[[NDArray[np.int64]], list[str]]:
    def names(rows: NDArray[np.int64]) -> list[str]:
        if not len(rows):
            return []
        found: list[str] = _key_texts(config, table.take(pa.array(rows))).to_pylist()
        return found

    return names


def _hashed(texts: pa.Array) -> NDArray[np.uint64]:
    return _numbers([hashlib.sha256(t).digest() for t in texts.cast(pa.binary()).to_pylist()])


def _numbers(digests: list[bytes]) -> NDArray[np.uint64]:
    whole = np.frombuffer(b"".join(digests), np.uint64)
    return whole[::4].copy() if len(whole) else np.zeros(0, np.uint64)


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
