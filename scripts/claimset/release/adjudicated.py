"""Adjudicated gold: few claims, so each is decided by the rules over its own answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.aggregation import aggregate_claims
from claimset.models import Annotation, AnnotationRole, ReleasedClaim
from claimset.release.arrays import plain_rows, table_of, with_columns
from claimset.release.columns import columns_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.aggregation import Gold, GoldRules
    from claimset.models import LabelSet

__all__ = ["adjudicate"]

_ADJUDICATION = list(AnnotationRole).index(AnnotationRole.ADJUDICATION)

_COLUMNS = {
    "gold_verdict": "verdict",
    "gold_checkability": "checkability",
    "gold_source": "source",
    "gold_posterior": "posterior",
    "adjudicator": "adjudicator",
    "error_category": "error_category",
}
"""Gold columns and the fields of :class:`claimset.aggregation.Gold` they hold."""


def adjudicate(
    claims: pa.Table, annotations: pa.Table, owner: NDArray[np.int64], rules: GoldRules
) -> pa.Table:
    """Put in what adjudicators decided.

    Args:
        claims: Claims with the gold columns that their votes make.
        annotations: Their annotations, adjudications among them.
        owner: Number of each annotation's claim, ascending.
        rules: When answers make gold.
    """
    decisions = annotations["role"].to_numpy() == _ADJUDICATION
    touched = np.unique(owner[decisions])
    if not len(touched):
        return claims
    rows = np.flatnonzero(np.isin(owner, touched))
    answers = plain_rows(annotations.take(pa.array(rows)), columns_of(Annotation, rules.labels))
    golds = aggregate_claims([Annotation.model_validate(row) for row in answers], rules)
    ids = claims["claim_id"].take(pa.array(touched)).to_pylist()
    chosen = [
        (int(place), golds[name])
        for place, name in zip(touched, ids, strict=True)
        if name in golds and golds[name].adjudicator is not None
    ]
    return _override(claims, chosen, rules.labels) if chosen else claims


def _override(claims: pa.Table, chosen: list[tuple[int, Gold]], labels: LabelSet) -> pa.Table:
    places, golds = [place for place, _ in chosen], [gold for _, gold in chosen]
    mask = np.zeros(claims.num_rows, bool)
    mask[places] = True
    columns = columns_of(ReleasedClaim, labels)
    given = table_of(
        [
            SimpleNamespace(**{name: getattr(gold, field) for name, field in _COLUMNS.items()})
            for gold in golds
        ],
        {name: columns[name] for name in _COLUMNS},
    )
    changed = {
        name: pc.replace_with_mask(
            claims[name].combine_chunks(), pa.array(mask), given[name].combine_chunks()
        )
        for name in _COLUMNS
    }
    order = np.arange(claims.num_rows)
    order[places] = claims.num_rows + np.arange(len(places))
    sets = table_of(golds, {"evidence_sets": columns["evidence_sets"]})["evidence_sets"]
    both = pa.chunked_array([*claims["evidence_sets"].chunks, *sets.chunks]).combine_chunks()
    changed["evidence_sets"] = both.take(pa.array(order))
    return with_columns(claims, changed)
