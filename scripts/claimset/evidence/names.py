"""Names in a sentence: runs of capitalised words, parted where an office ends and a person begins.

No list of names and no model: capitals, the place in the sentence and a list of offices decide. A
capitalised word that opens a sentence is no name by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimset.evidence.lists import CONNECTORS, ROLES
from claimset.evidence.reading import CAPITAL, CONTENT, JOINS, UPPER, Form, Words, form_of
from claimset.evidence.words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Name", "find_names"]

_JOINT = re.compile(r"[ \t\n\u00a0]{1,3}|[-‐‑–&]| & |\. ?|\.")
# fmt: off
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


_CANDIDATE = CAPITAL | JOINS
_NO_CAPITAL, _NO_CONTENT, _NO_UPPER = (
    bytes(flags for flags in range(256) if not flags & wanted)
    for wanted in (CAPITAL, CONTENT, UPPER)
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
    """A word that may be part of a name, where it stands."""

    number: int
    start: int
    end: int
    before: int
    """Where the word before it ends."""
    form: Form


def find_names(text: str | Words) -> list[Name]:
    """Names of a sentence in order, without overlap; none in a headline that capitalises all.

    >>> text = "However, the Home Secretary Suella Braverman's email went to Tory MPs."
    >>> [" ".join(name.words) for name in find_names(text)]
    ['Home Secretary', 'Suella Braverman', 'Tory MPs']
    """
    words = Words(text) if isinstance(text, str) else text
    text, flags = words.text, words.flags
    if not flags.translate(None, _NO_CAPITAL) or _is_headline(flags):
        return []
    names: list[Name] = []
    run: list[_Word] = []
    joined_to: str | None = None
    last = -1
    for number in [place for place, flag in enumerate(flags) if flag & _CANDIDATE]:
        if number != last + 1:  # a word that belongs to no name stands between
            if run:
                names += _names_of(text, run, joined_to)
                run = []
            joined_to = None
        last = number
        is_capital = flags[number] & CAPITAL
        if not is_capital and not run:
            if form_of(words.written[number]).folded != "and":
                joined_to = None
            continue
        form = form_of(words.written[number])
        start = words.starts[number]
        is_and = form.folded == "and"
        goes_on = (is_capital or not is_and) and run
        if run and not (goes_on and _are_joined(text[run[-1].end : start], run[-1])):
            names += _names_of(text, run, joined_to)
            before = run[-1]
            joined_to = before.form.text if is_and and flags[before.number] & CAPITAL else None
            run = []
        if is_capital or run:
            before_end = words.ends[number - 1] if number else 0
            run.append(_Word(number, start, start + len(form.text), before_end, form))
    if run:
        names += _names_of(text, run, joined_to)
    return names


def _is_headline(flags: bytes) -> bool:
    content = len(flags.translate(None, _NO_CONTENT))
    return (
        content >= _HEADLINE_WORDS
        and len(flags.translate(None, _NO_UPPER)) >= _HEADLINE_SHARE * content
    )


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


def _is_name(text: str, word: _Word) -> bool:
    """Whether a capitalised word may be a name by itself, to pass over most that are none."""
    return len(word.form.text) > 1 and (not _opens(text, word) or _is_marked(word))


def _names_of(text: str, run: list[_Word], joined_to: str | None) -> Iterator[Name]:
    """Cut a run after the last word of an office, and leave out what only opens the sentence."""
    first = run[0]
    if len(run) == 1 and not _is_name(text, first):
        return
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
