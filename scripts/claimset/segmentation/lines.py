"""Lines of an article: paragraphs at blank lines, and line ends that width alone has set.

A line end inside a sentence is no border. It is known by the rule by which software wraps: the
next line's first word would not have fitted. So a line end is joined only if that holds for it,
and only in a paragraph whose lines show that they were wrapped.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from claimset.segmentation.enumerations import LIST_MARKER

__all__ = ["CLOSERS", "Piece", "is_finished", "pieces_of"]

CLOSERS = "\"'”’»›)]}“‘*_"
"""Marks that may stand behind the one that ends a sentence."""

_TERMINAL = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")

# Measured on wrapped mail, plain-text news and press releases: 50 to 95 characters a line.
_WIDEST_WRAPPED = 100
_NARROWEST_WRAPPED = 40
_LOOSE_END = 30
_NO_CONTINUATION = re.compile(
    r"(?:[A-Z][\w.]{0,20}:\s|[QA][.:)]\s|https?://|www\.|--|[A-Z][\w .'’-]{1,30}:$)"
)


class Piece(NamedTuple):
    """A line, or several that were one before they were wrapped.

    Attributes:
        start: First code point that is not white space.
        end: The code point after the last one that is not white space.
        text: What stands between them.
        opens_paragraph: Whether a blank line (or the start of the article) stands before it.
        wrapped: Whether it is made of several lines.
    """

    start: int
    end: int
    text: str
    opens_paragraph: bool
    wrapped: bool = False


def is_finished(line: str) -> bool:
    """Whether a line ends like a sentence, closing quotation marks and brackets left aside."""
    return line.endswith(_TERMINAL) or line.rstrip(CLOSERS).endswith(_TERMINAL)


def pieces_of(text: str) -> list[Piece]:
    """The lines of an article that hold something, wrapped ones put together.

    Args:
        text: Normalised article text.

    Returns:
        Pieces in text order; every character outside them is white space.
    """
    pieces: list[Piece] = []
    paragraph: list[tuple[int, int, str]] = []
    position = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = position + line.index(stripped[0])
            paragraph.append((start, start + len(stripped), stripped))
        elif paragraph:
            _add_paragraph(pieces, text, paragraph)
            paragraph = []
        position += len(line) + 1
    if paragraph:
        _add_paragraph(pieces, text, paragraph)
    return pieces


def _add_paragraph(pieces: list[Piece], text: str, lines: list[tuple[int, int, str]]) -> None:
    if len(lines) == 1:
        start, end, line = lines[0]
        pieces.append(Piece(start, end, line, opens_paragraph=True))
        return
    joined = _joined_ends([line for _, _, line in lines])
    first = 0
    for number, (start, end, line) in enumerate(lines):
        if number < len(joined) and joined[number]:
            continue
        if first == number:
            pieces.append(Piece(start, end, line, opens_paragraph=first == 0))
        else:
            begin = lines[first][0]
            pieces.append(
                Piece(begin, end, text[begin:end], opens_paragraph=first == 0, wrapped=True)
            )
        first = number + 1


def _joined_ends(lines: list[str]) -> list[bool]:
    """For each line but the last, whether it goes on in the next one."""
    widths = list(map(len, lines))
    width = max(widths)
    if width < _LOOSE_END:
        return []
    by_width = _NARROWEST_WRAPPED <= width <= _WIDEST_WRAPPED and _looks_wrapped(lines, width)
    return [
        (by_width and _is_tight(line, following, width) and _may_continue(following))
        or (size >= _LOOSE_END and _breaks_off(line, following))
        for line, following, size in zip(lines, lines[1:], widths, strict=False)
    ]


def _looks_wrapped(lines: list[str], width: int) -> bool:
    """Whether line ends were set by width: they fill it, break sentences and go on small."""
    tight = [
        (line, following)
        for line, following in pairwise(lines)
        if _is_tight(line, following, width)
    ]
    if 2 * len(tight) < len(lines) - 1 or not tight:
        return False
    finished = sum(is_finished(line) for line, _ in tight)
    small = sum(_first_letter_is_small(following) for _, following in tight)
    return 2 * finished <= len(tight) and 4 * small >= len(tight)


def _is_tight(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word would not have fitted behind this one."""
    first_word = following[:width].split(None, 1)[0]
    return len(line) + 1 + len(first_word) > width


def _first_letter_is_small(line: str) -> bool:
    return line[0].islower() or (line[0] in "\"'“‘(>" and line[1:3].strip("\"'“‘(> ").islower())


def _may_continue(following: str) -> bool:
    """Items of a list, speakers and addresses open a line of their own."""
    return not (LIST_MARKER.match(following) or _NO_CONTINUATION.match(following))


def _breaks_off(line: str, following: str) -> bool:
    """A line that stops in mid-sentence and one that begins small belong together."""
    return (
        following[0].islower()
        and (line[-1].isalnum() or line[-1] in ",-–—")
        and _may_continue(following)
    )
