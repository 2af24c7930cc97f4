"""The figures of a release: counts for its metadata, agreement between its annotators."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimset.aggregation import LABELS, label_of
from claimset.agreement import IntervalPlan, Rating, Ratings
from claimset.agreement.coefficients import Coefficient
from claimset.agreement.figures import figures_of
from claimset.models import (
    AgreementFigure,
    AnnotationRole,
    AnnotationStatus,
    AnnotatorKind,
    GoldSource,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimset.models import Annotation
    from claimset.release.rows import ReleaseRows

__all__ = ["agreement_figures", "count_rows", "machine_annotators", "submitted", "votes"]

_READERS = {AnnotatorKind.HUMAN: "people", AnnotatorKind.MACHINE: "machines"}


def submitted(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The annotations that carry an answer."""
    return [item for item in annotations if item.status is AnnotationStatus.SUBMITTED]


def votes(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The annotations that carry an answer of somebody who had not seen the others'."""
    return [item for item in submitted(annotations) if item.role is AnnotationRole.VOTE]


def count_rows(rows: ReleaseRows) -> dict[str, int]:
    """Articles, units, claims, annotations by status, annotators, and claims by gold source."""
    answered = submitted(rows.annotations)
    sources = Counter(claim.gold_source for claim in rows.claims)
    return {
        "articles": len(rows.articles),
        "units": sum(len(article.units) for article in rows.articles),
        "claims": len(rows.claims),
        "annotations": len(rows.annotations),
        "annotations_submitted": len(answered),
        "annotations_skipped": len(rows.annotations) - len(answered),
        "adjudications": len(answered) - len(votes(answered)),
        "annotators": len({item.annotator for item in rows.annotations}),
        **{f"gold_{source}": sources[source] for source in GoldSource},
    }


def machine_annotators(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """Names of the annotators that are machines."""
    machines = {
        item.annotator for item in annotations if item.annotator_kind is AnnotatorKind.MACHINE
    }
    return tuple(sorted(machines))


_FIGURES = (Coefficient.PERCENT, Coefficient.ALPHA, Coefficient.AC1, Coefficient.RANDOLPH)


def agreement_figures(
    annotations: Iterable[Annotation], articles: Mapping[str, str]
) -> tuple[AgreementFigure, ...]:
    """Agreement over the combined label and over verdicts alone, with intervals.

    People and machines get figures of their own, never one together. A kind without any answer
    gets none. Adjudications are no votes.

    Args:
        annotations: Annotations, one per claim, annotator and role.
        articles: The article of each claim.
    """
    figures: list[AgreementFigure] = []
    answered = votes(annotations)
    for kind, readers in _READERS.items():
        answers = [item for item in answered if item.annotator_kind is kind]
        if not answers:
            continue
        combined = [Rating(item.claim_id, item.annotator, label_of(item)) for item in answers]
        verdicts = [
            Rating(item.claim_id, item.annotator, item.verdict)
            for item in answers
            if item.verdict is not None
        ]
        for ratings, labels, what in (
            (combined, LABELS, "verdict or checkability"),
            (verdicts, tuple(Verdict), "verdicts alone"),
        ):
            coded = Ratings.of(ratings, labels=labels, articles=articles)
            figures += [
                figure.model_copy(update={"name": f"{figure.name}, {what}, {readers}"})
                for figure in figures_of(coded, _FIGURES, plan=IntervalPlan())
            ]
    return tuple(figures)
