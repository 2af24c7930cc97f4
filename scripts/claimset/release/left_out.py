"""Answers that a release is without, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from claimset.models import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LeftOut", "left_out"]


class LeftOut(Model):
    """An annotation that is not in the release, and why."""

    annotation_id: str
    """The annotation."""
    reason: str
    """Why it is not in the release."""


def left_out(table: pa.Table, which: NDArray[np.bool_], reason: Any) -> list[LeftOut]:
    """Name the chosen annotations, and why each is not released: ``reason`` is asked for a row."""
    rows = np.flatnonzero(which)
    if not len(rows):
        return []
    chosen = table.select(["annotation_id", "claim_id", "annotator"]).take(pa.array(rows))
    return [
        LeftOut(annotation_id=row["annotation_id"], reason=reason(row))
        for row in chosen.to_pylist()
    ]
