"""Layout before sentences: which lines belong together, and which lines are furniture.

A sentence splitter sees only characters; headings, salutations and date lines carry no full stop
and would be glued to the sentence after them. So the text is first cut into blocks at line ends,
each block gets the kind that its shape, words and place give it, and only blocks of running text
are read for claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from claimset.models import UnitKind

__all__ = ["Block", "find_blocks"]

# Lines of hard-wrapped text: measured on wrapped mail and plain-text news, 60 to 95 characters
# wide; signatures and address lines stay below the minimum.
_WRAP_MINIMUM_WIDTH = 45
_WRAP_MAXIMUM_WIDTH = 100
_HEADING_MAXIMUM_WORDS = 16
_LEAD_IN_MAXIMUM_WORDS = 14
_SIGNATURE_MAXIMUM_WORDS = 8
_SIGNATURE_MAXIMUM_LINES = 4
_FOOTER_MAXIMUM_BLOCKS = 4
_SHORT_BLOCK_WORDS = 12

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
)
_TIME = r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?)"
_DATELINE = re.compile(
    rf"(?:date:?\s+|published:?\s+|updated:?\s+|posted:?\s+(?:on\s+)?)?(?:{_WEEKDAY},?\s+)?"
    rf"{_DATE}{_TIME}?[.]?",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"(?:dear\b|to whom it may concern\b|hello\b|hi\b)[^.!?]{0,80}[,:]?", re.IGNORECASE
)
_SIGN_OFF = re.compile(
    r"(?:yours\s+(?:sincerely|faithfully|truly|ever)|sincerely(?:\s+yours)?|"
    r"(?:kind|best|warm|with\s+(?:kind|best|warm))\s+(?:regards|wishes)|regards|respectfully)[,.]?",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"\bsign(?:ed|ing)?[ -]?up\b|\bsubscribe\b|\bnewsletters?\b|\bprivacy (?:notice|policy)\b|"
    r"\bcookies?\b|\bterms (?:of use|and conditions|of service)\b|\bvalid email address\b|"
    r"\bstraight to your inbox\b|\bread more\b|\bclick here\b|\bfollow us\b|\bshare this\b|"
    r"\ball rights reserved\b|\(c\)\s*\d{4}|©|\badvertisement\b|\bskip to (?:main )?content\b|"
    r"\bemailed about offers\b|\blog ?in\b.{0,20}\bregister\b|\brecommended (?:for you|stories)\b",
    re.IGNORECASE,
)
_CLOSERS = "\"'”’»›)]}"
_TERMINAL = (".", "!", "?", "…")


@dataclass(frozen=True)
class Block:
    """A run of lines that belongs together.

    Attributes:
        start: First code point that is not white space.
        end: The code point after the last one that is not white space.
        kind: What the block is; ``CLAIM`` means running text, still to be read for sentences.
        reason: The rule that decided, in words.
    """

    start: int
    end: int
    kind: UnitKind
    reason: str


@dataclass(frozen=True)
class _Lines:
    """A candidate block: its span, and whether a blank line (or the start) stands before it."""

    start: int
    end: int
    text: str
    opens_paragraph: bool


def find_blocks(text: str) -> list[Block]:
    """Cut an article into blocks and say what each one is.

    Args:
        text: Normalised article text.

    Returns:
        Blocks in text order; every character outside them is white space.
    """
    pieces = _cut_lines(text)
    kinds = _classify(pieces)
    return [
        Block(piece.start, piece.end, kind, reason)
        for piece, (kind, reason) in zip(pieces, kinds, strict=True)
    ]


def _cut_lines(text: str) -> list[_Lines]:
    """Paragraphs at blank lines; inside a paragraph each line, unless the text is wrapped."""
    pieces: list[_Lines] = []
    for paragraph in _paragraphs(text):
        if _is_hard_wrapped([text[start:end] for start, end in paragraph]):
            start, end = paragraph[0][0], paragraph[-1][1]
            pieces.append(_Lines(start, end, text[start:end], opens_paragraph=True))
            continue
        pieces += [
            _Lines(start, end, text[start:end], opens_paragraph=position == 0)
            for position, (start, end) in enumerate(paragraph)
        ]
    return pieces


def _paragraphs(text: str) -> list[list[tuple[int, int]]]:
    """Trimmed spans of the lines that hold something, grouped at blank lines."""
    paragraphs: list[list[tuple[int, int]]] = []
    after_blank = True
    position = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = position + len(line) - len(line.lstrip())
            if after_blank:
                paragraphs.append([])
            paragraphs[-1].append((start, start + len(stripped)))
        after_blank = not stripped
        position += len(line) + 1
    return paragraphs


def _is_hard_wrapped(lines: list[str]) -> bool:
    """Whether line ends inside a paragraph were set by width rather than by sense."""
    if len(lines) < 2:  # noqa: PLR2004 - one line cannot be wrapped
        return False
    inner = lines[:-1]
    widths = [len(line) for line in inner]
    finished = sum(_is_finished(line) for line in inner)
    return (
        max(widths) <= _WRAP_MAXIMUM_WIDTH
        and median(widths) >= _WRAP_MINIMUM_WIDTH
        and 2 * finished <= len(inner)
    )


def _classify(pieces: list[_Lines]) -> list[tuple[UnitKind, str]]:
    kinds = [_kind_by_words(piece.text) for piece in pieces]
    for position, piece in enumerate(pieces):
        if _SIGN_OFF.fullmatch(piece.text):
            _mark_letter_end(pieces, kinds, position)
    return kinds


def _kind_by_words(block: str) -> tuple[UnitKind, str]:
    """What shape and words alone say of a block."""
    words = len(block.split())
    if not any(character.isalnum() for character in block):
        return UnitKind.FRAGMENT, "holds no letter or digit"
    if _DATELINE.fullmatch(block):
        return UnitKind.DATELINE, "is a date and nothing else"
    if words <= _LEAD_IN_MAXIMUM_WORDS and _SALUTATION.fullmatch(block):
        return UnitKind.SALUTATION, "greets the reader of a letter"
    if _SIGN_OFF.fullmatch(block):
        return UnitKind.SIGNATURE, "closes a letter"
    phrases = {match.group().casefold() for match in _BOILERPLATE.finditer(block)}
    unfinished = words <= _SHORT_BLOCK_WORDS or not _is_finished(block)
    if len(phrases) > 1 or (phrases and unfinished):
        quoted = ", ".join(f"“{phrase}”" for phrase in sorted(phrases)[:3])
        return UnitKind.BOILERPLATE, f"site furniture, by its phrases: {quoted}"
    if block.endswith(":") and words <= _LEAD_IN_MAXIMUM_WORDS:
        return UnitKind.METADATA, "a lead-in: short, ends with a colon"
    if words <= _HEADING_MAXIMUM_WORDS and not _is_finished(block):
        return UnitKind.HEADING, "a short line without closing punctuation"
    return UnitKind.CLAIM, "running text"


def _mark_letter_end(
    pieces: list[_Lines], kinds: list[tuple[UnitKind, str]], sign_off: int
) -> None:
    """Give the lines after a sign-off the kind that their place gives them."""
    position = sign_off + 1
    while (
        position < len(pieces)
        and position <= sign_off + _SIGNATURE_MAXIMUM_LINES
        and (position == sign_off + 1 or not pieces[position].opens_paragraph)
        and len(pieces[position].text.split()) <= _SIGNATURE_MAXIMUM_WORDS
        and not _is_finished(pieces[position].text)
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


def _is_finished(line: str) -> bool:
    return line.rstrip(_CLOSERS).endswith(_TERMINAL)
