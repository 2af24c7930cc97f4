"""Gold labels of many claims at once, by the rules of :mod:`claimset.aggregation`.

The votes on a claim come down to how often each label was given, and few different counts occur.
So the rule is asked once for each of them, and its answer is spread over the claims.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.aggregation import decide, pairwise_agreement
from claimset.models import (
    AnnotationRole,
    AnnotationStatus,
    AnnotatorKind,
    Checkability,
    GoldSource,
    LabelCount,
)
from claimset.release.adjudicated import adjudicate
from claimset.release.arrays import (
    distinct_rows,
    list_of,
    struct_of,
    table_of,
    with_columns,
)
from claimset.release.columns import columns_of
from claimset.release.evidence_sets import evidence_sets
from claimset.release.inherited import inherit
from claimset.release.order import claim_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.aggregation import GoldRules
    from claimset.models import LabelSet

__all__ = ["ModelLabels", "Votes", "gold_columns", "labels_of", "votes_of"]

_CHECKABILITIES, _SOURCES = list(Checkability), list(GoldSource)
_SUBMITTED = list(AnnotationStatus).index(AnnotationStatus.SUBMITTED)
_HUMAN = list(AnnotatorKind).index(AnnotatorKind.HUMAN)
_VOTE = list(AnnotationRole).index(AnnotationRole.VOTE)
_UNRESOLVED = _SOURCES.index(GoldSource.UNRESOLVED)
_NO_LABEL = -1


class Votes(NamedTuple):
    """The answers that count, of a stretch of claims."""

    claims: NDArray[np.int64]
    """Number of the claim of each vote, ascending."""
    labels: NDArray[np.int64]
    """Number of the label of each vote, in the order of the label set's labels."""
    rows: NDArray[np.int64]
    """Row of each vote among the annotations."""


class ModelLabels(NamedTuple):
    """What the annotator model makes of claims, where it was asked."""

    claims: NDArray[np.uint64]
    """Numbers of the claims, ascending."""
    labels: NDArray[np.int64]
    """Number of the most probable label of each."""
    posterior: NDArray[np.float64]
    """Its probability."""


def labels_of(annotations: pa.Table, labels: LabelSet) -> NDArray[np.int64]:
    """The label number of every annotation; -1 for one without an answer."""
    verdict = pc.fill_null(annotations["verdict"], _NO_LABEL).to_numpy()
    checkability = pc.fill_null(annotations["checkability"], _NO_LABEL).to_numpy()
    numbers = np.array(
        [labels.labels.index(c) if c in labels.labels else _NO_LABEL for c in _CHECKABILITIES]
        + [_NO_LABEL]
    )
    found: NDArray[np.int64] = np.where(verdict >= 0, verdict, numbers[checkability])
    submitted = annotations["status"].to_numpy() == _SUBMITTED
    return np.where(submitted, found, _NO_LABEL)


def votes_of(
    annotations: pa.Table, claims: NDArray[np.int64], count: int, label_set: LabelSet
) -> Votes:
    """The votes among annotations: submitted ones, of people where people answered.

    Args:
        annotations: One row per claim, annotator and role.
        claims: Number of each annotation's claim, ascending.
        count: How many claims there are.
        label_set: The label set of the answers.
    """
    labels = labels_of(annotations, label_set)
    counts = (labels != _NO_LABEL) & (annotations["role"].to_numpy() == _VOTE)
    human = (annotations["annotator_kind"].to_numpy() == _HUMAN) & counts
    by_people = np.zeros(count, bool)
    by_people[claims[human]] = True
    rows = np.flatnonzero(counts & (human | ~by_people[claims]))
    return Votes(claims[rows], labels[rows], rows)


