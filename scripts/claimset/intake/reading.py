"""Reading: a location gives its articles, and what is wrong with those it cannot give."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimset.errors import DataError
from claimset.intake.datasets import read_dataset, read_parquet
from claimset.intake.documents import read_html, read_markdown, read_text
from claimset.intake.locations import Format, Location
from claimset.intake.tables import read_csv, read_json, read_json_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from claimset.intake.columns import ToldColumns
    from claimset.intake.incoming import Incoming

__all__ = ["ReadOptions", "read_location"]

_DOCUMENTS = {
    Format.TEXT: read_text,
    Format.MARKDOWN: read_markdown,
    Format.HTML: read_html,
}


class ReadOptions(NamedTuple):
    """What the person who adds says about the files.

    Attributes:
        columns: Column by manifest field.
        encoding: Encoding of the files; ``None`` where each says itself.
        delimiter: Delimiter of CSV files; ``None`` where the first line tells.
        split: Split of a Hugging Face dataset.
        revision: Revision of a Hugging Face dataset.
    """

    columns: Mapping[str, str]
    encoding: str | None = None
    delimiter: str | None = None
    split: str = "train"
    revision: str | None = None


def read_location(
    location: Location,
    options: ReadOptions,
    told: ToldColumns = lambda _used, _columns: None,
) -> Iterator[Incoming | DataError]:
    """Read one file or dataset.

    A fault of one row is given in its place; a fault of the whole file ends the file.

    Args:
        location: What to read.
        options: What is known about it.
        told: Called with the columns used, by field, and all columns, where it is a table.

    Raises:
        UsageError: An extra is missing, or a column that was named.
    """
    try:
        yield from _read(location, options, told)
    except DataError as error:
        yield error


def _read(
    location: Location, options: ReadOptions, told: ToldColumns
) -> Iterator[Incoming | DataError]:
    if location.format is Format.DATASET:
        yield from read_dataset(
            location.address,
            name=location.name,
            split=options.split,
            revision=options.revision,
            chosen=options.columns,
            told=told,
        )
        return
    data = location.read()
    place, stem = location.name, location.stem
    if location.format in _DOCUMENTS:
        document = _DOCUMENTS[location.format]
        yield document(data, place=place, stem=stem, declared=options.encoding)
    elif location.format is Format.PARQUET:
        yield from read_parquet(data, place=place, stem=stem, chosen=options.columns, told=told)
    elif location.format is Format.CSV:
        yield from read_csv(
            data,
            place=place,
            stem=stem,
            chosen=options.columns,
            declared=options.encoding,
            delimiter=options.delimiter,
            told=told,
        )
    else:
        lines = location.format is Format.JSON_LINES
        reader = read_json_lines if lines else read_json
        yield from reader(
            data,
            place=place,
            stem=stem,
            chosen=options.columns,
            declared=options.encoding,
            told=told,
        )
