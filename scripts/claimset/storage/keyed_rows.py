"""Keyed rows: some rows of a table, found by one column, without making the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import Model
from claimset.storage.tables import read_shard, rows_of, shards_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["KeyedRows"]

_Row = TypeVar("_Row", bound=Model)


class KeyedRows(Generic[_Row]):
    """The rows of a table whose key is one of those wanted.

    Of the table one column is read, file by file, and where the wanted rows stand is remembered.
    They are made when asked for; the file that was read last is kept.

    Args:
        folder: The table.
        model: The model of a row.
        key: The column of strings.
        wanted: Its values.
        made_by: The command that makes the table.
        check: Called with each row as it is made; raises what is wrong with it.

    Raises:
        UsageError: There is no such table.
        DataError: The table is damaged.
    """

    def __init__(
        self,
        folder: Path,
        model: type[_Row],
        key: str,
        wanted: Iterable[str],
        *,
        made_by: str,
        check: Callable[[_Row], None] = lambda _row: None,
    ) -> None:
        self._model = model
        self._made_by = made_by
        self._check = check
        self._shard: tuple[Path, pa.Table] | None = None
        self._runs: dict[str, list[tuple[Path, int, int]]] = {}
        """File, first row and number of rows of each stretch of rows with one key, by key."""
        values = pa.array(sorted(set(wanted)), pa.string())
        for path in shards_of(folder, made_by=made_by) if len(values) else ():
            self._note(path, key, values)

    def __iter__(self) -> Iterator[_Row]:
        """All wanted rows, in the order of the table as far as each key's rows stand together."""
        for key in self._runs:
            yield from self.of(key)

    def of(self, key: str) -> Iterator[_Row]:
        """The rows of one key.

        Raises:
            DataError: A row does not fit the model.
        """
        for path, first, count in self._runs.get(key, ()):
            if self._shard is None or self._shard[0] != path:
                self._shard = path, read_shard(path, made_by=self._made_by)
            rows = self._shard[1].slice(first, count)
            for row in rows_of(rows, self._model, path=path, made_by=self._made_by, first=first):
                self._check(row)
                yield row

    def _note(self, path: Path, key: str, values: pa.Array) -> None:
        table = read_shard(path, made_by=self._made_by, columns=(key,))
        if table.column_names != [key] or table[key].type != pa.string():
            # A table of another form: the model says what is wrong with it.
            whole = read_shard(path, made_by=self._made_by)
            for _ in rows_of(whole, self._model, path=path, made_by=self._made_by):
                pass
            return
        found = pc.index_in(table[key], value_set=values).combine_chunks().fill_null(-1).to_numpy()
        rows = np.flatnonzero(found >= 0)
        if not len(rows):
            return
        numbers = found[rows]
        borders = np.flatnonzero((np.diff(rows) != 1) | (np.diff(numbers) != 0)) + 1
        for run, number in zip(
            np.split(rows, borders), numbers[np.r_[0, borders]].tolist(), strict=True
        ):
            place = (path, int(run[0]), len(run))
            self._runs.setdefault(values[number].as_py(), []).append(place)
