"""The manifest: which articles there are, checked as a whole without being held as a whole."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, BinaryIO

from claimset.errors import DataError
from claimset.models import ManifestRow
from claimset.seeds.lines import Line, parse_line, read_lines

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

__all__ = ["read_event_rows", "read_manifest"]

_TABLES = """
CREATE TABLE name (name BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID;
CREATE TABLE event (event BLOB PRIMARY KEY, first INTEGER) WITHOUT ROWID;
CREATE TABLE line (first INTEGER, number INTEGER, "offset" INTEGER, PRIMARY KEY (first, number))
    WITHOUT ROWID;
"""


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
    with closing(_scratch()) as index:
        rows = [(line.number, row) for line, row in _checked_rows(path, index)]
    if not rows and not may_be_empty:
        raise _no_article(path)
    return rows


def read_event_rows(
    path: Path, events: Container[str] | None = None
) -> Iterator[list[tuple[int, ManifestRow]]]:
    """Read the manifest event by event; only the rows of one event are held in memory.

    The whole manifest is checked first. Events come in the order of their first line.

    Args:
        path: The manifest.
        events: Only these events: then their rows are held and checked, and no others.

    Raises:
        DataError: As :func:`read_manifest`.
    """
    if events is not None:
        yield from _rows_of_events(path, events)
        return
    with closing(_scratch()) as index:
        line = None
        for line, row in _checked_rows(path, index):
            event = row.event_id.encode()
            index.execute("INSERT OR IGNORE INTO event VALUES (?, ?)", (event, line.number))
            index.execute(
                "INSERT INTO line SELECT first, ?, ? FROM event WHERE event = ?",
                (line.number, line.offset, event),
            )
        if line is None:
            raise _no_article(path)
        places = index.execute("SELECT * FROM line ORDER BY first, number")
        with path.open("rb") as stream:
            for _, lines in groupby(places, itemgetter(0)):
                yield [
                    (number, _row_at(stream, offset, path, number)) for _, number, offset in lines
                ]


def _rows_of_events(path: Path, events: Container[str]) -> Iterable[list[tuple[int, ManifestRow]]]:
    found: dict[str, list[tuple[int, ManifestRow]]] = {}
    for line in read_lines(path):
        try:
            event = json.loads(line.text)["event_id"]
            wanted = event in events
        except (ValueError, TypeError, KeyError, RecursionError):
            read_manifest(path)  # says what is wrong, and in which line
            continue
        if wanted:
            row = parse_line(line.text, ManifestRow, where=f"{path}:{line.number}")
            found.setdefault(event, []).append((line.number, row))
    return found.values()


def _row_at(stream: BinaryIO, offset: int, path: Path, number: int) -> ManifestRow:
    stream.seek(offset)
    text = stream.readline().decode("utf-8-sig")
    return parse_line(text, ManifestRow, where=f"{path}:{number}")


def _scratch() -> sqlite3.Connection:
    """A database of its own that SQLite keeps in a file without a name once it grows."""
    index = sqlite3.connect("", isolation_level=None)
    index.executescript(_TABLES)
    index.execute("BEGIN")
    return index


def _checked_rows(path: Path, index: sqlite3.Connection) -> Iterator[tuple[Line, ManifestRow]]:
    """The rows in file order, each unlike the ones before."""
    for line in read_lines(path):
        where = f"{path}:{line.number}"
        row = parse_line(line.text, ManifestRow, where=where)
        for field in ("article_id", "path"):
            value = getattr(row, field)
            first = _first_line(index, f"{field} {value}", line.number)
            if first != line.number:
                raise DataError(
                    f"{field} {value!r} stands twice in the manifest, first in line {first}",
                    where=f"{where}, field {field}",
                    remedy="give each article its own line, id and file",
                )
        yield line, row


def _no_article(path: Path) -> DataError:
    return DataError(
        "the manifest names no article",
        where=str(path),
        remedy="add articles with `claimset add FILE…`, or write one line per article; "
        "seeds/README.md shows the fields",
    )


def _first_line(index: sqlite3.Connection, name: str, number: int) -> int:
    """The first line with a name; this one if there is none before it."""
    key = name.encode("utf-8", "surrogatepass")
    if index.execute("INSERT OR IGNORE INTO name VALUES (?, ?)", (key, number)).rowcount:
        return number
    ((first,),) = index.execute("SELECT line FROM name WHERE name = ?", (key,))
    return int(first)
