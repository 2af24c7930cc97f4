"""Coefficients: what each figure of agreement is, as a function of sums over units.

Every figure needs only sums: so leaving an article out is a subtraction, and a bootstrap sample a
weighted sum. With ``n_uk`` ratings of unit u with label k, ``n_u`` their sum, ``n_k`` and ``N``
sums over units with ``n_u >= 2``, and ``pi_k`` the mean of ``n_uk / n_u`` over all rated units:

=======================  =======================================================================
percent agreement        ``Po``: mean over units of the share of pairs that agree
Krippendorff's alpha     ``1 - (N - 1) sum_ck o_ck D_ck / sum_ck n_c n_k D_ck`` with
                         ``o_ck = sum_u n_uc (n_uk - [c = k]) / (n_u - 1)``
Fleiss' kappa            ``(Po - Pe) / (1 - Pe)``, ``Pe = sum_k pi_k^2``
Randolph's kappa         the same with ``Pe = 1 / K`` (free-marginal; also Brennan and Prediger's)
Gwet's AC1               the same with ``Pe = sum_k pi_k (1 - pi_k) / (K - 1)``
=======================  =======================================================================

Sources: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011),
https://repository.upenn.edu/asc_papers/43; Fleiss (1971), doi:10.1037/h0031619; Randolph (2005),
Free-marginal multirater kappa; Gwet (2008), doi:10.1348/000711006X126600.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from claimset.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from claimset.agreement.patterns import Patterns

    Values = NDArray[np.float64]

__all__ = ["NOT_NOMINAL", "Coefficient", "Measure", "label_measure", "measure"]

_PAIR = 2
_LEFT_OVER = 1e-12
"""A share of disagreement is zero or far above this; less is what a subtraction left over."""


class Coefficient(StrEnum):
    """The figures of agreement, named as they are printed."""

    PERCENT = "percent agreement"
    ALPHA = "Krippendorff's alpha (nominal)"
    ALPHA_ORDINAL = "Krippendorff's alpha (ordinal)"
    ALPHA_INTERVAL = "Krippendorff's alpha (interval)"
    ALPHA_RATIO = "Krippendorff's alpha (ratio)"
    AC1 = "Gwet's AC1"
    RANDOLPH = "Randolph's kappa"
    FLEISS = "Fleiss' kappa"


NOT_NOMINAL = {
    "ordinal": Coefficient.ALPHA_ORDINAL,
    "interval": Coefficient.ALPHA_INTERVAL,
    "ratio": Coefficient.ALPHA_RATIO,
}
"""Krippendorff's metrics beside the nominal one."""


class Measure:
    """A figure over some ratings: the sums that each pattern adds, and the figure of such sums."""

    def __init__(self, rows: Values, figure: Callable[[Values], Values]) -> None:
        self.rows = rows
        """What one unit of each pattern adds, shape (patterns, width)."""
        self.figure = figure
        """From sums of shape (..., width) to figures of shape (...); NaN where undefined."""

    def value(self, multiplicity: NDArray[np.int64]) -> float:
        """The figure over all units, given the number of units with each pattern."""
        return float(self.figure(multiplicity @ self.rows))


def measure(patterns: Patterns, labels: tuple[str, ...], what: Coefficient) -> Measure:
    """Prepare a figure.

    Args:
        patterns: The ratings, folded.
        labels: The label set of the scheme; in order for ordinal, numbers for interval and ratio.
        what: Which figure.

    Raises:
        DataError: A label is no number although the metric needs numbers.
    """
    n = patterns.counts
    size = n.sum(axis=1, keepdims=True)
    paired = (size >= _PAIR).astype(np.float64)
    others = np.maximum(size - 1, 1)
    if what is Coefficient.ALPHA:
        unlike = (n * (size - n) / others).sum(axis=1, keepdims=True) * paired
        return Measure(np.hstack([unlike, n * paired]), _alpha_nominal)
    if what is Coefficient.ALPHA_ORDINAL:
        pairs = (n[:, :, None] * n[:, None, :]) / others[:, :, None]
        diagonal = np.arange(n.shape[1])
        pairs[:, diagonal, diagonal] = n * (n - 1) / others
        return Measure(
            (pairs * paired[:, :, None]).reshape(len(n), n.shape[1] ** 2), _alpha_ordinal
        )
    if what in (Coefficient.ALPHA_INTERVAL, Coefficient.ALPHA_RATIO):
        distance = _distances(labels, what)
        apart = ((n @ distance) * n).sum(axis=1, keepdims=True) / others * paired
        return Measure(np.hstack([apart, n * paired]), lambda sums: _alpha(sums, distance))
    disagree = (n * (size - n) / (size * others)).sum(axis=1, keepdims=True) * paired
    rows = np.hstack([disagree, paired, n / size, np.ones_like(size)])
    return Measure(rows, lambda sums: _chance_corrected(sums, what))


