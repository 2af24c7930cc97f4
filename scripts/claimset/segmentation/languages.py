"""Languages: which rules an article is cut by, from the language that its manifest row declares.

The rules for furniture, speakers, retellings and check-worthiness know English. Articles in other
languages are cut by layout and punctuation alone, with the abbreviations and quotation marks of
their language where they are known, and what would have to be guessed stays empty.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["UNDETERMINED", "Language", "language_of"]

UNDETERMINED: Final = "und"
"""The tag of a language that is not known (ISO 639-2, BCP 47)."""

_ALIASES: Final = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es",
}  # fmt: skip
_NAMES: Final = {"de": "German", "fr": "French", "es": "Spanish"}


class Language(NamedTuple):
    """What segmentation knows of a language.

    Attributes:
        code: Primary subtag in small letters, the two-letter one where it has both.
        is_english: Whether the English rules are right for it.
        rules: The rules it is cut by, as claims name them.
    """

    code: str
    is_english: bool
    rules: str


@lru_cache(maxsize=1024)
def language_of(tag: str) -> Language:
    """The language of a BCP 47 tag.

    >>> language_of("en-GB").is_english
    True
    >>> language_of("de-CH").rules
    'language-neutral rules with German abbreviations'

    Args:
        tag: As in the manifest.
    """
    code = tag.partition("-")[0].lower()
    code = _ALIASES.get(code, code)
    if code == "en":
        return Language(code, is_english=True, rules="English rules")
    name = _NAMES.get(code)
    rules = "language-neutral rules" + (f" with {name} abbreviations" if name else "")
    return Language(code, is_english=False, rules=rules)