def gold_columns(
    claims: pa.Table,
    annotations: pa.Table,
    owner: NDArray[np.int64],
    votes: Votes,
    rules: GoldRules,
    model: ModelLabels | None = None,
) -> pa.Table:
    """The claims with their gold columns.

    Args:
        claims: A stretch of claims, whole articles only.
        annotations: Their annotations, adjudications among them.
        owner: Number of each annotation's claim, ascending.
        votes: See :func:`votes_of`.
        rules: When answers make gold.
        model: What the annotator model says, when it is switched on.
    """
    count = claims.num_rows
    width = len(rules.labels.labels)
    flat = np.bincount(votes.claims * width + votes.labels, minlength=count * width)
    patterns, spread = distinct_rows(flat.reshape(count, -1))
    by_pattern = _Patterns(patterns, rules)
    labels, sources = by_pattern.label[spread], by_pattern.source[spread]
    posterior = np.full(count, np.nan)
    if model is not None and len(model.claims):
        enough = patterns.sum(axis=1)[spread] >= rules.min_votes
        place, wanted = _model_decides(claims, enough & (sources == _UNRESOLVED), model, rules)
        labels[wanted] = model.labels[place[wanted]]
        sources[wanted] = _SOURCES.index(GoldSource.MODEL)
        posterior[wanted] = model.posterior[place[wanted]]
    columns: dict[str, Any] = {
        name: array.take(pa.array(spread)) for name, array in by_pattern.columns.items()
    }
    columns |= _label_columns(labels, sources, rules.labels)
    columns["gold_posterior"] = pa.array(posterior, mask=np.isnan(posterior))
    columns["adjudicator"] = pa.nulls(count, pa.string())
    columns["error_category"] = pa.nulls(count, pa.int64())
    columns["evidence_sets"] = evidence_sets(annotations, votes, labels)
    made = with_columns(claims, columns)
    return inherit(adjudicate(made, annotations, owner, rules))


def _label_columns(
    labels: NDArray[np.int64], sources: NDArray[np.int64], label_set: LabelSet
) -> dict[str, pa.Array]:
    names = label_set.names
    verdicts = [names.index(label) if label in names else None for label in label_set.labels]
    checks = [
        _CHECKABILITIES.index(Checkability.FACTUAL if label in names else Checkability(label))
        for label in label_set.labels
    ]
    places = pa.array(np.where(labels < 0, len(label_set.labels), labels))
    return {
        "gold_verdict": pa.array([*verdicts, None], pa.int64()).take(places),
        "gold_checkability": pa.array([*checks, None], pa.int64()).take(places),
        "gold_source": pa.array(sources),
    }


def _model_decides(
    claims: pa.Table, open_: NDArray[np.bool_], model: ModelLabels, rules: GoldRules
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Place of each claim in the model, and where it is sure enough to decide."""
    numbers = claim_numbers(claims["claim_id"])
    place = np.minimum(np.searchsorted(model.claims, numbers), len(model.claims) - 1)
    known = model.claims[place] == numbers
    return place, known & open_ & (model.posterior[place] >= rules.model_posterior)


class _Patterns:
    """What the rules say to each pattern of votes."""

    def __init__(self, patterns: NDArray[np.int64], rules: GoldRules) -> None:
        golds = [_gold(pattern, rules) for pattern in patterns.tolist()]
        self.label = np.array([gold[0] for gold in golds], np.int64)
        self.source = np.array([_SOURCES.index(gold[1]) for gold in golds], np.int64)
        self.columns = {
            "label_distribution": _distributions([gold[2] for gold in golds]),
            "n_annotations": pa.array(patterns.sum(axis=1), pa.int64()),
            "agreement": pa.array([gold[3] for gold in golds], pa.float64()),
        }


def _gold(
    pattern: list[int], rules: GoldRules
) -> tuple[int, GoldSource, list[tuple[str, int]], float | None]:
    order = rules.labels.labels
    counts = Counter({name: count for name, count in zip(order, pattern, strict=True) if count})
    ranked = sorted(counts.items(), key=lambda item: (-item[1], order.index(item[0])))
    source = decide([count for _, count in ranked], rules)
    label = _NO_LABEL if source is GoldSource.UNRESOLVED else order.index(ranked[0][0])
    return label, source, ranked, pairwise_agreement(counts)


def _distributions(ranked: list[list[tuple[str, int]]]) -> pa.Array:
    rows = [LabelCount(label=name, count=count) for items in ranked for name, count in items]
    items = table_of(rows, columns_of(LabelCount))
    return list_of(
        struct_of({name: items[name].combine_chunks() for name in items.column_names}),
        [len(items) for items in ranked],
    )
