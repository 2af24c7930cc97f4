"""Check-worthiness: how much a sentence looks like a factual statement of public interest.

The score orders and filters a queue; it never deletes, and it is no verdict. It is a logistic
function of hand-set shares (:mod:`claimset.segmentation.features`) of hand-written word lists
(:mod:`claimset.segmentation.lexicon`), so that each score can be taken apart by who reads it.

Why these features: a sentence is worth checking when it is factual and when its truth matters to
the public (Arslan et al. 2020, doi:10.1609/icwsm.v14i1.7346, who separate non-factual, unimportant
factual and check-worthy factual sentences). *Factual* shows in figures, dates, names, comparisons
and verbs of the past, and is denied by modals, plans, conditions, stances and questions. *Matters*
shows in public subjects (jobs, taxes, laws, wars, crime, health, elections) and in recorded acts
(voted, signed, cut, appointed), and is denied by private life and by talk about the talk ("two
minutes, Senator"). Hence the interactions below: a number counts nothing beside "seconds" of
speaking time; a subject counts little when nothing is said to have happened to it; "I" lowers,
but not where the speaker reports an own deed ("I vetoed that bill").

Why these weights: each was set by what would have to be true for a desk to look at the sentence, in
steps of a tenth; the order within ``FEATURES`` gives the reasons. They were then revised against
some 760 sentences of primary debates, labelled by one reader for this purpose: where a regression
held back to these weights pulled one the same way in each debate, it was moved by about half and
rounded; the word lists also took up words of another 130. None is
fitted to published labels. The signs agree with those that earlier work found (Hassan et al. 2017,
doi:10.1145/3097983.3098131).
"""

from __future__ import annotations

import re
from math import exp
from typing import Final, NamedTuple

from claimset.segmentation.features import BASE, FEATURES
from claimset.segmentation.lexicon import WORDS
from claimset.segmentation.neighbours import (
    AFTER_SUBJECTS,
    FILLERS,
    FUNCTION_WORDS,
    NO_NAMES,
    OPENINGS,
    TITLES,
    find_verbs,
)

__all__ = ["THRESHOLD", "CheckWorthiness", "score_sentence"]

THRESHOLD: Final = 0.38
"""From this score on a sentence counts as check-worthy where a yes or no is needed.

Below one half: public matters that the word lists do not know lower the score, and a check-worthy
sentence that is missed costs a desk more than one that is looked at in vain. On debate sentences F1
hardly moves between 0.25 and 0.5, so that a desk may choose by how much it can read.
"""


class CheckWorthiness(NamedTuple):
    """How much a sentence looks like something worth checking, and why.

    Attributes:
        score: 0 to 1, rounded to four decimals.
        reasons: Each feature with its share in points of log-odds and the words that show it, the
            heaviest first. With ``BASE`` the shares add up to the logit of the score.
    """

    score: float
    reasons: tuple[str, ...]


_Found = dict[str, list[str]]

_FEATURE_OF: Final = {
    word.encode(): (feature, word) for feature, words in WORDS.items() for word in words.split()
}
_LISTED: Final = frozenset(word for _, word in _FEATURE_OF.values())
_STEPS: Final = sorted(
    (-abs(share), number, count, share)
    for number, feature in enumerate(FEATURES.values())
    for count, share in enumerate(feature.shares)
)
_RANKS: Final = {(number, count): rank for rank, (_, number, count, _) in enumerate(_STEPS)}
# By feature and number of words: its place among the reasons, its share, how its reason begins.
_WEIGHED: Final = {
    name: [
        (_RANKS[number, count], share, f"{share:+.1f} {label}: ")
        for count, share in enumerate(shares)
    ]
    for number, (name, (label, shares)) in enumerate(FEATURES.items())
}

