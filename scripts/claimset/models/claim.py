"""Claims: the sentences that are verified, with everything segmentation knows of them."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from claimset.models.article import Identifier
from claimset.models.base import Model
from claimset.models.span import ArticleSpan, Span
from claimset.models.vocabulary import QuoteOutcome, QuoteType, UnitKind

__all__ = ["Attribution", "Claim", "EvidenceCandidate", "QuoteCheck"]


class Attribution(Model):
    """Who is said to have said what, with the spans that show it."""

    speaker: str | None = None
    """The speaker as written in the article; null when none could be named safely."""
    speaker_span: Span | None = None
    """Where the speaker is named."""
    cue: str | None = None
    """The word that reports the speech, such as "said"."""
    cue_span: Span | None = None
    """Where the cue stands."""
    quote_spans: tuple[Span, ...] = ()
    """The quoted words; several when the quotation is interrupted."""
    quote_type: QuoteType
    """Direct, indirect or mixed."""
    antecedent: Span | None = None
    """Suggestion whom a pronoun speaker stands for; null when the speaker is named."""


class QuoteCheck(Model):
    """Whether quoted words stand in another article of the event: a fact about text."""

    quote: Span
    """The quoted words, without their marks."""
    outcome: QuoteOutcome
    """Exact, altered, truncated, or not found."""
    found: ArticleSpan | None = None
    """Where the words, or the nearest ones, stand; null when not found."""
    difference: str | None = None
    """What differs, in words; null when exact or not found."""


class Claim(ArticleSpan):
    """One sentence to verify, as written, with its attribution."""

    claim_id: str = Field(pattern=r"^c_[0-9a-f]{16}$")
    """Hash of article, exact text and occurrence: survives edits elsewhere in the article."""
    event_id: Identifier
    """The article's event."""
    prefix: str
    """Up to 32 code points before the claim, to find it again when the article changes."""
    suffix: str
    """Up to 32 code points after the claim."""
    kind: UnitKind
    """The kind of the unit that the claim is."""
    attributions: tuple[Attribution, ...] = ()
    """Who is said to have said it."""
    quote_id: str | None = None
    """Shared by the sentences that one quotation spans."""
    checkworthiness: float | None = Field(default=None, ge=0, le=1)
    """How much the sentence looks like something worth checking (0 to 1); null when not scored."""
    checkworthiness_reasons: tuple[str, ...] = ()
    """The features that made the score."""
    duplicate_of: str | None = None
    """The claim that this one repeats; null for a claim that stands for itself."""
    duplicate_score: float | None = Field(default=None, ge=0, le=1)
    """Similarity of the two texts."""
    duplicate_method: str | None = None
    """How the similarity was measured."""
    quote_checks: tuple[QuoteCheck, ...] = ()
    """Whether each quotation stands in another article of the event."""
    unseen: tuple[Span, ...] = ()
    """Names and numbers of the claim that stand in no other article of the event."""
    parent_id: str | None = None
    """The sentence this clause-level claim was derived from."""
    derived: bool = False
    """Whether the text was derived from its parent rather than being a sentence as written."""
    rule: str
    """The segmentation rule that made the unit a claim."""
    segmenter_version: str
    """Version of the segmentation rules."""

    @model_validator(mode="after")
    def _links_are_complete(self) -> Self:
        link = {self.duplicate_of is None, self.duplicate_score is None}
        if len(link | {self.duplicate_method is None}) > 1:
            msg = "duplicate_of, duplicate_score and duplicate_method are given together or not"
            raise ValueError(msg)
        if self.derived != (self.parent_id is not None):
            msg = "a derived claim has a parent_id, and only a derived claim has one"
            raise ValueError(msg)
        return self


class EvidenceCandidate(ArticleSpan):
    """A sentence of another article of the event that may bear on a claim."""

    claim_id: str
    """The claim it was retrieved for."""
    rank: int = Field(ge=1)
    """1 for the best candidate."""
    score: float
    """The retriever's score; only comparable within one claim."""
    retriever: str
    """Name and version of the retriever."""
