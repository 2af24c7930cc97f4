"""Numbers and dates in one spelling: 10 million is 10m, ten per cent is 10%."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Figure", "find_figures"]

# fmt: off
_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# fmt: on
_VALUES = (
    {word: value for value, word in enumerate(_ONES, start=1)}
    | {word: 10 * value for value, word in enumerate(_TENS, start=2)}
    | {word: value for value, word in enumerate(_ORDINALS, start=1)}
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
_UNITS_WORDS = "|".join(_ONES[:9])
_SPELLED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[\s-](?P<units>{_UNITS_WORDS}))?|"
    rf"(?P<ones>{'|'.join((*_ONES, *_ORDINALS))}|dozen))\b"
    rf"(?:[\s-](?P<scale>hundred|thousand|million|billion|trillion)\b)?{_UNIT}",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_SPELLED_WORDS = frozenset((*_TENS, *_ONES, *_ORDINALS, "dozen"))
_MONTH_WORDS = frozenset((
    *_MONTHS, "january", "february", "march", "april", "june", "july", "august", "sept",
    "sepember", "september", "october", "november", "december",
))  # fmt: skip
# The expressions take these two for an i, which folding does not.
_ODD_LETTERS = ("ı", "İ")
_RANGE = re.compile(r"\s?(?:to|and|or|-|–|—)\s?[$£€]?", re.IGNORECASE)
_CURRENCIES = {"pound": "£", "dollar": "$", "euro": "€"}


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


def find_figures(text: str) -> list[Figure]:
    """Numbers and dates of a text in order, without overlap.

    >>> [sorted(figure.means) for figure in find_figures("ten million; 10 million; 10,000,000")]
    [['10000000'], ['10000000'], ['10000000']]
    >>> [figure.start for figure in find_figures("On 3 May 2020 it rose 5 per cent.")]
    [3, 22]
    """
    figures = list(_dates(text)) if _DIGITS.search(text) else []
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
        _spelled(match) for match in _spelled_numbers(text) if not any(taken[slice(*match.span())])
    ]
    return sorted(figures)


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


def _spelled_numbers(text: str) -> Iterator[re.Match[str]]:
    """Every number in words, sought only where such a word stands."""
    if any(letter in text for letter in _ODD_LETTERS):
        yield from _SPELLED.finditer(text)
        return
    if _SPELLED_WORDS.isdisjoint(map(str.casefold, _LETTERS.findall(text))):
        return
    position = 0
    for word in _LETTERS.finditer(text):
        start = word.start()
        if start >= position and word.group().casefold() in _SPELLED_WORDS:
            match = _SPELLED.match(text, start)
            if match is not None:
                yield match
                position = match.end()


def _dates(text: str) -> Iterator[Figure]:
    taken = bytearray(len(text))
    for pattern in _DATES if _holds_month(text) else _DATES[:1]:
        for match in pattern.finditer(text):
            if any(taken[slice(*match.span())]):
                continue
            named = match.groupdict()
            if named["month"].islower():  # "may" and "march" are verbs
                continue
            written = named["month"].casefold()
            month = int(written) if written.isdigit() else _MONTHS.index(written[:3]) + 1
            day, year = int(named.get("day") or 0), int(named.get("year") or 0)
            taken[slice(*match.span())] = b"\1" * (match.end() - match.start())
            yield _date(match.start(), match.end(), day, month, year)


def _holds_month(text: str) -> bool:
    return any(letter in text for letter in _ODD_LETTERS) or not _MONTH_WORDS.isdisjoint(
        map(str.casefold, _LETTERS.findall(text))
    )


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
    values = {_plain(digits, _ZEROS[scale.casefold()] if scale else 0)}
    if scale and len(scale) == 1:  # "100m" may be metres
        values.add(_plain(digits, 0))
    if partner is not None:  # "5 to 10 million", "5-10%": the unit is that of both
        if partner["scale"] and not scale:
            values.add(_plain(digits, _ZEROS[partner["scale"].casefold()]))
        percent = percent or partner["percent"]
        sign = sign or partner["sign"] or _currency(partner["money"])
    end = match.end() if match["ordinal"] or percent or scale or sign else match.end("digits")
    start = match.start("sign") if match["sign"] else match.start("digits")
    return _figure(start, max(end, match.end("digits")), values, bool(percent), sign)


def _spelled(match: re.Match[str]) -> Figure:
    scale = match["scale"]
    words = (match["tens"], match["units"], match["ones"])
    value = sum(_VALUES[word.casefold()] for word in words if word)
    figure = _figure(
        match.start(),
        match.end(),
        {_plain(str(value), _ZEROS[scale.casefold()] if scale else 0)},
        bool(match["percent"]),
        _currency(match["money"]),
    )
    bare = match.group().casefold()
    return figure._replace(vague=bare == "one" or bare in _ORDINALS)


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
