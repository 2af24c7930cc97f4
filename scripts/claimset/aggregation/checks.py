"""Checks: annotators held against known answers, and against themselves."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from claimset.aggregation.votes import label_of, latest_answers
from claimset.models import AnnotationStatus, AnnotatorChecks, AnnotatorKind, Counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimset.models import Annotation

__all__ = ["LEAST_ANSWERS", "CheckAnswers", "annotator_checks"]

LEAST_ANSWERS = 20
"""Under this many answers there is no figure: it would say more about chance than about anybody."""


class CheckAnswers(NamedTuple):
    """Answers to tasks that measure, and what they are held against."""

    known: Mapping[tuple[str, str], str] = {}
    """The right label, by round and claim id."""
    gold: tuple[Annotation, ...] = ()
    """Answers to claims with a known answer."""
    again: tuple[Annotation, ...] = ()
    """Answers to claims that were asked a second time."""

    def right(self) -> dict[str, list[float]]:
        """By annotator: for each claim with a known answer, whether theirs was right."""
        found: dict[str, list[float]] = defaultdict(list)
        for item in _submitted(self.gold):
            label = self.known.get((item.round, item.claim_id))
            if label is not None:
                found[item.annotator].append(float(label_of(item) == label))
        return found

    def alike(self, annotations: Iterable[Annotation]) -> dict[str, list[float]]:
        """By annotator: for each claim that they answered twice, whether both labels are the same.

        Args:
            annotations: Answers to the claims' first tasks.
        """
        found: dict[str, list[float]] = defaultdict(list)
        again = {
            (item.round, item.claim_id, item.annotator): item for item in _submitted(self.again)
        }
        ids = {item.annotation_id for item in again.values()}
        for item in _submitted(item for item in annotations if item.annotation_id not in ids):
            second = again.get((item.round, item.claim_id, item.annotator))
            if second is not None:
                found[item.annotator].append(float(label_of(item) == label_of(second)))
        return found


def annotator_checks(
    annotations: Iterable[Annotation], checks: CheckAnswers
) -> tuple[AnnotatorChecks, ...]:
    """How each annotator did on claims that are there to measure; people first, then by name.

    Args:
        annotations: Answers to the claims' first tasks.
        checks: Answers to the tasks that measure.
    """
    annotations = list(annotations)
    right, alike = checks.right(), checks.alike(annotations)
    kinds = {
        item.annotator: item.annotator_kind for item in (*annotations, *checks.gold, *checks.again)
    }
    return tuple(
        AnnotatorChecks(
            annotator=name,
            kind=kinds[name],
            known=share_of(right.get(name, [])),
            again=share_of(alike.get(name, [])),
        )
        for name in sorted(
            {*right, *alike}, key=lambda name: (kinds[name] is AnnotatorKind.MACHINE, name)
        )
    )


def share_of(values: list[float]) -> Counted:
    """A share with the number of answers behind it; none under twenty."""
    enough = len(values) >= LEAST_ANSWERS
    return Counted(value=sum(values) / len(values) if enough else None, n=len(values))


def _submitted(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The latest answer to each claim of each round and annotator."""
    rounds: dict[str, list[Annotation]] = defaultdict(list)
    for item in annotations:
        rounds[item.round].append(item)
    return [
        item
        for found in rounds.values()
        for item in latest_answers(found)
        if item.status is AnnotationStatus.SUBMITTED
    ]
