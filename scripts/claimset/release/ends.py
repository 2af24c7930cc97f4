"""Where a row group ends: behind a row that its own words choose.

Ends at fixed numbers of rows would all move when one row comes or goes, and every group behind it
would have other bytes. Of the rows behind which a group may end, the one with the least hash stays
the same wherever the rows before it begin (local minimum chunking: Bjørner, Blass and Gurevich
2010, doi:10.1016/j.jcss.2009.06.004).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc

from claimset.release.values import plain_values

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["group_end"]


def group_end(candidates: pa.Table) -> int:
    """How many of the candidate rows still belong to the group: at least one.

    Args:
        candidates: The rows behind which the group may end, at least one.
    """
    hashes = [crc32(words.encode()) for words in _words(candidates)]
    return hashes.index(min(hashes)) + 1


def _words(table: pa.Table) -> Iterable[str]:
    """The strings of each row, those in nested columns only where there are no others."""
    flat = [column for column in table.columns if pa.types.is_string(column.type)]
    if flat:
        return plain_values(
            pc.binary_join_element_wise(*flat, "\n", null_handling="replace", null_replacement="")
        )
    return map(str, plain_values(table.column(0)))
