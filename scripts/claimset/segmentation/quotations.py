"""Quotations: which quotation marks belong together, inside one block of text."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Quotation", "QuoteMark", "find_quotations"]

_ANY_MARK = re.compile("[\"“”„‟″«»‹›‘’'`]")
_DOUBLE_OPENERS = frozenset("“„‟«")
_SINGLE_FORMS = frozenset("'‘")
_APOSTROPHES = frozenset("'’")
_PARTNERS = {
    "“": "”",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "‹": "›",
    "»": "«",
    "›": "‹",
    "‘": "'",
}
_ELISION = re.compile(r"\d|(?:em|til|tis|twas|cause|n|round|bout|cuz|nuff)\b", re.IGNORECASE)
_LONGEST_SINGLE = 2_000
"""Code points in single marks: over a longer stretch two apostrophes meet by chance."""
_POSSESSIVES = 4
"""Possessives of words in s that are read over while a closing single mark is sought."""


class QuoteMark(StrEnum):
    """What kind of marks hold a quotation."""

    DOUBLE = "double"
    SINGLE = "single"
    OPEN = "open"
    """Opened and not closed in its block: it goes on in the next one, or a mark was lost."""


class Quotation(NamedTuple):
    """Words between quotation marks.

    Attributes:
        start: The opening mark.
        end: After the closing mark; the block's end when it is open.
        inner_start: First code point of the quoted words.
        inner_end: After the last one, outer white space left out.
        mark: The kind of marks.
        mismatched: Whether the closing mark is not the partner of the opening one.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    mark: QuoteMark
    mismatched: bool


class _Mark(NamedTuple):
    """A quotation mark that may open or close something."""

    start: int
    end: int
    form: str
    opens: bool
    closes: bool


def find_quotations(text: str, start: int, end: int) -> list[Quotation]:
    """Outermost pairs of quotation marks in the block ``text[start:end]``, in order.

    A mark without a partner cannot spill over the block's end. A double mark that is not closed
    runs to the end of the block (newspapers close a quotation of several paragraphs only once); a
    single mark that is not closed was an apostrophe. Takes time linear in the block.

    Args:
        text: The article's text.
        start: First code point of the block.
        end: The code point after it.
    """
    marks = _marks(text, start, end)
    if not marks:
        return []
    singles: _Singles | None = None
    found: list[Quotation] = []
    position = 0
    while position < len(marks):
        mark = marks[position]
        closer: int | None
        if not mark.opens:
            position += 1
        elif mark.form in _SINGLE_FORMS:
            singles = singles or _Singles(text, marks)
            closer = singles.closer(position)
            if closer is not None:
                found.append(_quotation(text, mark, marks[closer], QuoteMark.SINGLE))
            position = position + 1 if closer is None else closer + 1
        else:
            closer, is_closed = _double_closer(marks, position)
            if closer is not None and is_closed:
                found.append(_quotation(text, mark, marks[closer], QuoteMark.DOUBLE))
                position = closer + 1
            else:
                stop = end if closer is None else marks[closer].start
                found.append(_open_quotation(text, mark, stop))
                position = len(marks) if closer is None else closer
    return [quotation for quotation in found if quotation.inner_start < quotation.inner_end]


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    """The marks of a block, apostrophes inside words left out."""
    marks: list[_Mark] = []
    skip_to = start
    for match in _ANY_MARK.finditer(text, start, end):
        at = match.start()
        if at < skip_to:
            continue
        form = match.group()
        if (
            form in _APOSTROPHES
            and start < at < end - 1
            and text[at - 1].isalnum()
            and text[at + 1].isalnum()
        ):
            continue
        width = 1
        if form in "'’‘`" and at + 1 < end and text[at + 1] == form:
            form, width = "''", 2
        skip_to = at + width
        before = text[at - 1] if at > start else " "
        after = text[at + width] if at + width < end else " "
        mark = _mark(text, at, at + width, form, before, after)
        if mark is not None:
            marks.append(mark)
    return marks


