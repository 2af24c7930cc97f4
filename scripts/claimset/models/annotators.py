"""Figures of single annotators, each with the number of answers behind it."""

from __future__ import annotations

from pydantic import Field

from claimset.models.base import Model
from claimset.models.vocabulary import AnnotatorKind

__all__ = ["AnnotatorFigures", "Counted"]


class Counted(Model):
    """A figure and how many answers it rests on."""

    value: float | None
    """The figure; null under twenty answers, or when there is none."""
    n: int = Field(ge=0)
    """Answers behind it."""


class AnnotatorFigures(Model):
    """What can be said about one annotator: for training and guidelines, not for ranking."""

    annotator: str
    """Pseudonym."""
    kind: AnnotatorKind
    """A person or a machine."""
    answers: int = Field(ge=0)
    """Claims the annotator voted on."""
    agreement: Counted
    """Share of votes equal to the majority of the other votes on the claim."""
    tied: int = Field(ge=0)
    """Votes left out of it because the others were tied."""
    sensitivity: dict[str, Counted]
    """By label: how probable the annotator gives it when the annotator model holds it for true."""
    bias: dict[str, Counted]
    """By label: share in the annotator's votes, less its share in all votes on the same claims."""
    seconds: Counted
    """Median time per claim; not the mean, for tabs are left open."""
    consistency: Counted
    """Share of claims answered more than once that got the same label each time."""
    gold_accuracy: Counted
    """Share of votes equal to the label that an adjudicator gave."""
    known_accuracy: Counted = Counted(value=None, n=0)
    """Share of answers that were right where the right answer was known beforehand."""
