"""The shard store: what segmentation made of some articles, by the hash of all it depends on."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.errors import UsageError
from claimset.identifiers import sha256_hex
from claimset.models import ShardRecord
from claimset.storage.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ShardStore"]

_RECORD = "json"


class ShardStore:
    """Files of shards in a folder, or under any address that ``fsspec`` can write.

    A shard counts once its record is there, and the record is written last. Two workers that make
    the same shard write the same bytes.

    Args:
        address: A folder, or an address such as ``s3://bucket/shards``.

    Raises:
        UsageError: The address cannot be used.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._files: Any = None
        self._root = address
        if "://" in address:
            import fsspec  # noqa: PLC0415 - only where it is needed

            try:
                self._files, self._root = fsspec.core.url_to_fs(address)
            except (ImportError, ValueError) as error:
                raise UsageError(
                    f"shards cannot be kept there: {error}",
                    where=address,
                    remedy="give a folder, or install the package that the address needs",
                ) from error

    def record(self, key: str) -> ShardRecord | None:
        """The record of a shard that is complete, else ``None``."""
        try:
            data = self._read(f"{key}.{_RECORD}")
            record = ShardRecord.model_validate_json(data)
        except (FileNotFoundError, ValidationError):
            return None
        return record if record.key == key else None

    def has(self, key: str) -> bool:
        """Whether there is a record of a shard."""
        name = f"{key}.{_RECORD}"
        if self._files is None:
            return (Path(self._root) / name).exists()
        self._files.invalidate_cache()
        return bool(self._files.exists(f"{self._root}/{name}"))

    def write(self, record: ShardRecord, tables: Mapping[str, bytes]) -> None:
        """Keep a shard: its tables first, its record last."""
        for table, data in tables.items():
            self._write(f"{record.key}.{table}.parquet", data)
        self._write(f"{record.key}.{_RECORD}", record.model_dump_json().encode("utf-8"))

    def fetch(self, record: ShardRecord, table: str, target: Path) -> bool:
        """Put a table of a shard at ``target``.

        Returns:
            Whether the file is there and has the bytes that the record names.
        """
        name = f"{record.key}.{table}.parquet"
        try:
            data = self._read(name)
        except FileNotFoundError:
            return False
        if sha256_hex(data) != record.files[table]:
            return False
        if self._files is None:
            try:
                os.link(Path(self._root) / name, target)
            except OSError:  # another disk, or a file system without links
                shutil.copyfile(Path(self._root) / name, target)
        else:
            target.write_bytes(data)
        return True

    def forget(self, key: str) -> None:
        """Take a record back, so that the shard is made again."""
        if self._files is None:
            (Path(self._root) / f"{key}.{_RECORD}").unlink(missing_ok=True)
        elif self._files.exists(f"{self._root}/{key}.{_RECORD}"):
            self._files.rm_file(f"{self._root}/{key}.{_RECORD}")

    @property
    def folder(self) -> Path | None:
        """The folder on this disk, if it is one."""
        return Path(self._root) if self._files is None else None

    def _read(self, name: str) -> bytes:
        if self._files is None:
            return (Path(self._root) / name).read_bytes()
        data: bytes = self._files.cat_file(f"{self._root}/{name}")
        return data

    def _write(self, name: str, data: bytes) -> None:
        if self._files is None:
            replace_file(Path(self._root) / name, data)
            return
        path = f"{self._root}/{name}"
        self._files.makedirs(self._root, exist_ok=True)
        # Object stores show a file only when it is whole; elsewhere a rename does the same.
        temporary = f"{path}.{uuid.uuid4().hex}.tmp"
        self._files.pipe_file(temporary, data)
        self._files.mv(temporary, path)
