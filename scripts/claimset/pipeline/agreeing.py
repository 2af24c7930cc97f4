"""Agree: how far annotators agree, over the workspace's own answers or any file of ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.aggregation import answers_under, label_of, votes_of_claims
from claimset.agreement import IntervalPlan, Rating, Ratings, summarise
from claimset.agreement.evidence import evidence_agreement
from claimset.agreement.reading import read_ratings
from claimset.errors import UsageError
from claimset.models import (
    AgreementFigure,
    AgreementReport,
    AnnotatorKind,
    Model,
    Resampled,
)
from claimset.pipeline.segmented_rows import SegmentedRows
from claimset.settings import load_settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from claimset.models import Annotation, LabelSet
    from claimset.storage.workspace import Workspace

__all__ = [
    "READERS",
    "AgreeResult",
    "AgreeSection",
    "agree",
    "agree_on_file",
    "marked_articles",
    "sections_of",
]

READERS = {AnnotatorKind.HUMAN: "people", AnnotatorKind.MACHINE: "machines"}


class AgreeSection(Model):
    """Agreement over one set of ratings."""

    name: str
    """What was rated, and by whom."""
    report: AgreementReport
    """The figures."""
    evidence: tuple[AgreementFigure, ...] = ()
    """Overlap of the evidence marked by annotators who gave the same verdict."""


class AgreeResult(Model):
    """Agreement, one section for each set of ratings; people and machines are never pooled."""

    source: str
    """The file or workspace that was read."""
    sections: tuple[AgreeSection, ...]
    """The sets of ratings."""


def agree_on_file(
    path: Path,
    *,
    labels: Sequence[str] | None = None,
    metrics: Sequence[str] = (),
    plan: IntervalPlan | None = None,
) -> AgreeResult:
    """Agreement over a CSV file with the columns unit, annotator, label and perhaps article.

    Args:
        path: The file.
        labels: The label set of the scheme, in its order; without it the labels in the file.
        metrics: Further metrics of alpha: ``ordinal``, ``interval``, ``ratio``.
        plan: Which interval; without it the jackknife over articles, or over units where the file
            names no article.

    Raises:
        DataError: A line is not as it must be; names line and field.
        UsageError: The order of the labels is not known, or intervals over articles are asked for
            and the file names none.
    """
    numbers = bool({"interval", "ratio"} & set(metrics))
    found = read_ratings(path, labels=labels, numbers=numbers)
    if labels is None and "ordinal" in metrics:
        labels = _in_order({rating.label for rating in found.ratings}, path)
    if plan is None:
        plan = IntervalPlan(over=Resampled.ARTICLES if found.articles else Resampled.UNITS)
    if plan.over is Resampled.ARTICLES and found.articles is None:
        raise UsageError(
            "intervals over articles need to know which units stand in one article",
            where=str(path),
            remedy="add a column article, or ask for intervals over units, which hold only where "
            "units are independent of one another",
        )
    ratings = Ratings.of(found.ratings, labels=labels, articles=found.articles)
    report = summarise(ratings, metrics=metrics, plan=plan)
    return AgreeResult(source=str(path), sections=(AgreeSection(name=path.name, report=report),))


def _in_order(labels: set[str], path: Path) -> list[str]:
    try:
        return sorted(labels, key=float)
    except ValueError:
        raise UsageError(
            "the labels are no numbers, so their order is not known",
            where=str(path),
            remedy="name them in their order, for example --labels low,medium,high",
        ) from None


def agree(
    workspace: Workspace, *, round_name: str | None = None, plan: IntervalPlan | None = None
) -> AgreeResult:
    """Agreement over the workspace's own annotations, from the ledger.

    Args:
        workspace: Must have been segmented and pulled.
        round_name: Only answers of this round; all rounds without it.
        plan: Which interval; the jackknife over articles without it.

    Raises:
        UsageError: Nothing was segmented or pulled yet, or the round is not known.
    """
    segmented, labels = SegmentedRows(workspace), load_settings(workspace).labels
    if not workspace.ledger.exists():
        raise UsageError(
            "there are no annotations yet",
            where=str(workspace.ledger),
            remedy="run `claimset push`, annotate, then `claimset pull`; or name a CSV file",
        )
    with Ledger(workspace.ledger) as ledger:
        annotations = answers_under(labels, ledger.annotations())
        known = [found.name for found in ledger.rounds()]
    if round_name is not None and round_name not in known:
        raise UsageError(
            f"there is no round {round_name}",
            where=str(workspace.ledger),
            remedy=f"use one of: {', '.join(known)}",
        )
    if round_name is not None:
        annotations = [item for item in annotations if item.round == round_name]
    return AgreeResult(
        source=str(workspace.root),
        sections=sections_of(
            annotations,
            segmented.places({item.claim_id for item in annotations}),
            segmented.sentences(marked_articles(annotations)),
            labels=labels,
            plan=plan,
        ),
    )


def marked_articles(annotations: Iterable[Annotation]) -> set[str]:
    """The articles in which somebody marked something."""
    return {span.article_id for item in annotations for span in item.evidence}


def sections_of(
    annotations: Sequence[Annotation],
    articles: Mapping[str, str],
    sentences: Mapping[str, Sequence[tuple[int, int]]],
    *,
    labels: LabelSet,
    plan: IntervalPlan | None = None,
) -> tuple[AgreeSection, ...]:
    """For people and for machines: the combined label with evidence, and verdicts alone.

    Args:
        annotations: Annotations in any order, with any history.
        articles: The article of each claim; answers to other claims are left out.
        sentences: Start and end of every unit of an article with marks, in order, by article.
        labels: The label set.
        plan: Which interval; the jackknife over articles without it.
    """
    sections = []
    for kind, readers in READERS.items():
        votes = votes_of_claims(
            item
            for item in annotations
            if item.annotator_kind is kind and item.claim_id in articles
        )
        if not votes:
            continue
        answers = [vote for claim in sorted(votes) for vote in votes[claim]]
        combined = [Rating(item.claim_id, item.annotator, label_of(item)) for item in answers]
        verdicts = [
            Rating(item.claim_id, item.annotator, item.verdict)
            for item in answers
            if item.verdict is not None
        ]
        sections += [
            AgreeSection(
                name=f"verdict or checkability, {readers}",
                report=summarise(
                    Ratings.of(combined, labels=labels.labels, articles=articles), plan=plan
                ),
                evidence=tuple(
                    evidence_agreement(votes, sentences, articles, labels=labels, plan=plan)
                ),
            ),
            AgreeSection(
                name=f"verdicts alone, {readers}",
                report=summarise(
                    Ratings.of(verdicts, labels=labels.names, articles=articles), plan=plan
                ),
            ),
        ]
    return tuple(sections)
