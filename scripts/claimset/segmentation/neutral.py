"""Units of any language: by layout and punctuation, without a word list of English.

What shape alone shows is named: a date, a short line without a closing mark, a line that only leads
in, marks without letters. Furniture, captions and signatures are known by English phrases and are
not guessed at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from claimset.models import UnitKind
from claimset.segmentation.enumerations import LIST_MARKER
from claimset.segmentation.letters import DATELINE, SALUTATION, SIGN_OFF
from claimset.segmentation.lines import CLOSERS, pieces_of
from claimset.segmentation.neutral_sentences import SENTENCE_MARKS, neutral_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.segmentation.languages import Language

__all__ = ["neutral_units"]

_HEADING_MAXIMUM_WORDS: Final = 16
_LEAD_IN_MAXIMUM_WORDS: Final = 14
_SHORT_ITEM_WORDS: Final = 4
_LONGEST_EXCLAMATION: Final = 24
_CLOSERS: Final = CLOSERS + "«‹」』）】》〉״"
_TERMINAL: Final = tuple(SENTENCE_MARKS)
_TURN: Final = re.compile(r"[—―]\s*\w|–\s?[^\W\d_a-z]|[—―–]\s*[¿¡«„“]")
_COPYRIGHT: Final = re.compile(r"(?:©|\(c\)\s?\d{4})")
# Scripts that write no words apart. A Thai word has four or five letters; but Thai closes no
# sentence with a mark, so that a line must be shorter than elsewhere to pass for a heading.
_IDEOGRAPHS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SPACELESS: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_IDEOGRAPHS_A_WORD: Final = 2
_LETTERS_A_WORD: Final = 3
_LETTER_LANGUAGES: Final = frozenset(("de", "fr", "es"))
"""Languages whose greetings and closings of letters are known."""

_Found = tuple[int, int, UnitKind, str]


def neutral_units(text: str, language: Language) -> Iterator[_Found]:
    """Cut an article into units, by layout and punctuation.

    Args:
        text: Normalised article text.
        language: Its language.

    Yields:
        Start, end, kind and reason of each unit, in text order; every character outside them is
        white space. Reasons of claims name the rules.
    """
    for piece in pieces_of(text):
        kind, reason = _kind_of_piece(piece.text, language)
        for start, end in neutral_sentences(text, piece.start, piece.end, language.code):
            if kind is not UnitKind.CLAIM:
                yield start, end, kind, reason
                continue
            of_sentence, why = _kind_of_sentence(text[start:end])
            if of_sentence is UnitKind.CLAIM:
                why = f"{reason}; {language.rules}"
            yield start, end, of_sentence, why


def _kind_of_piece(piece: str, language: Language) -> tuple[UnitKind, str]:
    if not any(map(str.isalnum, piece)):
        return UnitKind.FRAGMENT, "holds no letter or digit"
    words = _words(piece)
    finished = _is_finished(piece)
    if words <= _LEAD_IN_MAXIMUM_WORDS:
        found = _kind_of_short(piece, language)
        if found is not None:
            return found
    if _TURN.match(piece):
        return UnitKind.CLAIM, "a turn of a dialogue"
    if LIST_MARKER.match(piece):
        if finished or words - 1 > _SHORT_ITEM_WORDS:
            return UnitKind.CLAIM, "an item of a list"
        return UnitKind.FRAGMENT, "a short item of a list"
    if words <= _HEADING_MAXIMUM_WORDS and not finished:
        return UnitKind.HEADING, "a short line without closing punctuation"
    return UnitKind.CLAIM, "a sentence of running text"


def _kind_of_short(piece: str, language: Language) -> tuple[UnitKind, str] | None:
    if DATELINE.fullmatch(piece):
        return UnitKind.DATELINE, "is a date and nothing else"
    if language.code in _LETTER_LANGUAGES:
        if SALUTATION.fullmatch(piece):
            return UnitKind.SALUTATION, "greets the reader of a letter"
        if SIGN_OFF.fullmatch(piece):
            return UnitKind.SIGNATURE, "closes a letter"
    if _COPYRIGHT.match(piece):
        return UnitKind.BOILERPLATE, "a line of copyright"
    if piece.endswith((":", "：")):
        return UnitKind.METADATA, "a lead-in: short, ends with a colon"
    return None


def _words(piece: str) -> int:
    """About how many words a line has, also in scripts that write none apart."""
    spaced = len(piece.split())
    if piece.isascii():
        return spaced
    ideographs = len(_IDEOGRAPHS.findall(piece)) // _IDEOGRAPHS_A_WORD
    return spaced + ideographs + len(_SPACELESS.findall(piece)) // _LETTERS_A_WORD


def _is_finished(line: str) -> bool:
    return line.endswith(_TERMINAL) or line.rstrip(_CLOSERS + " \u00a0\u202f").endswith(_TERMINAL)


def _kind_of_sentence(text: str) -> tuple[UnitKind, str]:
    if text.rstrip(_CLOSERS + " \u00a0\u202f").endswith(("?", "？", "؟")):
        return UnitKind.QUESTION, "ends with a question mark"
    if not any(map(str.isalnum, text)):
        return UnitKind.FRAGMENT, "holds no letter or digit"
    # Scripts without small letters write whole sentences without a space.
    single = len(text) <= _LONGEST_EXCLAMATION and not any(map(str.isspace, text))
    if single and text.lower() != text.upper():
        return UnitKind.FRAGMENT, "a single word"
    return UnitKind.CLAIM, ""
