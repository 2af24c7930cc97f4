"""Where a row group ends: behind a row that its own words choose.

Ends at fixed numbers of rows would all move when one row comes or goes, and every group behind it
would have other bytes. Of the rows behind which a group may end, the one with the least hash stays
the same wherever the rows before it begin (local minimum chunking: Bjørner, Blass and Gurevich
2010, doi:10.1016/j.jcss.2009.06.004).
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.release.arrays import list_of, list_starts
from claimset.release.values import plain_values

__all__ = ["group_end"]


def group_end(candidates: pa.Table) -> int:
    """How many of the candidate rows still belong to the group: at least one.

    Args:
        candidates: The rows behind which the group may end, at least one.
    """
    hashes = [crc32(words.encode()) for words in _words(candidates)]
    return hashes.index(min(hashes)) + 1


def _words(table: pa.Table) -> list[str]:
    """Words of each row: its first two columns of strings, or else its first column."""
    flat = [column for column in table.columns if pa.types.is_string(column.type)][:2]
    if not flat:
        first = table.column(0).combine_chunks()
        if not (pa.types.is_list(first.type) and pa.types.is_struct(first.type.value_type)):
            return [str(value) for value in plain_values(first)]
        parts = [part for part in first.flatten().flatten() if pa.types.is_string(part.type)]
        counts = np.diff(list_starts(first))
        flat = [pc.binary_join(list_of(pc.fill_null(part, ""), counts), "\n") for part in parts]
    return plain_values(
        pc.binary_join_element_wise(*flat, "\n", null_handling="replace", null_replacement="")
    )
