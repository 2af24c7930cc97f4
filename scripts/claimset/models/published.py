"""Published rows: as inside, but the text of a span may be withheld and its position kept.

The published form of a model is made from the model itself, so that a field that segmentation
gains is published without a second list of fields that could fall behind.
"""

from __future__ import annotations

import types
from copy import copy
from functools import cache
from typing import Annotated, Any, Self, Union, cast, get_args, get_origin

from pydantic import BaseModel, Field, create_model, model_validator

from claimset.models.annotation import Annotation, Evidence
from claimset.models.article import ManifestRow
from claimset.models.base import Model
from claimset.models.claim import Claim
from claimset.models.labels import VerdictName  # noqa: TC001 - pydantic reads it
from claimset.models.span import Span
from claimset.models.vocabulary import (
    Checkability,
    ClaimStatus,
    ErrorCategory,
    GoldSource,
    Split,
    TextPolicy,
    UnitKind,
)

__all__ = [
    "EvidenceSet",
    "LabelCount",
    "ReleasedAnnotation",
    "ReleasedArticle",
    "ReleasedClaim",
    "ReleasedEvidenceSet",
    "UnitPosition",
]

_WITHHELD = {
    "text": "The characters at `[start, end)`, exactly; null where the article's text policy "
    "withholds them.",
    "prefix": "Up to 32 code points before the claim; published with full texts only.",
    "suffix": "Up to 32 code points after the claim; published with full texts only.",
}


class _Positions(Model):
    """A span whose text may be withheld."""

    @model_validator(mode="after")
    def _positions_fit_text(self) -> Self:
        # The fields are those of the span that the published form is made from.
        text, width = (
            getattr(self, "text", None),
            getattr(self, "end", 0) - getattr(self, "start", 0),
        )
        if width < 1 or (text is not None and len(text) != width):
            msg = f"end - start is {width} but text has {len(text or '')} characters"
            raise ValueError(msg)
        return self


@cache
def published(model: type[BaseModel]) -> type[BaseModel]:
    """The published form of a model: the texts of its spans, however deep, may be null."""
    is_span = issubclass(model, Span)
    fields: dict[str, Any] = {}
    for name, known in model.model_fields.items():
        field, annotation = copy(known), _published_type(known.annotation)
        if is_span and name in _WITHHELD:
            annotation = annotation | None
            field.description = _WITHHELD[name]
        field.annotation = annotation
        fields[name] = (annotation, field)
    created = create_model(
        f"Published{model.__name__}",
        __base__=_Positions if is_span else Model,
        __doc__=model.__doc__,
        __module__=__name__,
        **fields,
    )
    made = cast("type[Model]", created)
    made.described_by = model
    return made


def _published_type(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return published(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return tuple[(_published_type(arguments[0]), *arguments[1:])]  # type: ignore[misc]
    if origin in (Union, types.UnionType):
        return Union[tuple(_published_type(part) for part in arguments)]  # noqa: UP007
    if origin is Annotated:
        return Annotated[(_published_type(arguments[0]), *arguments[1:])]
    return annotation


class LabelCount(Model):
    """How many annotators gave a label."""

    label: str
    """A verdict, or the checkability where the claim is not factual."""
    count: int = Field(ge=1)
    """Number of annotators."""


class EvidenceSet(Model):
    """The spans one annotator marked: one set for the gold label."""

    annotator: str
    """Pseudonym of the annotator whose set it is."""
    spans: tuple[Evidence, ...] = Field(min_length=1)
    """The spans, in article and text order."""


ReleasedEvidenceSet = published(EvidenceSet)


class ReleasedClaim(published(Claim)):  # type: ignore[misc] # made at run time
    """A claim with its gold label and the pedigree of that label."""

    text_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the claim's UTF-8 bytes where its text is withheld, else null."""
    gold_verdict: VerdictName | None = None
    """The gold verdict; null when not factual or not resolved."""
    gold_checkability: Checkability | None = None
    """The gold checkability; null when not resolved."""
    gold_source: GoldSource
    """How the gold label came about."""
    gold_posterior: float | None = Field(default=None, ge=0, le=1)
    """Probability of the gold label under the annotator model; null unless the model decided."""
    adjudicator: str | None = None
    """Pseudonym of who looked at the dispute, also when it could not be decided; else null."""
    error_category: ErrorCategory | None = None
    """Why the votes differed, in the adjudicator's view; null without adjudication."""
    label_distribution: tuple[LabelCount, ...] = ()
    """Every vote, most frequent first."""
    n_annotations: int = Field(ge=0)
    """Number of votes behind the row; an adjudication is none."""
    agreement: float | None = Field(default=None, ge=0, le=1)
    """Share of annotator pairs that gave the same label; null under two annotations."""
    evidence_sets: tuple[ReleasedEvidenceSet, ...] = ()  # type: ignore[valid-type] # at run time
    """Evidence of those who gave the gold label, one set each; or the adjudicator's."""
    split: Split
    """Split of the claim; an event never spans two."""
    status: ClaimStatus = ClaimStatus.ACTIVE
    """Active, or withdrawn: then ids and position are all that is left."""
    first_release: str
    """Version in which the claim first appeared."""
    last_changed_release: str
    """Version in which the row last changed."""

    @model_validator(mode="after")
    def _links_are_complete(self) -> Self:
        link = {self.duplicate_of is None, self.duplicate_score is None}
        if len(link | {self.duplicate_method is None}) > 1:
            msg = "duplicate_of, duplicate_score and duplicate_method are given together or not"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _gold_fits_its_source(self) -> Self:
        resolved = self.gold_source is not GoldSource.UNRESOLVED
        if resolved != (self.gold_checkability is not None):
            msg = "gold_checkability is given if and only if the claim is resolved"
            raise ValueError(msg)
        factual = self.gold_checkability is Checkability.FACTUAL
        if factual != (self.gold_verdict is not None):
            msg = "gold_verdict is given if and only if the gold checkability is factual"
            raise ValueError(msg)
        return self


class ReleasedAnnotation(published(Annotation)):  # type: ignore[misc] # made at run time
    """One annotator's answer to one claim, as it is published."""


class UnitPosition(Model):
    """Where a unit of an article stands and what it is, without its text."""

    start: int = Field(ge=0)
    """First code point of the unit in the article's text."""
    end: int = Field(ge=1)
    """The code point after the last one (half-open)."""
    kind: UnitKind
    """What the unit is."""


class ReleasedArticle(ManifestRow):
    """An article as it is published: described and located, with text only where that is free."""

    text_policy: TextPolicy
    """How much of the text this release holds."""
    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the normalised text's UTF-8 bytes; every position counts on this text."""
    length: int = Field(ge=1)
    """Code points of the normalised text."""
    text: str | None = None
    """The normalised text where the text policy is `full`, else null."""
    units: tuple[UnitPosition, ...] = ()
    """Every unit of the article in text order; only white space lies between them."""
    split: Split
    """Split of the article's event."""

    @model_validator(mode="after")
    def _text_is_free_to_publish(self) -> Self:
        if (self.text is not None) != (self.text_policy is TextPolicy.FULL):
            msg = "text is given if and only if the text policy is full"
            raise ValueError(msg)
        if self.text is not None and len(self.text) != self.length:
            msg = f"length is {self.length} but text has {len(self.text)} characters"
            raise ValueError(msg)
        return self
