"""From an article's text to units, and from units to claims, with exact positions.

The rules are imported when they are first asked for: most commands cut no article.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimset.segmentation.claims import (
        CONTEXT_WIDTH,
        SEGMENTER_VERSION,
        claims_of,
        version_of,
    )
    from claimset.segmentation.units import find_units, uncovered_position

__all__ = [
    "CONTEXT_WIDTH",
    "SEGMENTER_VERSION",
    "claims_of",
    "find_units",
    "uncovered_position",
    "version_of",
]

_HOMES = {
    "CONTEXT_WIDTH": "claims",
    "SEGMENTER_VERSION": "claims",
    "claims_of": "claims",
    "find_units": "units",
    "uncovered_position": "units",
    "version_of": "claims",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A function or constant, from the module where it lives."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        return found
