"""Reading: ratings from a CSV file of anybody's, checked line by line."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple, Protocol

from claimset.agreement.ratings import Rating
from claimset.errors import DataError
from claimset.text_files import read_text_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["RatingFile", "read_ratings"]

_COLUMNS = ("unit", "annotator", "label")
_ARTICLE = "article"


class _Lines(Protocol):
    """What ``csv.reader`` gives."""

    line_num: int

    def __next__(self) -> list[str]: ...

    def __iter__(self) -> Iterator[list[str]]: ...


class RatingFile(NamedTuple):
    """The ratings in a file, and the article of each unit where the file names it."""

    ratings: list[Rating]
    articles: dict[str, str] | None


def read_ratings(
    path: Path, *, labels: Sequence[str] | None = None, numbers: bool = False
) -> RatingFile:
    """Read ratings, one a line: columns ``unit``, ``annotator``, ``label``; others are ignored.

    A column ``article`` says which units belong together; so do intervals become honest. An empty
    label is refused rather than taken for a missing rating: a missing rating is a missing line.

    Args:
        path: A CSV file in UTF-8 with a header; tabs separate the fields of a ``.tsv`` file.
        labels: The label set; another label is refused.
        numbers: Whether labels must be numbers.

    Raises:
        DataError: The file or a line is not as it must be; names line and field.
    """
    separator = "\t" if path.suffix == ".tsv" else ","
    text = read_text_file(path, remedy="name a CSV file with the columns unit, annotator and label")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return _read(path, lines, labels, numbers)


def _read(path: Path, lines: _Lines, labels: Sequence[str] | None, numbers: bool) -> RatingFile:
    try:
        header = [name.strip() for name in next(lines, [])]
        places = _places(path, header)
        known = None if labels is None else frozenset(labels)
        article = header.index(_ARTICLE) if _ARTICLE in header else None
        ratings: list[Rating] = []
        articles: dict[str, str] = {}
        seen: dict[tuple[str, str], int] = {}
        for row in lines:
            line = lines.line_num
            if not row:
                continue  # a blank line
            if len(row) != len(header):
                raise _fault(
                    path, line, f"{len(row)} fields, the header has {len(header)}", "the line"
                )
            rating = Rating(*(row[place].strip() for place in places))
            _check(path, line, rating, known, numbers=numbers)
            before = seen.setdefault((rating.unit, rating.annotator), line)
            if before != line:
                raise _fault(
                    path,
                    line,
                    f"annotator {rating.annotator!r} rated unit {rating.unit!r} before, "
                    f"in line {before}",
                    "unit, annotator",
                )
            if article is not None:
                _place_unit(path, line, articles, rating.unit, row[article].strip())
            ratings.append(rating)
    except csv.Error as error:
        raise _fault(path, lines.line_num, f"no valid CSV: {error}", "the line") from error
    return RatingFile(ratings, articles if article is not None else None)


def _check(
    path: Path, line: int, rating: Rating, known: frozenset[str] | None, *, numbers: bool
) -> None:
    for name, value in zip(_COLUMNS, rating, strict=True):
        if not value:
            raise _fault(path, line, f"the {name} is empty", name)
    if known is not None and rating.label not in known:
        raise _fault(path, line, f"{rating.label!r} is not in the label set", "label")
    if numbers and not _is_number(rating.label):
        raise _fault(path, line, f"{rating.label!r} is no number", "label")


def _places(path: Path, header: list[str]) -> list[int]:
    missing = [name for name in _COLUMNS if name not in header]
    if missing:
        found = ", ".join(header) if header else "an empty file"
        raise DataError(
            f"the column {' and '.join(missing)} is missing; found: {found}",
            where=f"{path}:1",
            remedy="begin the file with a line such as unit,annotator,label",
        )
    return [header.index(name) for name in _COLUMNS]


def _place_unit(path: Path, line: int, articles: dict[str, str], unit: str, article: str) -> None:
    if not article:
        raise _fault(path, line, "the article is empty", _ARTICLE)
    before = articles.setdefault(unit, article)
    if before != article:
        raise _fault(
            path,
            line,
            f"unit {unit!r} stood in article {before!r} before, now in {article!r}",
            _ARTICLE,
        )


def _is_number(label: str) -> bool:
    try:
        return abs(float(label)) < float("inf")
    except ValueError:
        return False


def _fault(path: Path, line: int, problem: str, field: str) -> DataError:
    return DataError(
        problem,
        where=f"{path}:{line}, field {field}",
        remedy="correct the line; a rating that is missing is a line that is missing",
    )
