"""Words as the ranking sees them: folded, lightly stemmed, numbers in one spelling."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

__all__ = ["STOP_WORDS", "Term", "stem", "terms", "terms_of", "tokens", "written_words"]

_WORD = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*|%")
# fmt: off
STOP_WORDS = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by", "did", "do", "does",
    "for", "from", "had", "has", "have", "he", "her", "his", "i", "if", "in", "into", "is", "it",
    "its", "me", "my", "no", "nor", "not", "of", "on", "or", "our", "she", "so", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "us", "was",
    "we", "were", "what", "when", "where", "which", "who", "whom", "will", "with", "would", "you",
    "your",
))
"""Words that say nothing of what a sentence is about."""
_NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)
_ORDINAL_WORDS = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
    "ninth", "tenth",
)
_MONTHS = (
    "january", "february", "march", "april", "june", "july", "august", "september", "october",
    "november", "december",
)
# fmt: on
_SPELLINGS = (
    {word: str(value) for value, word in enumerate(_NUMBER_WORDS)}
    | {word: str(value) for value, word in enumerate(_ORDINAL_WORDS)}
    | {month[:3]: month for month in _MONTHS}
    | {"sept": "september", "%": "percent"}
)
_DIGITS = re.compile(r"([0-9]+(?:[.,][0-9]+)*)(st|nd|rd|th|k|m|mn|bn|tn)?")
_SCALES = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "tn": "trillion"}
# Scripts that write no words apart: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_SHORTEST_STEMMED = 4
_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
_DOUBLED = frozenset("bdgmnprt")
# Names and numbers say most surely that two sentences are about the same thing.
_NAME_WEIGHT = 1.2


class Term(NamedTuple):
    """One word of a sentence.

    Attributes:
        word: Its stem; equal for all forms and spellings of the word.
        weight: What it counts in a query (1 for a plain word).
    """

    word: str
    weight: float


def terms(text: str) -> list[Term]:
    """Words of a sentence in order, without stop words; names and numbers weigh more."""
    return list(chain.from_iterable(map(terms_of, written_words(text))))


def written_words(text: str) -> list[str]:
    """Words of a sentence in order, as they are written; stop words too."""
    return _WORD.findall(text)


def tokens(text: str) -> list[str]:
    """Words as the ranking sees them: case-folded, without stop words, lightly stemmed.

    >>> tokens("The unions were criticising Whitehall's officials")
    ['union', 'criticis', 'whitehall', 'official']
    >>> tokens("£10m on 3rd Sept.") == tokens("10 million, third of September")
    True
    >>> tokens("桥关闭了")
    ['桥关', '关闭', '闭了']
    """
    return [term.word for term in terms(text)]


@lru_cache(maxsize=2**14)
def terms_of(written: str) -> tuple[Term, ...]:
    """What a written word counts for: nothing, a word, or a number and its scale."""
    heavy = written[0].isupper() or written[0].isdigit()
    weight = _NAME_WEIGHT if heavy else 1.0
    return tuple([Term(word, weight) for word in _words(written.casefold())])


def _words(word: str) -> tuple[str, ...]:
    """A folded word as the terms it counts for: none, one, or a number and its scale."""
    if word in STOP_WORDS:
        return ()
    if spelling := _SPELLINGS.get(word):
        return (spelling,)
    if word[0].isdigit() and (number := _DIGITS.fullmatch(word)):
        digits, ending = number.groups()
        scale = _SCALES.get(ending)
        return (_plain_digits(digits), scale) if scale else (_plain_digits(digits),)
    if not word.isascii() and _UNSPACED.search(word):
        # Pairs of characters find shared words where none are written apart.
        return tuple(map("".join, pairwise(word))) or (word,)
    return (stem(word.replace(".", "")),)


def _plain_digits(digits: str) -> str:
    """Without thousands separators, leading zeros and closing zeros of a fraction."""
    whole, point, fraction = digits.replace(",", "").partition(".")
    if "." in fraction:  # a date or a version, not a number
        return digits
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return whole + point + fraction if fraction else whole


def stem(word: str) -> str:
    """Cut possessive, plural, -ing and -ed: enough for retellings, too little to merge words."""
    word = word.removesuffix("'s").removesuffix("’s")
    if word.endswith("ss"):
        return word
    for ending, replacement in _ENDINGS:
        cut = word.removesuffix(ending)
        if cut != word and len(cut) + len(replacement) >= _SHORTEST_STEMMED:
            # planned, planning and plan are one word
            if ending in ("ing", "ed") and cut[-1] == cut[-2] and cut[-1] in _DOUBLED:
                return cut[:-1]
            return cut + replacement
    return word
