"""Words and colours of verdicts on the pages that the lead reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.models import Verdict, label_colours, label_words

if TYPE_CHECKING:
    from claimset.models import LabelSet

__all__ = ["label_style", "label_words"]


def label_style(labels: LabelSet) -> str:
    """CSS that gives the verdicts their colours, in the light and the dark theme.

    AVeriTeC's stand in the style sheet itself; what has their colour refers to them.
    """
    colours = label_colours(labels)
    if all(name == colour for name, colour in colours.items()):
        return ""
    lines = []
    for name, colour in colours.items():
        shown = f"light-dark({colour}, color-mix(in srgb, {colour} 55%, white))"
        if isinstance(colour, Verdict):
            shown = f"var(--{colour})"
        lines.append(f".c-{name} {{ --c: {shown}; }}")
    return "\n".join(lines) + "\n"
