"""Votes: which of all the annotations count, and what each comes down to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from claimset.models import (
    Annotation,
    AnnotationRole,
    AnnotationStatus,
    AnnotatorKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["adjudications_of_claims", "label_of", "latest_answers", "votes_of_claims"]


def label_of(annotation: Annotation) -> str:
    """The one label that an answer comes down to: the verdict if factual, else the checkability.

    Raises:
        ValueError: The annotation carries no answer: it is skipped or deleted, or an adjudicator
            could not decide.
    """
    if annotation.checkability is None:
        msg = f"{annotation.annotation_id} is {annotation.status} and carries no answer"
        raise ValueError(msg)
    return str(annotation.verdict or annotation.checkability)


def latest_answers(annotations: Iterable[Annotation]) -> list[Annotation]:
    """One annotation per claim, annotator and role, sorted by claim, annotator and role.

    The latest submitted one; where an annotator submitted none, the latest skipped one. Deleted
    ones never count. So an annotator who answered a claim and later skips it in another round is
    still counted with the answer: a skip withdraws nothing.
    """
    chosen: dict[tuple[str, str, str], Annotation] = {}
    for annotation in annotations:
        if annotation.status is AnnotationStatus.DELETED:
            continue
        # Votes sort before adjudications.
        role = str(annotation.role is AnnotationRole.ADJUDICATION)
        key = (annotation.claim_id, annotation.annotator, role)
        known = chosen.get(key)
        if known is None or _recency(annotation) > _recency(known):
            chosen[key] = annotation
    return [chosen[key] for key in sorted(chosen)]


def _recency(annotation: Annotation) -> tuple[bool, datetime, int, str]:
    # Ids of one round end in a running number, so the longer of two is the later one.
    identifier = annotation.annotation_id
    submitted = annotation.status is AnnotationStatus.SUBMITTED
    return submitted, annotation.updated_at, len(identifier), identifier


def votes_of_claims(annotations: Iterable[Annotation]) -> dict[str, list[Annotation]]:
    """The votes that count for each claim.

    Returns:
        Submitted answers by claim id, sorted by annotator, of one kind of annotator per claim:
        where people answered, only theirs.
    """
    by_claim = _submitted(annotations, AnnotationRole.VOTE)
    return {claim_id: _of_people_first(answers) for claim_id, answers in by_claim.items()}


def adjudications_of_claims(annotations: Iterable[Annotation]) -> dict[str, Annotation]:
    """The adjudication that counts for each claim: the latest, of a person before a machine.

    One by somebody who voted on the claim does not count, and a machine does not decide between
    people.
    """
    annotations = list(annotations)
    votes = _submitted(annotations, AnnotationRole.VOTE)
    found = {}
    for claim_id, decisions in _submitted(annotations, AnnotationRole.ADJUDICATION).items():
        voters = {vote.annotator for vote in votes.get(claim_id, ())}
        people = any(vote.annotator_kind is AnnotatorKind.HUMAN for vote in votes.get(claim_id, ()))
        fit = [
            decision
            for decision in decisions
            if decision.annotator not in voters
            and not (people and decision.annotator_kind is AnnotatorKind.MACHINE)
        ]
        if fit:
            found[claim_id] = max(_of_people_first(fit), key=_recency)
    return found


def _submitted(
    annotations: Iterable[Annotation], role: AnnotationRole
) -> dict[str, list[Annotation]]:
    by_claim: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in latest_answers(annotations):
        if annotation.status is AnnotationStatus.SUBMITTED and annotation.role is role:
            by_claim[annotation.claim_id].append(annotation)
    return by_claim


def _of_people_first(answers: list[Annotation]) -> list[Annotation]:
    people = [answer for answer in answers if answer.annotator_kind is AnnotatorKind.HUMAN]
    return people or answers
