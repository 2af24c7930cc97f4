"""Columns: which field of the manifest each column of a table fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from claimset.errors import DataError, UsageError
from claimset.intake.incoming import Incoming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimset.models import EncodingSource

__all__ = ["FIELDS", "ObjectColumns", "ToldColumns", "map_columns", "row_to_incoming"]

FIELDS: dict[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "article_text", "maintext"),
        *("artikeltext", "volltext", "inhalt", "texte", "texto"),
    ),
    "title": ("title", "headline", "titel", "überschrift", "schlagzeile", "titre", "título"),
    "publisher": (
        *("publisher", "site", "outlet", "source_name"),
        *("medium", "verlag", "herausgeber", "éditeur", "editorial"),
    ),
    "published_at": (
        *("published_at", "date", "published", "publish_date", "date_publish"),
        *("datum", "erschienen", "veröffentlicht", "erscheinungsdatum", "fecha"),
    ),
    "url": ("url", "link", "lien", "enlace"),
    "article_id": ("article_id", "id", "artikel_id"),
    "event_id": ("event_id", "event", "ereignis", "événement", "evento"),
    "language": ("language", "lang", "sprache", "langue", "idioma"),
    "license": ("license", "licence", "lizenz", "licencia"),
    "author": ("author", "authors", "byline", "autor", "autorin", "auteur"),
}
"""Manifest fields, and the names of columns that fill them when nothing else is said: those of
scrapers and data sets, and the plain words of the languages whose rules are here."""


ToldColumns = Callable[[dict[str, str], Sequence[str]], None]
"""Takes the column of each field that has one, and the names of all columns."""


def map_columns(columns: Sequence[str], chosen: Mapping[str, str], *, where: str) -> dict[str, str]:
    """Find the column for each field.

    Args:
        columns: The table's columns.
        chosen: Columns that the caller named, by field; they come before the known names.
        where: What to name in an error.

    Returns:
        Column by field; fields without a column are left out.

    Raises:
        UsageError: A named column or field does not exist.
        DataError: No column holds the text.

    >>> map_columns(["Body", "headline"], {"text": "Body"}, where="x")
    {'text': 'Body', 'title': 'headline'}
    """
    unknown = sorted(set(chosen) - set(FIELDS))
    if unknown:
        raise UsageError(
            f"no field is called {', '.join(unknown)}",
            where="option --column",
            remedy=f"use FIELD=COLUMN with one of the fields {', '.join(FIELDS)}",
        )
    found: dict[str, str] = {}
    for field, names in FIELDS.items():
        if field in chosen:
            if chosen[field] not in columns:
                raise UsageError(
                    f"there is no column {chosen[field]!r}",
                    where=where,
                    remedy=f"its columns are {_listed(columns)}",
                )
            found[field] = chosen[field]
            continue
        lowered = {column.strip().lower(): column for column in reversed(columns)}
        column = next((lowered[name] for name in names if name in lowered), None)
        if column is not None:
            found[field] = column
    if "text" not in found:
        raise DataError(
            "no column holds the text",
            where=where,
            remedy=f"its columns are {_listed(columns)}: name one with --column text=COLUMN, and "
            f"others for {', '.join(name for name in FIELDS if name not in {'text', *found})} "
            "in the same way; --dry-run shows what would come in",
        )
    return found


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(map(repr, columns[:30]))
    return shown + (" …" if len(columns) > 30 else "")  # noqa: PLR2004 - a screen


def row_to_incoming(
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    *,
    place: str,
    stem: str,
    encoding: str,
    encoding_from: EncodingSource,
) -> Incoming:
    """One row of a table as an article.

    Raises:
        DataError: The text or another used field is missing or no text.
    """
    fields: dict[str, str] = {}
    for field, column in columns.items():
        value = _as_text(row.get(column), where=f"{place}, field {column}")
        if value is not None:
            fields[field] = value
    text = fields.pop("text", None)
    if text is None:
        raise DataError(
            "the row has no text",
            where=f"{place}, field {columns['text']}",
            remedy="fill it in, or leave the row out; --skip-faulty adds the others",
        )
    author = fields.pop("author", None)
    return Incoming(
        text=text,
        place=place,
        extractor=f"column {columns['text']}",
        encoding=encoding,
        encoding_from=encoding_from,
        stem=stem,
        fields=fields,
        author=author,
    )


def _as_text(value: Any, *, where: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - what tables write for nothing
        return None
    if isinstance(value, float):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value) or None
    raise DataError(
        f"expected text, found {type(value).__name__}",
        where=where,
        remedy="name another column with --column FIELD=COLUMN, or correct the row",
    )


class ObjectColumns:
    """Columns of a table whose rows each have their own, as JSON objects do.

    Args:
        chosen: Columns that the caller named, by field.
        told: Called with the columns used and all columns, once the rows have ended.
    """

    def __init__(self, chosen: Mapping[str, str], told: ToldColumns) -> None:
        self._chosen = chosen
        self._told = told
        self._used: dict[str, str] = {}
        self._seen: dict[str, None] = {}
        self._known: dict[tuple[str, ...], dict[str, str]] = {}

    def of(self, row: Mapping[str, Any], *, where: str) -> dict[str, str]:
        """Column by field for one row.

        Raises:
            DataError: The row has no text.
            UsageError: A named field does not exist.
        """
        names = tuple(row)
        if names not in self._known:
            self._seen |= dict.fromkeys(names)
            here = {field: name for field, name in self._chosen.items() if name in row}
            if "text" in self._chosen and "text" not in here:
                raise DataError(
                    "the row has no text",
                    where=f"{where}, field {self._chosen['text']}",
                    remedy="fill it in, or leave the row out; --skip-faulty adds the others",
                )
            unknown = {field: name for field, name in self._chosen.items() if field not in FIELDS}
            self._known[names] = map_columns(names, here | unknown, where=where)
            self._used = self._known[names] | self._used
        return self._known[names]

    def end(self, *, where: str) -> None:
        """Say which columns were used.

        Raises:
            UsageError: No row had a column that was named.
        """
        for field, name in self._chosen.items():
            if self._seen and name not in self._seen:
                raise UsageError(
                    f"no row has a field {name!r}",
                    where=f"{where}, option --column {field}={name}",
                    remedy=f"the fields found are {_listed(sorted(self._seen))}",
                )
        if self._used:
            self._told(self._used, list(self._seen))
