"""Annotations: one annotator's answer to one claim, and the rules an answer must keep."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import Field, field_validator, model_validator

from claimset.models.base import Model
from claimset.models.labels import LabelSet, VerdictName
from claimset.models.span import ArticleSpan
from claimset.models.vocabulary import (
    AnnotationRole,
    AnnotationStatus,
    AnnotatorKind,
    Checkability,
    Confidence,
    ErrorCategory,
    Stance,
)

__all__ = [
    "Annotation",
    "Evidence",
    "Recording",
    "ReferenceAdjudication",
    "ReferenceAnnotation",
    "broken_answer_rules",
]


class Evidence(ArticleSpan):
    """A span of a source that an annotator marked for or against a claim."""

    stance: Stance
    """What the span does to the claim."""


def broken_answer_rules(
    labels: LabelSet,
    checkability: Checkability,
    verdict: str | None,
    evidence: tuple[Evidence, ...],
) -> tuple[str, ...]:
    """The rules of the guidelines that an answer breaks, in words; empty for a good answer.

    A verdict is given if and only if the claim is factual, it is one of the label set, and the
    spans that it needs there are marked.
    """
    broken = []
    stances = {item.stance for item in evidence}
    if checkability is Checkability.FACTUAL and verdict is None:
        broken.append("a factual claim needs a verdict")
    if checkability is not Checkability.FACTUAL and verdict is not None:
        broken.append(f"a verdict is given although the claim is marked {checkability}")
    if verdict is not None and verdict not in labels.names:
        broken.append(f"{verdict!r} is none of the verdicts {', '.join(labels.names)}")
    elif verdict is not None and (lack := labels.verdict(verdict).lacks(stances)):
        broken.append(lack)
    return tuple(broken)


class Annotation(Model):
    """One annotator's answer to one claim, as it stands in Label Studio."""

    annotation_id: str
    """Round and Label Studio's annotation id."""
    claim_id: str
    """The claim that was judged."""
    round: str
    """The round (one Label Studio project) the answer was given in."""
    annotator: str
    """Stable pseudonym of the annotator."""
    annotator_kind: AnnotatorKind
    """Whether a person or a machine answered."""
    checkability: Checkability | None
    """Whether the claim can be checked; null when skipped, or when an adjudicator cannot decide."""
    verdict: VerdictName | None = None
    """The verdict, if and only if the claim is factual."""
    evidence: tuple[Evidence, ...] = ()
    """The spans marked in the sources."""
    confidence: Confidence | None = None
    """How sure the annotator was."""
    justification: str | None = None
    """Why, in the annotator's words."""
    edited_claim: str | None = None
    """The annotator's corrected wording; null when the wording was left as it is."""
    lead_time_s: float | None = Field(default=None, ge=0)
    """Seconds between opening and submitting, as Label Studio measured them."""
    created_at: datetime
    """First submission (UTC)."""
    updated_at: datetime
    """Last change (UTC)."""
    status: AnnotationStatus
    """Submitted, skipped or deleted."""
    role: AnnotationRole = AnnotationRole.VOTE
    """A vote, or the decision of an adjudicator who saw the votes."""
    error_category: ErrorCategory | None = None
    """Why the votes differed, in the adjudicator's view; null for a vote."""
    label_schema_version: str
    """Version of the label schema the answer was given under."""
    guidelines_version: str
    """Version of the guidelines the annotator was shown."""

    @field_validator("created_at", "updated_at")
    @classmethod
    def _time_names_its_zone(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            msg = "the time must name its zone, for example 2026-01-31T12:00:00Z"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _answer_is_whole(self) -> Self:
        adjudicates = self.role is AnnotationRole.ADJUDICATION
        if self.error_category is not None and not adjudicates:
            msg = "only an adjudication has an error category"
            raise ValueError(msg)
        if self.status is AnnotationStatus.SUBMITTED:
            if self.checkability is None and not adjudicates:
                msg = "a submitted vote needs a checkability"
                raise ValueError(msg)
            if (self.verdict is not None) != (self.checkability is Checkability.FACTUAL):
                msg = "a verdict is given if and only if the claim is factual"
                raise ValueError(msg)
        return self


class ReferenceAnnotation(ArticleSpan):
    """One line of `seeds/reference/`: a recorded answer that can be replayed."""

    annotator: str
    """The recorded annotator."""
    checkability: Checkability
    """The recorded checkability."""
    verdict: VerdictName | None
    """The recorded verdict, if and only if factual."""
    evidence: tuple[Evidence, ...]
    """The recorded spans."""
    confidence: Confidence
    """The recorded confidence."""
    justification: str
    """The recorded reason."""

    def broken_rules(self, labels: LabelSet) -> tuple[str, ...]:
        """The rules that the answer breaks; see :func:`broken_answer_rules`."""
        return broken_answer_rules(labels, self.checkability, self.verdict, self.evidence)


class ReferenceAdjudication(ArticleSpan):
    """One line of `seeds/reference/seed-adjudications.jsonl`: a recorded decision."""

    adjudicator: str
    """The recorded adjudicator, who is none of the annotators."""
    checkability: Checkability | None
    """The recorded checkability; null where the claim could not be decided."""
    verdict: VerdictName | None
    """The recorded verdict, if and only if factual."""
    evidence: tuple[Evidence, ...]
    """The recorded spans."""
    error_category: ErrorCategory
    """Why the votes differed, in the adjudicator's view."""
    confidence: Confidence
    """The recorded confidence."""
    justification: str
    """The recorded reason."""

    @property
    def annotator(self) -> str:
        """Whose account the decision is submitted as."""
        return self.adjudicator

    def broken_rules(self, labels: LabelSet) -> tuple[str, ...]:
        """The rules that the decision breaks; see :func:`broken_answer_rules`."""
        if self.checkability is not None:
            return broken_answer_rules(labels, self.checkability, self.verdict, self.evidence)
        if self.verdict is not None:
            return ("a verdict is given although the claim could not be decided",)
        return ()


class Recording(Model):
    """`seeds/reference/recording.json`: how the recorded answers came about."""

    annotator_kind: AnnotatorKind
    """Whether people or machines answered."""
    made_by: str
    """Who or what answered, in words that every screen and card may show."""
    guidelines_version: str
    """The guidelines the answers were given under."""
