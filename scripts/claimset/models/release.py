"""Rows and metadata of a released dataset."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from claimset.models.agreement import AgreementFigure
from claimset.models.annotation import Evidence
from claimset.models.article import ManifestRow
from claimset.models.base import Model
from claimset.models.claim import Claim
from claimset.models.gates import GateResult
from claimset.models.vocabulary import (
    Checkability,
    ClaimStatus,
    ErrorCategory,
    GoldSource,
    UnitKind,
    Verdict,
)

__all__ = [
    "EvidenceSet",
    "LabelCount",
    "ReleaseMetadata",
    "ReleasedArticle",
    "ReleasedClaim",
    "TableInfo",
    "UnitPosition",
]


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


class ReleasedClaim(Claim):
    """A claim with its gold label and the pedigree of that label."""

    gold_verdict: Verdict | None = None
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
    evidence_sets: tuple[EvidenceSet, ...] = ()
    """Evidence of those who gave the gold label, one set each; or the adjudicator's."""
    split: str
    """Split of the claim; an event never spans two."""
    status: ClaimStatus = ClaimStatus.ACTIVE
    """Active or withdrawn."""
    first_release: str
    """Version in which the claim first appeared."""
    last_changed_release: str
    """Version in which the row last changed."""

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

    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the normalised text's UTF-8 bytes; every position counts on this text."""
    length: int = Field(ge=1)
    """Code points of the normalised text."""
    text: str | None = None
    """The normalised text where the licence is open, else null."""
    units: tuple[UnitPosition, ...] = ()
    """Every unit of the article in text order; only white space lies between them."""

    @model_validator(mode="after")
    def _text_is_free_to_publish(self) -> Self:
        if self.text is not None and not self.open_license:
            msg = "the text of an article without an open licence is not published"
            raise ValueError(msg)
        if self.text is not None and len(self.text) != self.length:
            msg = f"length is {self.length} but text has {len(self.text)} characters"
            raise ValueError(msg)
        return self


class TableInfo(Model):
    """One table (config) of a release."""

    path: str
    """File, relative to the dataset folder."""
    rows: int = Field(ge=0)
    """Number of rows."""
    sha256: str
    """SHA-256 of the file's bytes."""
    bytes: int = Field(ge=0)
    """Size of the file."""
    arrow_bytes: int = Field(ge=0)
    """Size of the rows in Arrow memory: what loading them needs."""


class ReleaseMetadata(Model):
    """`release.json`: what a release is made of."""

    name: str
    """Name of the dataset."""
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    """Semantic version; the git and Hub tag is `v` + version."""
    previous_version: str | None
    """The release before this one."""
    content_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 over the canonical rows: the same in every environment."""
    schema_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 over the columns, their types and their label sets."""
    tables: dict[str, TableInfo]
    """The files, by config name."""
    counts: dict[str, int]
    """Articles, claims, annotations, annotators and gold labels."""
    agreement: tuple[AgreementFigure, ...]
    """Agreement between the annotators."""
    gates: tuple[GateResult, ...] = ()
    """What came out at the gates that the project set."""
    allowed: str | None = None
    """Why the release was made in spite of a failing gate; null when all were passed."""
    machine_annotators: tuple[str, ...]
    """Annotators that are machines; empty when all labels are by people."""
    rounds: tuple[str, ...]
    """The annotation rounds in the release."""
    label_schema_version: str
    """Version of the label schema."""
    guidelines_versions: tuple[str, ...]
    """Versions of the guidelines that the answers were given under."""
    segmenter_version: str
    """Version of the segmentation rules."""
    tool_version: str
    """Version of claimset that built the release."""
    pyarrow_version: str
    """Version of pyarrow that wrote the files; other versions write other bytes."""
