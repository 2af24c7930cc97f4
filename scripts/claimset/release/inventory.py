"""The files of a release as they lie in a folder, each with its size and both its identities.

The Hub knows a small file by the id git gives it (SHA-1 over a header and the bytes) and a large
one by its SHA-256, so a folder can be compared with a repository without fetching a byte.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from claimset.errors import DataError, UsageError
from claimset.models import Model, ReleaseMetadata
from claimset.release.card import CARD_FILE
from claimset.release.changelog import CHANGELOG_FILE
from claimset.release.croissant import CROISSANT_FILE
from claimset.release.reader import METADATA_FILE, read_release

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HOSTS_FILES", "Inventory", "ReleaseFile", "read_inventory"]

HOSTS_FILES = frozenset({".gitattributes", ".gitkeep"})
"""Files that git and the Hub put into a dataset folder: neither sent nor removed."""

_CHUNK = 1 << 20
_REMEDY = "restore the folder from its git or Hub tag, or build the release again"


class ReleaseFile(Model):
    """One file of a release."""

    path: str
    """Path relative to the dataset folder, with slashes."""
    bytes: int
    """Size of the file."""
    sha256: str
    """SHA-256 of its bytes: how the Hub names large files."""
    git_id: str
    """Id that git gives its bytes: how the Hub names small files."""


class Inventory(Model):
    """A whole release, checked: what would be published."""

    metadata: ReleaseMetadata
    """Its `release.json`."""
    files: tuple[ReleaseFile, ...]
    """Its files by path."""
    history: str
    """Its changelog of the data."""

    @property
    def tag(self) -> str:
        """The tag of the release."""
        return f"v{self.metadata.version}"


def read_inventory(folder: Path) -> Inventory:
    """Read and check the files of the release in a folder.

    Args:
        folder: The dataset folder.

    Raises:
        UsageError: There is no release, or a file that the release does not know.
        DataError: A file is missing or damaged, or card and changelog are of another release.
    """
    release = read_release(folder)
    if release is None:
        raise UsageError(
            "there is no release to publish",
            where=str(folder),
            remedy="run `claimset build` first",
        )
    metadata = release.metadata
    if metadata.hydrated:
        raise UsageError(
            "this copy holds restored texts that are not free to publish",
            where=str(folder),
            remedy="publish the release that was hydrated",
        )
    tables = {file.path: file.sha256 for file in metadata.files}
    known = {CARD_FILE, CHANGELOG_FILE, METADATA_FILE, *tables}
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()
    } - HOSTS_FILES
    if CROISSANT_FILE in present:  # releases made before there was one lack it
        known.add(CROISSANT_FILE)
        _check_described(folder / CROISSANT_FILE, metadata)
    for path in sorted(present - known):
        raise UsageError(
            f"{path} is no file of the release",
            where=str(folder),
            remedy=f"move it elsewhere: only what {METADATA_FILE} names is published",
        )
    for path in sorted(known - present):
        raise DataError(f"the release lacks its file {path}", where=str(folder), remedy=_REMEDY)
    files = tuple(_identify(folder, path) for path in sorted(known))
    for file in files:
        wanted = tables.get(file.path, file.sha256)
        if file.sha256 != wanted:
            raise DataError(
                f"the file is not the one that was released: sha256 is {file.sha256}, "
                f"{METADATA_FILE} says {wanted}",
                where=str(folder / file.path),
                remedy=_REMEDY,
            )
    card, history = (
        (folder / name).read_bytes().decode("utf-8") for name in (CARD_FILE, CHANGELOG_FILE)
    )
    _check_text(folder / CARD_FILE, card, f"version: {metadata.version}\n", metadata)
    _check_text(folder / CARD_FILE, card, f"sha256:{metadata.content_id}\n", metadata)
    _check_text(folder / CHANGELOG_FILE, history, f"## {metadata.version}\n", metadata)
    return Inventory(metadata=metadata, files=files, history=history)


def _check_described(path: Path, metadata: ReleaseMetadata) -> None:
    """The Croissant description names the version and the files of this release."""
    try:
        described = json.loads(path.read_bytes())
        named = {item["@id"]: item["sha256"] for item in described["distribution"]}
        version = described["version"]
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(
            "the file is no Croissant description", where=str(path), remedy=_REMEDY
        ) from error
    if version != metadata.version or named != {f.path: f.sha256 for f in metadata.files if f.rows}:
        raise DataError(
            f"the file is not of release {metadata.version}: it names another version or other "
            "files",
            where=str(path),
            remedy=_REMEDY,
        )


def _check_text(path: Path, text: str, wanted: str, metadata: ReleaseMetadata) -> None:
    if wanted not in text:
        raise DataError(
            f"the file is not of release {metadata.version}: {wanted.strip()!r} does not stand "
            "in it",
            where=str(path),
            remedy=_REMEDY,
        )


def _identify(folder: Path, path: str) -> ReleaseFile:
    size = (folder / path).stat().st_size
    sha256 = hashlib.sha256()
    git = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with (folder / path).open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            sha256.update(chunk)
            git.update(chunk)
    return ReleaseFile(path=path, bytes=size, sha256=sha256.hexdigest(), git_id=git.hexdigest())
