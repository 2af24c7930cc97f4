"""Articles as the manifest describes them and as they are read, and the units cut from them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from claimset.models.base import Model
from claimset.models.span import ArticleSpan
from claimset.models.vocabulary import ArticleRole, TextPolicy, UnitKind

__all__ = ["Article", "Identifier", "ManifestRow", "Unit"]

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,127}")


def _identifier(value: str) -> str:
    if not _IDENTIFIER.fullmatch(value):
        msg = "must be 1 to 128 letters, digits, '.', '_' or '-', and begin with a letter or digit"
        raise ValueError(msg)
    return value


Identifier = Annotated[str, AfterValidator(_identifier)]
"""A name that is safe in file names, URLs and table cells."""


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or {"\\", "\0"} & set(value) or not path.parts:
        msg = "must be a relative path with '/' that stays inside seeds/"
        raise ValueError(msg)
    return value


class ManifestRow(Model):
    """One line of `seeds/manifest.jsonl`: what is known of an article beside its text."""

    article_id: Identifier
    """Name of the article, unique in the workspace."""
    event_id: Identifier
    """Articles about the same happening share it; each is the others' evidence pool."""
    title: str = Field(min_length=1)
    """The article's title, as published or as given by who collected it."""
    publisher: str | None = None
    """Who published the text; null when nobody did or it is not known."""
    published_at: date | None = None
    """Day of publication (ISO 8601, `YYYY-MM-DD`); null when not known."""
    url: str | None = None
    """Where the article was found; null when not known."""
    language: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    """Language of the text (BCP 47)."""
    license: str = Field(min_length=1)
    """Licence of the text, as an SPDX id where it has one, else in words."""
    open_license: bool = False
    """Whether the licence lets the full text be published again. Default: it does not."""
    text_policy: TextPolicy | None = None
    """How much of the text a release holds; null means `full` under an open licence, else
    `excerpt`."""
    roles: tuple[ArticleRole, ...] = Field(
        default=(ArticleRole.CLAIMS, ArticleRole.EVIDENCE), min_length=1
    )
    """What the article is used for."""
    path: Annotated[str, AfterValidator(_inside)]
    """The text file, relative to `seeds/`."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the file as received, byte for byte."""

    @model_validator(mode="after")
    def _roles_are_a_set(self) -> Self:
        if len(set(self.roles)) != len(self.roles):
            msg = "roles names the same role twice"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _full_text_needs_an_open_licence(self) -> Self:
        if self.text_policy is TextPolicy.FULL and not self.open_license:
            msg = "text_policy full needs open_license true; otherwise use excerpt or offsets"
            raise ValueError(msg)
        return self

    @property
    def published_text(self) -> TextPolicy:
        """The policy that holds: the one given, else what the licence lets."""
        default = TextPolicy.FULL if self.open_license else TextPolicy.EXCERPT
        return self.text_policy or default


class Article(ManifestRow):
    """An article with its text, normalised once and then never changed."""

    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the normalised text's UTF-8 bytes; every position counts on this text."""
    text: str = Field(min_length=1)
    """The file decoded as UTF-8, byte-order mark removed, CRLF and CR made LF."""


class Unit(ArticleSpan):
    """A span of an article with the kind that segmentation gave it; nothing is dropped."""

    kind: UnitKind
    """What the unit is."""
    reason: str = Field(min_length=1)
    """The rule that decided the kind, in words."""
