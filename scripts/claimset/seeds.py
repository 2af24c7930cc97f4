"""The input room: the manifest, and the articles it names, checked and normalised."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from claimset.errors import DataError
from claimset.identifiers import sha256_hex
from claimset.models import Article, ManifestRow, Original, Recording, ReferenceAnnotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "decode_article",
    "describe_validation_error",
    "read_articles",
    "read_events",
    "read_manifest",
    "read_originals",
    "read_recording",
    "read_reference",
]

_BOM = "\ufeff"
_Row = TypeVar("_Row", ManifestRow, Original, ReferenceAnnotation, Recording)


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


def read_manifest(path: Path, *, may_be_empty: bool = False) -> list[tuple[int, ManifestRow]]:
    """Read and check ``seeds/manifest.jsonl``.

    Args:
        path: The manifest.
        may_be_empty: Whether it may name no article yet.

    Returns:
        Line number (from 1) and row, in file order.

    Raises:
        DataError: A line is no JSON object, a field is missing, unknown or wrong, or two lines
            have the same ``article_id`` or ``path``.
    """
    rows: list[tuple[int, ManifestRow]] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in _lines(path):
        where = f"{path}:{number}"
        row = _parse_line(line, ManifestRow, where=where)
        for field in ("article_id", "path"):
            value = getattr(row, field)
            first = seen.setdefault((field, value), number)
            if first != number:
                raise DataError(
                    f"{field} {value!r} stands twice in the manifest, first in line {first}",
                    where=f"{where}, field {field}",
                    remedy="give each article its own line, id and file",
                )
        rows.append((number, row))
    if not rows and not may_be_empty:
        raise DataError(
            "the manifest names no article",
            where=str(path),
            remedy="add articles with `claimset add FILE…`, or write one line per article; "
            "seeds/README.md shows the fields",
        )
    return rows


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
        _read_article(seeds, row, where=f"{manifest}:{number}")
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
    events: dict[str, list[tuple[int, ManifestRow]]] = {}
    for number, row in read_manifest(manifest):
        events.setdefault(row.event_id, []).append((number, row))
    for rows in events.values():
        yield [_read_article(seeds, row, where=f"{manifest}:{number}") for number, row in rows]


def _read_article(seeds: Path, row: ManifestRow, *, where: str) -> Article:
    path = seeds / row.path
    try:
        inside = path.resolve().is_relative_to(seeds.resolve())
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
        data = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"the article's file cannot be read: {row.path} ({error.strerror})",
            where=f"{where}, field path",
            remedy="put the file there, or correct the path in the manifest",
        ) from error
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
    return Article(**row.model_dump(), text=text, text_sha256=sha256_hex(text.encode("utf-8")))


def read_originals(seeds: Path) -> list[Original]:
    """Read ``seeds/originals.jsonl``: where added articles come from; empty when there is none.

    Raises:
        DataError: A line is no JSON object, or does not fit the model.
    """
    path = seeds / "originals.jsonl"
    if not path.exists():
        return []
    return [_parse_line(line, Original, where=f"{path}:{number}") for number, line in _lines(path)]


def read_reference(path: Path) -> list[tuple[int, ReferenceAnnotation]]:
    """Read recorded annotations: line number (from 1) and row, in file order.

    Raises:
        DataError: A line is no JSON object, or breaks the model or the rules of an answer.
    """
    return [
        (number, _parse_line(line, ReferenceAnnotation, where=f"{path}:{number}"))
        for number, line in _lines(path)
    ]


def read_recording(path: Path) -> Recording:
    """Read how recorded annotations came about.

    Raises:
        DataError: The file is missing or does not fit the model.
    """
    lines = [line for _, line in _lines(path)]
    return _parse_line("\n".join(lines), Recording, where=str(path))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        content = path.read_bytes().decode("utf-8").removeprefix(_BOM)
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be read ({error.strerror})",
            where=str(path),
            remedy="put the file there; the room's README.md says what belongs into it",
        ) from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name} is not valid UTF-8 at byte {error.start}",
            where=str(path),
            remedy="save the file as UTF-8",
        ) from error
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            yield number, line


def _parse_line(line: str, model: type[_Row], *, where: str) -> _Row:
    try:
        value = json.dumps(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"the line is no valid JSON: {error}",
            where=where,
            remedy="write one JSON object per line",
        ) from error
    try:
        return model.model_validate_json(value)
    except ValidationError as error:
        field, problem = describe_validation_error(error)
        raise DataError(
            problem,
            where=f"{where}, field {field}" if field else where,
            remedy="correct the line; schemas/ holds the JSON Schema and the room's README.md "
            "shows an example",
        ) from error


def describe_validation_error(error: ValidationError) -> tuple[str, str]:
    """Field and sentence of the first fault that pydantic found.

    Returns:
        Dotted field name (empty when the fault concerns the whole row), and what is wrong with it,
        with the value found.
    """
    fault = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in fault["loc"])
    found = repr(fault["input"])
    found = found if len(found) <= 80 else found[:79] + "…"  # noqa: PLR2004 - a screen line
    problem = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "missing":
        return field, f"the field {field} is missing"
    if fault["type"] == "extra_forbidden":
        return field, f"the field {field} is unknown"
    return field, f"{problem} (found {found})"
