"""From an article's text to units, and from units to claims, with exact positions.

The rules are imported when they are first asked for: most commands cut no article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.lazy_exports import lazy_exports

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
    __getattr__ = lazy_exports(globals(), _HOMES)
