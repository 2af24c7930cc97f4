"""Admission: what a reader found becomes a checked line of the manifest, or is refused."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from claimset.errors import DataError
from claimset.identifiers import sha256_hex
from claimset.intake.assumption import assumed_language
from claimset.models import ArticleRole, ManifestRow, Model, Original, TitleSource
from claimset.seeds import decode_article, describe_validation_error

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from claimset.intake.incoming import Incoming

__all__ = ["Admitted", "Defaults", "admit", "slug", "text_key", "told_fields"]

_LONGEST_TITLE = 160
_LONGEST_STEM = 80
_HASH_DIGITS = 8
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_GAPS = re.compile(r"\s+")
_CORRECTABLE = frozenset(
    ("event_id", "title", "publisher", "published_at", "url", "language", "license", "roles")
)
"""Fields that can be said anew of an article that is there; its id and its text stay."""
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
"""A date with dots, which puts the day first wherever it is written so (CLDR, ``d.M.y``)."""


class Defaults(Model):
    """What holds for every article that does not say otherwise itself."""

    event_id: str | None = None
    """Event of the articles; without one each is an event of its own."""
    license: str = "no licence stated"
    """Licence of the texts."""
    open_license: bool = False
    """Whether that licence lets the full text be published again."""
    language: str | None = None
    """Language of the texts (BCP 47); without one it is assumed from each text, and said so."""
    publisher: str | None = None
    """Publisher of the texts."""
    published_at: str | None = None
    """Day of publication (ISO 8601)."""
    roles: tuple[ArticleRole, ...] = (ArticleRole.CLAIMS, ArticleRole.EVIDENCE)
    """What the articles are used for."""


class Admitted(NamedTuple):
    """An article that may come in: its line, its record, and the bytes to store."""

    row: ManifestRow
    original: Original
    stored: bytes
    received: bytes | None
    language_assumed: bool


def text_key(text: str) -> str:
    """Key under which two texts that differ in case and white space only are one.

    >>> text_key("One  two.") == text_key("one two.")
    True
    """
    return sha256_hex(_GAPS.sub(" ", text).strip().casefold().encode("utf-8", "surrogatepass"))


def told_fields(incoming: Incoming, defaults: Defaults) -> frozenset[str]:
    """Fields of the manifest that a source or the person who adds it says something about.

    Args:
        incoming: What a reader found.
        defaults: What holds where it says nothing.
    """
    told = {name for name, value in incoming.fields.items() if value and name in _CORRECTABLE}
    said = {name for name in _CORRECTABLE & defaults.model_fields_set if getattr(defaults, name)}
    if defaults.license == Defaults().license and not defaults.open_license:
        said.discard("license")
    told |= said
    return frozenset(told | {"open_license"} if "license" in told else told)


def admit(incoming: Incoming, defaults: Defaults, taken: Container[str]) -> Admitted:
    """Check an article and give it an id.

    Args:
        incoming: What a reader found.
        defaults: What holds where it says nothing.
        taken: Ids that are in use.

    Returns:
        What is to be stored.

    Raises:
        DataError: Text or a field is not as it must be, or the id it brings is in use.
    """
    stored, text = _stored(incoming)
    fields = dict(incoming.fields)
    title = _one_line(fields.get("title", ""))
    title_from = TitleSource.GIVEN if title else TitleSource.FIRST_LINE
    article_id = _identifier(incoming, fields.get("article_id"), text, taken)
    event_id = fields.get("event_id", defaults.event_id)
    try:
        row = ManifestRow(
            article_id=article_id,
            event_id=slug(event_id) if event_id is not None else article_id,
            title=title or _first_line(text),
            publisher=_one_line(fields.get("publisher", defaults.publisher or "")) or None,
            published_at=_day(fields.get("published_at", defaults.published_at), incoming.place),
            url=fields.get("url"),
            language=fields.get("language") or defaults.language or assumed_language(text),
            license=fields.get("license", defaults.license),
            # A licence that the source names is not known to be open; the default's is.
            open_license=defaults.open_license and "license" not in fields,
            roles=defaults.roles,
            path=f"articles/{article_id}.txt",
            sha256=sha256_hex(stored),
        )
    except ValidationError as error:
        field, problem = describe_validation_error(error)
        raise DataError(
            problem,
            where=f"{incoming.place}, field {field}",
            remedy="correct the source, or fill another column with --column FIELD=COLUMN",
        ) from error
    received = incoming.original
    original = Original(
        article_id=article_id,
        source=incoming.place,
        path=None if received is None else f"originals/{article_id}{incoming.suffix}",
        sha256=sha256_hex(stored if received is None else received),
        encoding=incoming.encoding,
        encoding_from=incoming.encoding_from,
        extractor=incoming.extractor,
        title_from=title_from,
        author=incoming.author,
        text_key=text_key(text),
    )
    _check_characters(row.model_dump() | {"author": original.author}, incoming.place)
    declared = bool(fields.get("language") or defaults.language)
    return Admitted(row, original, stored, received, language_assumed=not declared)


def _stored(incoming: Incoming) -> tuple[bytes, str]:
    """The bytes to store, and the text that positions will count on."""
    try:
        stored = incoming.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DataError(
            f"the text holds half a character (a lone surrogate) at code point {error.start}",
            where=incoming.place,
            remedy="correct the source: \\ud83d and the like must come in pairs",
        ) from error
    try:
        return stored, decode_article(stored, where=incoming.place)
    except DataError as error:
        raise DataError(
            error.problem,
            where=incoming.place,
            remedy="correct the source, or leave it out; --skip-faulty adds the others",
        ) from error


def _check_characters(fields: Mapping[str, object], place: str) -> None:
    """A field of half a character can be held in memory and not be written."""
    for field, value in fields.items():
        try:
            str(value).encode("utf-8")
        except UnicodeEncodeError as error:
            raise DataError(
                "the field holds half a character (a lone surrogate)",
                where=f"{place}, field {field}",
                remedy="correct the source: \\ud83d and the like must come in pairs",
            ) from error


def _identifier(incoming: Incoming, given: str | None, text: str, taken: Container[str]) -> str:
    if given is not None:
        if given in taken:
            raise DataError(
                f"the id {given!r} belongs to another article already",
                where=f"{incoming.place}, field article_id",
                remedy="give it another id, or leave the id out: it is then made from the name",
            )
        return given
    name = slug(incoming.stem)
    if name not in taken:
        return name
    return f"{name}-{sha256_hex(text.encode('utf-8'))[:_HASH_DIGITS]}"


def slug(name: str) -> str:
    """A name that is safe in files and addresses, as close to the given one as can be.

    >>> slug("Über uns: 3 Fragen")
    'Uber-uns-3-Fragen'
    """
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    plain = _NOT_IN_NAMES.sub("-", plain)[:_LONGEST_STEM].strip("-._")
    # Names of other scripts leave nothing; what is left must still be the same each time.
    return plain or f"article-{sha256_hex(name.encode('utf-8', 'replace'))[:_HASH_DIGITS]}"


def _one_line(text: str) -> str:
    return _GAPS.sub(" ", text).strip()


def _first_line(text: str) -> str:
    line = _one_line(next(line for line in text.split("\n") if line.strip()))
    if len(line) <= _LONGEST_TITLE:
        return line
    return line[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _day(value: str | None, place: str) -> date | None:
    if value is None:
        return None
    written = _DAY_FIRST.fullmatch(value.strip())
    try:
        if written is not None:
            day, month, year = map(int, written.groups())
            return date(year, month, day)
        return datetime.fromisoformat(value.strip()).date()
    except ValueError as error:
        raise DataError(
            f"{value[:40]!r} is no date",
            where=f"{place}, field published_at",
            remedy="write YYYY-MM-DD or DD.MM.YYYY, or fill the field from another column",
        ) from error
