"""Patterns: units with equal counts of labels say the same about agreement, so each is kept once.

A third of a million units with three ratings and four labels hold twenty patterns. Sums over
units become sums over patterns, and a bootstrap over units becomes one multinomial draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimset.agreement.ratings import without_gaps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.agreement.ratings import Ratings

__all__ = ["Patterns", "find_patterns"]

_CODE_BITS = 62
_DENSE_PER_RATING = 16
"""A table (unit, label) is used while it has at most this many cells per rating."""
_SMALL_RANGE = 65_536
"""Rows are told apart without sorting while no more of them could be different, or as units are."""


class Patterns(NamedTuple):
    """The distinct rows of label counts, and which row each unit has."""

    counts: NDArray[np.float64]
    """Ratings with each label, shape (patterns, labels), in a fixed order."""
    multiplicity: NDArray[np.int64]
    """Units with each pattern, shape (patterns,)."""
    of_unit: NDArray[np.int64]
    """The pattern of each unit, shape (units,)."""


def find_patterns(ratings: Ratings) -> Patterns:
    """Count the labels of each unit and fold equal rows; memory follows the ratings."""
    n_labels = len(ratings.labels)
    if not ratings.unit.size:
        nothing = np.zeros(0, dtype=np.int64)
        return Patterns(np.zeros((0, n_labels)), nothing, nothing)
    per_unit = np.bincount(ratings.unit, minlength=ratings.n_units)
    most = int(per_unit.max()) if per_unit.size else 0
    bits = n_labels * int(np.ceil(np.log2(most + 2)))
    cells = ratings.n_units * n_labels
    if bits <= _CODE_BITS and cells <= _DENSE_PER_RATING * ratings.unit.size:
        return _by_table(ratings, n_labels, most)
    return _by_sorting(ratings, n_labels, per_unit)


def _by_table(ratings: Ratings, n_labels: int, most: int) -> Patterns:
    cells = ratings.unit * n_labels + ratings.label
    table = np.bincount(cells, minlength=ratings.n_units * n_labels).reshape(-1, n_labels)
    base = (most + 1) ** np.arange(n_labels, dtype=np.int64)
    if (most + 1) ** n_labels <= max(ratings.n_units, _SMALL_RANGE):
        of_unit, codes = without_gaps(table @ base)
        rows = codes[:, None] // base % (most + 1)
        return Patterns(rows.astype(np.float64), np.bincount(of_unit), of_unit)
    _, first, of_unit, sizes = np.unique(
        table @ base, return_index=True, return_inverse=True, return_counts=True
    )
    return Patterns(table[first].astype(np.float64), sizes, of_unit)


def _by_sorting(ratings: Ratings, n_labels: int, per_unit: NDArray[np.int64]) -> Patterns:
    """Units of one size at a time, each as its sorted labels: exact for any number of labels."""
    order = np.sort(ratings.unit * n_labels + ratings.label)
    labels = order % n_labels
    starts = np.concatenate(([0], np.cumsum(per_unit)))[:-1]
    of_unit = np.zeros(per_unit.size, dtype=np.int64)
    rows: list[NDArray[np.float64]] = []
    sizes: list[NDArray[np.int64]] = []
    known = 0
    for size in np.unique(per_unit):
        units = np.flatnonzero(per_unit == size)
        given = labels[starts[units][:, None] + np.arange(size)]
        distinct, place, number = np.unique(given, axis=0, return_inverse=True, return_counts=True)
        of_unit[units] = known + place.reshape(-1)
        counts = np.zeros((len(distinct), n_labels))
        np.add.at(counts, (np.arange(len(distinct))[:, None], distinct), 1)
        rows.append(counts)
        sizes.append(number)
        known += len(distinct)
    return Patterns(np.concatenate(rows), np.concatenate(sizes), of_unit)
