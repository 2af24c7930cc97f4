"""Layout before sentences: which lines belong together, and which lines are furniture.

A sentence splitter sees only characters; headings, salutations and date lines carry no full stop
and would be glued to the sentence after them. So the text is first cut into blocks at line ends,
each block gets the kind that its shape, words and place give it, and only blocks of running text
are read for claims.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from claimset.models import UnitKind
from claimset.segmentation.enumerations import LIST_MARKER
from claimset.segmentation.furniture import furniture_hints, furniture_kind
from claimset.segmentation.letters import DATELINE, SALUTATION, SIGN_OFF
from claimset.segmentation.lines import Piece, is_finished, pieces_of

__all__ = ["Block", "find_blocks"]

_HEADING_MAXIMUM_WORDS = 16
_LEAD_IN_MAXIMUM_WORDS = 14
_SIGNATURE_MAXIMUM_WORDS = 8
_SIGNATURE_MAXIMUM_LINES = 4
_ADDRESS_MAXIMUM_LINES = 8
_FOOTER_MAXIMUM_BLOCKS = 4
_LINK_LIST_MAXIMUM = 12
_SHORT_ITEM_WORDS = 4
_SHORT_TURN_WORDS = 3
_LONG_LINE = 400
_LABEL_LENGTH = 60
_LABEL_TWICE = 2

_INTERVIEW = re.compile(r"(Q|A|Question|Answer|Frage|Antwort)(?:[:.]|\s?[–—-])\s+\S", re.IGNORECASE)
_LABEL = re.compile(r"([^\W\d_a-z][^\W\d_]*(?:[ .'’-]{1,2}[^\W\d_]+\.?){0,3}):\s")
_INITIAL = re.compile(r"\(?[A-Z][.)]")
_LINK_LIST = re.compile(
    r"(?:related|more on|more from|most (?:read|popular)|read (?:more|next|also)|you may also|"
    r"you might also|recommended|trending|top stories|latest news|see also|editor)",
    re.IGNORECASE,
)
_MARKS_ONLY = "holds no letter or digit"
_TEXT = (UnitKind.CLAIM, "running text")


class Block(NamedTuple):
    """A run of lines that belongs together.

    Attributes:
        start: First code point that is not white space.
        end: The code point after the last one that is not white space.
        kind: What the block is; ``CLAIM`` means running text, still to be read for sentences.
        reason: The rule that decided, in words.
        suspect: Whether a phrase of furniture may stand in it.
    """

    start: int
    end: int
    kind: UnitKind
    reason: str
    suspect: bool = False


def find_blocks(text: str) -> list[Block]:
    """Cut an article into blocks and say what each one is.

    Args:
        text: Normalised article text.

    Returns:
        Blocks in text order; every character outside them is white space.
    """
    pieces = pieces_of(text)
    hints = furniture_hints(text)
    suspects = [bool(hints) and _holds(piece.text, hints) for piece in pieces]
    kinds = _classify(pieces, suspects)
    return [
        Block(piece.start, piece.end, kind, reason, suspect)
        for piece, (kind, reason), suspect in zip(pieces, kinds, suspects, strict=True)
    ]


def _holds(block: str, hints: tuple[str, ...]) -> bool:
    small = block.lower()
    return any(hint in small for hint in hints)


def _classify(pieces: list[Piece], suspects: list[bool]) -> list[tuple[UnitKind, str]]:
    """Shape and words first; then what the place among the other blocks adds."""
    kinds = [
        _kind_by_words(piece.text, suspect=suspect)
        for piece, suspect in zip(pieces, suspects, strict=True)
    ]
    _mark_turns(pieces, kinds)
    for position, (kind, reason) in enumerate(kinds):
        if kind is UnitKind.SALUTATION:
            _mark_address(pieces, kinds, position)
        elif kind is UnitKind.SIGNATURE and SIGN_OFF.fullmatch(pieces[position].text):
            _mark_letter_end(pieces, kinds, position)
        elif kind is UnitKind.BOILERPLATE and _LINK_LIST.match(pieces[position].text):
            _mark_link_list(kinds, position)
        elif reason == _MARKS_ONLY and pieces[position].text == "--":
            _mark_letter_end(pieces, kinds, position)
    return kinds


def _kind_by_words(block: str, *, suspect: bool) -> tuple[UnitKind, str]:
    """What shape and words alone say of a block."""
    if len(block) > _LONG_LINE:
        words = block.count(" ") + 1
        return furniture_kind(block, words, suspect=suspect) or _text_or_marks(block)
    return _kind_of_short(block, suspect)


def _text_or_marks(block: str) -> tuple[UnitKind, str]:
    if any(map(str.isalnum, block)):
        return _TEXT
    return UnitKind.FRAGMENT, _MARKS_ONLY


# The furniture of a site comes back in each of its articles.
@lru_cache(maxsize=4096)
def _kind_of_short(block: str, suspect: bool) -> tuple[UnitKind, str]:
    if not any(map(str.isalnum, block)):
        return UnitKind.FRAGMENT, _MARKS_ONLY
    words = len(block.split())
    finished = is_finished(block)
    if words <= _LEAD_IN_MAXIMUM_WORDS:
        if DATELINE.fullmatch(block):
            return UnitKind.DATELINE, "is a date and nothing else"
        if SALUTATION.fullmatch(block):
            return UnitKind.SALUTATION, "greets the reader of a letter"
        if SIGN_OFF.fullmatch(block):
            return UnitKind.SIGNATURE, "closes a letter"
    furniture = furniture_kind(block, words, suspect=suspect)
    if furniture:
        return furniture
    if words <= _LEAD_IN_MAXIMUM_WORDS and block.endswith(":"):
        return UnitKind.METADATA, "a lead-in: short, ends with a colon"
    return _kind_of_line(block, words, finished=finished)


def _kind_of_line(block: str, words: int, *, finished: bool) -> tuple[UnitKind, str]:
    interview = _INTERVIEW.match(block)
    if interview:
        asks = interview.group(1)[0] in "QqFf"
        if asks and not finished:
            return UnitKind.QUESTION, "asked by the interviewer"
        return _turn(words - 1, finished=finished)
    marker = LIST_MARKER.match(block)
    if marker and not _INITIAL.match(block):
        if finished or words - 1 > _SHORT_ITEM_WORDS:
            return UnitKind.CLAIM, "an item of a list"
        return UnitKind.FRAGMENT, "a short item of a list"
    if words <= _HEADING_MAXIMUM_WORDS and not finished:
        return UnitKind.HEADING, "a short line without closing punctuation"
    return _TEXT


def _turn(words: int, *, finished: bool) -> tuple[UnitKind, str]:
    if finished or words > _SHORT_TURN_WORDS:
        return UnitKind.CLAIM, "a turn of an interview"
    return UnitKind.FRAGMENT, "a short answer"


def _mark_turns(pieces: list[Piece], kinds: list[tuple[UnitKind, str]]) -> None:
    """Lines that begin `NAME:` are turns if the name comes back; else they may be headings."""
    labelled = [
        (position, match.group(1))
        for position, piece in enumerate(pieces)
        if ": " in piece.text[:_LABEL_LENGTH]
        and kinds[position][0] in {UnitKind.HEADING, UnitKind.CLAIM}
        and (match := _LABEL.match(piece.text))
    ]
    counts = Counter(label for _, label in labelled)
    for position, label in labelled:
        if counts[label] >= _LABEL_TWICE and len(counts) > 1:
            text = pieces[position].text
            words = text.count(" ") - label.count(" ")
            kinds[position] = _turn(words, finished=is_finished(text))


def _mark_address(pieces: list[Piece], kinds: list[tuple[UnitKind, str]], salutation: int) -> None:
    """Short lines that stand together above the salutation are an address."""
    last = salutation - 1
    if last >= 0 and kinds[last][0] is UnitKind.DATELINE:
        last -= 1
    first = last
    # The bound also keeps a text of nothing but salutations from costing the square of its length.
    while first > 0 and not pieces[first].opens_paragraph and last - first < _ADDRESS_MAXIMUM_LINES:
        first -= 1
    lines = range(first, last + 1)
    short = all(kinds[line][0] is UnitKind.HEADING for line in lines)
    if short and 1 < len(lines) <= _ADDRESS_MAXIMUM_LINES:
        for line in lines:
            kinds[line] = (UnitKind.METADATA, "an address above the salutation of a letter")


def _mark_link_list(kinds: list[tuple[UnitKind, str]], title: int) -> None:
    """Headings that follow `Related articles` and the like are links to other articles."""
    end = title + 1
    while (
        end < len(kinds) and end <= title + _LINK_LIST_MAXIMUM and kinds[end][0] is UnitKind.HEADING
    ):
        end += 1
    if end < len(kinds) and kinds[end][0] is UnitKind.CLAIM:
        end -= 1  # the heading of the text that follows
    for position in range(title + 1, end):
        kinds[position] = (UnitKind.BOILERPLATE, "a link to another article")


def _mark_letter_end(pieces: list[Piece], kinds: list[tuple[UnitKind, str]], sign_off: int) -> None:
    """Give the lines after a sign-off the kind that their place gives them."""
    position = sign_off + 1
    while (
        position < len(pieces)
        and position <= sign_off + _SIGNATURE_MAXIMUM_LINES
        and (position == sign_off + 1 or not pieces[position].opens_paragraph)
        and len(pieces[position].text.split()) <= _SIGNATURE_MAXIMUM_WORDS
        and not is_finished(pieces[position].text)
    ):
        kinds[position] = (UnitKind.SIGNATURE, "stands under the letter's sign-off")
        position += 1
    rest = range(position, len(pieces))
    # A letter that is quoted inside a longer article is followed by more article, not by a footer.
    if len(rest) > _FOOTER_MAXIMUM_BLOCKS:
        return
    for index in rest:
        if kinds[index][0] is UnitKind.CLAIM:
            kinds[index] = (UnitKind.BOILERPLATE, "footer: stands after the letter's signature")
