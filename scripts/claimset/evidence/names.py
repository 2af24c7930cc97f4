"""Names in a sentence: runs of capitalised words, parted where an office ends and a person begins.

No list of names and no model: capitals, the place in the sentence and a list of offices decide. A
capitalised word that opens a sentence is no name by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimset.evidence.words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONNECTORS", "ROLES", "Name", "find_names"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_JOINT = re.compile(r"[ \t\n\u00a0]{1,3}|[-‐‑–&]| & |\. ?|\.")
# fmt: off
CONNECTORS = frozenset((
    "of", "de", "da", "del", "der", "van", "von", "la", "le", "bin", "ibn", "al", "the",
))
"""Small words inside a name; they are not compared."""
ROLES = frozenset((
    "mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "baroness", "prof", "professor",
    "president", "minister", "secretary", "chancellor", "mp", "mps", "senator", "sen", "rep",
    "representative", "congressman", "congresswoman", "governor", "gov", "mayor", "judge",
    "justice", "general", "colonel", "captain", "major", "king", "queen", "prince", "princess",
    "pope", "chairman", "chairwoman", "chair", "director", "leader", "spokesman", "spokeswoman",
    "officer", "detective", "inspector", "rev", "reverend", "archbishop", "bishop", "councillor",
    "attorney", "ambassador", "commissioner", "speaker", "premier", "coach", "manager", "editor",
))
"""Last words of an office or form of address: the name of a person may follow."""
_CALENDAR = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct",
    "nov", "dec", "am", "pm", "gmt", "bst", "est", "edt", "pst", "utc",
))
_OPENERS = STOP_WORDS | frozenset((
    "about", "after", "all", "also", "although", "amid", "among", "another", "any", "because",
    "before", "both", "despite", "during", "each", "even", "every", "everyone", "few", "following",
    "former", "further", "how", "however", "just", "last", "later", "like", "many", "meanwhile",
    "more", "most", "much", "neither", "never", "new", "next", "none", "nothing", "now", "once",
    "one", "only", "other", "others", "over", "perhaps", "several", "since", "some", "still",
    "such", "though", "through", "today", "tomorrow", "two", "under", "unlike", "until", "very",
    "well", "whether", "while", "whilst", "why", "within", "without", "yes", "yesterday", "yet",
    "i'm", "i've", "it's", "that's", "there's", "we're", "we've", "you're", "don't", "let",
))
# fmt: on
_OPENING_VERB = re.compile(r"[a-z](?:ing|ed|ly)$")
_HEADLINE_SHARE = 0.9
_HEADLINE_WORDS = 5
_TITLE_WORDS = frozenset(
    ("a", "an", "and", "for", "in", "on", "to", "at", "by", "with", "as", "or")
)


class Name(NamedTuple):
    """A name as it stands in a text.

    Attributes:
        start: First code point.
        end: The code point after the last one; a possessive ending is not part of it.
        words: Its words without connectors, as they are written.
        before: The capitalised word that "and" joins to it: Public and Commercial Services.
    """

    start: int
    end: int
    words: tuple[str, ...]
    before: str | None = None


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    opens: bool

    @property
    def folded(self) -> str:
        return self.text.casefold().replace("’", "'")

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() and self.folded not in _CALENDAR

    @property
    def is_marked(self) -> bool:
        """Whether its capitals show a name wherever it stands: NATO, McDonald, iPhone."""
        return len(self.text) > 1 and any(character.isupper() for character in self.text[1:])


def find_names(text: str) -> list[Name]:
    """Names of a sentence in order, without overlap; none in a headline that capitalises all.

    >>> text = "However, the Home Secretary Suella Braverman's email went to Tory MPs."
    >>> [" ".join(name.words) for name in find_names(text)]
    ['Home Secretary', 'Suella Braverman', 'Tory MPs']
    """
    words = list(_read(text))
    if _is_headline(words):
        return []
    names: list[Name] = []
    run: list[_Word] = []
    joined_to: str | None = None
    for word in words:
        joined = bool(run) and bool(_JOINT.fullmatch(text[run[-1].end : word.start]))
        dotted = joined and "." in text[run[-1].end : word.start]
        # A full stop joins only initials: "J. Smith", "U.S.".
        if dotted and len(run[-1].text) > 1 and run[-1].folded not in ROLES:
            joined = False
        if run and not (joined and (word.is_capital or word.folded in CONNECTORS)):
            names += _names_of(run, joined_to)
            joined_to = run[-1].text if word.folded == "and" and run[-1].is_capital else None
            run = []
        elif not run and word.folded != "and" and not word.is_capital:
            joined_to = None
        if word.is_capital or (run and word.folded in CONNECTORS):
            run.append(word)
    names += _names_of(run, joined_to)
    return names


def _read(text: str) -> Iterator[_Word]:
    opens = True
    before = 0
    for match in _WORD.finditer(text):
        gap = text[before : match.start()]
        opens = opens or any(mark in gap for mark in '.!?:;…"“”„«‘\n') or gap.endswith(" '")
        word = match.group()
        for ending in ("'s", "’s"):
            word = word.removesuffix(ending)
        yield _Word(match.start(), match.start() + len(word), word, opens)
        opens, before = False, match.end()


def _is_headline(words: list[_Word]) -> bool:
    content = [word for word in words if word.folded not in _TITLE_WORDS | CONNECTORS]
    capital = sum(word.text[0].isupper() for word in content)
    return len(content) >= _HEADLINE_WORDS and capital >= _HEADLINE_SHARE * len(content)


def _names_of(run: list[_Word], joined_to: str | None) -> Iterator[Name]:
    """Cut a run after the last word of an office, and leave out what only opens the sentence."""
    first = run[0] if run else None
    if len(run) > 1 and run[0].opens and _OPENING_VERB.search(run[0].text):
        run = run[1:]
    while run and (run[0].folded in _OPENERS or run[0].folded in CONNECTORS):
        if run[0].is_marked and run[0].text.isupper():  # US, IT: not the pronouns
            break
        run = run[1:]
    while run and run[-1].folded in CONNECTORS:
        run = run[:-1]
    cut = max((place for place, word in enumerate(run[:-1], 1) if word.folded in ROLES), default=0)
    # "Secretary of State" is one office.
    if cut < len(run) and run[cut].folded in CONNECTORS:
        cut = 0
    for part in (run[:cut], run[cut:]):
        if not part:
            continue
        words = tuple(word.text for word in part if word.folded not in CONNECTORS)
        if len(words) == 1 and (
            (part[0].opens and not part[0].is_marked)
            or len(words[0]) == 1
            or part[0].folded in ROLES
        ):
            continue
        yield Name(part[0].start, part[-1].end, words, joined_to if part[0] is first else None)
