"""From an article's text to units, and from units to claims, with exact positions."""

from claimset.segmentation.claims import CONTEXT_WIDTH, SEGMENTER_VERSION, claims_of, version_of
from claimset.segmentation.units import find_units, uncovered_position

__all__ = [
    "CONTEXT_WIDTH",
    "SEGMENTER_VERSION",
    "claims_of",
    "find_units",
    "uncovered_position",
    "version_of",
]
