"""Lines: JSON objects of a file, one a line, each checked by its model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pydantic import ValidationError

from claimset.errors import DataError
from claimset.models import Model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Line", "describe_validation_error", "parse_line", "read_lines"]

_BOM = "\ufeff"
_MISSING = "put the file there; the room's README.md says what belongs into it"
_Row = TypeVar("_Row", bound=Model)


class Line(NamedTuple):
    """One line of a file that is not blank.

    Attributes:
        number: Its number, from 1.
        offset: Where it begins, in bytes.
        text: The line without its end.
    """

    number: int
    offset: int
    text: str


def read_lines(path: Path, *, remedy: str = _MISSING) -> Iterator[Line]:
    """The lines of a UTF-8 file that hold something, one at a time.

    Args:
        path: The file.
        remedy: What the reader can do when it cannot be read at all.

    Raises:
        DataError: The file cannot be read or is not valid UTF-8.
    """
    try:
        with path.open("rb") as stream:
            offset = 0
            for number, data in enumerate(stream, start=1):
                text = _decode(data, offset, path).removesuffix("\n")
                if number == 1:
                    text = text.removeprefix(_BOM)
                if text.strip():
                    yield Line(number, offset, text)
                offset += len(data)
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be read ({error.strerror})",
            where=str(path),
            remedy=remedy,
        ) from error


def _decode(data: bytes, offset: int, path: Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name} is not valid UTF-8 at byte {offset + error.start}",
            where=str(path),
            remedy="save the file as UTF-8",
        ) from error


def parse_line(line: str, model: type[_Row], *, where: str) -> _Row:
    """Read a line as a row of a model.

    Raises:
        DataError: The line is no JSON object, or does not fit the model.
    """
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
