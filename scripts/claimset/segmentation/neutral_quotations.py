"""Quotations of any language: pairs of marks, and the dashes that open turns of a dialogue.

Which mark opens and which closes differs: “ opens in English and closes in German, » opens in
German books and closes in French. So a mark is judged by what is open already and by the space
around it. Speakers are not sought, for the words that name them are known for English only.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from claimset.models import QuoteType
from claimset.segmentation.statements import Statement
from claimset.segmentation.stretches import Range, find_paragraphs

__all__ = ["Quoted", "neutral_quotations", "neutral_statements"]

_CLOSED_BY: Final = {
    "„": '“”‟"',
    "‚": "‘’'",
    "“": "”“",
    "”": "”",
    "‟": "”",
    "‘": "’",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "「": "」",
    "『": "』",
    "﹁": "﹂",
    '"': '"',
    "״": "״",
}
"""Opening marks with those that close them."""
_RUNS_ON: Final = frozenset("„“«「『")
"""Marks that, not closed, hold to the end of the paragraph: the quotation goes on in the next."""
_SINGLE: Final = frozenset("‚‘‹›")
_MARK: Final = re.compile("[" + "".join({*_CLOSED_BY, *"".join(_CLOSED_BY.values())}) + "]")
_BEFORE: Final = frozenset("([{—–-/:,.;…¿¡、，：（")
_TURN: Final = re.compile(r"[—―–]\s*(?=\S)")
# "—No —dijo Ana—. Nunca." and "— Нет, — сказала она. — Никогда."
_ASIDE: Final = re.compile(
    r"\s[—―–](?=\w)[^—―–]*(?:[—―–](?=[\s.,;:!?…]|$)|$)"
    r"|(?<=[,.!?…»])\s[—―–]\s(?=[^\W\d_])[^—―–]*(?:[.,]\s?[—―–]\s|$)"
)
_FRENCH_ASIDE: Final = re.compile(
    r"(?:(?<=[!?…»])|,)\s+(?:s['’])?(?:dit|dis|répond|répondit|répliqua|demande|demanda|ajoute|ajouta|"
    r"explique|expliqua|exclame|exclama|lance|lança|murmure|murmura|insiste|insista|précise|précisa|"
    r"assure|assura|affirme|affirma|reprend|reprit|soupire|soupira|crie|cria|interroge|interrogea|"
    r"conclut|raconte|raconta|confie|confia)"
    r"(?:-t)?(?:-(?:ils?|elles?|on|je)|\s(?=[^\W\d_a-z]|l[ea]s?\b|l['’]|une?\b|son\b|sa\b))[^.!?\n,]*(?:[.,]|$)"
)


class Quoted(NamedTuple):
    """Words between quotation marks, or spoken behind a dash.

    Attributes:
        start: The opening mark.
        end: After the closing mark; the paragraph's end when there is none.
        inner_start: First code point of the quoted words.
        inner_end: After the last one, outer white space left out.
        is_open: Whether no mark closes it in its paragraph.
        is_turn: Whether it is, or is part of, a turn of a dialogue.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    is_open: bool = False
    is_turn: bool = False


def neutral_quotations(text: str, start: int, end: int) -> list[Quoted]:
    """Outermost quotations in the paragraph ``text[start:end]``, in order.

    A paragraph that opens with a dash is a turn of a dialogue: what is said is quoted, the asides
    that say who speaks are not. Takes time linear in the paragraph.

    Args:
        text: The article's text.
        start: First code point of the paragraph.
        end: The code point after it.
    """
    found = _marked(text, start, end)
    turn = _TURN.match(text, start, end)
    if turn is not None and not found:
        return [said._replace(is_turn=True) for said in _turn(text, turn.end(), end)]
    return found


def _marked(text: str, start: int, end: int) -> list[Quoted]:
    marks = [match.start() for match in _MARK.finditer(text, start, end)]
    found: list[Quoted] = []
    hopeless: set[str] = set()
    number = 0
    while number < len(marks):
        at = marks[number]
        form = text[at]
        number += 1
        if form in hopeless or not _may_open(text, at, start, end):
            continue
        closer = _closer(text, marks, number, start, end)
        if closer is not None:
            found += _quoted(text, at, marks[closer] + 1, at + 1, marks[closer])
            number = closer + 1
        elif form in _RUNS_ON:
            found += _quoted(text, at, end, at + 1, end, is_open=True)
            break
        else:
            hopeless.add(form)
    return found


