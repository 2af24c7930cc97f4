"""Articles: the files that the manifest names, checked and normalised."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from claimset.errors import DataError
from claimset.identifiers import sha256_hex
from claimset.models import Article, ManifestRow
from claimset.seeds.manifest import read_event_rows, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "article_of",
    "decode_article",
    "read_article_bytes",
    "read_articles",
    "read_events",
    "read_listed_article",
]

_BOM = "\ufeff"


def decode_article(data: bytes, *, where: str) -> str:
    r"""The one normalisation of article text, on which every position counts.

    UTF-8 is decoded strictly, one byte-order mark is removed, CRLF and CR become LF. Nothing else
    is changed.

    Args:
        data: The file's bytes.
        where: What to name in an error.

    Raises:
        DataError: The bytes are no UTF-8, hold a NUL, or nothing but white space.

    >>> decode_article(b"\xef\xbb\xbfone\r\ntwo\r", where="x")
    'one\ntwo\n'
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"the article is not valid UTF-8: byte 0x{data[error.start]:02x} "
            f"at offset {error.start} (line {line})",
            where=where,
            remedy="convert the file to UTF-8 (for example with `iconv -t UTF-8`) "
            "and update its sha256 in the manifest",
        ) from error
    text = text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        offset = text.index("\0")
        raise DataError(
            f"the article holds a NUL character at code point {offset} "
            f"(line {text.count(chr(10), 0, offset) + 1})",
            where=where,
            remedy="remove it: databases and browsers cannot carry it; "
            "then update the sha256 in the manifest",
        )
    if not text.strip():
        raise DataError(
            "the article is empty" if not data else "the article holds nothing but white space",
            where=where,
            remedy="give the article a text, or remove its line from the manifest",
        )
    return text


def read_articles(seeds: Path) -> list[Article]:
    """Read every article of the manifest, in manifest order.

    Args:
        seeds: The input room; holds ``manifest.jsonl``.

    Raises:
        DataError: The manifest or an article is not as it must be; see :func:`read_manifest` and
            :func:`decode_article`. A file that is missing, leads outside ``seeds/`` (also through
            a link) or has another sha256 is refused.
    """
    manifest = seeds / "manifest.jsonl"
    return [
        read_listed_article(seeds, row, where=f"{manifest}:{number}")
        for number, row in read_manifest(manifest)
    ]


def read_events(seeds: Path) -> Iterator[list[Article]]:
    """Read the articles event by event, so that one event at a time is held in memory.

    The whole manifest is checked before the first article is read. Events come in the order of
    their first article, articles in manifest order.

    Raises:
        DataError: As :func:`read_articles`, when the faulty article is reached.
    """
    manifest = seeds / "manifest.jsonl"
    for rows in read_event_rows(manifest):
        yield [
            read_listed_article(seeds, row, where=f"{manifest}:{number}") for number, row in rows
        ]


def read_article_bytes(seeds: Path, row: ManifestRow, *, where: str) -> bytes:
    """The bytes of the file that a row names.

    Raises:
        DataError: The file is missing, or leads outside ``seeds/``, also through a link.
    """
    path = seeds / row.path
    try:
        inside = path.resolve().is_relative_to(_resolved(seeds))
    except RuntimeError as error:  # what Python before 3.13 makes of a link to itself
        raise DataError(
            f"the article's file cannot be read: {row.path} (its links lead in a circle)",
            where=f"{where}, field path",
            remedy="put the file there, or correct the path in the manifest",
        ) from error
    if not inside:
        raise DataError(
            f"the article's file leads outside seeds/: {row.path}",
            where=f"{where}, field path",
            remedy="copy the file into seeds/articles/ and name that path",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"the article's file cannot be read: {row.path} ({error.strerror})",
            where=f"{where}, field path",
            remedy="put the file there, or correct the path in the manifest",
        ) from error


@lru_cache(maxsize=8)
def _resolved(folder: Path) -> Path:
    """Asked once for each folder and not for each article in it."""
    return folder.resolve()


def article_of(row: ManifestRow, data: bytes, *, path: Path, where: str) -> Article:
    """The article that a row describes and a file holds.

    Args:
        row: The manifest's row.
        data: The file's bytes.
        path: The file, for messages.
        where: The row, for messages.

    Raises:
        DataError: The bytes are no text, or not those that the row describes.
    """
    text = decode_article(data, where=f"{path} ({where})")
    found = sha256_hex(data)
    if found != row.sha256:
        raise DataError(
            f"the article's file is not the one the manifest describes: "
            f"sha256 is {found}, expected {row.sha256}",
            where=f"{where}, field sha256 ({row.path})",
            remedy="restore the file, or, if the change is wanted, write the new sha256 "
            "into the manifest",
        )
    # What the row does not say stays unsaid, as `model_fields_set` tells.
    said = row.model_dump(exclude_unset=True)
    return Article(**said, text=text, text_sha256=sha256_hex(text.encode("utf-8")))


def read_listed_article(seeds: Path, row: ManifestRow, *, where: str) -> Article:
    """The article of a row of the manifest.

    Args:
        seeds: The input room.
        row: The row.
        where: The manifest and the row's line, for messages.

    Raises:
        DataError: The file is missing, is no text, or is not the one that the row describes.
    """
    data = read_article_bytes(seeds, row, where=where)
    return article_of(row, data, path=seeds / row.path, where=where)
