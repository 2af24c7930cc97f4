"""Segment: from the manifest to units, claims and evidence candidates."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from claimset.errors import DataError, UsageError
from claimset.evidence import find_candidates
from claimset.models import (
    Article,
    ArticleRole,
    Claim,
    EvidenceCandidate,
    Model,
    Unit,
    UnitKind,
)
from claimset.pipeline.reporter import Reporter, silent
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units
from claimset.storage.files import exclusive_lock
from claimset.storage.tables import read_table, write_table

if TYPE_CHECKING:
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["ArticleCounts", "SegmentResult", "Segmented", "read_segmented", "segment"]

_COMMAND = "claimset segment"


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
    """Counts of each article."""
    units: int
    """All units."""
    claims: int
    """All claims."""
    candidates: int
    """Evidence candidates of all claims."""
    kept: int
    """Claims that the run before had at the same place."""
    moved: tuple[str, ...]
    """Claims that the run before had at another place of their article."""
    new: tuple[str, ...]
    """Claims that the run before did not have."""
    gone: tuple[str, ...]
    """Claims that only the run before had."""


class Segmented(NamedTuple):
    """What segmentation left in the workspace, with the articles it was made from."""

    articles: list[Article]
    units: list[Unit]
    claims: list[Claim]
    candidates: list[EvidenceCandidate]


def segment(workspace: Workspace, settings: Settings, reporter: Reporter = silent) -> SegmentResult:
    """Cut every article of the manifest into units and claims, and find evidence candidates.

    Everything is read and checked before anything is written.

    Args:
        workspace: Holds ``seeds/``; the tables go to ``.claimset/``.
        settings: ``candidates`` says how many a claim gets.
        reporter: Told how far it is.

    Raises:
        DataError: The manifest or an article is not as it must be.
        UsageError: Another command is at work in the workspace.
    """
    articles = read_articles(workspace.seeds)
    with reporter.track("segmenting articles", len(articles)) as advance:
        units: list[Unit] = []
        claims: list[Claim] = []
        counts = []
        for article in articles:
            found = find_units(article)
            units += found
            if ArticleRole.CLAIMS in article.roles:
                claims += claims_of(article, found)
            counts.append(_count(article, found))
            advance(1)
    candidates = find_candidates(articles, units, claims, top=settings.candidates)
    with exclusive_lock(workspace.lock, doing=_COMMAND):
        before = _claims_before(workspace)
        write_table(workspace.units, Unit, units)
        write_table(workspace.claims, Claim, claims)
        write_table(workspace.evidence, EvidenceCandidate, candidates)
    now = {claim.claim_id: claim.start for claim in claims}
    return SegmentResult(
        articles=tuple(counts),
        units=len(units),
        claims=len(claims),
        candidates=len(candidates),
        kept=sum(before.get(name) == start for name, start in now.items()),
        moved=tuple(
            name for name, start in now.items() if name in before and before[name] != start
        ),
        new=tuple(name for name in now if name not in before),
        gone=tuple(name for name in before if name not in now),
    )


def _count(article: Article, units: list[Unit]) -> ArticleCounts:
    kinds = Counter(unit.kind for unit in units)
    return ArticleCounts(
        article_id=article.article_id,
        code_points=len(article.text),
        units={kind: kinds[kind] for kind in UnitKind if kinds[kind]},
    )


def _claims_before(workspace: Workspace) -> dict[str, int]:
    """Place of each claim of the run before; none when there was no run that can be read."""
    try:
        return {
            claim.claim_id: claim.start
            for claim in read_table(workspace.claims, Claim, made_by=_COMMAND)
        }
    except (UsageError, DataError):
        return {}


def read_segmented(workspace: Workspace) -> Segmented:
    """Read the articles and what segmentation made of them, and hold one against the other.

    Raises:
        UsageError: Nothing was segmented yet.
        DataError: A table is damaged, or an article is not as it must be.
        SpanError: An article changed since it was segmented.
    """
    articles = read_articles(workspace.seeds)
    units = list(read_table(workspace.units, Unit, made_by=_COMMAND))
    claims = list(read_table(workspace.claims, Claim, made_by=_COMMAND))
    candidates = list(read_table(workspace.evidence, EvidenceCandidate, made_by=_COMMAND))
    texts = {article.article_id: article.text for article in articles}
    for row in (*units, *claims, *candidates):
        if row.article_id not in texts:
            raise DataError(
                f"article {row.article_id} was segmented but is no longer in the manifest",
                where=str(workspace.manifest),
                remedy=f"run `{_COMMAND}` again",
            )
        row.check(texts[row.article_id], where=f"article {row.article_id}, run `{_COMMAND}` again")
    return Segmented(articles, units, claims, candidates)
