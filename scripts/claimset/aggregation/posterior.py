"""Posterior: what the annotator model makes of the votes on the scheme's labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.aggregation.dawid_skene import dawid_skene
from claimset.aggregation.votes import label_of
from claimset.agreement.ratings import Rating, Ratings
from claimset.models import AnnotatorKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimset.models import Annotation, LabelSet

__all__ = ["POSTERIOR_DIGITS", "model_labels"]

POSTERIOR_DIGITS = 6
"""Digits of a posterior that are kept: the last ones differ between processors."""


def model_labels(
    votes: Mapping[str, Sequence[Annotation]], labels: LabelSet
) -> dict[str, tuple[str, float]]:
    """The most probable label of each claim and its probability, people and machines apart.

    Args:
        votes: The votes of each claim, all of one kind, as
            :func:`claimset.aggregation.votes_of_claims` gives them.
        labels: The label set.

    Returns:
        Label and probability by claim id; of two labels that are equally probable, none is given.
    """
    found: dict[str, tuple[str, float]] = {}
    for kind in AnnotatorKind:
        claims = {claim: answers for claim, answers in votes.items() if _is(kind, answers)}
        ratings = Ratings.of(
            (
                Rating(claim, vote.annotator, label_of(vote))
                for claim, answers in claims.items()
                for vote in answers
            ),
            labels=labels.labels,
        )
        posterior = dawid_skene(ratings).posterior.round(POSTERIOR_DIGITS)
        for claim, row in zip(sorted(claims), posterior, strict=True):
            best = float(row.max())
            if int((row == best).sum()) == 1:
                found[claim] = (labels.labels[int(row.argmax())], best)
    return found


def _is(kind: AnnotatorKind, answers: Sequence[Annotation]) -> bool:
    return bool(answers) and answers[0].annotator_kind is kind
