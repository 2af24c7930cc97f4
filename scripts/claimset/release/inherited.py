"""Inherited gold: repetitions word for word, which nobody was asked about."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import Claim, GoldSource
from claimset.release.arrays import plain_rows, with_columns
from claimset.release.columns import columns_of
from claimset.segmentation.duplicates import DuplicateMethod, carries_label

__all__ = ["inherit"]

_SOURCES = list(GoldSource)
_UNRESOLVED = _SOURCES.index(GoldSource.UNRESOLVED)


def inherit(claims: pa.Table) -> pa.Table:
    """Give word-for-word repetitions in the same article the label of what they repeat."""
    verbatim = pc.equal(claims["duplicate_method"], str(DuplicateMethod.VERBATIM))
    silent = pc.equal(claims["n_annotations"], 0)
    alone = pc.and_(silent, claims["adjudicator"].is_null())
    wanted = pc.and_(pc.fill_null(verbatim, False), alone)
    mentions = np.flatnonzero(wanted.to_numpy())
    if not len(mentions):
        return claims
    places = {name: number for number, name in enumerate(claims["claim_id"].to_pylist())}
    source = np.arange(claims.num_rows)
    resolved = claims["gold_source"].to_numpy() != _UNRESOLVED
    for mention in mentions:
        original = places.get(claims["duplicate_of"][int(mention)].as_py())
        # Most claims of a large workspace are never asked for, and there is nothing to inherit.
        if original is None or not resolved[original]:
            continue
        if carries_label(_claim(claims, mention), _claim(claims, original)):
            source[mention] = original
    heirs = source != np.arange(claims.num_rows)
    taken = {
        name: claims[name].combine_chunks().take(pa.array(source))
        for name in ("gold_verdict", "gold_checkability", "evidence_sets")
    }
    sources = claims["gold_source"].to_numpy().copy()
    sources[heirs] = _SOURCES.index(GoldSource.INHERITED)
    return with_columns(claims, taken | {"gold_source": pa.array(sources)})


def _claim(claims: pa.Table, number: int) -> Claim:
    columns = columns_of(Claim)
    names = [name for name in claims.column_names if name in Claim.model_fields]
    (row,) = plain_rows(claims.slice(int(number), 1).select(names), columns)
    return Claim.model_validate(row)
