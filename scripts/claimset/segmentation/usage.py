"""Usage: whether a word that may report speech does so where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.segmentation.cues import CUES, CueForm

if TYPE_CHECKING:
    from claimset.segmentation.cues import CueWord
    from claimset.segmentation.words import Words

__all__ = ["cue_at", "is_passive"]

_BE = frozenset("is was were are be been being isn’t wasn’t wasn't".split())  # noqa: SIM905 - words read better as words
_PARTICLES = {
    "put": frozenset({"it", "that"}),
    "point": frozenset({"out", "to"}),
    "chime": frozenset({"in"}),
}
"""Verbs that report speech only with one of these words after them."""
_POSSESSIVE = ("’s", "'s", "s’", "s'")


def cue_at(words: Words, index: int) -> CueWord | None:
    """The cue that the token is, or ``None`` if it is used as a noun here."""
    kinds = words.kinds
    if kinds[index] not in "VBGI":
        return None
    cue = CUES.get(words.tokens[index].lower())
    if cue is None:
        return None
    before = kinds[index - 1] if index else "."
    following = kinds[index + 1 : index + 2]
    if cue.doubtful and (
        (before in "doP#ne" and (before in "doP#" or following not in ("d", "p")))
        or following in ("o", "P", "V", "x", ".", "")
    ):
        return None
    if cue.form is CueForm.BASE and before in "doP#":
        return None
    if index and words.tokens[index - 1].endswith(_POSSESSIVE):
        return None
    particles = _PARTICLES.get(cue.lemma)
    if particles is not None and not particles & set(words.tokens[index + 1 : index + 2]):
        return None
    return cue


def is_passive(words: Words, index: int) -> bool:
    """Whether the cue is a passive: the subject hears it rather than says it."""
    kinds = words.kinds
    if kinds[index] not in "VI":
        return False
    cue = CUES[words.tokens[index].lower()]
    if cue.form is CueForm.PRESENT:
        return False
    if words.tokens[index + 1 : index + 2] == ["by"]:
        return True
    before = index - 1
    while before >= 0 and kinds[before] == "a":
        before -= 1
    return before >= 0 and words.tokens[before].lower() in _BE
