"""Reading: a text's words with what each form tells, so that a text is taken apart once.

Names, numbers and quotations are all looked for among the same words. What a form tells lies in one
byte a word, so that a sentence without a capital or a figure is passed over in one step.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, Self

from claimset.evidence.lists import (
    CALENDAR,
    CONNECTORS,
    MONTH_WORDS,
    ODD_LETTERS,
    SPELLED_WORDS,
    TITLE_WORDS,
)

__all__ = [
    "CAPITAL",
    "CONTENT",
    "DIGIT",
    "FIGURE",
    "JOINS",
    "LETTERS",
    "MONTH",
    "ODD",
    "SPELLED",
    "UPPER",
    "WORD",
    "Form",
    "Words",
    "form_of",
]

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""A word; hyphens and dots part words, so that a span may begin or end inside a compound."""

LETTERS = re.compile(r"[^\W\d_]+")
"""Letters side by side: what a word is made of beside digits and apostrophes."""

_PIECES = re.compile(f"({WORD.pattern})")
_DIGITS = re.compile("[0-9]")

CAPITAL, JOINS, CONTENT, UPPER, DIGIT, SPELLED, MONTH, ODD = (1 << bit for bit in range(8))
FIGURE = DIGIT | SPELLED | MONTH | ODD
"""Any sign of a number or date."""


class Form(NamedTuple):
    """What a word's form tells, wherever the word stands."""

    text: str
    """The word without a possessive ending."""
    folded: str
    """The same in small letters."""
    flags: int
    """``CAPITAL``: it may be part of a name. ``JOINS``: a small word that may stand inside a name,
    or "and". ``CONTENT``: a headline would capitalise it; ``UPPER``: and it is. ``DIGIT``: it holds
    one of 0 to 9. ``SPELLED``, ``MONTH``: its letters are such a word. ``ODD``: it holds an odd i.
    """


@lru_cache(maxsize=2**15)
def form_of(written: str) -> Form:
    """What a word's form tells."""
    text = written.removesuffix("'s").removesuffix("’s")
    folded = text.casefold().replace("’", "'")
    is_upper = text[0].isupper()
    flags = CAPITAL * (is_upper and folded not in CALENDAR)
    flags |= JOINS * (folded in CONNECTORS or folded == "and")
    if folded not in TITLE_WORDS and folded not in CONNECTORS:
        flags |= CONTENT | UPPER * is_upper
    parts = [part.casefold() for part in LETTERS.findall(written)]
    flags |= DIGIT * (_DIGITS.search(written) is not None)
    flags |= SPELLED * (not SPELLED_WORDS.isdisjoint(parts))
    flags |= MONTH * (not MONTH_WORDS.isdisjoint(parts))
    flags |= ODD * any(letter in written for letter in ODD_LETTERS)
    return Form(text, folded, flags)


@lru_cache(maxsize=2**15)
def _flags_of(written: str) -> int:
    return form_of(written).flags


class Words:
    """The words of a text.

    Args:
        text: The text.
    """

    __slots__ = ("ends", "flags", "starts", "text", "written")

    text: str
    written: list[str]
    """Each word as it is written."""
    starts: list[int]
    """Where each begins, in code points."""
    ends: list[int]
    """Where each ends."""
    flags: bytes
    """What each word's form tells; see :class:`Form`."""

    def __init__(self, text: str) -> None:
        self.text = text
        pieces = _PIECES.split(text)  # what stands between words, and the words, by turns
        edges = list(accumulate(map(len, pieces)))
        self.written = pieces[1::2]
        self.starts, self.ends = edges[:-1:2], edges[1::2]
        self.flags = bytes(map(_flags_of, self.written))

    def part(self, start: int, end: int) -> Self:
        """The words of a part of the text, counted from where it begins."""
        first, stop = bisect_left(self.starts, start), bisect_right(self.ends, end)
        text = self.text[start:end]
        if (first and self.ends[first - 1] > start) or (
            stop < len(self.starts) and self.starts[stop] < end
        ):  # a border stands inside a word
            return type(self)(text)
        found = type(self).__new__(type(self))
        found.text = text
        found.written = self.written[first:stop]
        found.starts = [place - start for place in self.starts[first:stop]]
        found.ends = [place - start for place in self.ends[first:stop]]
        found.flags = self.flags[first:stop]
        return found
