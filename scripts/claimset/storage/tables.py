"""Parquet shards of models: written whole or not at all, read back through the model."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Generic, Self, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from claimset.errors import DataError, UsageError
from claimset.storage.columns import arrow_schema, table_of
from claimset.storage.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from claimset.models import Model

__all__ = [
    "TableAssembly",
    "TableWriter",
    "read_shard",
    "read_table",
    "rows_of",
    "shards_of",
    "write_table",
]

_ROWS_PER_SHARD = 5_000
_Row = TypeVar("_Row", bound="Model")


class TableWriter(Generic[_Row]):
    """Writes a table shard by shard beside the old one, and puts it in its place at the end.

    Memory holds one shard at most. Used as a context manager: without :meth:`commit`, or when an
    exception is raised, the old table stays as it is.

    Args:
        folder: The table's folder.
        model: The model of a row.
    """

    def __init__(self, folder: Path, model: type[_Row]) -> None:
        self._folder = folder
        self._fresh = folder.with_name(f"{folder.name}.new-{os.getpid()}")
        self._schema = arrow_schema(model)
        self._waiting: list[_Row] = []
        self._shards = 0
        self.rows = 0
        """Rows added so far."""

    def __enter__(self) -> Self:
        for left_behind in self._folder.parent.glob(f"{self._folder.name}.*-*"):  # by a kill
            shutil.rmtree(left_behind, ignore_errors=True)
        self._fresh.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._fresh, ignore_errors=True)

    def add(self, rows: Iterable[_Row]) -> None:
        """Add rows after those that were added before."""
        for row in rows:
            self._waiting.append(row)
            self.rows += 1
            if len(self._waiting) == _ROWS_PER_SHARD:
                self._write_shard()

    def commit(self) -> None:
        """Put the table in its place; in the moment of exchange there is none."""
        if self._waiting or not self._shards:
            self._write_shard()
        sync_folder(self._fresh)
        _exchange(self._fresh, self._folder)

    def _write_shard(self) -> None:
        table = table_of(self._waiting, self._schema)
        path = self._fresh / f"part-{self._shards:05d}.parquet"
        pq.write_table(table, path, compression="zstd", write_page_checksum=True)
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
        self._waiting.clear()
        self._shards += 1


class TableAssembly:
    """Puts a table together from files that exist, and in its place at the end.

    Used as a context manager: without :meth:`commit` the old table stays as it is.

    Args:
        folder: The table's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fresh = folder.with_name(f"{folder.name}.new-{os.getpid()}")
        self._shards = 0

    def __enter__(self) -> Self:
        for left_behind in self._folder.parent.glob(f"{self._folder.name}.*-*"):  # by a kill
            shutil.rmtree(left_behind, ignore_errors=True)
        self._fresh.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._fresh, ignore_errors=True)

    def add(self) -> Path:
        """The path where the next file belongs."""
        path = self._fresh / f"part-{self._shards:07d}.parquet"
        self._shards += 1
        return path

    def commit(self) -> None:
        """Put the table in its place; in the moment of exchange there is none."""
        sync_folder(self._fresh)
        _exchange(self._fresh, self._folder)


def write_table(folder: Path, model: type[_Row], rows: Iterable[_Row]) -> int:
    """Replace the shards in ``folder`` by ``rows``; returns how many rows were written."""
    with TableWriter(folder, model) as writer:
        writer.add(rows)
        writer.commit()
        return writer.rows


def _exchange(fresh: Path, folder: Path) -> None:
    old = folder.with_name(f"{folder.name}.old-{os.getpid()}")
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    sync_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def read_table(folder: Path, model: type[_Row], *, made_by: str) -> Iterator[_Row]:
    """Read the shards of ``folder`` in order, each row checked by its model.

    Args:
        folder: Where :func:`write_table` put the shards.
        model: The model of a row.
        made_by: The command that makes the table, for the message when it is missing.

    Raises:
        UsageError: There is no such table yet.
        DataError: A shard is damaged, or a row does not fit the model.
    """
    for path in shards_of(folder, made_by=made_by):
        yield from rows_of(read_shard(path, made_by=made_by), model, path=path, made_by=made_by)


def shards_of(folder: Path, *, made_by: str) -> list[Path]:
    """The files of a table, in order.

    Raises:
        UsageError: There is no such table yet.
    """
    shards = sorted(folder.glob("part-*.parquet"))
    if not shards:
        raise UsageError(
            f"there is no table of {folder.name} yet",
            where=str(folder),
            remedy=f"run `{made_by}` first",
        )
    return shards


def read_shard(path: Path, *, made_by: str, columns: Sequence[str] | None = None) -> pa.Table:
    """One file of a table, as Arrow columns.

    Raises:
        DataError: It is damaged.
    """
    try:
        # Not `read_table`: it loads pandas, which takes a third of a second.
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read(columns=None if columns is None else list(columns))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"the table cannot be read: {error}",
            where=str(path),
            remedy=f"run `{made_by}` again; the table is made from the articles",
        ) from error


def rows_of(
    table: pa.Table, model: type[_Row], *, path: Path, made_by: str, first: int = 0
) -> Iterator[_Row]:
    """Rows of a file, each checked by its model.

    Args:
        table: The columns of the file, or of some of its rows.
        model: The model of a row.
        path: The file, for the message.
        made_by: The command that makes the table.
        first: Number of the first row in the file.

    Raises:
        DataError: A row does not fit the model.
    """
    for number, row in enumerate(table.to_pylist(), start=first):
        try:
            yield model.checked(row)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            raise DataError(
                f"the row does not fit {model.__name__}: {fault['msg']}",
                where=f"{path}, row {number}, field {'.'.join(str(part) for part in fault['loc'])}",
                remedy=f"run `{made_by}` again; the table was written by another version",
            ) from error
