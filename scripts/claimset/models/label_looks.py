"""Looks of verdicts: what pages call them, and which colour each has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.models.label_sets import AVERITEC
from claimset.models.vocabulary import NliLabel, Verdict

if TYPE_CHECKING:
    from claimset.models.labels import LabelSet, VerdictLabel

__all__ = ["label_colours", "label_words"]

_PALETTE = ("#96610a", "#0f766e", "#4338ca", "#9d174d", "#4d7c0f", "#9a3412", "#0369a1", "#6b21a8")
_LIKE = {NliLabel.ENTAILMENT: Verdict.SUPPORTED, NliLabel.CONTRADICTION: Verdict.REFUTED}


def label_words(labels: LabelSet) -> dict[str, str]:
    """What pages call each verdict: its title, in lower case where that is its name in words."""
    found = {}
    for verdict in labels.verdicts:
        plain = verdict.name.replace("_", " ")
        found[verdict.name] = plain if verdict.title.lower() == plain else verdict.title
    return found


def label_colours(labels: LabelSet) -> dict[str, Verdict | str]:
    """The colour of each verdict: that of an AVeriTeC verdict, which each page has, or `#rrggbb`.

    What means the same has the same colour, unless the set names one; the rest take the next of
    a palette.
    """
    if labels.names == AVERITEC.names and not any(item.colour for item in labels.verdicts):
        return {name: Verdict(name) for name in labels.names}
    free = iter(_PALETTE * (1 + len(labels.verdicts) // len(_PALETTE)))
    seen: set[Verdict] = set()
    found: dict[str, Verdict | str] = {}
    for verdict in labels.verdicts:
        like = _like(verdict, labels)
        if verdict.colour is None and like is not None and like not in seen:
            seen.add(like)
            found[verdict.name] = like
        else:
            found[verdict.name] = verdict.colour or next(free)
    return found


def _like(verdict: VerdictLabel, labels: LabelSet) -> Verdict | None:
    """AVeriTeC's verdict of the same meaning."""
    if verdict.name in labels.undecided:
        return Verdict.NOT_ENOUGH_EVIDENCE
    return None if verdict.nli is None else _LIKE.get(verdict.nli)
