"""Words: what kind of word each token of a sentence is, as far as that shows without a parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimset.segmentation.cues import CUES, CueForm

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["QUOTE", "Words"]

QUOTE = "\x01"
"""Stands for a quotation: only the words around it are read."""

# Only where a word is followed by a full stop is it asked whether the two belong together; each
# line holds abbreviations of one length, as a look-behind must.
_ABBREVIATIONS = (
    r"(?<=\b[A-Z]\.)",
    r"(?<=\b(?:Mr|Ms|Dr|St|Jr|Sr|Lt|No|Va|Ga|Pa|Md|Co|vs)\.)",
    r"(?<=\b(?:Sen|Rep|Gov|Mrs|Gen|Col|Sgt|Adm|Rev|Hon|Maj|Del|Ill|Fla|Wis|Ore|Inc|Ltd|Jan|Feb|Aug|Oct|Nov|Dec|Det|Ala|Ark|Ind|Kan|Neb|Nev)\.)",
    r"(?<=\b(?:Sens|Reps|Govs|Capt|Prof|Cmdr|Atty|Ariz|Mass|Mich|Minn|Tenn|Wash|Conn|Corp|Sept|Pres|Supt|Asst|Colo|Okla|Miss|Mont)\.)",
    r"(?<=\b(?:Calif)\.)",
)
_TOKEN = re.compile(
    r"[$£€]?\w+(?:[.,’'&/-]\w+)*(?:[’']|\.(?:" + "|".join(_ABBREVIATIONS) + r"))?|[^\w\s]"
)

_LISTS = {
    "d": "the a an his her their its our my your this these those every each no any another",
    "m": (
        "some many most several both all few one two three four others another none dozens "
        "thousands hundreds"
    ),
    "p": (
        "he she they it we i you everyone everybody someone somebody nobody anyone anybody who’s"
    ),
    "w": "who whom whose",
    "h": "which what there",
    "P": (
        "in on with by about into over under between among against during through without "
        "within near behind beyond despite toward towards upon via amid like across along around "
        "inside outside off out up down per following regarding including as"
    ),
    "o": "of for at from",
    "c": "and or & nor",
    "b": "but yet so then plus",
    "s": (
        "that because while when if although though after before since unless whether where "
        "until whereas whilst why how than once till whenever"
    ),
    "x": (
        "is was were are be been being am has have had having do does did doing will would can "
        "could may might must shall should ought isn’t wasn’t weren’t aren’t hasn’t haven’t hadn’t "
        "don’t doesn’t didn’t won’t wouldn’t can’t cannot couldn’t shouldn’t isn't wasn't weren't "
        "aren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't "
        "shouldn't he's she's it's they're we're i'm he’s she’s it’s they’re we’re i’m get gets got"
    ),
    "a": (
        "also later now again still even just only never ever already repeatedly not often always "
        "soon earlier further once meanwhile instead however too perhaps almost then simply "
        "famously first last reportedly alike back abruptly long quickly ago instead nonetheless "
        "nevertheless moreover likewise therefore otherwise indeed though afterward afterwards"
    ),
    "T": (
        "monday tuesday wednesday thursday friday saturday sunday january february march april may "
        "june july august september october november december today yesterday tomorrow tonight "
        "jan. feb. aug. sept. oct. nov. dec. morning afternoon evening night week month year "
        "weekend a.m. p.m."
    ),
    "2": "to",
    "e": (
        "went took made got came gave left sent met won lost began became kept led put ran saw "
        "stood sat held brought built bought caught chose drew drove fell felt flew fought "
        "found grew heard hit knew laid paid rose sold set shot shut spent threw understood wore "
        "seen done taken given known shown seeks seek goes makes takes gives comes"
    ),
    "A": "according",
}
_PEOPLE = """
spokesman spokeswoman spokesperson president senator governor secretary adviser advisor chairman
chairwoman chair leader director official aide strategist candidate nominee mayor congressman
congresswoman representative lawmaker judge justice attorney lawyer prosecutor professor analyst
expert critic supporter voter donor reporter journalist editor columnist author writer officer
general ambassador minister premier chancellor king queen prince chief executive manager founder
consultant pollster operative activist advocate organizer protester demonstrator attendee resident
veteran teacher doctor scientist economist historian scholar researcher student man woman boy girl
person people husband wife father mother son daughter brother sister friend colleague opponent rival
campaign committee department administration agency office court union group organization
organisation company party council board commission panel network paper newspaper magazine
government white police crowd source insider ally delegate member minority majority
letter email e-mail memo report statement article editorial headline website document study survey
poll complaint lawsuit filing ruling order opinion indictment affidavit transcript tweet message
post platform text sign ad advertisement press release caption note book code guideline guidelines
manifesto petition resolution bill law deputy commissioner sheriff bishop pastor priest owner
moderator host anchor commentator blogger politician staffer strategists counsel treasurer
""".split()  # noqa: SIM905 - words read better as words

_KINDS: dict[str, str] = {
    word: kind for kind, words in reversed(_LISTS.items()) for word in words.split()
}
_KINDS.update(dict.fromkeys(_PEOPLE, "t"))
_KINDS.update({word + "s": "t" for word in _PEOPLE if word + "s" not in _KINDS})
_PUNCTUATION = {
    **dict.fromkeys("–—", "-"),
    **dict.fromkeys(".?!…", "."),
    **{mark: mark for mark in ",;:()-"},
    "[": "(",
    "]": ")",
}
_CUE_KINDS = {
    CueForm.PAST: "V",
    CueForm.PRESENT: "V",
    CueForm.BASE: "B",
    CueForm.GERUND: "G",
    CueForm.PARTICIPLE: "I",
}
_SHORTEST_INFLECTED = 5
_REMEMBERED = 100_000
_OPENING_NAME = re.compile(r"(?:^|[.:(])\**N")


class Words:
    """The tokens of a stretch of text, each with a kind of one letter; a quotation is one token.

    The kinds: ``Q`` quotation, ``N`` capitalised, ``n`` other word, ``t`` person, body or document,
    ``d`` determiner, ``m`` quantity that can stand alone, ``#`` number, ``p`` pronoun, ``w`` who,
    ``h`` which, ``P`` preposition, ``o`` of, for, at or from, ``2`` to, ``c`` and, ``b`` but, ``s``
    subordinator, ``x`` auxiliary, ``a`` adverb, ``T`` time, ``g`` word in -ing, ``e`` past form,
    ``V`` ``B`` ``G`` ``I`` forms of cues (finite, base, -ing, participle), ``A`` according, and
    marks: ``, ; : - ( ) .`` and ``*`` for any other.

    Attributes:
        tokens: The tokens as written; of a quotation only its opening mark.
        kinds: One letter for each.
    """

    __slots__ = ("_source", "_starts", "kinds", "tokens")

    def __init__(
        self, text: str, start: int, end: int, quotations: Sequence[tuple[int, int]]
    ) -> None:
        """Read ``text[start:end]``.

        Args:
            text: The article's text.
            start: First code point to read.
            end: The code point after the last one.
            quotations: Ranges in it that hold quotations with their marks, in order.
        """
        tokens: list[str] = []
        position = start
        for quote_start, quote_end in quotations:
            tokens += _TOKEN.findall(text, position, quote_start)
            tokens.append(QUOTE)
            position = quote_end
        tokens += _TOKEN.findall(text, position, end)
        kinds = "".join(map(_KIND_OF.__getitem__, tokens))
        for match in _OPENING_NAME.finditer(kinds):
            at = match.end() - 1
            kinds = kinds[:at] + _kind_at_start(tokens[at]) + kinds[at + 1 :]
        if "NQ" in kinds:
            # A headline: "Marlowe Says 'No'" capitalises its verb.
            for at in range(len(kinds) - 1):
                if kinds.startswith("NQ", at):
                    cue = CUES.get(tokens[at].lower())
                    if cue is not None and cue.form in (CueForm.PAST, CueForm.PRESENT):
                        kinds = kinds[:at] + "V" + kinds[at + 1 :]
        self.tokens = tokens
        self.kinds = kinds
        self._source = (text, start, end, quotations)
        self._starts: list[int] = []

    @property
    def starts(self) -> list[int]:
        """Where each token begins, in the article's code points."""
        if not self._starts:
            text, position, end, quotations = self._source
            for quote_start, quote_end in quotations:
                self._starts += [
                    match.start() for match in _TOKEN.finditer(text, position, quote_start)
                ]
                self._starts.append(quote_start)
                position = quote_end
            self._starts += [match.start() for match in _TOKEN.finditer(text, position, end)]
        return self._starts

    def span(self, first: int, stop: int) -> tuple[int, int]:
        """The code points of some tokens, without the mark of a possessive at their end."""
        return self.starts[first], self.starts[stop - 1] + len(self.tokens[stop - 1])


