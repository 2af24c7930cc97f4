"""Quantiles of Student's t are those of the printed tables."""

from __future__ import annotations

import pytest

from claimset.agreement.student import t_quantile


@pytest.mark.parametrize(
    ("probability", "freedom", "value"),
    [
        (0.975, 1, 12.706),
        (0.975, 2, 4.303),
        (0.975, 4, 2.776),
        (0.975, 9, 2.262),
        (0.975, 30, 2.042),
        (0.975, 120, 1.980),
        (0.95, 3, 2.353),
        (0.995, 5, 4.032),
        (0.9995, 2, 31.599),
    ],
)
def test_quantiles_are_the_tabled_ones(probability: float, freedom: int, value: float) -> None:
    """Abramowitz and Stegun (1964), table 26.10, to its three decimals."""
    assert t_quantile(probability, freedom) == pytest.approx(value, abs=5e-4)


def test_many_degrees_of_freedom_are_the_normal_distribution() -> None:
    assert t_quantile(0.975, 1_000_000) == pytest.approx(1.959966, abs=1e-5)


def test_the_median_is_zero() -> None:
    assert t_quantile(0.5, 7) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("probability", "freedom"), [(0.4, 3), (1.0, 3), (0.9, 0)])
def test_what_has_no_quantile_is_refused(probability: float, freedom: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        t_quantile(probability, freedom)
