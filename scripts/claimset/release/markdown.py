"""Foreign text inside Markdown: whatever a title or a publisher holds, it is shown and not obeyed.

A card is rendered as Markdown with HTML, by software that is not ours. So every value that a
template prints is escaped unless it is marked as our own.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["Trusted", "code", "escape", "link"]

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARKS = re.compile(r"([\\`*_\[\]|~#!{}$])")
# Addresses that renderers turn into links by themselves.
_AUTOLINK = re.compile(
    r"://|(?<=www)\.|(?<=\w)@(?=\w)|(?<=mailto):|(?<=javascript):", re.IGNORECASE
)
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&*+,;=%]+")
# Marks that turn the direction of the text around them, and so hide what it says.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Trusted(str):
    """Text of our own, printed as it is."""

    __slots__ = ()


def escape(value: object) -> str:
    r"""A value as plain words of one line: no HTML, no Markdown, no link.

    >>> escape("<b>*1* | x\n---")
    '&lt;b&gt;\\*1\\* \\| x ---'
    """
    if isinstance(value, Trusted):
        return value
    text = _MARKS.sub(r"\\\1", "".join(_HTML.get(char, char) for char in _one_line(str(value))))
    return _AUTOLINK.sub(lambda found: "".join(f"&#{ord(char)};" for char in found.group()), text)


def code(value: object) -> Trusted:
    """A value in a code span that also holds inside a table cell.

    >>> code("a`b|c")
    "`a'b¦c`"
    """
    text = _one_line(str(value)).replace("`", "'").replace("|", "¦")
    return Trusted(f"`{text}`" if text else "")


def link(value: str | None) -> Trusted:
    """An address as a link if it is a plain web address, else as words; empty for none."""
    if value is not None and _PLAIN_URL.fullmatch(value):
        return Trusted(f"<{value}>")
    return Trusted(escape(value or ""))


def _one_line(text: str) -> str:
    kept = (
        " " if char.isspace() or unicodedata.category(char) == "Cc" else char
        for char in text
        if char not in _BIDI
    )
    return " ".join("".join(kept).split())
