"""A released dataset folder, read back: metadata, files checked against it, plain rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.errors import ContractError, DataError
from claimset.models import ReleasedFile, ReleaseMetadata, Split
from claimset.release.canonical import ContentHash
from claimset.release.columns import CORE
from claimset.release.features import columns_of_schema, decode_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from claimset.release.columns import Column

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
        for file in self.metadata.files:
            self.path(file)

    def files(self, config: str) -> list[ReleasedFile]:
        """The files of a config, by split; none for a config the release lacks."""
        return [file for file in self.metadata.files if file.config == config]

    def path(self, file: ReleasedFile) -> Path:
        """Where a file lies, its bytes checked against `release.json`.

        Raises:
            DataError: The file is missing or damaged.
        """
        path = self.folder / file.path
        _check_file(path, file)
        return path

    def columns(self, config: str) -> dict[str, Column]:
        """The columns of a config, as its files carry them; none for a config it lacks."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - only needed when rows are wanted

        found = self.files(config)
        if not found:
            return {}
        return columns_of_schema(pq.read_schema(self.folder / found[0].path))

    def batches(self, config: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a config row group by row group, split by split.

        Args:
            config: Name of the config.
            columns: The columns to read; default: all.

        Raises:
            DataError: The file is missing or damaged.
        """
        import pyarrow.parquet as pq  # noqa: PLC0415 - only needed when rows are wanted

        for file in self.files(config):
            with pq.ParquetFile(self.path(file)) as opened:
                for number in range(opened.num_row_groups):
                    yield opened.read_row_group(number, columns=columns)

    def rows(self, config: str) -> list[dict[str, Any]]:
        """The rows of a config as plain JSON values, split after split.

        Raises:
            DataError: The file is missing or damaged.
        """
        return [row for table in self.batches(config) for row in decode_rows(table)]

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of every core table."""
        return {config: self.rows(config) for config in CORE}

    def article_order(self) -> list[list[str]]:
        """Article ids of each split in the order of its rows, withdrawn articles among them."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - only needed when rows are wanted

        orders: dict[str, list[str]] = {}
        for config in ("articles", "claims"):
            for file in self.files(config):
                with pq.ParquetFile(self.path(file)) as opened:
                    names = opened.read(["article_id"])["article_id"].unique().to_pylist()
                # Of a withdrawn article only the tombstones of its claims are left.
                orders[file.split] = _merged(orders.get(file.split, []), names)
        return list(orders.values())

    def splits(self) -> dict[str, Split]:
        """The split of every event, also of one of which only withdrawn claims are left."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - only needed when rows are wanted

        found: dict[str, Split] = {}
        for config in ("articles", "claims"):
            for file in self.files(config):
                with pq.ParquetFile(self.path(file)) as opened:
                    events = opened.read(["event_id"])["event_id"].unique()
                found |= dict.fromkeys(events.to_pylist(), Split(file.split))
        return found

    def content_id(self) -> str:
        """The content id, computed from the files."""
        content = ContentHash({config: self.columns(config) for config in CORE})
        for config in CORE:
            for file in self.files(config):
                import pyarrow.parquet as pq  # noqa: PLC0415 - only needed for rows

                with pq.ParquetFile(self.path(file)) as opened:
                    for number in range(opened.num_row_groups):
                        content.add(config, file.split, opened.read_row_group(number))
        return content.content_id()


def _merged(order: list[str], names: list[str]) -> list[str]:
    """An order with the names put in that it lacks, each behind the one it follows in ``names``."""
    known = set(order)
    if known.issuperset(names):
        return order
    before: dict[str | None, list[str]] = {}
    last = None
    for name in names:
        if name in known:
            last = name
        else:
            before.setdefault(last, []).append(name)
    merged = before.pop(None, [])
    for name in order:
        merged += [name, *before.pop(name, [])]
    return merged


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


def _check_file(path: Path, file: ReleasedFile) -> None:
    remedy = "restore the folder from its git or Hub tag; released files are never edited"
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError(
            f"the release lacks its file {file.path} ({error.strerror})",
            where=str(path),
            remedy=remedy,
        ) from error
    if found != file.sha256:
        raise DataError(
            f"the file is not the one that was released: sha256 is {found}, "
            f"{METADATA_FILE} says {file.sha256}",
            where=str(path),
            remedy=remedy,
        )
