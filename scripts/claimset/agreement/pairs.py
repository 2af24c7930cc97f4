"""Pairs: two annotators at a time, over the units that both rated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimset.models.agreement import PairAgreement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.agreement.ratings import Ratings

__all__ = ["LEAST_OVERLAP", "Tables", "pair_agreement", "pair_tables"]

LEAST_OVERLAP = 20
"""Under this many common units a pair gets no figure: it would be noise."""


class Tables(NamedTuple):
    """One table of labels against labels for each pair of annotators with a common unit."""

    first: NDArray[np.int64]
    """Code of the annotator whose labels are the rows, shape (pairs,); sorted."""
    second: NDArray[np.int64]
    """Code of the annotator whose labels are the columns, shape (pairs,)."""
    counts: NDArray[np.int64]
    """Units by the labels of the two, shape (pairs, labels, labels)."""


def pair_tables(ratings: Ratings) -> Tables:
    """Cross the labels of every two annotators who rated a unit both; time follows such pairs."""
    k, people = max(1, len(ratings.labels)), max(1, len(ratings.annotators))
    order = np.lexsort((ratings.annotator, ratings.unit))
    annotator, label = ratings.annotator[order], ratings.label[order]
    sizes = np.bincount(ratings.unit, minlength=ratings.n_units)
    starts = np.concatenate(([0], np.cumsum(sizes)))[:-1]
    pairs, cells = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for size in np.unique(sizes):
        rows = starts[sizes == size]
        for one in range(size):
            for other in range(one + 1, size):
                left, right = rows + one, rows + other
                pairs.append(annotator[left] * people + annotator[right])
                cells.append(label[left] * k + label[right])
    codes, place = np.unique(np.concatenate(pairs), return_inverse=True)
    counts = np.bincount(
        place * k * k + np.concatenate(cells), minlength=codes.size * k * k
    ).reshape(-1, k, k)
    return Tables(codes // people, codes % people, counts)


def pair_agreement(
    ratings: Ratings, *, least_overlap: int = LEAST_OVERLAP
) -> tuple[PairAgreement, ...]:
    """Percent agreement and Cohen's kappa of every two annotators with a common unit.

    ``kappa = (Po - Pe) / (1 - Pe)`` with ``Pe = sum_k p1_k p2_k`` over the common units.

    Args:
        ratings: The ratings.
        least_overlap: Pairs with fewer common units get no figure.

    Source: Cohen (1960), doi:10.1177/001316446002000104.
    """
    tables = pair_tables(ratings)
    found = []
    for first, second, table in zip(*tables, strict=True):
        overlap = int(table.sum())
        percent = kappa = reason = None
        if overlap < least_overlap:
            reason = f"fewer than {least_overlap} common units"
        else:
            percent = float(np.trace(table) / overlap)
            chance = int(table.sum(axis=1) @ table.sum(axis=0))
            if chance == overlap**2:
                reason = "both used one label only"
            else:
                kappa = float((percent * overlap**2 - chance) / (overlap**2 - chance))
        found.append(
            PairAgreement(
                first=ratings.annotators[first],
                second=ratings.annotators[second],
                overlap=overlap,
                percent=percent,
                kappa=kappa,
                reason=reason,
            )
        )
    return tuple(found)
