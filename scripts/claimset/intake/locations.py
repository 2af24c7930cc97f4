"""Locations: files, folders, patterns and addresses become bytes with a name and a format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import fsspec

from claimset.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Format", "Location", "find_locations"]

_DATASET = "hf:"
_PATTERN = frozenset("*?[")


class Format(StrEnum):
    """What a file holds, told by its ending."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"
    JSON = "json"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"
    DATASET = "dataset"


_ENDINGS = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".json": Format.JSON,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
    ".parquet": Format.PARQUET,
}


class Location(NamedTuple):
    """One file or dataset.

    Attributes:
        name: What to call it in messages and records: no folder, so that no record tells where on
            somebody's disk it lay.
        format: What it holds.
        address: Where to read it.
    """

    name: str
    format: Format
    address: str

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.name).stem

    def read(self) -> bytes:
        """Its bytes.

        Raises:
            DataError: It cannot be read.
        """
        try:
            with fsspec.open(self.address, "rb") as stream:
                data: bytes = stream.read()
                return data
        except Exception as error:
            # Every file system behind fsspec has errors of its own.
            raise DataError(
                f"the file cannot be read ({type(error).__name__}: {_reason(error, self.address)})",
                where=self.name,
                remedy="check the address, and that you may read it",
            ) from error


def find_locations(asked: str) -> tuple[list[Location], list[str]]:
    """The files behind a path, a folder, a pattern, an ``fsspec`` address or ``hf:ORG/NAME``.

    Args:
        asked: What the person wrote.

    Returns:
        Files in the order of their names, and names of files in a folder that no format fits.

    Raises:
        UsageError: Nothing is there, or a file that was named has an ending no format fits.
    """
    if asked.startswith(_DATASET):
        address = asked.removeprefix(_DATASET)
        folder = Path(address).expanduser()
        if folder.is_dir():
            return [Location(folder.resolve().name, Format.DATASET, str(folder))], []
        return [Location(address, Format.DATASET, address)], []
    if "://" in asked:
        return _remote(asked)
    path = Path(asked).expanduser()
    if path.is_dir():
        return _folder(path)
    if path.is_file():
        return [_named(path.name, str(path))], []
    if _PATTERN & set(asked):
        root = Path(path.anchor) if path.is_absolute() else Path()
        pattern = str(path.relative_to(path.anchor)) if path.is_absolute() else str(path)
        # As in a shell, a pattern does not mean hidden files.
        files = sorted(
            file for file in root.glob(pattern) if file.is_file() and file.name[0] != "."
        )
        if files:
            return [_named(file.name, str(file)) for file in files], []
    raise UsageError(
        f"there is no such file: {asked}",
        where="argument",
        remedy="give a file, a folder, a pattern such as 'news/*.html', an address such as "
        "s3://bucket/news.jsonl, or hf:ORG/NAME",
    )


def _folder(path: Path) -> tuple[list[Location], list[str]]:
    found: list[Location] = []
    ignored: list[str] = []
    for file in _walk(path):
        kind = _ENDINGS.get(file.suffix.lower())
        if kind is None:
            ignored.append(_readable(file.name))
        else:
            found.append(Location(_readable(file.name), kind, str(file)))
    if not found:
        raise UsageError(
            f"the folder holds no file that can be read: {path}",
            where="argument",
            remedy=f"readable endings are {', '.join(_ENDINGS)}",
        )
    return found, ignored


def _walk(path: Path) -> Iterator[Path]:
    for entry in sorted(path.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _readable(name: str) -> str:
    """A file's name for messages and records, also where its bytes are no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _named(name: str, address: str) -> Location:
    kind = _ENDINGS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise UsageError(
            f"what {name} holds cannot be told from its ending",
            where="argument",
            remedy=f"readable endings are {', '.join(_ENDINGS)}",
        )
    return Location(_readable(name), kind, address)


def _remote(asked: str) -> tuple[list[Location], list[str]]:
    try:
        system, path = fsspec.url_to_fs(asked)
        if not _PATTERN & set(path) and system.isdir(path):
            return _remote_folder(asked, [system.unstrip_protocol(p) for p in system.find(path)])
        files = fsspec.open_files(asked, "rb")
        names = sorted(
            file.fs.unstrip_protocol(file.path) for file in files if not _PATTERN & set(file.path)
        )
    except UsageError:
        raise
    except Exception as error:
        # Every file system behind fsspec has errors of its own; a missing driver is one of them.
        raise UsageError(
            f"the address cannot be opened ({type(error).__name__}: {_reason(error, asked)})",
            where=_shown(asked),
            remedy="check it; some addresses need a package, for example s3fs for s3://",
        ) from error
    if not names:
        raise UsageError(
            "nothing is there", where=_shown(asked), remedy="check the address and its pattern"
        )
    return [_named(PurePosixPath(name).name, name) for name in names], []


def _remote_folder(asked: str, names: list[str]) -> tuple[list[Location], list[str]]:
    """As of a folder on this disk: what can be read is read, the rest is named."""
    found: list[Location] = []
    ignored: list[str] = []
    for name in sorted(names):
        path = PurePosixPath(name)
        kind = _ENDINGS.get(path.suffix.lower())
        if kind is None:
            ignored.append(path.name)
        elif not path.name.startswith("."):
            found.append(Location(path.name, kind, name))
    if not found:
        raise UsageError(
            f"the folder holds no file that can be read: {_shown(asked)}",
            where="argument",
            remedy=f"readable endings are {', '.join(_ENDINGS)}",
        )
    return found, ignored


def _shown(asked: str) -> str:
    """An address without what may be secret in it: user, password, and a query that may sign it."""
    scheme, _, rest = asked.partition("://")
    place, slash, path = rest.partition("?")[0].partition("/")
    return f"{scheme}://{place.rpartition('@')[2]}{slash}{path}"


def _reason(error: Exception, asked: str) -> str:
    """What went wrong, in the driver's words as far as they repeat nothing secret."""
    words = str(error)
    rest = asked.partition("://")[2]
    secrets = [rest.partition("/")[0].rpartition("@")[0], rest.partition("?")[2]]
    secrets += [part for part in secrets[0].split(":") if part]
    if any(secret and secret in words for secret in secrets):
        return "the driver's message repeats what is secret in the address"
    return words[:200]
