"""Sentences of any language: by punctuation and by what a full stop means there.

A mark that may end a sentence is judged by the word before it, by the marks that close behind it
and by what follows. Scripts without small letters cannot show that a sentence goes on; there every
mark ends one, unless an abbreviation stands before it. Thai and Lao write no sentence marks at all:
a line of theirs is one sentence.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from claimset.segmentation.dots import DOTS, NO_DOTS
from claimset.segmentation.enumerations import inner_cuts

if TYPE_CHECKING:
    from claimset.segmentation.dots import Dots

__all__ = ["SENTENCE_MARKS", "neutral_sentences"]

SENTENCE_MARKS: Final = ".!?…‼⁇⁈⁉。！？｡．؟۔।॥።፧፨։។៕༎།။᠃᠉᱾꓿"
"""Marks that may end a sentence (Unicode property Sentence_Terminal, without rare scripts)."""

_ALWAYS: Final = frozenset("。！？｡．؟۔।॥።፧፨։។៕༎།။᠃᠉᱾꓿")
_CLOSERS: Final = r"(?:[\"'”’»›)\]}*」』）】》〉]|[“‘](?!\w))"
# A mark, and what closes behind it: French puts a space before its guillemet, German closes with
# the mark that opens in English.
_MARK: Final = re.compile(
    rf"[{SENTENCE_MARKS}]+"
    rf"(?:{_CLOSERS}|[«‹](?![^\s.,;:!?])|[ \u00a0\u202f][»›](?![^\s.,;:!?…]))*"
)
_NEXT: Final = re.compile(r"\s*([^\w\s]{0,8})[\s\u00a0\u202f]?([^\W_]?[\w'’-]{0,30})")
_OPENS_AT_ONCE: Final = frozenset('«„“”"»‚‘‹›「『（《【¿¡—')
_GOES_ON_CJK: Final = re.compile(
    r"[、，,。；;：:)）]|と|って|との|など|[^。！？\n“”「」]{0,6}(?:[说說](?![明法服])|表示|问道|問道|写道|寫道)"
)
_DOTTED: Final = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")
_SPACELESS: Final = re.compile("[\u0e00-\u0eff]")
_GEORGIAN: Final = re.compile("[\u10d0-\u10ff]")  # small letters by Unicode, but begin sentences
_LONGEST_WORD: Final = 32
_LONGEST_ORDINAL: Final = 3
_BRACKETS: Final = ("[", "(")
_QUOTES: Final = frozenset("\"'”’»›“‘«‹」』")


def neutral_sentences(text: str, start: int, end: int, code: str) -> list[tuple[int, int]]:
    """Spans of the sentences in ``text[start:end]``, outer white space left out.

    Args:
        text: The article's text.
        start: First code point of the block.
        end: The code point after the block.
        code: Primary subtag of the language.

    Returns:
        Half-open spans in the article's code points, in order, without overlap; every character
        of the block outside them is white space.
    """
    dots = DOTS.get(code, NO_DOTS)
    cuts = {cut for cut in inner_cuts(text, start, end) if start < cut < end}
    begin = start
    for match in _MARK.finditer(text, start, end):
        mark, after = match.span()
        if after < end and _ends(text, begin, mark, after, end, dots):
            cuts.add(after)
            begin = after
    spans: list[tuple[int, int]] = []
    begin = start
    for cut in (*sorted(cuts), end):
        piece = text[begin:cut].lstrip()
        if piece:
            first = cut - len(piece)
            spans.append((first, first + len(piece.rstrip())))
        begin = cut
    return spans


def _ends(text: str, begin: int, mark: int, after: int, end: int, dots: Dots) -> bool:
    """Whether the mark at ``text[mark:after]``, closing marks included, ends its sentence."""
    marks = text[mark:after]
    quoted = not _QUOTES.isdisjoint(marks)
    if not _ALWAYS.isdisjoint(marks):
        return not (quoted and _GOES_ON_CJK.match(text, after, end))
    if not text[after].isspace() and text[after] not in _OPENS_AT_ONCE:
        return False
    following = _NEXT.match(text, after, end)
    opening, word = following.groups() if following else ("", "")
    if opening and opening[0] in ",;:.…?!)،؛、，":
        return False
    if not word and not opening:
        return False
    first = word[:1]
    if first.islower() and not _GEORGIAN.match(first):
        return False
    # A dash goes on with who said it, where it is followed by small letters only; those are out.
    if marks[0] in "!?…" or ".." in marks:
        return text[mark - 1 : mark] not in _BRACKETS  # "[…]" stands for words of the sentence
    previous = _word_before(text, begin, mark)
    if _is_list_marker(text[begin:mark].strip(), previous):
        return False
    if not previous:
        return not (text[mark - 1 : mark].strip() and text[mark - 1] in "[(")
    return _full_stop_ends(previous, word, dots)


def _full_stop_ends(previous: str, word: str, dots: Dots) -> bool:
    """Whether one full stop after a word ends a sentence, by the words on both sides."""
    small, following = previous.lower(), word.lower()
    stem = following.replace("’", "'").partition("'")[0]
    starts = following in dots.starters or stem in dots.starters
    if _SPACELESS.search(previous):
        return False
    if small in dots.may_end:
        return starts
    if small in dots.never or previous in dots.titles:
        return False
    if word[:1].isdigit():
        if small in dots.before_numbers or small.endswith("str"):
            return False
        if dots.ordinals and previous.isdigit() and len(previous) < _LONGEST_ORDINAL:
            return False  # 5. 4. 2024
        return not _is_short(previous)
    if previous.isdigit():
        if not dots.ordinals or len(previous) > _LONGEST_ORDINAL:
            return True
        return following not in dots.after_ordinals and starts
    if _is_short(previous):
        return starts and len(word) > 1 and bool(_DOTTED.fullmatch(previous))
    return True


def _is_list_marker(before: str, previous: str) -> bool:
    """Whether all that stands before the mark in its sentence is a number: `1.`, `• 2.`."""
    return (
        previous.isdigit()
        and len(previous) < _LONGEST_ORDINAL
        and not any(map(str.isalnum, before[: -len(previous)]))
    )


def _is_short(previous: str) -> bool:
    """Whether a word is an initial, or letters with dots between them: `B`, `d.h`, `J.-C`."""
    letters = sum(map(str.isalpha, previous))
    marks = sum(unicodedata.category(character)[0] == "M" for character in previous)
    return (letters == 1 and letters + marks == len(previous)) or bool(_DOTTED.fullmatch(previous))


def _word_before(text: str, begin: int, mark: int) -> str:
    """The word that the mark closes, without opening marks; empty if nothing stands before."""
    words = text[max(begin, mark - _LONGEST_WORD) : mark].split()
    return words[-1].lstrip("\"'“‘„‚«‹»›([{¿¡*_-–—•⁃") if words else ""
