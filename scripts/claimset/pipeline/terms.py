"""Terms: what segmentation is asked for, as settings say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.llm.options import LlmOptions
from claimset.llm.segmenter import LLM
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
    given = settings.segmenter_settings.get(settings.segmenter, {})
    if settings.segmenter == LLM:
        # Where its server is does not change what it answers.
        given = LlmOptions.of(given).identity
    return SegmentTerms(
        candidates=settings.candidates,
        retriever=settings.retriever,
        granularity=settings.granularity,
        attribution=settings.attribution,
        segmenter=choose_segmenter(settings.segmenter, given),
    )
