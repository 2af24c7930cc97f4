"""Sentences inside one block of running text.

Rules of our own rather than a library: every mark that may end a sentence is judged by the word
before it, the marks that close behind it and the word after it. On web text this is both more
exact and several times faster than the statistical splitters measured beside it
(tests/benchmarks/sentences.py), and it needs neither a model nor a dependency.
"""

from __future__ import annotations

import re

from claimset.segmentation.abbreviations import (
    BEFORE_ANYTHING,
    BEFORE_NAMES,
    BEFORE_NUMBERS,
    BESIDE_TIMES,
    EXCLAIMING_NAMES,
    MAY_END,
    MAY_END_IF_CAPITALISED,
    MONTHS_AFTER_ORDINALS,
    SMALL_NAMES,
    STARTERS,
)
from claimset.segmentation.enumerations import inner_cuts

__all__ = ["sentence_spans"]

# Matches wherever its first character stands, so no position is tried twice and a run of five
# million full stops is read once.
_MARK = re.compile(
    r"[.!?…‼⁇⁈⁉。！？｡؟۔।॥]+"
    r"(?:[\"'”’»›)\]}“‘*」』）】》〉]|[«‹](?!\S)|[ \u00a0\u202f][»›](?![^\s.,;:!?]))*"
)
# Nearly all ends look like this: a word in small letters, a full stop, a capital.
_PLAIN_END = re.compile(r"[a-z]{4}\. [A-Z]")
_LAST_FOUR = frozenset(
    word[-4:]
    for words in (BEFORE_ANYTHING, BEFORE_NAMES, BEFORE_NUMBERS, MAY_END, MAY_END_IF_CAPITALISED)
    for word in words
)
_WIDE_MARKS = frozenset("。！？｡")
_NEXT = re.compile(r"\s*([^\w\s]{0,8})\s?([^\W_][\w'’-]{0,24})?")
_FUSED_NEXT = re.compile(r"[\"“‘'(]?(?:[A-Z][a-z’']+|[AI])(?=[\s,;:!?]|$)")
_DOMAINS = frozenset(("Com", "Net", "Org", "Js", "Co", "Io", "Gov"))
_QUOTES = frozenset("\"'”’»›“‘«‹")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}")
_ROMAN = re.compile(r"[IVXLC]{1,5}")
_LONGEST_WORD = 32
_PLAIN_WORD = 3
_YEAR = 4
_SAYING = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Prof)\.?\s+)?[^\W\d_][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,2}\s+"
    r"(?:said|says|asked|asks|wrote|writes|added|adds|replied|shouted|cried|exclaimed|tweeted|"
    r"posted|wondered|joked|recalled|explained|yelled|screamed)\b(?=[.,;:]|\s+(?:of|in|on|at)\b)"
)


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in ``text[start:end]``, outer white space left out.

    Args:
        text: The article's text.
        start: First code point of the block.
        end: The code point after the block.

    Returns:
        Half-open spans in the article's code points, in order, without overlap; every character
        of the block outside them is white space.
    """
    block = text[start:end]
    # Headings, names, one-word lines: letters and single spaces hold nothing to cut at.
    if block.replace(" ", "").isalpha() and block[0] != " " != block[-1]:
        return [(start, end)]
    spans: list[tuple[int, int]] = []
    begin = start
    for cut in (*_cuts(text, start, end), end):
        piece = text[begin:cut].lstrip()
        if piece:
            begin = cut - len(piece)
            spans.append((begin, begin + len(piece.rstrip())))
        begin = cut
    return spans


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Positions at which a sentence ends, in order; the block's own end is not among them."""
    cuts: list[int] = []
    forced = iter((*inner_cuts(text, start, end), end))
    next_forced = next(forced)
    begin = start
    for match in _MARK.finditer(text, start, end):
        mark, after = match.span()
        while next_forced <= mark:
            begin = next_forced
            cuts.append(begin)
            next_forced = next(forced)
        if after < end and after <= next_forced and _ends_sentence(text, begin, mark, after, end):
            cuts.append(after)
            begin = after
    if next_forced < end:
        cuts.append(next_forced)
        cuts += [cut for cut in forced if cut < end]
    return cuts


