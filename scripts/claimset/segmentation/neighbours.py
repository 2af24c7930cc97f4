"""Words that count by what stands beside them, and verbs found by their surroundings.

A word list alone cannot tell "is going" from "is going to", nor "wages are up" from "stand up".
Everything here looks at one neighbour only: that is fast, and its faults are easy to see.
"""

from __future__ import annotations

from typing import Final

from claimset.segmentation.lexicon import WORDS

__all__ = [
    "AFTER_SUBJECTS",
    "FILLERS",
    "FUNCTION_WORDS",
    "NO_NAMES",
    "OPENINGS",
    "TITLES",
    "find_verbs",
]

FUNCTION_WORDS: Final = frozenset(
    b"the a an of to in is are was were has have had and that it he she they i we you be been on "
    b"for by with as at from not will".split()
)
"""A string without any of these is hardly a sentence."""

BEFORE_TO: Final = frozenset(b"have has got going had like trying ready".split())
"""With "to" behind them these tell of duties, plans and wishes."""

BEFORE_ING: Final = frozenset(b"is are they're he's she's we're".split())
"""With a verb in -ing behind them these tell of what goes on."""

NO_DOING: Final = frozenset(
    b"going trying talking saying hoping looking thinking asking doing being having thing nothing "
    b"something everything anything running telling".split()
)
"""Words in -ing that tell of nothing that goes on in the world."""

BEFORE_UP: Final = frozenset(b"is are was were went goes going gone go".split())
"""With "up" or "down" behind them these tell of a change."""

OPENINGS: Final = {
    word: feature
    for feature, words in (
        ("about_others", b"he she they his her their he's she's they're they've people"),
        ("about_talk", b"that that's this it it's these those here here's what"),
        ("about_hearer", b"you you're you've your"),
    )
    for word in words.split()
}
"""First words of a sentence that show what it is about."""

FILLERS: Final = frozenset(
    b"and but so well now look first of all in fact the or uh obviously frankly also then".split()
)
"""Words before the first word that counts."""

AFTER_SUBJECTS: Final = frozenset(
    b"is was are were has have had did does didn't doesn't isn't wasn't said says".split()
)
"""Behind the first word of a sentence these show that it is the subject."""

NO_NAMES: Final = frozenset(
    b"no yes not why who whose how where when if let do does did can could may back beyond before "
    b"after under over during one some any each few several both another other such bottom there "
    b"because although though while until unless as with without from about our my its their the "
    b"here then than too very just like since come go going get give take make see tell thank "
    b"please okay sure right oh hey dear every mr mrs".split()
)
"""Capitalised first words that name nobody."""

NO_ACTS: Final = frozenset(
    b"need indeed united red bed hundred speed feed seed proceed succeed exceed bleed "
    b"greed breed "
    b"weed shed sacred naked wicked ted fred led embed sled unprecedented agreed concerned "
    b"tired interested excited worried pleased wed kindred".split()
)
"""Words in -ed that tell of no act."""

TITLES: Final = frozenset(
    """
        American Americans America God Mr Mrs Ms Dr Senator Governor President Vice Democrat
        Democrats Democratic Republican Republicans United Lord Madam Sir Secretary Congressman
        Washington White Jim Bob""".split()  # noqa: SIM905 - easier to read and to mend than a list
)
"""Capitalised words that make a sentence no more specific."""

_WAYS: Final = (b" up ", b" down ")

_LISTED: Final = frozenset(" ".join(WORDS.values()).encode().split())


def find_verbs(data: bytes) -> list[tuple[str, str]]:
    """Find what verbs tell by their surroundings, as pairs of feature and words.

    Regular pasts end in -ed, what goes on stands in -ing behind a form of "be", changes go up or
    down, duties and plans stand before "to".

    Args:
        data: A sentence in lower case with single bytes for all letters, without punctuation.
    """
    found: list[tuple[str, str]] = []
    if b"ed " in data:
        for part in data.split(b"ed ")[:-1]:
            stem = part[part.rfind(b" ") + 1 :]
            word = stem + b"ed"
            if len(stem) > 1 and word not in _LISTED and word not in NO_ACTS:
                found.append(("past", word.decode()))
    if b"ing " in data:
        for part in data.split(b"ing ")[:-1]:
            end = part.rfind(b" ")
            before = part[part.rfind(b" ", 0, max(end, 0)) + 1 : end]
            if before in BEFORE_ING and part[end + 1 :] + b"ing" not in NO_DOING:
                found.append(("ongoing", (before + part[end:] + b"ing").decode()))
    for way in _WAYS:
        if way in data:
            found += [("change", both) for both in _before(data, way, BEFORE_UP)]
    if b" to " in data:
        found += [("duty", both) for both in _before(data, b" to ", BEFORE_TO)]
    return found


def _before(data: bytes, word: bytes, allowed: frozenset[bytes]) -> list[str]:
    """Each place where an allowed word stands before this one, both together."""
    lasts = [part[part.rfind(b" ") + 1 :] for part in data.split(word)[:-1]]
    return [(last + word).decode().rstrip() for last in lasts if last in allowed]