def _mark(text: str, at: int, end: int, form: str, before: str, after: str) -> _Mark | None:
    """What one mark can do, by the characters around it; ``None`` for an apostrophe."""
    word_before, word_after = before.isalnum(), after.isalnum()
    outside = before.isspace() or before in "([{—–-/"
    if form == "`":
        return None
    if form in _SINGLE_FORMS or form == "’":
        elided = _ELISION.match(text, end, end + 8)
        opens = form != "’" and not word_before and not after.isspace() and not elided
        if form == "'" and not word_after:
            opens = False
        closes = form != "‘" and not word_after and not (outside and after.isspace())
        return (
            _Mark(at, end, "'" if form == "’" else form, opens, closes) if opens or closes else None
        )
    opening_shape = outside and not after.isspace()
    closing_shape = not outside and not word_after
    if form == "''":
        return _Mark(at, end, form, opening_shape and word_after, not opening_shape)
    if form in _DOUBLE_OPENERS:
        return _Mark(at, end, form, opens=True, closes=closing_shape and form in "“‟«")
    if form in "”»›":
        return _Mark(at, end, form, opens=opening_shape and word_after, closes=True)
    return _Mark(at, end, form, opens=not closing_shape, closes=not opening_shape)


class _Singles:
    """Finds the partners of single marks, each in constant time."""

    def __init__(self, text: str, marks: list[_Mark]) -> None:
        self._text = text
        self._marks = marks
        count = len(marks)
        self._next_closer = [count] * (count + 1)
        self._next_opener = [count] * (count + 1)
        self._doubles = [0] * (count + 1)
        for index in range(count - 1, -1, -1):
            mark = marks[index]
            single = mark.form in _SINGLE_FORMS
            self._next_closer[index] = (
                index if single and mark.closes else self._next_closer[index + 1]
            )
            self._next_opener[index] = (
                index if single and mark.opens else self._next_opener[index + 1]
            )
            self._doubles[index] = self._doubles[index + 1] + (not single)

    def closer(self, opener: int) -> int | None:
        """Index of the mark that closes a single mark; ``None`` if that was an apostrophe."""
        marks, text = self._marks, self._text
        best: int | None = None
        index = self._next_closer[opener + 1]
        for _ in range(_POSSESSIVES):
            if index == len(marks) or marks[index].start - marks[opener].end > _LONGEST_SINGLE:
                return best
            if best is not None and self._next_opener[best + 1] < index:
                return best
            # Half a double pair between the two would mean that they cross it.
            if (self._doubles[opener] - self._doubles[index]) % 2 == 0:
                best = index
                after = text[marks[index].end : marks[index].end + 1]
                possessive = text[marks[index].start - 1] in "sS" and after.isspace()
                if not possessive:
                    return best
            index = self._next_closer[index + 1]
        return best


def _double_closer(marks: list[_Mark], opener: int) -> tuple[int | None, bool]:  # noqa: C901 - a ladder of rules
    """Index of the mark at which a double quotation ends, and whether that mark closes it.

    ``None`` means that it runs to the end of the block. A mark that does not close it opens the
    next quotation: the one that should have closed it was lost.
    """
    form = marks[opener].form
    partner = _PARTNERS.get(form, form)
    depth = 0
    for index in range(opener + 1, len(marks)):
        mark = marks[index]
        if mark.form in _SINGLE_FORMS:
            continue
        if form == '"' and mark.form == '"' and not mark.closes:
            following = range(index + 1, min(index + 5, len(marks)))
            straight = [i for i in following if marks[i].form == '"'][:2]
            if len(straight) == 2 and all(marks[i].closes for i in straight):  # noqa: PLR2004
                return straight[1], True
            return index, False
        if mark.form == form and mark.opens and not mark.closes:
            depth += 1
        elif mark.form in partner or (depth == 0 and mark.closes and mark.form not in "‹›"):
            if depth == 0:
                return index, True
            depth -= 1
    if depth:
        # More were opened than closed: the last closing mark is the best end there is.
        for index in range(len(marks) - 1, opener, -1):
            if marks[index].form in partner:
                return index, True
    return None, False


def _quotation(text: str, opener: _Mark, closer: _Mark, mark: QuoteMark) -> Quotation:
    inner_start, inner_end = _trim(text, opener.end, closer.start)
    return Quotation(
        opener.start,
        closer.end,
        inner_start,
        inner_end,
        mark,
        closer.form not in _PARTNERS.get(opener.form, opener.form),
    )


def _open_quotation(text: str, opener: _Mark, end: int) -> Quotation:
    inner_start, inner_end = _trim(text, opener.end, end)
    return Quotation(
        opener.start, inner_end, inner_start, inner_end, QuoteMark.OPEN, mismatched=False
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
