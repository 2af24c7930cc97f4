"""Segment: from the manifest to units, claims and evidence candidates."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from claimset.errors import UsageError
from claimset.evidence import Retriever, find_candidates, with_text_facts
from claimset.identifiers import canonical_json
from claimset.models import (
    Article,
    ArticleRole,
    Claim,
    Clause,
    EvidenceCandidate,
    Granularity,
    Model,
    Unit,
    UnitKind,
)
from claimset.pipeline.difference import LISTED, ClaimDifference
from claimset.pipeline.reporter import Reporter, silent
from claimset.seeds import read_events
from claimset.segmentation import SEGMENTER_VERSION, claims_of, find_units
from claimset.segmentation.clauses import clauses_of
from claimset.segmentation.duplicates import link_duplicates
from claimset.segmentation.parsing import load_parser
from claimset.segmentation.statements import AttributionMethod
from claimset.storage.earlier import EarlierClaims
from claimset.storage.files import exclusive_lock, replace_file
from claimset.storage.tables import TableWriter, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = [
    "ArticleCounts",
    "SegmentResult",
    "Segmented",
    "read_segmented",
    "segment",
    "segment_event",
]

_COMMAND = "claimset segment"
_COLLECTED_AFTER = 200_000, 10, 100
"""Objects that wait until the garbage collector looks for circles; see :mod:`gc`."""


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


class Segmented(NamedTuple):
    """What segmentation left in the workspace, with the articles it was made from."""

    articles: list[Article]
    units: list[Unit]
    claims: list[Claim]
    candidates: list[EvidenceCandidate]
    clauses: list[Clause]


def segment(workspace: Workspace, settings: Settings, reporter: Reporter = silent) -> SegmentResult:
    """Cut every article of the manifest into units and claims, and find evidence candidates.

    One event at a time is held in memory, however many there are. Nothing in ``.claimset/``
    changes until every article was read and checked.

    Args:
        workspace: Holds ``seeds/``; the tables go to ``.claimset/``.
        settings: ``candidates`` says how many a claim gets, ``attribution`` how speakers are found.
        reporter: Told how far it is.

    Raises:
        DataError: The manifest or an article is not as it must be.
        UsageError: Another command is at work in the workspace, or an extra is not installed.
    """
    if settings.attribution is AttributionMethod.PARSER:
        load_parser()
    with (
        exclusive_lock(workspace.lock, doing=_COMMAND),
        EarlierClaims(workspace.claims) as before,
        TableWriter(workspace.units, Unit) as units,
        TableWriter(workspace.claims, Claim) as claims,
        TableWriter(workspace.evidence, EvidenceCandidate) as candidates,
        TableWriter(workspace.clauses, Clause) as clauses,
        reporter.track("segmenting articles") as advance,
        _rare_collection(),
    ):
        stamp = _Stamp()
        difference = ClaimDifference(before)
        counts: list[ArticleCounts] = []
        total = duplicates = 0
        for articles in read_events(workspace.seeds):
            found = segment_event(
                articles,
                candidates=settings.candidates,
                retriever=settings.retriever,
                granularity=settings.granularity,
                attribution=settings.attribution,
            )
            units.add(found.units)
            claims.add(found.claims)
            candidates.add(found.candidates)
            clauses.add(found.clauses)
            difference.add(articles, found.claims)
            duplicates += sum(claim.duplicate_of is not None for claim in found.claims)
            for article in articles:
                stamp.add(article)
            if len(counts) < LISTED:
                counts += _count(articles, found.units)
            total += len(articles)
            advance(len(articles))
        difference.close()
        # The stamp is written last: without it, or with another, the tables are not believed.
        workspace.segmentation.unlink(missing_ok=True)
        for table in (units, claims, candidates, clauses):
            table.commit()
        replace_file(workspace.segmentation, stamp.text.encode("utf-8"))
    return SegmentResult(
        articles=tuple(counts[:LISTED]),
        n_articles=total,
        units=units.rows,
        claims=claims.rows,
        clauses=clauses.rows if settings.granularity is Granularity.CLAUSE else None,
        candidates=candidates.rows,
        duplicates=duplicates,
        kept=difference.kept,
        moved=difference.moved.count,
        new=difference.new.count,
        gone=difference.gone.count,
        moved_claims=tuple(difference.moved.first),
        new_claims=tuple(difference.new.first) if before.known else (),
        gone_claims=tuple(difference.gone.first),
    )


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Let the garbage collector look less often: it takes a quarter of the time and finds nothing.

    Rows hold no circles, so they go as soon as their event is written.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*_COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def segment_event(
    articles: list[Article],
    *,
    candidates: int = 5,
    retriever: Retriever = Retriever.BM25,
    granularity: Granularity = Granularity.SENTENCE,
    attribution: AttributionMethod = AttributionMethod.RULES,
) -> Segmented:
    """Segment the articles of one event: a pure function of the articles and the setting.

    Args:
        articles: All articles of the event, in manifest order.
        candidates: How many evidence candidates a claim gets at most.
        retriever: How they are ranked.
        granularity: Whether clauses are derived from the claims.
        attribution: How speakers are found.

    Raises:
        UsageError: The ranking, the granularity or the attribution needs an extra that is not
            installed.
    """
    units: list[Unit] = []
    claims: list[Claim] = []
    for article in articles:
        found = find_units(article)
        units += found
        if ArticleRole.CLAIMS in article.roles:
            claims += claims_of(article, found, attribution)
    claims = with_text_facts(articles, link_duplicates(claims))
    found_candidates = find_candidates(articles, units, claims, top=candidates, retriever=retriever)
    clauses = clauses_of(claims) if granularity is Granularity.CLAUSE else []
    return Segmented(articles, units, claims, found_candidates, clauses)


class _Stamp:
    """What the tables were made from, as one hash."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256(SEGMENTER_VERSION.encode())

    def add(self, article: Article) -> None:
        line = [article.article_id, article.text_sha256, article.event_id, *article.roles]
        self._digest.update(canonical_json(line).encode("utf-8"))

    @property
    def text(self) -> str:
        return canonical_json(
            {"segmenter_version": SEGMENTER_VERSION, "articles": self._digest.hexdigest()}
        )


