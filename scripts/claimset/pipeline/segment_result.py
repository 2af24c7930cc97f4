"""The result of segmentation: what was found, what changed, and what was left undone."""

from __future__ import annotations

from claimset.models import Model, Quarantined, UnitKind
from claimset.pipeline.proposing import ProposalCounts

__all__ = ["ArticleCounts", "SegmentResult"]


class ArticleCounts(Model):
    """What segmentation found in one article."""

    article_id: str
    """The article."""
    code_points: int
    """Length of its text."""
    units: dict[UnitKind, int]
    """Units by kind."""


class SegmentResult(Model):
    """What segmentation found."""

    articles: tuple[ArticleCounts, ...]
    """Counts of each article, of the first thousand where there are more."""
    n_articles: int
    """All articles."""
    units: int
    """All units."""
    claims: int
    """All claims."""
    clauses: int | None
    """Clauses that were derived from claims; null unless asked for."""
    candidates: int
    """Evidence candidates of all claims."""
    duplicates: int
    """Claims that repeat another one."""
    kept: int
    """Claims that the run before had at the same place."""
    moved: int
    """Claims that the run before had at another place of their article."""
    new: int
    """Claims that the run before did not have."""
    gone: int
    """Claims that only the run before had."""
    moved_claims: tuple[str, ...]
    """Ids of the moved claims, of the first thousand where there are more."""
    new_claims: tuple[str, ...]
    """Ids of the new claims likewise, where there was a run before."""
    gone_claims: tuple[str, ...]
    """Ids of the claims that are gone likewise."""
    shards_made: int
    """Shards that were made; the others were there from an earlier run."""
    shards_kept: int
    """Shards that were there."""
    quarantined: tuple[Quarantined, ...]
    """What could not be segmented and was left out, as was asked for."""
    neutral: dict[str, int]
    """Articles by language that were cut by layout and punctuation alone: their claims have no
    speakers and no check-worthiness, for those rules are for English."""
    unanchored: int
    """Claims that a segmenter proposed beside sentences without words of the article that carry
    them; a person must read them before they are used."""
    proposals: ProposalCounts | None
    """What a model was asked; null unless one was."""
    undeclared: int
    """Articles whose row in the manifest names no language; they were read as English."""
