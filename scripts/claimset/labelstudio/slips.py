"""Slips: positions that miss their text by a known error of counting, found and proven.

A browser counts UTF-16 code units where the contract counts code points, and it may render or trim
white space. Such a slip is corrected only when it is proven: the correction must hold exactly the
text that the annotator marked, at the very place that the error leads to. Everything else is
rejected; a text is never looked for elsewhere in the source.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Slip", "find_slip", "where_it_stands"]


class Slip(NamedTuple):
    """A proven correction of one span."""

    start: int
    """First code point."""
    end: int
    """Code point after the last one."""
    kind: str
    """What was wrong, in words."""


def find_slip(source: str, start: int, end: int, marked: str) -> Slip | None:
    """Explain why ``source[start:end]`` is not the marked text; ``None`` when it cannot be proven.

    Args:
        source: The source's text.
        start: First position as it was recorded.
        end: Position after the last one as it was recorded.
        marked: The text that the annotator saw marked.

    >>> find_slip("👩 yes", 3, 6, "yes")
    Slip(start=2, end=5, kind='positions counted UTF-16 code units')
    >>> find_slip("a  b", 0, 4, "a b").kind
    'the marked text has other white space'
    """
    if not 0 <= start < end or not marked.strip():
        return None
    for first, last, unit in (
        (start, end, ""),
        (_from_utf16(source, start), _from_utf16(source, end), "UTF-16 code units"),
    ):
        if first is None or last is None or last > len(source):
            continue
        found = source[first:last]
        counted = f"positions counted {unit}" if unit else ""
        if found == marked:
            return Slip(first, last, counted) if unit else None
        trimmed = found.strip()
        if trimmed == marked:
            lead = len(found) - len(found.lstrip())
            what = "positions took in white space around the marked text"
            return Slip(first + lead, first + lead + len(trimmed), _both(counted, what))
        if found.split() == marked.split():
            return Slip(first, last, _both(counted, "the marked text has other white space"))
    return None


def where_it_stands(source: str, marked: str) -> str:
    """Where a marked text stands in the source, for the message of a rejection."""
    places = source.count(marked) if marked else 0
    if places == 0:
        return "the marked text stands nowhere in it"
    first = source.find(marked)
    if places == 1:
        return f"the marked text stands once in it, at {first} to {first + len(marked)}"
    return f"the marked text stands {places} times in it"


def _both(first: str, second: str) -> str:
    return f"{first}, and {second}" if first else second


def _from_utf16(source: str, units: int) -> int | None:
    """A position in UTF-16 code units as one in code points; ``None`` inside a character."""
    raw = source.encode("utf-16-le")
    if 2 * units > len(raw):
        return None
    try:
        return len(raw[: 2 * units].decode("utf-16-le"))
    except UnicodeDecodeError:
        return None
