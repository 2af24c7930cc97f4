"""Names in a sentence: runs of capitalised words, parted where an office ends and a person begins.

No list of names and no model: capitals, the place in the sentence and a list of offices decide. A
capitalised word that opens a sentence is no name by itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from claimset.evidence.words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONNECTORS", "ROLES", "Name", "find_names"]

_PIECES = re.compile(r"([^\W_]+(?:['’][^\W_]+)*)")
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


class _Form(NamedTuple):
    """What a word's form tells, wherever the word stands."""

    text: str
    """The word without a possessive ending."""
    folded: str
    is_upper: bool
    is_capital: bool
    """Whether it may be part of a name."""
    joins: bool
    """Whether it is a small word that may stand inside a name, or "and"."""
    is_content: bool
    """Whether a headline would capitalise it."""


class _Word(NamedTuple):
    """A word that may be part of a name, where it stands."""

    number: int
    start: int
    end: int
    before: int
    """Where the word before it ends."""
    form: _Form


@lru_cache(maxsize=2**14)
def _form(written: str) -> _Form:
    text = written.removesuffix("'s").removesuffix("’s")
    folded = text.casefold().replace("’", "'")
    return _Form(
        text=text,
        folded=folded,
        is_upper=text[0].isupper(),
        is_capital=text[0].isupper() and folded not in _CALENDAR,
        joins=folded in CONNECTORS or folded == "and",
        is_content=folded not in _TITLE_WORDS and folded not in CONNECTORS,
    )


def find_names(text: str) -> list[Name]:
    """Names of a sentence in order, without overlap; none in a headline that capitalises all.

    >>> text = "However, the Home Secretary Suella Braverman's email went to Tory MPs."
    >>> [" ".join(name.words) for name in find_names(text)]
    ['Home Secretary', 'Suella Braverman', 'Tory MPs']
    """
    words = _read(text)
    names: list[Name] = []
    run: list[_Word] = []
    joined_to: str | None = None
    number = -1
    for word in words:
        form = word.form
        if word.number != number + 1:  # a word that belongs to no name stands between
            names += _names_of(text, run, joined_to)
            run, joined_to = [], None
        number = word.number
        connects = form.joins and form.folded != "and"
        if run and not (
            (form.is_capital or connects) and _are_joined(text[run[-1].end : word.start], run[-1])
        ):
            names += _names_of(text, run, joined_to)
            last = run[-1].form
            joined_to = last.text if form.folded == "and" and last.is_capital else None
            run = []
        elif not run and form.folded != "and" and not form.is_capital:
            joined_to = None
        if form.is_capital or (run and connects):
            run.append(word)
    names += _names_of(text, run, joined_to)
    return names


def _read(text: str) -> list[_Word]:
    """The words that may be part of a name; none of a headline."""
    found: list[_Word] = []
    content = capital = 0
    pieces = _PIECES.split(text)  # what stands between words, and the words, by turns
    edges = [0, *accumulate(map(len, pieces))]
    for number, form in enumerate(map(_form, pieces[1::2])):
        if form.is_content:
            content += 1
            capital += form.is_upper
        if form.is_capital or form.joins:
            before, start = edges[2 * number : 2 * number + 2]
            found.append(_Word(number, start, start + len(form.text), before, form))
    if content >= _HEADLINE_WORDS and capital >= _HEADLINE_SHARE * content:
        return []
    return found


def _are_joined(gap: str, last: _Word) -> bool:
    """Whether two words, with what stands between them, may belong to one name."""
    if gap == " ":
        return True
    if not _JOINT.fullmatch(gap):
        return False
    # A full stop joins only initials: "J. Smith", "U.S.".
    return "." not in gap or len(last.form.text) <= 1 or last.form.folded in ROLES


def _opens(text: str, word: _Word) -> bool:
    """Whether a word opens a sentence or a quotation."""
    if not word.number:
        return True
    gap = text[word.before : word.start]
    return gap != " " and (any(mark in gap for mark in '.!?:;…"“”„«‘\n') or gap.endswith(" '"))


def _is_marked(word: _Word) -> bool:
    """Whether its capitals show a name wherever it stands: NATO, McDonald, iPhone."""
    text = word.form.text
    return len(text) > 1 and any(map(str.isupper, text[1:]))


def _names_of(text: str, run: list[_Word], joined_to: str | None) -> Iterator[Name]:
    """Cut a run after the last word of an office, and leave out what only opens the sentence."""
    first = run[0] if run else None
    if len(run) > 1 and _OPENING_VERB.search(run[0].form.text) and _opens(text, run[0]):
        run = run[1:]
    while run and (run[0].form.folded in _OPENERS or run[0].form.folded in CONNECTORS):
        if _is_marked(run[0]) and run[0].form.text.isupper():  # US, IT: not the pronouns
            break
        run = run[1:]
    while run and run[-1].form.folded in CONNECTORS:
        run = run[:-1]
    roles = (place for place, word in enumerate(run[:-1], 1) if word.form.folded in ROLES)
    cut = max(roles, default=0)
    # "Secretary of State" is one office.
    if cut < len(run) and run[cut].form.folded in CONNECTORS:
        cut = 0
    for part in (run[:cut], run[cut:]):
        if not part:
            continue
        words = tuple([word.form.text for word in part if word.form.folded not in CONNECTORS])
        if len(words) == 1 and (
            len(words[0]) == 1
            or part[0].form.folded in ROLES
            or (_opens(text, part[0]) and not _is_marked(part[0]))
        ):
            continue
        yield Name(part[0].start, part[-1].end, words, joined_to if part[0] is first else None)
