"""Compact rows: what is compared of a release's rows, some bytes each, so that millions fit."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import GoldSource
from claimset.release.canonical import row_digests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from claimset.release.columns import Column

__all__ = ["KEYS", "CompactRows", "Words", "compact_rows", "hashed", "joined", "key_texts"]

KEYS = {
    "claims": ("claim_id",),
    "annotations": ("claim_id", "annotator", "role"),
    "articles": ("article_id",),
}
"""The columns that name a row of each core table."""

_AT_ONCE = 10_000
"""Rows whose texts are in memory at a time."""


class CompactRows(NamedTuple):
    """What is compared of some rows."""

    keys: NDArray[np.uint64]
    """64 bits of the hash of each row's name."""
    content: NDArray[np.uint64]
    """64 bits of the hash of all that each says."""
    evidence: NDArray[np.uint64]
    """The same of each claim's evidence sets; nothing for other rows."""
    label: NDArray[np.int32]
    """The label of each claim, as a code of words."""
    status: NDArray[np.int32]
    """The status of each claim, as a code of words."""

    def take(self, places: NDArray[np.int64]) -> CompactRows:
        """The rows at places, in that order."""
        return CompactRows(
            self.keys[places],
            self.content[places],
            self.evidence[places],
            self.label[places],
            self.status[places],
        )


class Words:
    """Few different words, and a code for each."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._codes: dict[str, int] = {}

    def number(self, word: str) -> int:
        """The code of a word."""
        if word not in self._codes:
            self._codes[word] = len(self._words)
            self._words.append(word)
        return self._codes[word]

    def word(self, code: int) -> str:
        """The word of a code."""
        return self._words[code]

    def of(self, array: pa.Array | pa.ChunkedArray) -> NDArray[np.int32]:
        """The codes of an array of words, none of them null."""
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        coded = array.dictionary_encode()
        codes = np.array([self.number(word) for word in coded.dictionary.to_pylist()], np.int32)
        found: NDArray[np.int32] = codes[coded.indices.to_numpy()]
        return found

    def back(self, codes: NDArray[np.int32]) -> NDArray[np.object_]:
        """The words of codes."""
        return np.array(self._words, dtype=object)[codes]


def compact_rows(
    table: pa.Table,
    keys: Sequence[str],
    common: Mapping[str, Column],
    columns: Mapping[str, Column],
    words: Words,
) -> CompactRows:
    """What is compared of the rows of a table.

    Args:
        table: Rows of a core table.
        keys: The columns that name a row.
        common: The columns that are compared.
        columns: All its columns.
        words: Codes the labels.
    """
    parts = [
        _compact(table.slice(start, _AT_ONCE), keys, common, columns, words)
        for start in range(0, table.num_rows, _AT_ONCE)
    ]
    return joined(parts)


def _compact(
    table: pa.Table,
    keys: Sequence[str],
    common: Mapping[str, Column],
    columns: Mapping[str, Column],
    words: Words,
) -> CompactRows:
    names = hashed(key_texts(table, keys))
    content = _numbers(row_digests(table, common))
    if "evidence_sets" not in columns:
        nothing = np.zeros(len(names), np.int32)
        return CompactRows(names, content, np.zeros(len(names), np.uint64), nothing, nothing)
    evidence = {"evidence_sets": columns["evidence_sets"]}
    return CompactRows(
        names,
        content,
        _numbers(row_digests(table, evidence)),
        words.of(_labels(table, columns)),
        words.of(_texts(table["status"], columns["status"])),
    )


def joined(parts: Sequence[CompactRows]) -> CompactRows:
    """All parts as one."""
    if not parts:
        return CompactRows(*(np.zeros(0, kind) for kind in ("u8", "u8", "u8", "i4", "i4")))
    return CompactRows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _labels(table: pa.Table, columns: Mapping[str, Column]) -> pa.Array:
    verdict, checkability = (
        _texts(table[name], columns[name]) for name in ("gold_verdict", "gold_checkability")
    )
    unresolved = pa.scalar(str(GoldSource.UNRESOLVED))
    return pc.fill_null(pc.coalesce(verdict, checkability), unresolved)


def _texts(array: pa.ChunkedArray, column: Column) -> pa.Array:
    names = column["labels"] if isinstance(column, dict) else []
    return pa.array([str(name) for name in names], pa.string()).take(array.combine_chunks())


def key_texts(table: pa.Table, keys: Iterable[str]) -> pa.Array:
    """The name of each row, from the columns that name it."""
    return pc.binary_join_element_wise(
        *(table[name].combine_chunks().cast(pa.string()) for name in keys), " "
    )


def hashed(texts: pa.Array) -> NDArray[np.uint64]:
    """A number for each text: the first 64 bits of its SHA-256."""
    return _numbers([hashlib.sha256(t).digest() for t in texts.cast(pa.binary()).to_pylist()])


def _numbers(digests: list[bytes]) -> NDArray[np.uint64]:
    whole = np.frombuffer(b"".join(digests), np.uint64)
    return whole[::4].copy() if len(whole) else np.zeros(0, np.uint64)