def label_measure(patterns: Patterns, label: int) -> Measure:
    """Prepare nominal alpha of one label, all others taken as one."""
    n = patterns.counts
    size = n.sum(axis=1, keepdims=True)
    merged = np.hstack([n[:, [label]], size - n[:, [label]]])
    return measure(patterns._replace(counts=merged), ("this", "rest"), Coefficient.ALPHA)


def _alpha_nominal(sums: Values) -> Values:
    unlike, n = sums[..., 0], sums[..., 1:]
    total = n.sum(axis=-1)
    return _one_minus((total - 1) * unlike, total**2 - (n**2).sum(axis=-1))


def _alpha(sums: Values, distance: Values) -> Values:
    apart, n = sums[..., 0], sums[..., 1:]
    expected = ((n @ distance) * n).sum(axis=-1)
    return _one_minus((n.sum(axis=-1) - 1) * apart, expected)


def _alpha_ordinal(sums: Values) -> Values:
    width = math.isqrt(sums.shape[-1])
    pairs = sums.reshape(*sums.shape[:-1], width, width)
    n = pairs.sum(axis=-1)
    # sum of n_g for g from c to k, less (n_c + n_k) / 2, is a difference of middle ranks.
    rank = np.cumsum(n, axis=-1) - n / 2
    distance = (rank[..., :, None] - rank[..., None, :]) ** 2
    observed = (pairs * distance).sum(axis=(-2, -1))
    expected = (n[..., :, None] * n[..., None, :] * distance).sum(axis=(-2, -1))
    return _one_minus((n.sum(axis=-1) - 1) * observed, expected)


def _chance_corrected(sums: Values, what: Coefficient) -> Values:
    disagree, units, rated = sums[..., 0], sums[..., 1], sums[..., -1]
    shares = sums[..., 2:-1]
    k = shares.shape[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        unlike = _clean(np.where(units > 0, disagree / units, np.nan))
        pi = shares / rated[..., None]
    if what is Coefficient.PERCENT:
        return np.asarray(1 - unlike)
    if what is Coefficient.FLEISS:
        by_chance = (pi * (1 - pi)).sum(axis=-1)
    elif what is Coefficient.AC1:
        by_chance = 1 - (pi * (1 - pi)).sum(axis=-1) / (k - 1) if k > 1 else np.zeros_like(unlike)
    else:
        by_chance = np.full_like(unlike, 1 - 1 / k)
    return _one_minus(unlike, by_chance, _LEFT_OVER)


def _one_minus(observed: Values, expected: Values, least: float = 0.0) -> Values:
    """1 - observed / expected disagreement; undefined where chance would never disagree."""
    possible = expected > least
    ratio = _clean(observed / np.where(possible, expected, 1))
    return np.asarray(np.where(possible, 1 - ratio, np.nan))


def _clean(disagreement: Values) -> Values:
    return np.where(np.abs(disagreement) < _LEFT_OVER, 0.0, disagreement)


def _distances(labels: tuple[str, ...], what: Coefficient) -> Values:
    values = np.array([_number(label) for label in labels])
    difference = values[:, None] - values[None, :]
    if what is Coefficient.ALPHA_INTERVAL:
        return np.asarray(difference**2)
    total = values[:, None] + values[None, :]
    return np.asarray(np.where(total == 0, 0, difference / np.where(total == 0, 1, total)) ** 2)


def _number(label: str) -> float:
    try:
        value = float(label)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise DataError(
            f"the label {label!r} is no number, but the metric needs numbers",
            where=f"label {label!r}",
            remedy="correct it, or use the nominal or ordinal metric",
        )
    return value
