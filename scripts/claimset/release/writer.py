"""Parquet files of a release: written as rows arrive, the same bytes for the same rows.

Row groups and pages end where the rows themselves say, whatever the pieces in which they came; rows
that do not make a group yet wait, on disk when they are many. The bytes
depend on the versions of pyarrow and `datasets` too (both stand in the file), so releases are
compared by content id and files by sha256. A stable row order and such ends keep a
new version cheap to upload: unchanged pages have unchanged bytes, also behind rows that came or
went. A dictionary would not: one value more renumbers all that follow.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from claimset.models import ReleasedFile
from claimset.release.columns import CONFIGS, CORE, splits_of
from claimset.release.ends import group_end
from claimset.release.features import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimset.models import LabelSet
    from claimset.release.canonical import ContentHash

__all__ = ["ReleaseWriter", "file_path"]

_MOST_ROWS = 50_000
"""Rows of a row group at most: those of a group lie in memory twice while it is cut off."""

_CANDIDATES = 12_500
"""At how many rows, the last ones that fit, a row group may end."""

_PAGES = {"min_chunk_size": 64 << 10, "max_chunk_size": 256 << 10, "norm_level": 0}
"""Bytes of a page before compression. A change costs its page and the client's next chunk, some
64 kB: larger pages cost more with every change, and smaller ones compress worse than they save."""

_IN_MEMORY = 16 << 20
"""Bytes of waiting rows, over all files, before some of them go to disk."""

_HASH_CHUNK = 1 << 20


def file_path(config: str, split: str) -> str:
    """Where the rows of a split of a config lie in the dataset folder.

    >>> file_path("claims", "train")
    'claims/train-00000-of-00001.parquet'
    """
    return f"{config}/{split}-00000-of-00001.parquet"


class ReleaseWriter:
    """Writes the tables of a release into a folder, piece by piece.

    A context manager; :meth:`finish` closes the files and describes them.

    Args:
        folder: Where the files go.
        labels: The label set, whose names stand in the files.
        content: Takes the rows of the core tables, too, in large pieces; complete after
            :meth:`finish`.
    """

    def __init__(self, folder: Path, labels: LabelSet, content: ContentHash | None = None) -> None:
        self._folder, self._labels, self._content = folder, labels, content
        self._files: dict[tuple[str, str], _File] = {}
        self._schemas: dict[str, pa.Schema] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def add(self, config: str, split: str, table: pa.Table) -> None:
        """Add rows after those that were added to the split before.

        Args:
            config: Name of the config.
            split: Name of the split.
            table: Rows with the columns of the config, in any order of columns.
        """
        if table.num_rows:
            self._file(config, split).add(table)
            while sum(file.waiting for file in self._files.values()) > _IN_MEMORY:
                max(self._files.values(), key=lambda file: file.waiting).spill()

    def finish(self) -> tuple[ReleasedFile, ...]:
        """Close all files; a config without any row gets one empty file, so that it loads."""
        for config in CONFIGS:
            if not any((config, split) in self._files for split in splits_of(config)):
                self._file(config, splits_of(config)[0])
        return tuple(
            self._files[config, split].finish(config, split)
            for config in CONFIGS
            for split in splits_of(config)
            if (config, split) in self._files
        )

    def _file(self, config: str, split: str) -> _File:
        if config not in self._schemas:
            self._schemas[config] = arrow_schema(config, self._labels)
        if (config, split) not in self._files:
            schema, content = self._schemas[config], self._content if config in CORE else None
            add = partial(content.add, config, split) if content else None
            path = file_path(config, split)
            self._files[config, split] = _File(self._folder, path, schema, add)
        return self._files[config, split]


class _File:
    def __init__(
        self, folder: Path, path: str, schema: pa.Schema, add: Callable[[pa.Table], None] | None
    ) -> None:
        self._path, self._name, self._schema, self._add = folder / path, path, schema, add
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self._path.open("wb")
        self._writer = pq.ParquetWriter(
            self._stream,
            schema,
            compression="zstd",
            compression_level=3,
            write_page_index=True,
            use_content_defined_chunking=_PAGES,
            use_dictionary=False,
        )
        self._waiting: list[pa.Table] = []
        self._spilled: tuple[Any, Any] | None = None
        self._spill_path = self._path.with_suffix(".waiting")
        self._rows = self._written = self._arrow_bytes = 0
        self.waiting = 0
        """Bytes of the rows that wait in memory."""

    def add(self, table: pa.Table) -> None:
        types = {name: self._schema.field(name).type for name in self._schema.names}
        table = pa.table(
            [
                table[name] if table[name].type == kind else table[name].cast(kind)
                for name, kind in types.items()
            ],
            schema=self._schema,
        )
        size = table.nbytes
        self._arrow_bytes += size
        self.waiting += size
        self._waiting.append(table)
        self._rows += table.num_rows
        while self._rows - self._written >= _MOST_ROWS:
            self._write_group(last=False)

    def spill(self) -> None:
        if self._spilled is None:
            stream = pa.OSFile(str(self._spill_path), "wb")
            self._spilled = stream, pa.ipc.new_stream(stream, self._schema)
        for table in self._waiting:
            self._spilled[1].write_table(table)
        self._waiting, self.waiting = [], 0

    def _write_group(self, *, last: bool) -> None:
        with ExitStack() as stack:
            tables = self._waiting
            if self._spilled is not None:
                self._close_spilled()
                stack.callback(self._spill_path.unlink)
                stored = stack.enter_context(pa.memory_map(str(self._spill_path)))
                tables = [pa.ipc.open_stream(stored).read_all(), *tables]
            waiting = pa.concat_tables(tables)
            rows = waiting.num_rows
            if not last:
                least = _MOST_ROWS - _CANDIDATES
                rows = least + group_end(waiting.slice(least, _CANDIDATES))
            # The bytes depend on how the rows lie in memory: always in one piece.
            group, rest = waiting.slice(0, rows).combine_chunks(), waiting.slice(rows)
            del tables, waiting
            self._waiting = [rest.combine_chunks()] if rest.num_rows else []
            self.waiting = rest.nbytes
        if self._add is not None:
            self._add(group)
        self._writer.write_table(group, rows)
        self._written += rows

    def _close_spilled(self) -> None:
        if self._spilled is not None:
            stream, writer = self._spilled
            writer.close()
            stream.close()
            self._spilled = None

    def close(self) -> None:
        if not self._stream.closed:
            self._close_spilled()
            self._writer.close()
            self._stream.close()

    def finish(self, config: str, split: str) -> ReleasedFile:
        if self._rows > self._written:
            self._write_group(last=True)
        self._writer.close()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        digest = hashlib.sha256()
        with self._path.open("rb") as written:
            while chunk := written.read(_HASH_CHUNK):
                digest.update(chunk)
        return ReleasedFile(
            config=config,
            split=split,
            path=self._name,
            rows=self._rows,
            sha256=digest.hexdigest(),
            bytes=self._path.stat().st_size,
            arrow_bytes=self._arrow_bytes,
        )
