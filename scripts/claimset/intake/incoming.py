"""An article on its way in: what a reader found, before it is checked and stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimset.models import EncodingSource

__all__ = ["Incoming"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a reader found.

    Attributes:
        text: The article's text; what is stored is exactly this.
        place: File, and line or row, for messages: ``news.csv:12``.
        extractor: What made the text from the bytes.
        encoding: Name of the encoding of the bytes.
        encoding_from: How that is known.
        stem: What the article may be called when it has no id: the file's name without ending.
        original: The bytes as received, where the text is not simply those bytes.
        suffix: File ending of the original.
        fields: What the source says of the article, by manifest field, as text.
        author: Who wrote it.
    """

    text: str
    place: str
    extractor: str
    encoding: str
    encoding_from: EncodingSource
    stem: str
    original: bytes | None = None
    suffix: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    author: str | None = None
