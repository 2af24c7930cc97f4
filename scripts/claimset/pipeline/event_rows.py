"""Event rows: a table of segmentation, read event by event."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from claimset.models import Model
from claimset.pipeline.stamp import SEGMENT_COMMAND
from claimset.storage.tables import read_shard, rows_of, shards_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = ["EventRows"]

_Row = TypeVar("_Row", bound=Model)


class EventRows(Generic[_Row]):
    """A table whose rows are read event by event; an event is known by a number.

    Args:
        folder: The table's folder.
        model: The model of a row.
    """

    def __init__(self, folder: Path, model: type[_Row]) -> None:
        self._folder = folder
        self._model = model
        self._paths: list[Path] = []
        # Runs of rows that belong to one event, column by column: there are three tables, and a
        # run for each event in each.
        self._event, self._path, self._first, self._count = (array("q") for _ in range(4))
        self._shard: tuple[Path, pa.Table] | None = None

    def index(
        self,
        columns: tuple[str, ...],
        events_of: Callable[[Path, pa.Table], Sequence[int] | NDArray[np.integer]],
    ) -> None:
        """Note where each event's rows stand.

        Args:
            columns: What has to be read to tell the events.
            events_of: Told a file and these columns of it; returns the event of each row.

        Raises:
            UsageError: There is no such table yet.
            DataError: A file is damaged.
        """
        for path in shards_of(self._folder, made_by=SEGMENT_COMMAND):
            table = read_shard(path, made_by=SEGMENT_COMMAND, columns=columns)
            events = np.asarray(events_of(path, table), dtype=np.int64)
            starts = np.flatnonzero(np.diff(events, prepend=-2))
            self._event.extend(events[starts].tolist())
            self._path.extend([len(self._paths)] * len(starts))
            self._first.extend(starts.tolist())
            self._count.extend(np.diff(starts, append=len(events)).tolist())
            self._paths.append(path)
        self._order = np.argsort(np.frombuffer(self._event, dtype=np.int64), kind="stable")

    def read(self, event: int) -> Iterator[_Row]:
        """All rows of an event; the file they stand in is kept for the next one."""
        events = np.frombuffer(self._event, dtype=np.int64)
        first, last = (
            int(np.searchsorted(events, event, side=side, sorter=self._order))
            for side in ("left", "right")
        )
        for run in self._order[first:last].tolist():
            path = self._paths[self._path[run]]
            if self._shard is None or self._shard[0] != path:
                self._shard = path, read_shard(path, made_by=SEGMENT_COMMAND)
            start = self._first[run]
            rows = self._shard[1].slice(start, self._count[run])
            yield from rows_of(rows, self._model, path=path, made_by=SEGMENT_COMMAND, first=start)