def _ends_sentence(  # noqa: C901, PLR0912 - a ladder of rules
    text: str, begin: int, mark: int, after: int, end: int
) -> bool:
    """Whether the mark at ``text[mark:after]``, closing marks included, ends its sentence."""
    if _PLAIN_END.match(text, mark - 4, end) and text[mark - 4 : mark] not in _LAST_FOUR:
        return True
    if text[mark] in _WIDE_MARKS:
        return True
    if not text[after].isspace():
        return _is_fused(text, mark, after, end)
    following = _NEXT.match(text, after, end)
    opening, word = following.groups() if following else ("", None)
    if opening and opening[0] in ",;:.…?!":
        return False
    marks = text[mark:after]
    quoted = not _QUOTES.isdisjoint(marks)
    small = word is not None and word[0].islower() and word.lower() not in SMALL_NAMES
    if small and (quoted or marks[-1] in ")]}"):
        return False
    previous = _word_before(text, begin, mark)
    if "!" in marks or "?" in marks:
        if previous.lower() in EXCLAIMING_NAMES:
            return word is not None and not small and word.lower() in STARTERS
        if small and "!" in marks and "?" not in marks:
            return previous.islower()
        return not (quoted and following and _SAYING.match(text, following.start(2), end))
    if not previous or previous[-1] in "[(":
        # An omission in brackets belongs to its sentence, unless it stands for one.
        alone = (
            text[max(begin, mark - _PLAIN_WORD) : mark].strip() in {"(", "["}
            and mark - begin <= _PLAIN_WORD
        )
        return alone and marks[-1] in ")]" and not small
    if "…" in marks or ".." in marks or text[mark - 2 : mark] == ". ":
        # "I" is always a capital and says nothing after an ellipsis that stands by itself.
        spaced = text[mark - 1].isspace() and word is not None and word[0] == "I"
        return word is not None and not small and not (spaced and word[1:2] in {"", "'", "’"})
    if word is None:
        return not _is_abbreviation(previous)
    if small:
        return _ends_before_small(previous)
    if word[0].isdigit():
        return _ends_before_digit(text, begin, mark, previous)
    return _ends_before_capital(text, begin, mark, previous, word)


def _word_before(text: str, begin: int, mark: int) -> str:
    """The word that the mark closes, without opening marks; empty if nothing stands before."""
    words = text[max(begin, mark - _LONGEST_WORD) : mark].split()
    return words[-1].lstrip("\"'“‘„«‹([{¿¡*_-–—•⁃") if words else ""


def _is_fused(text: str, mark: int, after: int, end: int) -> bool:
    """Whether two sentences are glued together, as lost line ends leave them: `said.The`."""
    if after - mark > 2 or text[mark] == "…":  # noqa: PLR2004 - one mark and one closing mark
        return False
    before = text[max(0, mark - _LONGEST_WORD) : mark].split()
    if not before or not before[-1][-2:].isalpha() or not before[-1][-2:].islower():
        return False
    if not before[-1].replace("'", "").replace("’", "").lstrip("\"“‘'([").isalpha():
        return False
    following = _FUSED_NEXT.match(text, after, end)
    return following is not None and following.group() not in _DOMAINS


def _is_abbreviation(word: str) -> bool:
    small = word.lower()
    return (
        len(word) == 1
        or small in MAY_END
        or small in BEFORE_ANYTHING
        or (word[0].isupper() and (small in BEFORE_NAMES or small in MAY_END_IF_CAPITALISED))
        or _DOTTED.fullmatch(word) is not None
    )


def _ends_before_small(previous: str) -> bool:
    """A small letter follows: only after a whole word, for people who write without capitals."""
    if previous.isdigit():
        return len(previous) == _YEAR
    return (
        len(previous) >= _PLAIN_WORD
        and previous.lower() not in BEFORE_NUMBERS
        and not _is_abbreviation(previous)
    )


def _ends_before_digit(text: str, begin: int, mark: int, previous: str) -> bool:
    if previous.lower() in BEFORE_NUMBERS or _is_abbreviation(previous):
        return False
    return not _is_list_marker(text, begin, mark, previous)


def _ends_before_capital(text: str, begin: int, mark: int, previous: str, word: str) -> bool:
    small, next_small = previous.lower(), word.lower()
    if _is_list_marker(text, begin, mark, previous):
        return False
    if small in BEFORE_ANYTHING or (small in BEFORE_NAMES and previous[0].isupper()):
        return False
    starts = next_small in STARTERS
    if len(previous) == 1 and previous.isalpha():
        return _ends_after_letter(text, begin, mark, previous, word)
    if small in {"a.m", "p.m"}:
        fronted = mark - begin <= _LONGEST_WORD and len(text[begin:mark].split()) <= _PLAIN_WORD
        return next_small not in BESIDE_TIMES and not fronted
    if (
        small in MAY_END
        or (small in MAY_END_IF_CAPITALISED and previous[0].isupper())
        or _DOTTED.fullmatch(previous)
    ):
        return starts
    if small in BEFORE_NUMBERS and _ROMAN.fullmatch(word):
        return False
    return not (previous.isdigit() and next_small in MONTHS_AFTER_ORDINALS)


def _ends_after_letter(text: str, begin: int, mark: int, letter: str, word: str) -> bool:
    """An initial is part of a name, unless a word follows that begins sentences."""
    if letter == "I":
        before = text[max(begin, mark - _LONGEST_WORD) : mark].split()
        if before[-2:-1] and before[-2].lower() in {"and", "than", "or"}:
            return True
    return word.lower() in STARTERS and len(word) > 1


def _is_list_marker(text: str, begin: int, mark: int, previous: str) -> bool:
    """Whether all that stands before the mark in its sentence is a number or letter: `1.`."""
    return (
        len(previous) <= _PLAIN_WORD
        and mark - begin <= _LONGEST_WORD
        and (previous.isdigit() or len(previous) == 1)
        and not any(map(str.isalnum, text[begin:mark].strip()[: -len(previous)]))
    )
