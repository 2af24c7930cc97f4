"""Labels: speakers named without a cue, as in "Marlowe: …", and marks that hold no speech."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimset.segmentation.phrases import Phrase

if TYPE_CHECKING:
    from claimset.segmentation.speakers import Speakers
    from claimset.segmentation.words import Words

__all__ = ["find_label", "is_title"]

_TITLE_WORDS = 7
_LONGEST_TITLE = 80
_BEFORE_TITLE = frozenset(
    """told on book film song movie show program programme host album series play novel memoir
    magazine of titled entitled""".split()  # noqa: SIM905 - words read better as words
)
_NO_LABEL = frozenset(
    """exclusive breaking watch video opinion analysis update updated note live photos poll report
    editorial listen read more related source sources review fact check""".split()  # noqa: SIM905 - words read better as words
)
_HEADLINE_LABEL = re.compile(r"[tN]{0,3}N:")
_SO_CALLED = frozenset({"so-called", "called", "dubbed", "nicknamed"})
_LABEL = re.compile(r"d?[tnN#]{0,6}[Nt](?:P[dT]?[NnT]*)?")


def is_title(words: Words, at: int, inner: str) -> bool:
    """Whether the marks hold the name of a work or a nickname rather than speech."""
    before = words.tokens[at - 1].lower() if at else ""
    if before in _SO_CALLED and words.kinds[max(0, at - 2) : at - 1] in ("d", "n", "N", ""):
        return before == "so-called"
    if before not in _BEFORE_TITLE and not before.endswith(("’s", "'s")):
        return False
    parts = inner[:_LONGEST_TITLE].rstrip(".,").split()
    if not 1 < len(parts) <= _TITLE_WORDS:
        return False
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in parts)
    small = sum(len(word) <= 3 and not word[0].isupper() for word in parts)  # noqa: PLR2004
    return capitals + small == len(parts) and parts[0][0].isupper() and capitals > 1


def find_label(words: Words, speakers: Speakers, at: int, *, statement: bool) -> Phrase | None:
    """A name or clause and a colon before the quotation, or a dash and a name after it."""
    kinds = words.kinds
    if at > 1 and kinds[at - 1] == ":":
        low = at - 1
        while low > 0 and kinds[low - 1] not in ".;Q:":
            low -= 1
        if _LABEL.fullmatch(kinds[low : at - 1]):
            return speakers.after(low)
        if statement:
            # As in: she had a word for them: “…”
            phrase = speakers.main_subject(low, at - 1)
            if phrase is not None and re.search("[Np]", kinds[phrase.first : phrase.stop]):
                return phrase
    if kinds[at + 1 : at + 2] == "-" and re.fullmatch(r"N{2,4}(?:,.{0,12})?\.?", kinds[at + 2 :]):
        return speakers.after(at + 2)
    headline = _HEADLINE_LABEL.match(kinds)
    if headline is not None and headline.end() < at and "." not in kinds[:at]:
        # As in the headline: Clinton: His view is 'dangerously wrong'
        last = headline.end() - 1
        tokens = words.tokens
        if tokens[last - 1].lower() not in _NO_LABEL and not tokens[last - 1].isupper():
            return Phrase(0, last)
    return None
