"""Words and colours of verdicts on the pages that the lead reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.models import AVERITEC, NliLabel

if TYPE_CHECKING:
    from claimset.models import LabelSet, VerdictLabel

__all__ = ["label_style", "label_words"]

_PALETTE = ("#96610a", "#0f766e", "#4338ca", "#9d174d", "#4d7c0f", "#9a3412", "#0369a1", "#6b21a8")
_LIKE = {NliLabel.ENTAILMENT: "supported", NliLabel.CONTRADICTION: "refuted"}


def label_words(labels: LabelSet) -> dict[str, str]:
    """What pages call each verdict: its title, in lower case where that is its name in words."""
    found = {}
    for verdict in labels.verdicts:
        plain = verdict.name.replace("_", " ")
        found[verdict.name] = plain if verdict.title.lower() == plain else verdict.title
    return found


def label_style(labels: LabelSet) -> str:
    """CSS that gives the verdicts their colours, in the light and the dark theme.

    AVeriTeC's stand in the style sheet itself. Of other sets, what means the same has the same
    colour, unless the set names one; the rest take the next of a palette.
    """
    if labels.names == AVERITEC.names and not any(item.colour for item in labels.verdicts):
        return ""
    free = iter(_PALETTE * (1 + len(labels.verdicts) // len(_PALETTE)))
    seen: set[str] = set()
    lines = []
    for verdict in labels.verdicts:
        like = _like(verdict, labels)
        if verdict.colour is None and like is not None and like not in seen:
            seen.add(like)
            colour = f"var(--{like})"
        else:
            plain = verdict.colour or next(free)
            colour = f"light-dark({plain}, color-mix(in srgb, {plain} 55%, white))"
        lines.append(f".c-{verdict.name} {{ --c: {colour}; }}")
    return "\n".join(lines) + "\n"


def _like(verdict: VerdictLabel, labels: LabelSet) -> str | None:
    """AVeriTeC's verdict of the same meaning."""
    if verdict.name in labels.undecided:
        return "not_enough_evidence"
    return None if verdict.nli is None else _LIKE.get(verdict.nli)
