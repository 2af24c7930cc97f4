"""Methods: the names by which settings choose how articles are cut and speakers are found."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["RULES", "AttributionMethod"]

RULES = "rules"
"""Name of the built-in segmenter."""


class AttributionMethod(StrEnum):
    """How speakers are found."""

    RULES = "rules"
    """By rules over layout, cues and names."""
    PARSER = "parser"
    """The same, and where they name nobody by the syntax; needs the extra ``parser``."""