class _Kinds(dict[str, str]):
    """Kinds of the tokens seen so far; text repeats its words, so most are looked up."""

    def __missing__(self, token: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        kind = self[token] = _kind(token)
        return kind


_KIND_OF = _Kinds()


def _kind(token: str) -> str:  # noqa: C901 - a ladder of rules
    """The kind of a token that does not begin a sentence."""
    first = token[0]
    if token == QUOTE:
        return "Q"
    if not (first.isalnum() or first in "$£€_"):
        return _PUNCTUATION.get(token, "*")
    lower = token.lower()
    kind = _KINDS.get(lower)
    if first.isupper():
        if lower == "may":
            return "T"
        return kind if kind is not None and kind not in "xtenaA" else "N"
    cue = CUES.get(lower)
    if cue is not None and kind != "t":
        return _CUE_KINDS[cue.form]
    if kind is not None:
        return kind
    if first.isdigit() or first in "$£€":
        return "N" if token[-1].isalpha() and "-" in token else "#"
    if len(token) >= _SHORTEST_INFLECTED:
        if lower.endswith("ing"):
            return "g"
        if lower.endswith("ed"):
            return "e"
        if lower.endswith("ly"):
            return "a"
    return "n"


def _kind_at_start(token: str) -> str:
    """The kind of a capitalised token where every word is capitalised."""
    lower = token.lower()
    kind = _KINDS.get(lower)
    if kind is not None and kind in "xaeA":
        return kind
    if lower.endswith(("ing", "ed")) and (len(token) > _SHORTEST_INFLECTED or lower in CUES):
        return "g"
    return "a" if lower.endswith("ly") else "N"