def _may_open(text: str, at: int, start: int, end: int) -> bool:
    """Whether a mark opens a quotation, by its form and by what stands on both sides of it."""
    form = text[at]
    if form not in _CLOSED_BY:
        return False
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    outside = before.isspace() or before in _BEFORE or before in _CLOSED_BY
    if form in "„「『﹁":
        return not after.isspace() or form != "„"
    if form == "«":
        return outside or not before.isalnum()  # in French a space follows it
    if form in _SINGLE:
        return outside and (after.isalnum() or after in "¿¡«„“…")
    # Scripts without spaces put “ right behind a word.
    spaceless = before.isalpha() and not before.islower() and not before.isupper()
    return (outside or (spaceless and form == "“")) and not after.isspace()


def _closer(text: str, marks: list[int], number: int, start: int, end: int) -> int | None:
    """Number of the mark that closes the one before ``number``."""
    opener = text[marks[number - 1]]
    closers = _CLOSED_BY[opener]
    depth = 0
    for index in range(number, len(marks)):
        at = marks[index]
        form = text[at]
        if form in closers and not _is_apostrophe(text, at, end):
            if form == opener and form in '"״“»›' and _opens_shape(text, at, start, end):
                continue
            if depth == 0:
                return index
            depth -= 1
        elif form == opener and form not in closers:
            depth += 1
    return None


def _is_apostrophe(text: str, at: int, end: int) -> bool:
    return text[at] in "'’" and at + 1 < end and text[at + 1].isalnum()


def _opens_shape(text: str, at: int, start: int, end: int) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    return before.isspace() and not after.isspace()


def _turn(text: str, start: int, end: int) -> list[Quoted]:
    """What is said in a turn of a dialogue, without the asides."""
    asides = [
        match.span()
        for match in _ASIDE.finditer(text, start, end)
        # Behind a dash and a space a capital goes on with what is said.
        if not match[0][2].isspace() or match[0][3].islower()
    ]
    if not asides:
        asides = [match.span() for match in _FRENCH_ASIDE.finditer(text, start, end)]
    found: list[Quoted] = []
    position = start
    for begin, stop in (*asides, (end, end)):
        while position < begin and text[position] in " \u00a0\u202f.,;:":
            position += 1
        if position < begin:
            found += _quoted(text, position, begin, position, begin)
        position = stop
    return found


def _quoted(
    text: str, start: int, end: int, first: int, stop: int, *, is_open: bool = False
) -> list[Quoted]:
    """One quotation, or none where nothing but space or marks stands in it."""
    while first < stop and text[first].isspace():
        first += 1
    while stop > first and text[stop - 1].isspace():
        stop -= 1
    if not any(map(str.isalnum, text[first:stop])):
        return []
    return [Quoted(start, end, first, stop, is_open)]


def neutral_statements(text: str, sentences: list[Range]) -> list[Statement]:
    """Everything that an article quotes, in text order, without speakers.

    Args:
        text: The article's text.
        sentences: Ranges of its sentences, in order; only white space lies between them.

    Returns:
        One statement for each quotation. One that its paragraph does not close and the next one
        opens again is the same utterance.
    """
    statements: list[Statement] = []
    was_open = False
    utterance = 0
    for block in find_paragraphs(text, sentences):
        start, end = block[0][0], block[-1][1]
        begins = {first for first, _ in block}
        quotations = neutral_quotations(text, start, end)
        for quotation in quotations:
            if quotation.is_turn and quotation is not quotations[0]:
                # What is said behind an aside goes on.
                statements[-1].quotes.append((quotation.inner_start, quotation.inner_end))
                continue
            if not (was_open and quotation.start == start):
                utterance += 1
            was_open = False
            before = text[max(start, quotation.start - 2) : quotation.start].strip()
            direct = (
                quotation.is_turn
                or quotation.start in begins
                or before[-1:] in (":", "：", ",", "，", "—", "–", "―")
            )
            kind = QuoteType.DIRECT if direct else QuoteType.MIXED
            spoken = Statement([(quotation.inner_start, quotation.inner_end)], kind)
            spoken.utterance = utterance
            statements.append(spoken)
        was_open = bool(quotations) and quotations[-1].is_open
    return statements
