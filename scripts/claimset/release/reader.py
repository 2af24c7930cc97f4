"""A released dataset folder, read back: metadata, files checked against it, plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.errors import ContractError, DataError
from claimset.identifiers import sha256_hex
from claimset.models import ReleaseMetadata, TableInfo
from claimset.release.features import decode_rows

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["METADATA_FILE", "Release", "read_release"]

METADATA_FILE = "release.json"


@dataclass(frozen=True)
class Release:
    """A release as it lies in a folder."""

    folder: Path
    metadata: ReleaseMetadata

    def check(self) -> None:
        """Compare the bytes of every file with `release.json`.

        Raises:
            DataError: A file is missing or damaged.
        """
        for config in self.metadata.tables:
            self.path(config)

    def path(self, config: str) -> Path:
        """The file of a config, its bytes checked against `release.json`.

        Raises:
            DataError: The file is missing or damaged.
        """
        table = self.metadata.tables[config]
        path = self.folder / table.path
        _check_file(path, table)
        return path

    def rows(self, config: str) -> list[dict[str, Any]]:
        """The rows of a config as plain JSON values; none for a config the release lacks.

        Raises:
            DataError: The file is missing or damaged.
        """
        import pyarrow.parquet as pq  # noqa: PLC0415 - only needed when rows are wanted

        if config not in self.metadata.tables:
            return []
        return decode_rows(pq.read_table(self.path(config)))

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of every config."""
        return {config: self.rows(config) for config in self.metadata.tables}


def read_release(folder: Path) -> Release | None:
    """The release in a folder; ``None`` when nothing was released there yet.

    Raises:
        ContractError: `release.json` is not one that this version can read.
    """
    path = folder / METADATA_FILE
    if not path.is_file():
        return None
    try:
        metadata = ReleaseMetadata.model_validate_json(path.read_bytes())
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise ContractError(
            f"the release's metadata cannot be read: {fault['msg']}",
            where=f"{path}, field {field}" if field else str(path),
            remedy="restore the folder from its git or Hub tag, or use the version of claimset "
            "that wrote it",
        ) from error
    return Release(folder, metadata)


def _check_file(path: Path, table: TableInfo) -> None:
    remedy = "restore the folder from its git or Hub tag; released files are never edited"
    try:
        found = sha256_hex(path.read_bytes())
    except OSError as error:
        raise DataError(
            f"the release lacks its file {table.path} ({error.strerror})",
            where=str(path),
            remedy=remedy,
        ) from error
    if found != table.sha256:
        raise DataError(
            f"the file is not the one that was released: sha256 is {found}, "
            f"{METADATA_FILE} says {table.sha256}",
            where=str(path),
            remedy=remedy,
        )
