"""Agreement: how far annotators gave the same answers, beyond what chance would bring.

Every function takes long-form ratings (unit, annotator, label), so a table can never be passed
the wrong way round, and missing ratings need no marker. Units with fewer than two ratings say
nothing about agreement and are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimset.errors import DataError
from claimset.models import AgreementFigure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["Rating", "krippendorff_alpha", "percent_agreement"]

_PAIR = 2
_NO_PAIR = "no unit has two ratings"
_ONE_LABEL = "only one label was used, so chance alone would give full agreement too"


class Rating(NamedTuple):
    """One annotator's label for one unit."""

    unit: str
    annotator: str
    label: str


class _Counts(NamedTuple):
    """The ratings of the units with at least two, as counts; labels are numbered."""

    per_unit: NDArray[np.int64]
    """Ratings of each unit (n_u)."""
    same: NDArray[np.int64]
    """Sum over labels of the squared count of each label in each unit (n_uk squared)."""
    per_label: NDArray[np.int64]
    """Ratings with each label (n_k)."""


def percent_agreement(
    ratings: Iterable[Rating], *, name: str = "percent agreement"
) -> AgreementFigure:
    """Mean share of a unit's annotator pairs that gave the same label (0 to 1).

    Args:
        ratings: Long-form ratings in any order.
        name: What to call the figure.

    Returns:
        The figure; undefined when no unit has two ratings.

    Raises:
        DataError: An annotator rated a unit twice.

    >>> percent_agreement([Rating("u", "a", "yes"), Rating("u", "b", "no")]).value
    0.0
    """
    counts = _count(ratings)
    if not counts.per_unit.size:
        return _figure(name, counts, None, _NO_PAIR)
    agreeing = counts.same - counts.per_unit
    pairs = counts.per_unit * (counts.per_unit - 1)
    return _figure(name, counts, float(np.mean(agreeing / pairs)))


def krippendorff_alpha(
    ratings: Iterable[Rating], *, name: str = "Krippendorff's alpha (nominal)"
) -> AgreementFigure:
    """Krippendorff's alpha for nominal labels: 1 is full agreement, 0 what chance would bring.

    Any number of annotators, missing ratings allowed. With ``n_uk`` ratings of unit u with label
    k, ``n_u`` their sum and ``N`` all of them, ``alpha = 1 - (N - 1) * sum_u d_u / (N^2 -
    sum_k n_k^2)`` and ``d_u = (n_u^2 - sum_k n_uk^2) / (n_u - 1)``.

    Args:
        ratings: Long-form ratings in any order.
        name: What to call the figure.

    Returns:
        The figure; undefined when no unit has two ratings, or when only one label was used (0/0:
        a pilot in which everybody always says the same shows nothing).

    Raises:
        DataError: An annotator rated a unit twice.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011),
    https://repository.upenn.edu/asc_papers/43; Hayes and Krippendorff (2007),
    doi:10.1080/19312450709336664.
    """
    counts = _count(ratings)
    if not counts.per_unit.size:
        return _figure(name, counts, None, _NO_PAIR)
    total = int(counts.per_unit.sum())
    expected = total**2 - int((counts.per_label**2).sum())
    if expected == 0:
        return _figure(name, counts, None, _ONE_LABEL)
    observed = float(((counts.per_unit**2 - counts.same) / (counts.per_unit - 1)).sum())
    return _figure(name, counts, 1 - (total - 1) * observed / expected)


def _figure(
    name: str, counts: _Counts, value: float | None, reason: str | None = None
) -> AgreementFigure:
    return AgreementFigure(
        name=name,
        value=value,
        reason=reason,
        units=counts.per_unit.size,
        ratings=int(counts.per_unit.sum()),
    )


def _count(ratings: Iterable[Rating]) -> _Counts:
    """Count ratings per unit and label, units with a single rating left out.

    Pairs of unit and label are coded as one integer, so that memory follows the ratings and not
    units times labels.
    """
    known: dict[tuple[str, str], str] = {}
    for unit, annotator, label in ratings:
        if (unit, annotator) in known:
            raise DataError(
                f"annotator {annotator!r} rated the unit twice",
                where=f"unit {unit!r}",
                remedy="keep one rating per unit and annotator, for example the latest",
            )
        known[unit, annotator] = label
    units = np.array([unit for unit, _ in known], dtype=object)
    _, unit_codes, sizes = np.unique(units, return_inverse=True, return_counts=True)
    paired = sizes[unit_codes] >= _PAIR
    labels = np.array(list(known.values()), dtype=object)[paired]
    names, label_codes = np.unique(labels, return_inverse=True)
    _, unit_codes = np.unique(unit_codes[paired], return_inverse=True)
    width = max(1, names.size)
    cells, cell_counts = np.unique(unit_codes * width + label_codes, return_counts=True)
    per_unit = sizes[sizes >= _PAIR].astype(np.int64)
    same = np.zeros(per_unit.size, dtype=np.int64)
    np.add.at(same, cells // width, cell_counts**2)
    return _Counts(per_unit, same, np.bincount(label_codes, minlength=names.size))
