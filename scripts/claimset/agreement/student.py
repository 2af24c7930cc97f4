"""Student's t: its quantile, from the incomplete beta function."""

from __future__ import annotations

import math
from functools import cache

__all__ = ["t_quantile"]

_TINY = 1e-300
_EXACT = 1e-15
_STEPS = 500
_HALVINGS = 200


@cache
def t_quantile(probability: float, freedom: int) -> float:
    """The value that a t-distributed variable stays under with the given probability.

    Args:
        probability: Between 0.5 and 1, ends left out at the upper side.
        freedom: Degrees of freedom, at least 1.

    Raises:
        ValueError: An argument lies outside these ranges.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.1 and 26.5.8.

    >>> round(t_quantile(0.975, 9), 3)
    2.262
    """
    if not 0.5 <= probability < 1 or freedom < 1:  # noqa: PLR2004 - the median
        msg = f"no quantile for probability {probability} and {freedom} degrees of freedom"
        raise ValueError(msg)
    if freedom == 1:
        return math.tan(math.pi * (probability - 0.5))
    low, high = 0.0, 1.0
    while _below(high, freedom) < probability:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _below(middle, freedom) < probability:
            low = middle
        else:
            high = middle
        if high - low <= _EXACT * high:
            break
    return (low + high) / 2


def _below(value: float, freedom: int) -> float:
    """P(T <= value) for value >= 0."""
    return 1 - _beta(freedom / (freedom + value * value), freedom / 2, 0.5) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x <= 0 or x >= 1:
        return min(1.0, max(0.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            fraction *= c * d
        if abs(c * d - 1) < _EXACT:
            break
    return front * fraction / a


def _away(value: float) -> float:
    """Away from zero, so that it can be divided by (modified Lentz)."""
    return value if abs(value) > _TINY else _TINY
