"""Terms: what segmentation is asked for, as settings say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.pipeline.eventwise import SegmentTerms
from claimset.pipeline.segmenters import choose_segmenter

if TYPE_CHECKING:
    from claimset.settings import Settings

__all__ = ["terms_of"]


def terms_of(settings: Settings) -> SegmentTerms:
    """What the settings ask for.

    Raises:
        UsageError: The segmenter is not installed, or cannot be made.
    """
    return SegmentTerms(
        candidates=settings.candidates,
        retriever=settings.retriever,
        granularity=settings.granularity,
        attribution=settings.attribution,
        segmenter=choose_segmenter(settings.segmenter, settings.segmenter_settings),
    )
