"""Where an added article comes from, and how its text was made."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from claimset.models.base import Model

__all__ = ["EncodingSource", "Original", "TitleSource"]


class EncodingSource(StrEnum):
    """How it is known in which encoding the bytes were."""

    DECLARED = "declared"
    """The person who added the file said so."""
    MARK = "byte-order mark"
    """The file begins with one."""
    PAGE = "page"
    """The HTML page declares it."""
    VALID = "valid UTF-8"
    """The bytes are valid UTF-8, which text in another encoding hardly ever is."""
    TEXT = "text"
    """The format holds text, not bytes."""


class TitleSource(StrEnum):
    """Where the title comes from."""

    GIVEN = "given"
    """A column, a page's metadata, or the person who added the file."""
    FIRST_LINE = "first line"
    """Nothing else named one."""


class Original(Model):
    """One line of `seeds/originals.jsonl`: where an added article comes from."""

    article_id: str
    """The article."""
    source: str
    """File that it was read from, with line or row where it held several."""
    path: str | None
    """The file as received, relative to `seeds/`; null when the article's own file is that."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the bytes as received; of the text where the format holds text, not bytes."""
    encoding: str
    """Encoding of those bytes."""
    encoding_from: EncodingSource
    """How the encoding is known."""
    extractor: str
    """What made the text from the bytes, with its version."""
    title_from: TitleSource
    """Whether the source named the title."""
    author: str | None = None
    """Who wrote the article, as far as its source says."""
    text_key: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the text with case and white space levelled: two articles with one key are one."""
