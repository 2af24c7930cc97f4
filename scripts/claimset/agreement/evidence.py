"""Evidence: how far annotators of one verdict marked the same text.

``F1 = 2 |A and B| / (|A| + |B|)`` over sets of (article, code point), and over sentences touched:
pairwise between those who gave a claim the same verdict, mean over a claim's pairs, then over
claims. Two answers without a span give no number; one without gives 0. Chance-corrected kappa
tends to F1 as the unmarked text grows, so F1 is the honest figure (Hripcsak and Rothschild 2005,
doi:10.1197/jamia.M1733).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claimset.agreement.intervals import Groups, IntervalPlan, interval_of
from claimset.models import AgreementFigure, Annotation, Interval, LabelSet, Resampled, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["evidence_agreement", "shared_text"]

Stretches = dict[str, list[tuple[int, int]]]
"""Stretches of text that do not overlap, in order, by article."""

_DECIDING = (Stance.SUPPORTS, Stance.REFUTES)
_NO_PAIR = "no two annotators gave a claim the same verdict and marked evidence"
_NO_OVERLAP = "no two annotators marked the same text"


class _Marked(NamedTuple):
    by_stance: dict[Stance, Stretches]
    text: Stretches
    sentences: set[tuple[str, int]]


def evidence_agreement(
    votes: Mapping[str, Sequence[Annotation]],
    sentences: Mapping[str, Sequence[tuple[int, int]]],
    articles: Mapping[str, str],
    *,
    labels: LabelSet,
    plan: IntervalPlan | None = None,
) -> list[AgreementFigure]:
    """Character F1, sentence F1 and agreement on stance, the verdict for want of evidence apart.

    Spans marked as context are no evidence and do not enter.

    Args:
        votes: The votes of each claim.
        sentences: Start and end of every unit of an article, in order, by article.
        articles: The article of each claim.
        labels: The label set.
        plan: Which interval; the jackknife over articles without it.

    Returns:
        Figures whose ``units`` are claims and whose ``ratings`` are the answers compared.
    """
    plan = plan or IntervalPlan()
    figures = []
    decided = [name for name in labels.names if name not in labels.undecided]
    for verdicts in (decided, labels.undecided):
        if not verdicts:
            continue
        where = labels.in_words(verdicts)
        scores: dict[str, list[tuple[str, float, int]]] = defaultdict(list)
        for claim, answers in sorted(votes.items()):
            for name, (score, compared) in _claim_scores(answers, verdicts, sentences).items():
                scores[name].append((articles[claim], score, compared))
        figures += [
            _figure(f"{name}, {where}", scores[name], plan)
            for name in ("character F1", "sentence F1", "same stance where both marked")
        ]
    return figures


def _claim_scores(
    answers: Sequence[Annotation],
    verdicts: Sequence[str],
    sentences: Mapping[str, Sequence[tuple[int, int]]],
) -> dict[str, tuple[float, int]]:
    """Mean over the pairs of one claim, and how many answers were compared."""
    values: dict[str, list[float]] = defaultdict(list)
    compared: dict[str, set[str]] = defaultdict(set)
    for verdict in verdicts:
        marked = [
            (answer.annotation_id, _marked(answer, sentences))
            for answer in answers
            if answer.verdict == verdict
        ]
        for (one_id, one), (other_id, other) in combinations(marked, 2):
            pair = {
                "character F1": _f1(
                    shared_text(one.text, other.text), _length(one.text), _length(other.text)
                ),
                "sentence F1": _f1(
                    len(one.sentences & other.sentences), len(one.sentences), len(other.sentences)
                ),
                "same stance where both marked": _same_stance(one, other),
            }
            for name, value in pair.items():
                if value is not None:
                    values[name].append(value)
                    compared[name] |= {one_id, other_id}
    return {name: (float(np.mean(found)), len(compared[name])) for name, found in values.items()}


def _f1(both: int, one: int, other: int) -> float | None:
    return 2 * both / (one + other) if one + other else None


def _same_stance(one: _Marked, other: _Marked) -> float | None:
    both = shared_text(one.text, other.text)
    if not both:
        return None
    same: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for stance in _DECIDING:
        for article, stretches in _common(one.by_stance[stance], other.by_stance[stance]).items():
            same[article] += stretches
    return _length(_merged(same)) / both


def _marked(answer: Annotation, sentences: Mapping[str, Sequence[tuple[int, int]]]) -> _Marked:
    by_stance = {stance: _merged(_by_article(answer, {stance})) for stance in _DECIDING}
    text = _merged(_by_article(answer, set(_DECIDING)))
    touched = set()
    for article, stretches in text.items():
        bounds = sentences.get(article, ())
        ends = [end for _, end in bounds]
        for start, end in stretches:
            place = bisect_right(ends, start)
            while place < len(bounds) and bounds[place][0] < end:
                touched.add((article, place))
                place += 1
    return _Marked(by_stance, text, touched)


def _by_article(answer: Annotation, stances: set[Stance]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in answer.evidence:
        if span.stance in stances:
            found[span.article_id].append((span.start, span.end))
    return found


def _merged(spans: Mapping[str, Iterable[tuple[int, int]]]) -> Stretches:
    merged: Stretches = {}
    for article, stretches in spans.items():
        kept: list[tuple[int, int]] = []
        for start, end in sorted(stretches):
            if kept and start <= kept[-1][1]:
                kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
            else:
                kept.append((start, end))
        merged[article] = kept
    return merged


def _common(one: Stretches, other: Stretches) -> Stretches:
    found: Stretches = {}
    for article in one.keys() & other.keys():
        left, right = one[article], other[article]
        here = []
        i = j = 0
        while i < len(left) and j < len(right):
            start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
            if start < end:
                here.append((start, end))
            if left[i][1] < right[j][1]:
                i += 1
            else:
                j += 1
        found[article] = here
    return found


def _length(stretches: Stretches) -> int:
    return sum(end - start for spans in stretches.values() for start, end in spans)


def shared_text(one: Stretches, other: Stretches) -> int:
    """Code points that two sets of stretches have in common.

    >>> shared_text({"a": [(0, 5), (8, 9)]}, {"a": [(3, 9)], "b": [(0, 9)]})
    3
    """
    return _length(_common(one, other))


def _figure(
    name: str, scores: Sequence[tuple[str, float, int]], plan: IntervalPlan
) -> AgreementFigure:
    if not scores:
        stance = name.startswith("same stance")
        return AgreementFigure(
            name=name, value=None, reason=_NO_OVERLAP if stance else _NO_PAIR, units=0, ratings=0
        )
    rows = np.array([(score, 1.0) for _, score, _ in scores])
    total = rows.sum(axis=0)
    value = float(total[0] / total[1])
    if plan.over is Resampled.ARTICLES:
        names, place = np.unique([article for article, _, _ in scores], return_inverse=True)
        sums: NDArray[np.float64] = np.zeros((names.size, 2))
        np.add.at(sums, place, rows)
    else:
        sums = rows
    groups = Groups(sums, np.ones(len(sums), dtype=np.int64))
    found = interval_of(_mean, value, total, groups, plan)
    return AgreementFigure(
        name=name,
        value=value,
        units=len(scores),
        ratings=sum(compared for _, _, compared in scores),
        interval=found.model_copy(update={"low": max(0.0, found.low)})
        if isinstance(found, Interval)
        else None,
        interval_reason=found if isinstance(found, str) else None,
    )


def _mean(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    counts = sums[..., 1]
    return np.where(counts > 0, sums[..., 0] / np.where(counts > 0, counts, 1), np.nan)
