"""Current: segmentation brought up to date before its claims are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.pipeline.claim_index import ClaimIndex
from claimset.pipeline.reporter import Reporter, silent
from claimset.pipeline.segmenting import segment
from claimset.pipeline.stamp import is_current, segmented_articles

if TYPE_CHECKING:
    from claimset.pipeline.segment_result import SegmentResult
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["current_claims", "segment_if_needed"]


def segment_if_needed(
    workspace: Workspace, settings: Settings, reporter: Reporter = silent
) -> SegmentResult | None:
    """Segment when nothing was segmented yet, or articles, manifest or rules changed since.

    Returns:
        What was made; ``None`` when everything was up to date.

    Raises:
        DataError: The manifest or an article is not as it must be.
        UsageError: Another command is at work in the workspace, or an extra is missing.
    """
    if is_current(workspace, segmented_articles(workspace)):
        return None
    result = segment(workspace, settings, reporter)
    reporter.say(
        f"segmented {result.n_articles} articles first: {result.claims} claims and "
        f"{result.candidates} evidence candidates"
    )
    return result


def current_claims(workspace: Workspace, settings: Settings, reporter: Reporter) -> ClaimIndex:
    """The claims of the articles as they are now; says how many have no source.

    Raises:
        DataError: The manifest, an article or a table is not as it must be.
        UsageError: Another command is at work in the workspace, or an extra is missing.
    """
    segment_if_needed(workspace, settings, reporter)
    index = ClaimIndex(workspace, checked=True)
    # Claims that nothing can support or refute are rarely what somebody wants to pay for.
    if bare := index.without_source():
        reporter.say(
            f"{bare} of {len(index.claims)} claims have no source to be checked against: no other "
            "article of their event is one (`claimset events` suggests which articles belong "
            "together)"
        )
    return index
