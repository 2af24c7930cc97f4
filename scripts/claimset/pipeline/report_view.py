"""What the report shows, gathered from the workspace."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import quantiles
from typing import TYPE_CHECKING, NamedTuple

from claimset.aggregation import (
    CheckAnswers,
    GoldRules,
    aggregate_claims,
    annotator_figures,
    label_of,
    votes_of_claims,
)
from claimset.agreement import Rating, Ratings
from claimset.agreement.pairs import pair_tables
from claimset.models import (
    AgreementFigure,
    Annotation,
    AnnotationRole,
    AnnotationStatus,
    AnnotatorFigures,
    AnnotatorKind,
    Counted,
    RoundKind,
)
from claimset.pipeline.advice import advice_of
from claimset.pipeline.agreeing import READERS, AgreeSection, marked_articles, sections_of
from claimset.pipeline.disputes import Dispute, disputes_of
from claimset.reporting.charts import Segment, Timeline, segments_of, timeline_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from claimset.models import LabelSet
    from claimset.pipeline.segmented_rows import SegmentedRows
    from claimset.pipeline.watching import RoundStatus, StatusResult

__all__ = ["Confusion", "LabelTable", "ReportView", "TimeSpent", "view_of"]

_LEAST_TIMES = 2
_MOST_DISPUTES = 100


class Confusion(NamedTuple):
    """How often one label met another on the same claim, over all pairs of annotators."""

    readers: str
    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    """Pairs of votes, rows and columns alike; a pair of different labels counts in both halves."""


class TimeSpent(NamedTuple):
    """Seconds per claim of one annotator."""

    annotator: str
    answers: int
    low: float
    middle: float
    high: float


class LabelTable(NamedTuple):
    """A figure of each annotator for each label that somebody has met."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Counted | None, ...]], ...]


class RoundView(NamedTuple):
    """A round with what it takes to draw it."""

    status: RoundStatus
    timeline: Timeline | None


class ReportView(NamedTuple):
    """Everything on the page."""

    name: str
    made_at: datetime
    rounds: tuple[RoundView, ...]
    claims: int
    answers: int
    sources: tuple[Segment, ...]
    sections: tuple[AgreeSection, ...]
    by_round: tuple[tuple[str, AgreementFigure], ...]
    confusions: tuple[Confusion, ...]
    times: tuple[TimeSpent, ...]
    mixes: tuple[tuple[str, tuple[Segment, ...]], ...]
    annotators: tuple[AnnotatorFigures, ...]
    recognised: LabelTable
    leaning: LabelTable
    machines: tuple[str, ...]
    people: int
    disputes: tuple[Dispute, ...]
    n_disputes: int
    open_disputes: int
    labels: tuple[str, ...]
    label_set: LabelSet
    advice: tuple[str, ...]


