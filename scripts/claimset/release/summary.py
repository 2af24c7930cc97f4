"""The figures of a release: counts for its metadata, agreement between its annotators."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimset.aggregation import label_of
from claimset.agreement import Rating, krippendorff_alpha, percent_agreement
from claimset.models import AnnotationStatus, AnnotatorKind, GoldSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimset.models import AgreementFigure, Annotation
    from claimset.release.rows import ReleaseRows

__all__ = ["agreement_figures", "count_rows", "machine_annotators", "submitted"]

_READERS = {AnnotatorKind.HUMAN: "people", AnnotatorKind.MACHINE: "machines"}


def submitted(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The annotations that carry an answer."""
    return [item for item in annotations if item.status is AnnotationStatus.SUBMITTED]


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
        "annotators": len({item.annotator for item in rows.annotations}),
        **{f"gold_{source}": sources[source] for source in GoldSource},
    }


def machine_annotators(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """Names of the annotators that are machines."""
    machines = {
        item.annotator for item in annotations if item.annotator_kind is AnnotatorKind.MACHINE
    }
    return tuple(sorted(machines))


def agreement_figures(annotations: Iterable[Annotation]) -> tuple[AgreementFigure, ...]:
    """Percent agreement and alpha, over the combined label and over verdicts alone.

    People and machines get figures of their own, never one together. A kind without any answer
    gets none.
    """
    figures = []
    answered = submitted(annotations)
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
        for ratings, what in (
            (combined, "verdict or checkability"),
            (verdicts, "verdicts alone"),
        ):
            figures += [
                percent_agreement(ratings, name=f"percent agreement, {what}, {readers}"),
                krippendorff_alpha(
                    ratings, name=f"Krippendorff's alpha (nominal), {what}, {readers}"
                ),
            ]
    return tuple(figures)
