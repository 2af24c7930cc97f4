"""Numbers and dates in one spelling: 10 million is 10m, ten per cent is 10%."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimset.evidence.lists import (
    MONTH_WORDS,
    MONTHS,
    ONES,
    ORDINALS,
    SPELLED_WORDS,
    TENS,
)
from claimset.evidence.reading import DIGIT, FIGURE, LETTERS, MONTH, ODD, SPELLED, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Figure", "find_figures"]

_VALUES = (
    {word: value for value, word in enumerate(ONES, start=1)}
    | {word: 10 * value for value, word in enumerate(TENS, start=2)}
    | {word: value for value, word in enumerate(ORDINALS, start=1)}
    | {"dozen": 12}
)
_ZEROS = {
    "hundred": 2, "thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "billion": 9, "bn": 9,
    "b": 9, "trillion": 12, "tn": 12,
}  # fmt: skip
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12][0-9]{3})\b"
_DATES = (
    re.compile(r"\b(?P<year>[12][0-9]{3})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])\b"),
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+{_DAY}\b(?:,?\s+{_YEAR})?", re.IGNORECASE),
    re.compile(rf"\b{_MONTH},?\s+{_YEAR}", re.IGNORECASE),
)
_SCALE = r"(?P<scale>hundred|thousand|million|billion|trillion|[mb]n|tn|[kmb])"
_UNIT = (
    r"(?:\s?(?P<percent>%|per\s?cent\b|percentage points?\b|pc\b)|"
    r"\s(?P<money>pounds?|dollars?|euros?)\b)?"
)
_DIGITS = re.compile("[0-9]+")
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[$£€])?\s?"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?{_SCALE}\b|(?!\w)){_UNIT}",
    re.IGNORECASE,
)
_UNITS_WORDS = "|".join(ONES[:9])
_SPELLED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(TENS)})(?:[\s-](?P<units>{_UNITS_WORDS}))?|"
    rf"(?P<ones>{'|'.join((*ONES, *ORDINALS))}|dozen))\b"
    rf"(?:[\s-](?P<scale>hundred|thousand|million|billion|trillion)\b)?{_UNIT}",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:to|and|or|-|–|—)\s?[$£€]?", re.IGNORECASE)
_CURRENCIES = {"pound": "£", "dollar": "$", "euro": "€"}


_WITHOUT = {
    wanted: bytes(flags for flags in range(256) if not flags & wanted)
    for wanted in (DIGIT, SPELLED, MONTH, ODD, FIGURE)
}
_NO_FIGURE = _WITHOUT[FIGURE]


class Figure(NamedTuple):
    """A number or date in a text.

    Attributes:
        start: First code point.
        end: The code point after the last one.
        means: What a text that has it holds, in one spelling.
        seeks: What a source must hold, one of them, to have the same figure.
        vague: Whether the word also means something else ("one", "second"): it counts as held,
            but is not worth seeking.
    """

    start: int
    end: int
    means: frozenset[str]
    seeks: frozenset[str]
    vague: bool = False


def find_figures(text: str | Words) -> list[Figure]:
    """Numbers and dates of a text in order, without overlap.

    >>> [sorted(figure.means) for figure in find_figures("ten million; 10 million; 10,000,000")]
    [['10000000'], ['10000000'], ['10000000']]
    >>> [figure.start for figure in find_figures("On 3 May 2020 it rose 5 per cent.")]
    [3, 22]
    """
    words = Words(text) if isinstance(text, str) else text
    if not words.flags.translate(None, _NO_FIGURE):
        return []
    text = words.text
    figures = list(_dates(words)) if _holds(words, DIGIT) else []
    taken = bytearray(len(text))
    for figure in figures:
        taken[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
    digits = [match for match in _numbers(text) if not any(taken[slice(*match.span())])]
    for number, match in enumerate(digits):
        following = digits[number + 1] if number + 1 < len(digits) else None
        between = text[match.end() : following.start()] if following else ""
        partner = following if following and _RANGE.fullmatch(between) else None
        figure = _number(match, partner)
        figures.append(figure)
        taken[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
    figures += [
        _spelled(match) for match in _spelled_numbers(words) if not any(taken[slice(*match.span())])
    ]
    return sorted(figures)


def _holds(words: Words, flag: int) -> bool:
    return bool(words.flags.translate(None, _WITHOUT[flag]))


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """Every number, sought only where digits begin, with the sign and space before them."""
    position = 0
    for digits in _DIGITS.finditer(text):
        first = digits.start()
        for start in range(max(position, first - 2), first + 1):
            match = _NUMBER.match(text, start)
            if match is not None:
                yield match
                position = match.end()
                break


def _spelled_numbers(words: Words) -> Iterator[re.Match[str]]:
    """Every number in words, sought only where such a word stands."""
    if _holds(words, ODD):
        yield from _SPELLED.finditer(words.text)
    else:
        yield from _matches(_SPELLED, words.text, _starts(words, SPELLED, SPELLED_WORDS))


def _starts(words: Words, flag: int, wanted: frozenset[str]) -> Iterator[int]:
    """Where words of a list begin."""
    if not _holds(words, flag):
        return
    for place, flags in enumerate(words.flags):
        if flags & flag:
            for letters in LETTERS.finditer(words.written[place]):
                if letters.group().casefold() in wanted:
                    yield words.starts[place] + letters.start()


def _matches(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """Matches that begin at one of some places, without overlap."""
    position = 0
    for start in starts:
        if start >= position:
            match = pattern.match(text, start)
            if match is not None:
                yield match
                position = match.end()


def _dated(words: Words) -> Iterator[re.Match[str]]:
    """Every date of each pattern in turn, sought only where digits or the names of months begin."""
    text = words.text
    if _holds(words, ODD):
        for pattern in _DATES:
            yield from pattern.finditer(text)
        return
    digits = [match.start() for match in _DIGITS.finditer(text)]
    yield from _matches(_DATES[0], text, digits)
    months = list(_starts(words, MONTH, MONTH_WORDS))
    if months:
        yield from _matches(_DATES[1], text, digits)
        for pattern in _DATES[2:]:
            yield from _matches(pattern, text, months)


def _dates(words: Words) -> Iterator[Figure]:
    taken = bytearray(len(words.text))
    for match in _dated(words):
        if any(taken[slice(*match.span())]):
            continue
        named = match.groupdict()
        if named["month"].islower():  # "may" and "march" are verbs
            continue
        written = named["month"].casefold()
        month = int(written) if written.isdigit() else MONTHS.index(written[:3]) + 1
        day, year = int(named.get("day") or 0), int(named.get("year") or 0)
        taken[slice(*match.span())] = b"\1" * (match.end() - match.start())
        yield _date(match.start(), match.end(), day, month, year)


def _date(start: int, end: int, day: int, month: int, year: int) -> Figure:
    if not day:
        key = f"date {year}-{month}"
        return Figure(start, end, frozenset({key, str(year)}), frozenset({key}))
    yearly, whole = f"date {month}/{day}", f"date {year}-{month}-{day}"
    any_year = f"{yearly} of any year"
    if not year:
        return Figure(start, end, frozenset({yearly, any_year}), frozenset({any_year}))
    means = {whole, any_year, f"date {year}-{month}", str(year)}
    return Figure(start, end, frozenset(means), frozenset({whole, yearly}))


def _number(match: re.Match[str], partner: re.Match[str] | None) -> Figure:
    digits, scale = match["digits"].replace(",", ""), match["scale"]
    percent, sign = match["percent"], match["sign"] or _currency(match["money"])
    values = {_plain(digits, _ZEROS[_folded(scale)] if scale else 0)}
    if scale and len(scale) == 1:  # "100m" may be metres
        values.add(_plain(digits, 0))
    if partner is not None:  # "5 to 10 million", "5-10%": the unit is that of both
        if partner["scale"] and not scale:
            values.add(_plain(digits, _ZEROS[_folded(partner["scale"])]))
        percent = percent or partner["percent"]
        sign = sign or partner["sign"] or _currency(partner["money"])
    end = match.end() if match["ordinal"] or percent or scale or sign else match.end("digits")
    start = match.start("sign") if match["sign"] else match.start("digits")
    return _figure(start, max(end, match.end("digits")), values, bool(percent), sign)


def _spelled(match: re.Match[str]) -> Figure:
    scale = match["scale"]
    words = (match["tens"], match["units"], match["ones"])
    value = sum(_VALUES[_folded(word)] for word in words if word)
    figure = _figure(
        match.start(),
        match.end(),
        {_plain(str(value), _ZEROS[_folded(scale)] if scale else 0)},
        bool(match["percent"]),
        _currency(match["money"]),
    )
    bare = _folded(match.group())
    return figure._replace(vague=bare == "one" or bare in ORDINALS)


def _folded(word: str) -> str:
    """A word in small letters, with an i for each letter that an expression takes for one."""
    return word.casefold().replace("ı", "i").replace("i\u0307", "i")


def _figure(start: int, end: int, values: set[str], percent: bool, sign: str | None) -> Figure:
    """A percentage is only itself; money may stand without its sign, and a bare number with it."""
    if percent:
        keys = frozenset(f"{value}%" for value in values)
        return Figure(start, end, keys, keys)
    if sign:
        keys = frozenset(f"{sign}{value}" for value in values)
        return Figure(start, end, keys | {f"any {v}" for v in values}, keys | values)
    return Figure(start, end, frozenset(values), frozenset(values | {f"any {v}" for v in values}))


def _currency(word: str | None) -> str | None:
    return _CURRENCIES[word.casefold().removesuffix("s")] if word else None


def _plain(digits: str, zeros: int) -> str:
    """The number in full, without closing zeros of a fraction."""
    whole, _, fraction = digits.partition(".")
    fraction = fraction.ljust(zeros, "0")
    whole = (whole + fraction[:zeros]).lstrip("0") or "0"
    fraction = fraction[zeros:].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole
