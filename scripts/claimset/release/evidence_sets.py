"""Evidence sets: what voters for the gold label marked for or against a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from claimset.models import Stance
from claimset.release.arrays import list_of, parents_of, struct_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.release.gold import Votes

__all__ = ["evidence_sets"]

_DECIDING = [list(Stance).index(stance) for stance in (Stance.SUPPORTS, Stance.REFUTES)]


def evidence_sets(annotations: pa.Table, votes: Votes, labels: NDArray[np.int64]) -> pa.Array:
    """One set per vote for the gold label: its deciding spans, each once, in text order.

    Args:
        annotations: The annotations of a stretch of claims.
        votes: The votes among them.
        labels: Number of each claim's gold label.
    """
    agreeing = votes.rows[votes.labels == labels[votes.claims]]
    owners = votes.claims[votes.labels == labels[votes.claims]]
    chosen = annotations.select(["annotator", "evidence"]).take(pa.array(agreeing))
    evidence = chosen["evidence"].combine_chunks()
    spans, vote = evidence.flatten(), parents_of(evidence)
    keep = _deciding_in_order(spans, vote)
    spans, vote = spans.take(pa.array(keep)), vote[keep]
    sizes = np.bincount(vote, minlength=len(agreeing))
    marked = np.flatnonzero(sizes)
    sets = struct_of(
        {
            "annotator": chosen["annotator"].combine_chunks().take(pa.array(marked)),
            "spans": list_of(spans, sizes[marked]),
        }
    )
    return list_of(sets, np.bincount(owners[marked], minlength=len(labels)))


def _deciding_in_order(spans: pa.Array, owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the spans for or against a claim, by owner, article and place, each once."""
    parts = {spans.type.field(n).name: part for n, part in enumerate(spans.flatten())}
    stance = parts["stance"].to_numpy(zero_copy_only=False)
    keep = np.flatnonzero(np.isin(stance, _DECIDING))
    several = np.bincount(owner[keep], minlength=1)[owner[keep]] > 1
    if not several.any():
        return keep
    some = keep[several]
    article = parts["article_id"].take(pa.array(some)).dictionary_encode()
    rank = np.argsort(np.argsort(article.dictionary.to_numpy(zero_copy_only=False)))
    # Stances are ordered as words: refutes before supports.
    word = np.argsort(np.argsort([str(name) for name in Stance]))
    keys = (
        word[stance[some]],
        parts["end"].to_numpy(zero_copy_only=False)[some],
        parts["start"].to_numpy(zero_copy_only=False)[some],
        rank[article.indices.to_numpy()],
        owner[some],
    )
    order = np.lexsort(keys)
    table = np.stack(keys)[:, order]
    first = np.concatenate([[True], (np.diff(table, axis=1) != 0).any(axis=0)])
    both = np.concatenate([keep[~several], some[order[first]]])
    ordered: NDArray[np.int64] = both[np.argsort(owner[both], kind="stable")]
    return ordered
