"""Aggregation: from the annotators' answers to one gold label, with its pedigree.

One rating per claim and annotator counts: the latest submitted one. Answers of people and of
machines are never pooled: where people answered, only their answers make gold, and those of
machines make it only for claims that nobody has answered. A tie is never broken, because every
rule that breaks ties favours some label without saying so; it stays unresolved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimset.models import (
    Annotation,
    AnnotationStatus,
    AnnotatorKind,
    Checkability,
    EvidenceSet,
    GoldSource,
    LabelCount,
    Stance,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = [
    "LABELS",
    "Gold",
    "aggregate",
    "inherit",
    "label_of",
    "latest_answers",
    "votes_of_claims",
]

LABELS: tuple[str, ...] = (
    *Verdict,
    *(label for label in Checkability if label is not Checkability.FACTUAL),
)
"""The label set of the scheme: the verdicts, then what a claim is when it is not factual."""

_MINIMUM_VOTES = 2
_DECIDING = frozenset({Stance.SUPPORTS, Stance.REFUTES})


@dataclass(frozen=True)
class Gold:
    """The gold label of a claim, or why there is none, with the votes behind it."""

    source: GoldSource
    checkability: Checkability | None = None
    verdict: Verdict | None = None
    distribution: tuple[LabelCount, ...] = ()
    n_annotations: int = 0
    agreement: float | None = None
    evidence_sets: tuple[EvidenceSet, ...] = ()


def label_of(annotation: Annotation) -> str:
    """The one label that an answer comes down to: the verdict if factual, else the checkability.

    Raises:
        ValueError: The annotation carries no answer (skipped or deleted).
    """
    if annotation.checkability is None:
        msg = f"{annotation.annotation_id} is {annotation.status} and carries no answer"
        raise ValueError(msg)
    return str(annotation.verdict or annotation.checkability)


def latest_answers(annotations: Iterable[Annotation]) -> list[Annotation]:
    """One annotation per claim and annotator, sorted by claim and annotator.

    The latest submitted one; where an annotator submitted none, the latest skipped one. Deleted
    ones never count. So an annotator who answered a claim and later skips it in another round is
    still counted with the answer: a skip withdraws nothing.
    """
    chosen: dict[tuple[str, str], Annotation] = {}
    for annotation in annotations:
        if annotation.status is AnnotationStatus.DELETED:
            continue
        key = (annotation.claim_id, annotation.annotator)
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
    """The answers that count for each claim: see the module's text.

    Returns:
        Submitted answers by claim id, sorted by annotator, of one kind of annotator per claim.
    """
    by_claim: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in latest_answers(annotations):
        if annotation.status is AnnotationStatus.SUBMITTED:
            by_claim[annotation.claim_id].append(annotation)
    return {claim_id: _of_people_first(answers) for claim_id, answers in by_claim.items()}


def _of_people_first(answers: list[Annotation]) -> list[Annotation]:
    people = [answer for answer in answers if answer.annotator_kind is AnnotatorKind.HUMAN]
    return people or answers


def aggregate(annotations: Iterable[Annotation], *, allow_single: bool = False) -> Gold:
    """The gold label of one claim.

    ===========  ==================================================================
    unanimous    all of at least two votes agree
    majority     at least two votes, more than half of all, and more than the second
    single       one vote in all, if ``allow_single``
    unresolved   everything else: a tie, no majority, too few votes
    ===========  ==================================================================

    Args:
        annotations: Annotations of this claim, in any order, with any history.
        allow_single: Let one vote make gold.

    Returns:
        Gold with every vote in its distribution, the share of annotator pairs that agree (``None``
        under two votes), and one evidence set for each annotator who gave the gold label and
        marked a span for or against the claim; spans marked as context are no evidence.

    Raises:
        ValueError: The annotations belong to more than one claim.
    """
    by_claim = votes_of_claims(annotations)
    if len(by_claim) > 1:
        msg = f"annotations of {len(by_claim)} claims were given, one is aggregated at a time"
        raise ValueError(msg)
    votes = next(iter(by_claim.values()), [])
    counts = Counter(label_of(vote) for vote in votes)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], LABELS.index(item[0])))
    label, source = _decide(ranked, len(votes), allow_single=allow_single)
    verdict = Verdict(label) if label in set(Verdict) else None
    checkability = None if label is None else Checkability.FACTUAL
    if label is not None and verdict is None:
        checkability = Checkability(label)
    return Gold(
        source=source,
        checkability=checkability,
        verdict=verdict,
        distribution=tuple(LabelCount(label=name, count=count) for name, count in ranked),
        n_annotations=len(votes),
        agreement=_pairwise_agreement(counts),
        evidence_sets=_evidence_sets(vote for vote in votes if label_of(vote) == label),
    )


def inherit(gold: Gold) -> Gold:
    """The gold label of a claim that repeats another one and was not annotated itself.

    Args:
        gold: Gold of the claim that it repeats.

    Returns:
        The same label and evidence without votes, for nobody voted on this claim; an unresolved
        label stays unresolved.
    """
    if gold.source is GoldSource.UNRESOLVED:
        return Gold(source=GoldSource.UNRESOLVED)
    return Gold(
        source=GoldSource.INHERITED,
        checkability=gold.checkability,
        verdict=gold.verdict,
        evidence_sets=gold.evidence_sets,
    )


def _decide(
    ranked: list[tuple[str, int]], total: int, *, allow_single: bool
) -> tuple[str | None, GoldSource]:
    if not ranked:
        return None, GoldSource.UNRESOLVED
    label, most = ranked[0]
    if total == 1 and allow_single:
        return label, GoldSource.SINGLE
    if most < _MINIMUM_VOTES or most * 2 <= total:
        return None, GoldSource.UNRESOLVED
    # More than half of the votes is always more than any other label has.
    return label, GoldSource.UNANIMOUS if most == total else GoldSource.MAJORITY


def _pairwise_agreement(counts: Counter[str]) -> float | None:
    total = counts.total()
    if total < _MINIMUM_VOTES:
        return None
    return sum(count * (count - 1) for count in counts.values()) / (total * (total - 1))


def _evidence_sets(votes: Iterable[Annotation]) -> tuple[EvidenceSet, ...]:
    sets = []
    for vote in votes:
        spans = {span for span in vote.evidence if span.stance in _DECIDING}
        if spans:
            ordered = sorted(
                spans, key=lambda span: (span.article_id, span.start, span.end, span.stance)
            )
            sets.append(EvidenceSet(annotator=vote.annotator, spans=tuple(ordered)))
    return tuple(sets)