# Words are looked up as bytes: one translation lower-cases and cuts at everything that is no
# letter, digit or apostrophe. A letter beyond ASCII becomes an x, for no listed word has one.
_APOSTROPHE, _FIRST_LEAD_BYTE, _PUNCTUATION_LEAD_BYTE = 0x27, 0xC2, 0xE2
_CUT: Final = bytes(
    ord(chr(byte).lower())
    if byte == _APOSTROPHE or (byte < 0x80 and chr(byte).isalnum())  # noqa: PLR2004 - ASCII
    else ord("x" if byte >= _FIRST_LEAD_BYTE and byte != _PUNCTUATION_LEAD_BYTE else " ")
    for byte in range(256)
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
# Starts with one set of characters, so that the search leaps over all others.
_FIGURE: Final = re.compile(
    r"[$€£0-9](?:(?P<date>(?<=[0-9])(?:"
    r"[0-9]{3}-[0-9]{2}-[0-9]{2}"  # 2023-03-14
    r"|[0-9]?:[0-9]{2}\b"  # 10:30
    rf"|[0-9]?(?:st|nd|rd|th)? {_MONTH}(?: [0-9]{{4}})?"  # 14 March 2023
    r"|(?<=[12])(?<![0-9$€£,.].)[05-9][0-9]{2}(?:s\b|(?![0-9]|[.,][0-9]| ?%))"  # 1994, 1990s
    r"))|(?P<figure>[0-9,.]*+(?<=[0-9])(?!st\b|nd\b|rd\b|th\b)(?: ?%)?))"
)
_NAME: Final = re.compile(
    r"[A-Z](?<=[\w,;:)’'] .)[A-Za-z](?:[\w’'-]{0,40})(?: [A-Z][\w’'-]{1,40}){0,4}"
)
_QUESTION_ENDS: Final = ("?", '?"', "?”", "?'", "?’", "?)")

_LONG, _VERY_LONG, _SHORT, _VERY_SHORT = 13, 22, 8, 5
_LEAD_IN: Final = 4
_NO_NAMES: Final = frozenset().union(
    NO_NAMES,
    FUNCTION_WORDS,
    FILLERS,
    OPENINGS,
    _FEATURE_OF,
    (title.lower().encode() for title in TITLES),
)
_HAPPENED: Final = (
    "figure", "date", "measure", "number", "change", "record", "past", "extent", "time",
    "ongoing", "has", "says", "present",
)  # fmt: skip
_NOT_A_DEED: Final = ("future", "opinion", "private", "duty", "stage")
_LOGIT_LIMIT: Final = 30.0
_NAMED: Final = 5
"""Words of one feature that are named; no share looks at more than three."""


def score_sentence(text: str) -> CheckWorthiness:
    """Score one sentence.

    >>> score_sentence("Unemployment rose to 7.8 % in January, the Labor Department said.").score
    0.9707
    >>> score_sentence("Thank you, Senator.").reasons[:1]
    ('-1.2 very short: 3 words',)

    Args:
        text: One sentence, as written.
    """
    total = BASE
    parts = []
    for name, words in _features(text).items():
        steps = _WEIGHED[name]
        count = len(words)
        rank, share, opening = steps[count - 1] if count <= len(steps) else steps[-1]
        total += share
        parts.append((rank, opening + (words[0] if count == 1 else ", ".join(words))))
    parts.sort()
    score = 1 / (1 + exp(-min(max(total, -_LOGIT_LIMIT), _LOGIT_LIMIT)))
    return CheckWorthiness(round(score, 4), tuple([reason for _, reason in parts]))


def _features(text: str) -> _Found:
    """The features of a sentence, each with the different words that show it, in text order."""
    data = text.replace("’", "'").encode("utf-8", "replace").translate(_CUT)
    words = data.split()
    found: _Found = {}
    for feature, word in filter(None, map(_FEATURE_OF.get, words)):
        if feature not in found:
            found[feature] = [word]
        elif len(found[feature]) < _NAMED and word not in found[feature]:
            found[feature].append(word)
    for feature, word in find_verbs(data):
        _add(found, feature, word)
    if len(data.translate(None, b"0123456789")) < len(data):
        for figure in _FIGURE.finditer(text):
            _add(found, figure.lastgroup or "figure", figure.group())
    _find_names(text, found)
    _find_shape(text, words, found)
    _find_opening(text, words, found)
    return _settle(found) if found else found


def _find_names(text: str, found: _Found) -> None:
    for name in _NAME.findall(text):
        first = name.partition(" ")[0]
        if first not in TITLES and first.lower() not in _LISTED:
            _add(found, "name", name)


def _find_opening(text: str, words: list[bytes], found: _Found) -> None:
    """What the sentence begins with, behind words that only lead in."""
    for word in words[:_LEAD_IN]:
        if word in OPENINGS:
            found[OPENINGS[word]] = [word.decode()]
        if word not in FILLERS:
            break
    if len(words) > 1 and words[1] in AFTER_SUBJECTS and words[0] not in _NO_NAMES:
        subject = text[: len(words[0])]
        if subject[:1].isupper() and not words[0].endswith((b"ly", b"ing")):
            found["about_others"] = [subject]


def _find_shape(text: str, words: list[bytes], found: _Found) -> None:
    length = len(words)
    if length >= _LONG:
        found["very_long" if length >= _VERY_LONG else "long"] = [f"{length} words"]
    elif length < _SHORT:
        found["very_short" if length < _VERY_SHORT else "short"] = [f"{length} words"]
    if text.endswith(_QUESTION_ENDS):
        found["question"] = ["?"]
    if FUNCTION_WORDS.isdisjoint(words) and found.keys().isdisjoint(("past", "record", "change")):
        found["no_sentence"] = ["none found"]


def _add(found: _Found, feature: str, word: str) -> None:
    words = found.setdefault(feature, [])
    if len(words) < _NAMED and word not in words:
        words.append(word)


def _settle(found: _Found) -> _Found:
    """What features mean together: see the module's text for the reasons."""
    names = found.keys()
    speaker = "first_person" in names
    if "stage" in names:
        found.pop("number", None)
    if "private" in names and not speaker:
        del found["private"]
    if "future" in names:
        ours = [word for word in found["future"] if word.startswith(("i'", "we'"))]
        if speaker or ours or "we" in names:
            found["intention"] = ours or found["future"]
        elif "second_person" not in names:
            found["outlook"] = found.pop("future")
    if "topic" in names and names.isdisjoint(_HAPPENED):
        found["bare_topic"] = found.pop("topic")
    if speaker and not names.isdisjoint(("record", "past")) and names.isdisjoint(_NOT_A_DEED):
        del found["first_person"]
    return found
