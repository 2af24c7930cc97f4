"""Rows on their way into a release: taken in any order, given out stretch by stretch.

A release is built one stretch of articles at a time, so that memory holds one stretch and not the
dataset. Rows that arrive are put into the stretch of their article; what does not fit in memory
waits in uncompressed Arrow files in a folder of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from claimset.release.arrays import coded, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from pydantic import BaseModel

    from claimset.release.columns import Column

__all__ = ["Stage", "tables_of"]

_MODELS_AT_ONCE = 5_000
_IN_MEMORY = 24 << 20
"""Bytes of waiting rows before they go to disk."""


def tables_of(
    rows: Iterable[BaseModel] | Iterable[pa.Table], columns: Mapping[str, Column]
) -> Iterator[pa.Table]:
    """Rows as tables with the given columns, labels by number.

    Args:
        rows: Models, or tables whose labels are names or numbers.
        columns: The columns to take; a table may have others, too.
    """
    waiting: list[Any] = []
    for item in rows:
        if isinstance(item, (pa.Table, pa.RecordBatch)):
            yield pa.table({name: coded(item[name], column) for name, column in columns.items()})
            continue
        waiting.append(item)
        if len(waiting) == _MODELS_AT_ONCE:
            yield table_of(waiting, columns)
            waiting = []
    if waiting:
        yield table_of(waiting, columns)


class Stage:
    """Rows by stretch.

    Args:
        folder: Where rows may wait; exists, and is removed by the caller.
        name: Name of the files there.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._waiting: dict[int, list[pa.Table]] = {}
        self._files: dict[int, tuple[Any, Any]] = {}
        self._bytes = 0

    def add(self, table: pa.Table, stretches: NDArray[np.int64]) -> None:
        """Put each row into its stretch; rows of one stretch keep the order they came in."""
        if not table.num_rows:
            return
        self._bytes += table.nbytes
        if (stretches == stretches[0]).all():
            self._waiting.setdefault(int(stretches[0]), []).append(table)
        else:
            for stretch in np.unique(stretches).tolist():
                rows = np.flatnonzero(stretches == stretch)
                whole = rows[-1] - rows[0] + 1 == len(rows)
                part = table.slice(rows[0], len(rows)) if whole else table.take(pa.array(rows))
                self._waiting.setdefault(stretch, []).append(part)
        if self._bytes > _IN_MEMORY:
            self._spill()

    def _spill(self) -> None:
        for stretch, tables in self._waiting.items():
            if stretch not in self._files:
                path = self._folder / f"{self._name}-{stretch:05d}.arrow"
                stream = pa.OSFile(str(path), "wb")
                self._files[stretch] = stream, pa.ipc.new_stream(stream, tables[0].schema)
            for table in tables:
                self._files[stretch][1].write_table(table)
        self._waiting, self._bytes = {}, 0

    def take(self, stretch: int) -> pa.Table | None:
        """The rows of a stretch in the order they came in; each stretch is taken once."""
        tables = self._waiting.pop(stretch, [])
        if stretch in self._files:
            stream, writer = self._files.pop(stretch)
            writer.close()
            stream.close()
            path = self._folder / f"{self._name}-{stretch:05d}.arrow"
            with pa.OSFile(str(path), "rb") as written:
                tables = [pa.ipc.open_stream(written).read_all(), *tables]
            path.unlink()
        if not tables:
            return None
        return pa.concat_tables(tables).combine_chunks()

    def close(self) -> None:
        """Close what was not taken."""
        for stream, writer in self._files.values():
            writer.close()
            stream.close()
        self._files = {}
