"""The answers of a stretch: one per claim, annotator and role, in the order of the release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from claimset.errors import DataError
from claimset.models import AnnotationRole, AnnotationStatus
from claimset.release.arrays import table_of
from claimset.release.columns import CORE, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from claimset.models import LabelSet

__all__ = ["in_order"]

_SUBMITTED = list(AnnotationStatus).index(AnnotationStatus.SUBMITTED)


def in_order(
    answers: pa.Table | None,
    numbers: NDArray[np.uint64],
    dead: NDArray[np.bool_],
    leave_out: Callable[[pa.Table, NDArray[np.bool_], Any], None],
    labels: LabelSet,
) -> tuple[pa.Table, NDArray[np.int64]]:
    """One answer per claim, annotator and role, in this order, and each one's claim.

    Args:
        answers: Annotations in any order, with the number of their claim in ``_claim``.
        numbers: Numbers of the claims of the stretch, in their order.
        dead: Which of the claims are withdrawn.
        leave_out: Told which rows of a table are not released, and why.
        labels: The label set of the answers.

    Raises:
        DataError: An annotation is given twice.
    """
    if answers is None:
        empty = table_of([], columns_of(CORE["annotations"], labels))
        return empty, np.zeros(0, np.int64)
    order = np.argsort(numbers)
    owner = order[np.searchsorted(numbers[order], answers["_claim"].to_numpy())]
    answers = answers.drop_columns(["_claim"])
    leave_out(answers, dead[owner], lambda row: f"{row['claim_id']} was withdrawn")
    if dead.any():
        keep = np.flatnonzero(~dead[owner])
        answers, owner = answers.take(pa.array(keep)), owner[keep]
    names = answers["annotator"].combine_chunks().dictionary_encode()
    rank = np.argsort(np.argsort(np.array(names.dictionary.to_pylist(), dtype=object)))
    who = rank[names.indices.to_numpy()] if len(owner) else np.zeros(0, np.int64)
    # Votes stand before adjudications, and whoever did both is counted with both.
    who = who * len(AnnotationRole) + answers["role"].to_numpy()
    order = np.lexsort((who, owner))
    if (order[1:] < order[:-1]).any():
        answers, owner, who = answers.take(pa.array(order)), owner[order], who[order]
    same = np.zeros(len(owner), bool)
    same[1:] = (owner[1:] == owner[:-1]) & (who[1:] == who[:-1])
    if same.any():
        answers, owner = _latest(answers, owner, same, leave_out)
    return answers, owner


def _latest(
    answers: pa.Table,
    owner: NDArray[np.int64],
    same: NDArray[np.bool_],
    leave_out: Callable[[pa.Table, NDArray[np.bool_], Any], None],
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Keep the latest answer where an annotator gave several to one claim."""
    ids = answers["annotation_id"].to_pylist()
    recency = list(
        zip(
            (answers["status"].to_numpy() == _SUBMITTED).tolist(),
            answers["updated_at"].cast(pa.int64()).to_pylist(),
            # Ids of one round end in a running number, so the longer of two is the later one.
            map(len, ids),
            ids,
            strict=True,
        )
    )
    keep = np.ones(len(owner), bool)
    best = 0
    for row in range(1, len(owner)):
        if not same[row]:
            best = row
            continue
        if ids[row] == ids[best]:
            raise DataError(
                f"the annotation {ids[row]!r} is given twice",
                where=f"annotation {ids[row]}",
                remedy="give each annotation once; run the step that made it again",
            )
        later = recency[row] > recency[best]
        keep[best if later else row] = False
        best = row if later else best
    leave_out(
        answers,
        ~keep,
        lambda row: f"{row['annotator']} has a later answer to {row['claim_id']}",
    )
    return answers.filter(pa.array(keep)), owner[keep]
