"""Figures: coefficients over ratings, with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claimset.agreement.coefficients import Coefficient, Measure, label_measure, measure
from claimset.agreement.intervals import Groups, IntervalPlan, interval_of
from claimset.agreement.patterns import Patterns, find_patterns
from claimset.agreement.ratings import Rating, Ratings, without_gaps
from claimset.models.agreement import (
    AgreementFigure,
    Interval,
    IntervalMethod,
    LabelAgreement,
    Resampled,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = [
    "figure_of",
    "figures_of",
    "krippendorff_alpha",
    "label_agreement",
    "percent_agreement",
]

_PAIR = 2
_NO_PAIR = "no unit has two ratings"
_ONE_LABEL = "only one label was used, so chance alone would give full agreement too"
_NO_ARTICLES = "the articles of the units are not known"
_TOO_LARGE = "too many labels and articles to hold at once; merge labels, or take the bootstrap"
_MOST_NUMBERS = 100_000_000


def percent_agreement(
    ratings: Ratings | Iterable[Rating],
    *,
    name: str = Coefficient.PERCENT,
    plan: IntervalPlan | None = None,
) -> AgreementFigure:
    """Mean share of a unit's annotator pairs that gave the same label (0 to 1).

    Args:
        ratings: Ratings in any order.
        name: What to call the figure.
        plan: Which interval is wanted; none without it.

    Returns:
        The figure; undefined when no unit has two ratings.

    Raises:
        DataError: An annotator rated a unit twice.

    >>> percent_agreement([Rating("u", "a", "yes"), Rating("u", "b", "no")]).value
    0.0
    """
    return figure_of(ratings, Coefficient.PERCENT, name=name, plan=plan)


def krippendorff_alpha(
    ratings: Ratings | Iterable[Rating],
    *,
    name: str = Coefficient.ALPHA,
    plan: IntervalPlan | None = None,
) -> AgreementFigure:
    """Krippendorff's alpha for nominal labels: 1 is full agreement, 0 what chance would bring.

    Any number of annotators, missing ratings allowed. For other metrics see :func:`figure_of`.

    Args:
        ratings: Ratings in any order.
        name: What to call the figure.
        plan: Which interval is wanted; none without it.

    Returns:
        The figure; undefined when no unit has two ratings, or when only one label was used (0/0:
        a pilot in which everybody always says the same shows nothing).

    Raises:
        DataError: An annotator rated a unit twice.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011),
    https://repository.upenn.edu/asc_papers/43; Hayes and Krippendorff (2007),
    doi:10.1080/19312450709336664.
    """
    return figure_of(ratings, Coefficient.ALPHA, name=name, plan=plan)


def figure_of(
    ratings: Ratings | Iterable[Rating],
    what: Coefficient,
    *,
    name: str | None = None,
    plan: IntervalPlan | None = None,
) -> AgreementFigure:
    """One coefficient; see :func:`figures_of`."""
    (found,) = figures_of(ratings, [what], plan=plan)
    return found if name is None else found.model_copy(update={"name": name})


def figures_of(
    ratings: Ratings | Iterable[Rating],
    coefficients: Iterable[Coefficient],
    *,
    plan: IntervalPlan | None = None,
) -> list[AgreementFigure]:
    """Coefficients over the same ratings, which are counted once.

    Args:
        ratings: Ratings in any order; coded ones know the label set of their scheme.
        coefficients: Which figures.
        plan: Which interval is wanted; none without it.

    Returns:
        The figures in the order asked for; an undefined one has no value, but the reason.

    Raises:
        DataError: An annotator rated a unit twice, or labels do not fit the metric.
    """
    coded = ratings if isinstance(ratings, Ratings) else Ratings.of(ratings)
    patterns = find_patterns(coded)
    return [
        _figure(coded, patterns, measure(patterns, coded.labels, what), what, plan)
        for what in coefficients
    ]


def label_agreement(
    ratings: Ratings, *, plan: IntervalPlan | None = None
) -> tuple[LabelAgreement, ...]:
    """For each label: its share of the ratings, and alpha with all other labels taken as one."""
    patterns = find_patterns(ratings)
    paired = patterns.multiplicity * (patterns.counts.sum(axis=1) >= _PAIR)
    counts = paired @ patterns.counts
    total = counts.sum()
    return tuple(
        LabelAgreement(
            label=label,
            ratings=int(counts[number]),
            share=float(counts[number] / total) if total else None,
            alpha=_figure(
                ratings,
                patterns,
                label_measure(patterns, number),
                f"{Coefficient.ALPHA}, {label}",
                plan,
            ),
        )
        for number, label in enumerate(ratings.labels)
    )


def _figure(
    ratings: Ratings,
    patterns: Patterns,
    wanted: Measure,
    name: str,
    plan: IntervalPlan | None,
) -> AgreementFigure:
    size = patterns.counts.sum(axis=1)
    paired = size >= _PAIR
    units = int(patterns.multiplicity[paired].sum())
    value = wanted.value(patterns.multiplicity) if units else np.nan
    found: Interval | str | None = None
    if plan is not None and not np.isnan(value):
        found = _interval(ratings, patterns, wanted, value, paired, plan)
    reason = None
    if np.isnan(value):
        reason = _ONE_LABEL if units else _NO_PAIR
    return AgreementFigure(
        name=name,
        value=None if reason else value,
        reason=reason,
        units=units,
        ratings=int((patterns.multiplicity * size)[paired].sum()),
        interval=found if isinstance(found, Interval) else None,
        interval_reason=found if isinstance(found, str) else None,
    )


def _interval(
    ratings: Ratings,
    patterns: Patterns,
    wanted: Measure,
    value: float,
    paired: NDArray[np.bool_],
    plan: IntervalPlan,
) -> Interval | str:
    total = patterns.multiplicity @ wanted.rows
    if plan.over is Resampled.UNITS:
        # A bootstrap draws from all rated units; leaving out one rated once changes nothing.
        kept = paired | (plan.method is IntervalMethod.BOOTSTRAP)
        groups = Groups(wanted.rows[kept], patterns.multiplicity[kept])
        return interval_of(wanted.figure, value, total, groups, plan)
    if ratings.article is None:
        return _NO_ARTICLES
    article, articles = without_gaps(ratings.article)
    n_articles = len(articles)
    if n_articles * wanted.rows.shape[1] > _MOST_NUMBERS:
        return _TOO_LARGE
    sums = np.empty((n_articles, wanted.rows.shape[1]))
    for column in range(sums.shape[1]):
        sums[:, column] = np.bincount(
            article, weights=wanted.rows[patterns.of_unit, column], minlength=n_articles
        )
    compares = np.bincount(article, weights=paired[patterns.of_unit], minlength=n_articles) > 0
    groups = Groups(sums[compares], np.ones(int(compares.sum()), dtype=np.int64))
    return interval_of(wanted.figure, value, total, groups, plan)