def view_of(
    name: str,
    segmented: SegmentedRows,
    annotations: Sequence[Annotation],
    status: StatusResult,
    rules: GoldRules,
    now: datetime,
    checks: CheckAnswers,
) -> ReportView:
    """Gather the report.

    Args:
        name: Name of the dataset.
        segmented: The workspace's claims, units and articles.
        annotations: Annotations with all their history.
        status: How far the rounds are.
        rules: When answers make gold.
        now: The moment the report is made.
        checks: Answers to the tasks that measure annotators.
    """
    places = segmented.places({item.claim_id for item in annotations})
    known = [item for item in annotations if item.claim_id in places]
    n_claims = segmented.n_claims
    labels = rules.labels
    sections = sections_of(
        known, places, segmented.sentences(marked_articles(known)), labels=labels
    )
    votes = [
        item
        for item in known
        if item.status is AnnotationStatus.SUBMITTED and item.role is AnnotationRole.VOTE
    ]
    golds = aggregate_claims(known, rules)
    disputes = disputes_of(segmented, known, golds)
    sources = Counter(str(gold.source) for gold in golds.values())
    sources["without answers"] = n_claims - len(golds)
    kinds = {
        item.annotator: item.annotator_kind
        for item in known
        if item.status is AnnotationStatus.SUBMITTED
    }
    confusions = tuple(_confusions(known, labels.labels))
    figures = annotator_figures(known, labels, checks)
    return ReportView(
        name=name,
        made_at=now,
        rounds=tuple(RoundView(found, _timeline(found, known)) for found in status.rounds),
        claims=n_claims,
        answers=len(votes),
        sources=segments_of(
            sources,
            [
                "unanimous",
                "majority",
                "adjudicated",
                "model",
                "single",
                "unresolved",
                "without answers",
            ],
        ),
        sections=sections,
        by_round=tuple(
            (found.round, found.alpha) for found in status.rounds if found.alpha is not None
        ),
        confusions=confusions,
        times=tuple(_times(votes)),
        mixes=tuple(
            (
                annotator,
                segments_of(
                    Counter(label_of(item) for item in votes if item.annotator == annotator),
                    labels.labels,
                ),
            )
            for annotator in sorted({item.annotator for item in votes})
        ),
        annotators=figures,
        recognised=_by_label({who.annotator: who.sensitivity for who in figures}, labels.labels),
        leaning=_by_label({who.annotator: who.bias for who in figures}, labels.labels),
        machines=tuple(sorted(who for who, kind in kinds.items() if kind is AnnotatorKind.MACHINE)),
        people=sum(kind is AnnotatorKind.HUMAN for kind in kinds.values()),
        disputes=tuple(disputes[:_MOST_DISPUTES]),
        n_disputes=len(disputes),
        open_disputes=status.open_disputes,
        labels=labels.labels,
        label_set=labels,
        advice=advice_of(
            status,
            sections,
            [
                (one, other, confusion.counts[i][j])
                for confusion in confusions
                for i, one in enumerate(confusion.labels)
                for j, other in enumerate(confusion.labels)
                if i < j
            ],
        ),
    )


def _by_label(figures: Mapping[str, Mapping[str, Counted]], labels: Sequence[str]) -> LabelTable:
    used = tuple(label for label in labels if any(label in row for row in figures.values()))
    rows = [(who, tuple(row.get(label) for label in used)) for who, row in figures.items()]
    return LabelTable(used, tuple(rows))


def _timeline(found: RoundStatus, known: Iterable[Annotation]) -> Timeline | None:
    wanted = (
        AnnotationRole.ADJUDICATION if found.kind is RoundKind.ADJUDICATION else AnnotationRole.VOTE
    )
    moments = [
        item.created_at
        for item in known
        if item.round == found.round
        and item.role is wanted
        and item.status is AnnotationStatus.SUBMITTED
    ]
    return timeline_of(moments, found.tasks * found.overlap, found.pace.finish)


def _confusions(known: Sequence[Annotation], labels: tuple[str, ...]) -> Iterable[Confusion]:
    for kind, readers in READERS.items():
        votes = votes_of_claims(item for item in known if item.annotator_kind is kind)
        ratings = Ratings.of(
            (
                Rating(claim, vote.annotator, label_of(vote))
                for claim, answers in votes.items()
                for vote in answers
            ),
            labels=labels,
        )
        table = pair_tables(ratings).counts.sum(axis=0)
        both = table + table.T
        used = [number for number in range(len(labels)) if both[number].sum()]
        if used:
            yield Confusion(
                readers,
                tuple(labels[number] for number in used),
                tuple(
                    tuple(
                        int(both[row, column]) if row != column else int(table[row, row])
                        for column in used
                    )
                    for row in used
                ),
            )


def _times(votes: Iterable[Annotation]) -> Iterable[TimeSpent]:
    spent: dict[str, list[float]] = defaultdict(list)
    for item in votes:
        if item.lead_time_s is not None:
            spent[item.annotator].append(item.lead_time_s)
    for annotator, seconds in sorted(spent.items()):
        if len(seconds) >= _LEAST_TIMES:
            low, middle, high = quantiles(seconds, n=4, method="inclusive")
            yield TimeSpent(annotator, len(seconds), low, middle, high)