def _count(articles: list[Article], units: list[Unit]) -> list[ArticleCounts]:
    kinds: dict[str, Counter[UnitKind]] = {article.article_id: Counter() for article in articles}
    for unit in units:
        kinds[unit.article_id][unit.kind] += 1
    return [
        ArticleCounts(
            article_id=article.article_id,
            code_points=len(article.text),
            units={kind: found[kind] for kind in UnitKind if found[kind]},
        )
        for article, found in zip(articles, kinds.values(), strict=True)
    ]


def read_segmented(workspace: Workspace) -> Segmented:
    """Read the articles and what segmentation made of them, and hold one against the other.

    Raises:
        UsageError: Nothing was segmented yet, or something changed since.
        DataError: A table is damaged, or an article is not as it must be.
        SpanError: A table holds a span that is not the slice of its article.
    """
    articles = [article for event in read_events(workspace.seeds) for article in event]
    if not workspace.units.exists():
        raise UsageError(
            "nothing was segmented yet",
            where=str(workspace.units),
            remedy=f"run `{_COMMAND}` first",
        )
    stamp = _Stamp()
    for article in articles:
        stamp.add(article)
    written = workspace.segmentation
    if not written.exists() or written.read_text("utf-8") != stamp.text:
        raise UsageError(
            "articles, manifest or rules changed since the articles were segmented",
            where=str(workspace.manifest),
            remedy=f"run `{_COMMAND}` again; it keeps the ids of unchanged claims",
        )
    units = list(read_table(workspace.units, Unit, made_by=_COMMAND))
    claims = list(read_table(workspace.claims, Claim, made_by=_COMMAND))
    candidates = list(read_table(workspace.evidence, EvidenceCandidate, made_by=_COMMAND))
    # A workspace of an earlier version has no such table.
    stored = workspace.clauses.exists()
    clauses = list(read_table(workspace.clauses, Clause, made_by=_COMMAND)) if stored else []
    texts = {article.article_id: article.text for article in articles}
    rows: tuple[Unit | Claim | EvidenceCandidate | Clause, ...]
    rows = (*units, *claims, *candidates, *clauses)
    for row in rows:
        row.check(texts[row.article_id], where=f"article {row.article_id}, run `{_COMMAND}` again")
    return Segmented(articles, units, claims, candidates, clauses)
