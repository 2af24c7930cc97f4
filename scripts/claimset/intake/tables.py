"""Tables written as text: one file, many articles; CSV, TSV, JSON and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from claimset.errors import DataError
from claimset.intake.columns import ObjectColumns, map_columns, row_to_incoming
from claimset.intake.decoding import decode_bytes
from claimset.models import EncodingSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from claimset.intake.columns import ToldColumns
    from claimset.intake.incoming import Incoming

__all__ = ["objects_to_incoming", "read_csv", "read_json", "read_json_lines"]

_LARGEST_FIELD = 2**27
_DELIMITERS = ",;\t|"


def read_csv(
    data: bytes,
    *,
    place: str,
    stem: str,
    chosen: Mapping[str, str],
    declared: str | None = None,
    delimiter: str | None = None,
    told: ToldColumns = lambda _used, _columns: None,
) -> Iterator[Incoming | DataError]:
    """Rows of a CSV file (RFC 4180, first line names the columns).

    The delimiter is the one of comma, semicolon, tab and bar that divides the first line into
    most columns, unless it is given.

    Args:
        data: The file.
        place: Its name, for messages.
        stem: Its name without ending.
        chosen: Columns by manifest field.
        declared: Encoding, where it is known.
        delimiter: Delimiter, where it is known.
        told: Called once with the columns used, by field, and all columns.

    Returns:
        For each row the article, or what is wrong with the row.

    Raises:
        DataError: The file cannot be read at all.
    """
    decoded = decode_bytes(data, where=place, declared=declared)
    text = decoded.text.removeprefix("\ufeff")
    if "\0" in text:
        raise DataError(
            "the file holds a NUL character",
            where=f"{place}:{text.count(chr(10), 0, text.index(chr(0))) + 1}",
            remedy="remove it, or save the table as UTF-8 text",
        )
    first = text.split("\n", 1)[0]
    delimiter = delimiter or max(_DELIMITERS, key=lambda mark: (first.count(mark), mark == ","))
    csv.field_size_limit(_LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = next(reader, [])
    except csv.Error as error:
        raise _broken_csv(place, reader.line_num, error) from error
    _check_header(columns, place)
    used = map_columns(columns, chosen, where=place)
    told(used, columns)
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Where a quotation mark is missing, nobody can tell where the next row begins.
            yield _broken_csv(place, line, error)
            return
        if not values:
            continue
        number += 1
        where = f"{place}:{line}"
        if len(values) != len(columns):
            yield DataError(
                f"the row has {len(values)} fields, the header has {len(columns)}",
                where=where,
                remedy="quote fields that hold the delimiter or a line break",
            )
            continue
        yield _row(
            dict(zip(columns, values, strict=True)),
            used,
            where,
            f"{stem}-{number}",
            decoded.encoding,
            decoded.source,
        )


def _check_header(columns: list[str], place: str) -> None:
    if not any(column.strip() for column in columns):
        raise DataError(
            "the table has no header", where=f"{place}:1", remedy="name its columns in line 1"
        )
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise DataError(
            f"two columns are called {twice[0]!r}",
            where=f"{place}:1",
            remedy="give every column a name of its own",
        )


def _broken_csv(place: str, line: int, error: csv.Error) -> DataError:
    return DataError(
        f"the table cannot be read from here on: {error}",
        where=f"{place}:{line}",
        remedy="check the quotation marks of that row; write a mark inside a field twice",
    )


def read_json_lines(
    data: bytes,
    *,
    place: str,
    stem: str,
    chosen: Mapping[str, str],
    declared: str | None = None,
    told: ToldColumns = lambda _used, _columns: None,
) -> Iterator[Incoming | DataError]:
    """Objects of a JSON Lines file, one a line; see :func:`read_csv` for the arguments."""
    decoded = decode_bytes(data, where=place, declared=declared)
    columns = ObjectColumns(chosen, told)
    for number, line in enumerate(decoded.text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{place}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield DataError(
                f"the line is no valid JSON: {error}",
                where=where,
                remedy="write one JSON object per line",
            )
            continue
        yield _object(row, columns, where, f"{stem}-{number}", decoded.encoding, decoded.source)
    columns.end(where=place)


def read_json(
    data: bytes,
    *,
    place: str,
    stem: str,
    chosen: Mapping[str, str],
    declared: str | None = None,
    told: ToldColumns = lambda _used, _columns: None,
) -> Iterator[Incoming | DataError]:
    """A JSON file: one object, or a list of them; see :func:`read_csv` for the arguments.

    Raises:
        DataError: The file is no JSON, or neither of the two.
    """
    decoded = decode_bytes(data, where=place, declared=declared)
    try:
        value = json.loads(decoded.text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"the file is no valid JSON: {error}",
            where=place,
            remedy="write a list of objects; for one object a line, call the file .jsonl",
        ) from error
    rows = value if isinstance(value, list) else [value]
    yield from objects_to_incoming(
        rows, place, stem, chosen, told, decoded.encoding, decoded.source
    )


def objects_to_incoming(
    rows: Iterable[Any],
    place: str,
    stem: str,
    chosen: Mapping[str, str],
    told: ToldColumns,
    encoding: str = "utf-8",
    source: EncodingSource = EncodingSource.TEXT,
) -> Iterator[Incoming | DataError]:
    """Objects that came in one piece, numbered from 1; see :func:`read_csv` for the arguments."""
    columns = ObjectColumns(chosen, told)
    for number, row in enumerate(rows, start=1):
        where = f"{place}, row {number}"
        yield _object(row, columns, where, f"{stem}-{number}", encoding, source)
    columns.end(where=place)


def _object(
    row: object,
    columns: ObjectColumns,
    where: str,
    stem: str,
    encoding: str,
    source: EncodingSource,
) -> Incoming | DataError:
    if not isinstance(row, dict):
        return DataError(
            f"expected an object with named fields, found {type(row).__name__}",
            where=where,
            remedy='write {"text": "…", "title": "…"}',
        )
    try:
        return row_to_incoming(
            row,
            columns.of(row, where=where),
            place=where,
            stem=stem,
            encoding=encoding,
            encoding_from=source,
        )
    except DataError as error:
        return error


def _row(
    row: Mapping[str, Any],
    used: Mapping[str, str],
    place: str,
    stem: str,
    encoding: str,
    source: EncodingSource,
) -> Incoming | DataError:
    try:
        return row_to_incoming(
            row, used, place=place, stem=stem, encoding=encoding, encoding_from=source
        )
    except DataError as error:
        return error
