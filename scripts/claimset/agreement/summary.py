"""Summary: what is to be said about the agreement of some ratings, never one figure alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claimset.agreement.coefficients import NOT_NOMINAL, Coefficient
from claimset.agreement.figures import figures_of, label_agreement
from claimset.agreement.intervals import IntervalPlan
from claimset.agreement.pairs import LEAST_OVERLAP, pair_agreement
from claimset.models.agreement import AgreementReport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimset.agreement.ratings import Ratings

__all__ = ["STANDARD", "summarise"]

STANDARD = (
    Coefficient.PERCENT,
    Coefficient.ALPHA,
    Coefficient.AC1,
    Coefficient.RANDOLPH,
    Coefficient.FLEISS,
)
"""Percent and alpha; AC1 and Randolph, which a rare label does not move; Fleiss to compare."""


def summarise(
    ratings: Ratings,
    *,
    metrics: Sequence[str] = (),
    plan: IntervalPlan | None = None,
    least_overlap: int = LEAST_OVERLAP,
) -> AgreementReport:
    """All figures, label by label and pair by pair.

    Args:
        ratings: The ratings.
        metrics: Further metrics of alpha: ``ordinal``, ``interval``, ``ratio``.
        plan: Which interval; the jackknife over articles without it.
        least_overlap: Pairs of annotators with fewer common units get no figure.

    Raises:
        DataError: A metric needs numbers and a label is none.
    """
    plan = plan or IntervalPlan()
    wanted = (*STANDARD, *(NOT_NOMINAL[metric] for metric in metrics))
    return AgreementReport(
        labels=ratings.labels,
        units=ratings.n_units,
        ratings=int(ratings.unit.size),
        annotators=len(ratings.annotators),
        articles=None if ratings.article is None else int(np.unique(ratings.article).size),
        figures=tuple(figures_of(ratings, wanted, plan=plan)),
        per_label=label_agreement(ratings, plan=plan),
        pairs=pair_agreement(ratings, least_overlap=least_overlap),
    )
