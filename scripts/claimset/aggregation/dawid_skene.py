"""Dawid and Skene's model: annotators differ in which labels they confuse, and how often.

Labels are weighed by what each annotator's answers turn out to be worth, without knowing a single
true label. It supposes that annotators err independently of one another: when all were misled by
the same article, it is as misled as they. So its label is an aid to ranking and, only if switched
on and above a threshold, gold; it never replaces adjudication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.agreement.ratings import Ratings

    Values = NDArray[np.float64]
    Codes = NDArray[np.int64]

__all__ = ["DawidSkene", "dawid_skene"]

_CELL = 0.5
"""Added to every cell of an annotator's table, times the strength of the prior."""
_SETTLED = 1e-7
_MOST_ROUNDS = 1000
_TINY = 1e-300


class DawidSkene(NamedTuple):
    """What the model makes of the ratings."""

    posterior: Values
    """Probability of each label for each unit, shape (units, labels); rows sum to 1."""
    marginals: Values
    """Share of each label among the units, shape (labels,)."""
    errors: Values
    """Probability that an annotator gives a label, by true label: (annotators, true, given)."""
    log_likelihood: float
    """Log-likelihood of the ratings, without multinomial constants."""
    rounds: int
    """Rounds of the algorithm."""
    settled: bool
    """Whether it came to rest; else it was stopped."""


def dawid_skene(ratings: Ratings, *, prior: float = 1.0, rounds: int = _MOST_ROUNDS) -> DawidSkene:
    """Estimate labels and error rates together, by expectation maximisation.

    Starts from vote shares; goes on until the log-likelihood moves by less than 1e-7 of itself.

    Args:
        ratings: The ratings; an annotator may have rated a unit more than once.
        prior: Strength of a prior that takes annotators for better than chance: 0.5 in every cell
            of an annotator's table, K - 1 more on its diagonal, and one unit of each label. With
            few ratings it is worth several points of accuracy; 0 is maximum likelihood.
        rounds: Stop after so many rounds.

    Source: Dawid and Skene (1979), doi:10.2307/2346806.
    """
    blocks = _Blocks(ratings)
    k = blocks.labels
    base = prior * (_CELL + (k - 1) * np.eye(k))
    posterior = blocks.vote_shares()
    before, settled, done = -np.inf, False, 0
    marginals: Values = np.full(k, 1 / k)
    errors: Values = np.zeros((blocks.annotators, k, k))
    for number in range(1, rounds + 1):
        done = number
        marginals = posterior.sum(axis=0) + prior
        marginals /= marginals.sum()
        counts = blocks.counts(posterior) + base
        sums = counts.sum(axis=2, keepdims=True)
        # A label that an annotator never met by this estimate says nothing about them.
        errors = np.where(sums > 0, counts / np.where(sums > 0, sums, 1), 1 / k)
        posterior, likelihood = blocks.posterior(marginals, errors)
        if abs(likelihood - before) <= _SETTLED * abs(likelihood):
            before, settled = likelihood, True
            break
        before = likelihood
    return DawidSkene(blocks.in_order(posterior), marginals, errors, before, done, settled)


class _Blocks:
    """Ratings sorted by unit, units of one size together, so that a sum is a reshape."""

    def __init__(self, ratings: Ratings) -> None:
        self.labels = max(1, len(ratings.labels))
        self.annotators = len(ratings.annotators)
        self.n_units = ratings.n_units
        width = max(1, self.annotators * self.labels)
        # Sorting all of it leaves no trace of the order that the ratings came in.
        keys = np.sort(ratings.unit * width + ratings.annotator * self.labels + ratings.label)
        unit, cell = keys // width, keys % width
        sizes = np.bincount(unit, minlength=self.n_units)
        order = np.argsort(sizes, kind="stable")
        place = np.empty(self.n_units, dtype=np.int64)
        place[order] = np.arange(self.n_units)
        starts = np.concatenate(([0], np.cumsum(sizes)))[:-1]
        self.place = place
        self.blocks: list[tuple[slice, Codes]] = []
        """Slice of the units in this order, and the cells (annotator, label) of their ratings."""
        first = 0
        for size in np.unique(sizes):
            units = order[sizes[order] == size]
            cells = cell[starts[units][:, None] + np.arange(size)]
            self.blocks.append((slice(first, first + units.size), cells))
            first += units.size

    def vote_shares(self) -> Values:
        shares = np.empty((self.n_units, self.labels))
        identity = np.eye(self.labels)
        for span, cells in self.blocks:
            votes = identity[cells % self.labels].sum(axis=1)
            shares[span] = votes / cells.shape[1] if cells.shape[1] else 1 / self.labels
        return shares

    def counts(self, posterior: Values) -> Values:
        """Expected ratings by annotator, true label and given label."""
        width = self.annotators * self.labels
        total = np.zeros((self.labels, width))
        for span, cells in self.blocks:
            flat = cells.reshape(-1)
            for label in range(self.labels):
                weights = np.repeat(posterior[span, label], cells.shape[1])
                total[label] += np.bincount(flat, weights=weights, minlength=width)
        return total.reshape(self.labels, self.annotators, self.labels).transpose(1, 0, 2)

    def posterior(self, marginals: Values, errors: Values) -> tuple[Values, float]:
        """Probabilities of the labels, and the log-likelihood."""
        logs = np.log(np.maximum(errors, _TINY)).transpose(0, 2, 1).reshape(-1, self.labels)
        start = np.log(np.maximum(marginals, _TINY))
        posterior = np.empty((self.n_units, self.labels))
        for span, cells in self.blocks:
            posterior[span] = start + logs[cells].sum(axis=1)
        highest = posterior.max(axis=1, keepdims=True)
        np.exp(posterior - highest, out=posterior)
        total = posterior.sum(axis=1, keepdims=True)
        posterior /= total
        return posterior, float((highest + np.log(total)).sum())

    def in_order(self, posterior: Values) -> Values:
        return posterior[self.place]
