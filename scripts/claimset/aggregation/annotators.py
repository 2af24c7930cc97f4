"""Annotators: how the answers of each compare with those of the others, never under twenty."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

from claimset.aggregation.checks import LEAST_ANSWERS, CheckAnswers, share_of
from claimset.aggregation.dawid_skene import dawid_skene
from claimset.aggregation.votes import (
    adjudications_of_claims,
    label_of,
    votes_of_claims,
)
from claimset.agreement.ratings import Rating, Ratings
from claimset.models import (
    AnnotationRole,
    AnnotationStatus,
    AnnotatorKind,
)
from claimset.models.annotators import AnnotatorFigures, Counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from claimset.models import Annotation, LabelSet

__all__ = ["LEAST_ANSWERS", "annotator_figures"]

_NO_CHECKS = CheckAnswers()


def annotator_figures(
    annotations: Iterable[Annotation], labels: LabelSet, checks: CheckAnswers = _NO_CHECKS
) -> tuple[AnnotatorFigures, ...]:
    """The figures of every annotator, people first, then by name; kinds are never pooled.

    Args:
        annotations: Annotations in any order, with any history.
        labels: The label set.
        checks: Answers to the tasks that measure annotators and give no vote.
    """
    annotations = list(annotations)
    decided = {
        claim: label_of(decision)
        for claim, decision in adjudications_of_claims(annotations).items()
        if decision.checkability is not None
    }
    found: list[AnnotatorFigures] = []
    for kind in AnnotatorKind:
        own = [item for item in annotations if item.annotator_kind is kind]
        found += _figures(kind, own, decided, labels.labels, checks)
    return tuple(found)


def _figures(
    kind: AnnotatorKind,
    annotations: list[Annotation],
    decided: Mapping[str, str],
    labels: tuple[str, ...],
    checks: CheckAnswers,
) -> list[AnnotatorFigures]:
    votes = votes_of_claims(annotations)
    by_annotator: dict[str, list[Annotation]] = defaultdict(list)
    for claim in sorted(votes):
        for vote in votes[claim]:
            by_annotator[vote.annotator].append(vote)
    counts = {claim: Counter(map(label_of, answers)) for claim, answers in votes.items()}
    sensitivities = _sensitivities(votes, labels)
    repeated = _repeated(annotations)
    right, alike = checks.right(), checks.alike(annotations)
    return [
        AnnotatorFigures(
            annotator=annotator,
            kind=kind,
            answers=len(own),
            agreement=_counted(_left_out(own, counts)[0]),
            tied=_left_out(own, counts)[1],
            sensitivity=sensitivities[annotator],
            bias=_bias(own, counts, labels),
            seconds=_counted(
                [vote.lead_time_s for vote in own if vote.lead_time_s is not None], median
            ),
            consistency=_counted(repeated.get(annotator, []) + alike.get(annotator, [])),
            gold_accuracy=_counted(
                [
                    float(label_of(vote) == decided[vote.claim_id])
                    for vote in own
                    if vote.claim_id in decided
                ]
            ),
            known_accuracy=share_of(right.get(annotator, [])),
        )
        for annotator, own in sorted(by_annotator.items())
    ]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _counted(values: list[float], figure: Callable[[list[float]], float] = _mean) -> Counted:
    enough = len(values) >= LEAST_ANSWERS
    return Counted(value=figure(values) if enough else None, n=len(values))


def _left_out(own: list[Annotation], counts: Mapping[str, Counter[str]]) -> tuple[list[float], int]:
    """Agreement with the majority of the others; a tie of theirs says nothing about anybody."""
    same: list[float] = []
    tied = 0
    for vote in own:
        others = counts[vote.claim_id] - Counter([label_of(vote)])
        ranked = others.most_common(2)
        if not ranked:
            continue
        if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
            tied += 1
        else:
            same.append(float(ranked[0][0] == label_of(vote)))
    return same, tied


def _bias(
    own: list[Annotation], counts: Mapping[str, Counter[str]], labels: tuple[str, ...]
) -> dict[str, Counted]:
    mine = Counter(map(label_of, own))
    pool: Counter[str] = Counter()
    for vote in own:
        pool += counts[vote.claim_id]
    enough = len(own) >= LEAST_ANSWERS
    return {
        label: Counted(
            value=mine[label] / len(own) - pool[label] / pool.total() if enough else None,
            n=len(own),
        )
        for label in labels
        if pool[label]
    }


def _sensitivities(
    votes: Mapping[str, list[Annotation]], labels: tuple[str, ...]
) -> dict[str, dict[str, Counted]]:
    """The diagonal of each annotator's table in Dawid and Skene's model (1979)."""
    ratings = Ratings.of(
        (
            Rating(claim, vote.annotator, label_of(vote))
            for claim, answers in votes.items()
            for vote in answers
        ),
        labels=labels,
    )
    model = dawid_skene(ratings)
    support: dict[tuple[int, int], float] = defaultdict(float)
    for unit, rater in zip(ratings.unit.tolist(), ratings.annotator.tolist(), strict=True):
        for number in range(len(labels)):
            support[rater, number] += float(model.posterior[unit, number])
    found: dict[str, dict[str, Counted]] = {}
    for place, annotator in enumerate(ratings.annotators):
        found[annotator] = {}
        for number, label in enumerate(labels):
            n = round(support[place, number])
            if n:
                value = float(model.errors[place, number, number])
                found[annotator][label] = Counted(value=value if n >= LEAST_ANSWERS else None, n=n)
    return found


def _repeated(annotations: Iterable[Annotation]) -> dict[str, list[float]]:
    """For each annotator: whether the answers to a claim in several rounds are the same."""
    rounds: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for item in sorted(annotations, key=lambda item: (item.updated_at, item.annotation_id)):
        if item.status is AnnotationStatus.SUBMITTED and item.role is AnnotationRole.VOTE:
            rounds[item.annotator, item.claim_id][item.round] = label_of(item)
    found: dict[str, list[float]] = defaultdict(list)
    for (annotator, _), labels in rounds.items():
        if len(labels) > 1:
            alike = all(one == other for one, other in combinations(labels.values(), 2))
            found[annotator].append(float(alike))
    return found
