"""Known answers: claims whose right answer the lead knows, to measure annotators with."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from claimset.models.annotators import Counted
from claimset.models.base import Model
from claimset.models.labels import VerdictName
from claimset.models.vocabulary import AnnotatorKind, Checkability

__all__ = ["AnnotatorChecks", "KnownAnswer"]


class KnownAnswer(Model):
    """One line of a file of known answers: a claim, named by its id or by its words."""

    claim_id: str | None = None
    """The claim's id."""
    article_id: str | None = None
    """Without an id: the article that the claim stands in."""
    text: str | None = None
    """Without an id: the claim's exact words."""
    checkability: Checkability = Checkability.FACTUAL
    """Whether the claim can be checked."""
    verdict: VerdictName | None = None
    """The right verdict, if and only if the claim is factual."""
    note: str | None = None
    """Why this is the right answer, for the lead; it is not used."""

    @model_validator(mode="after")
    def _names_one_claim_and_one_answer(self) -> Self:
        by_words = (self.article_id, self.text)
        words_given = None not in by_words
        named = words_given if self.claim_id is None else by_words == (None, None)
        if not named:
            msg = "name the claim by claim_id, or by article_id and text, and not by both"
            raise ValueError(msg)
        if (self.verdict is not None) != (self.checkability is Checkability.FACTUAL):
            msg = "a verdict is given if and only if the claim is factual"
            raise ValueError(msg)
        return self

    @property
    def label(self) -> str:
        """The one label that the answer comes down to."""
        return str(self.verdict or self.checkability)


class AnnotatorChecks(Model):
    """How one annotator did on claims that are there to measure."""

    annotator: str
    """Pseudonym, or a machine's name."""
    kind: AnnotatorKind
    """A person or a machine."""
    known: Counted
    """Share of claims with a known answer that they got right."""
    again: Counted
    """Share of claims asked a second time to which they gave the same label again."""
