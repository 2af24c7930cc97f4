"""The annotator model asked about the votes of a whole release at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claimset.aggregation import dawid_skene
from claimset.aggregation.posterior import POSTERIOR_DIGITS
from claimset.agreement import Ratings
from claimset.release.gold import ModelLabels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claimset.models import LabelSet

__all__ = ["ask_model"]


def ask_model(
    claims: Sequence[NDArray[np.uint64]],
    annotators: Sequence[NDArray[np.int64]],
    labels: Sequence[NDArray[np.int64]],
    kinds: Sequence[NDArray[np.int64]],
    label_set: LabelSet,
) -> ModelLabels:
    """The most probable label of each claim, as :func:`claimset.aggregation.posterior` has it.

    Args:
        claims: Number of the claim of each vote, in pieces.
        annotators: Code of who gave it.
        labels: Code of its label.
        kinds: Code of the annotator's kind; each claim has votes of one kind only.
        label_set: The label set of the codes.

    Returns:
        Labels of all claims with a vote; of two that are equally probable, none.
    """
    who, label, kind = (
        np.concatenate([np.zeros(0, np.int64), *part]) for part in (annotators, labels, kinds)
    )
    numbers = np.concatenate([np.zeros(0, np.uint64), *claims])
    found = []
    for value in np.unique(kind):
        mine = kind == value
        known, units = np.unique(numbers[mine], return_inverse=True)
        codes = np.unique(who[mine], return_inverse=True)[1]
        ratings = Ratings.coded(units, codes, label[mine], labels=label_set.labels)
        posterior = dawid_skene(ratings).posterior.round(POSTERIOR_DIGITS)
        best = posterior.max(axis=1)
        alone = (posterior == best[:, None]).sum(axis=1) == 1
        found.append((known[alone], posterior.argmax(axis=1)[alone], best[alone]))
    if not found:
        return ModelLabels(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0))
    names, best_labels, best = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(names)
    return ModelLabels(names[order], best_labels[order], best[order])
