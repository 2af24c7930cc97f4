"""Metadata of a released dataset: `release.json`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from claimset.models.agreement import AgreementFigure
from claimset.models.base import Model
from claimset.models.gates import GateResult
from claimset.models.label_sets import AVERITEC
from claimset.models.labels import LabelSet
from claimset.models.vocabulary import Split

__all__ = [
    "ReleaseMetadata",
    "ReleasedFile",
    "SplitConflict",
    "SplitRule",
    "Withdrawal",
    "WithdrawalKind",
]


class ReleasedFile(Model):
    """One Parquet file: a split of a config."""

    config: str
    """Name of the config."""
    split: str
    """Name of the split."""
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


class SplitRule(Model):
    """How events are divided into splits; an event that was assigned once keeps its split."""

    shares: dict[Split, float]
    """Wanted share of the events in each split."""
    cut: date | None = None
    """Events whose every article was published on or after this day are test events; null for
    none."""
    groups: int = Field(ge=0)
    """Groups of linked events, each in one split."""
    divided: bool
    """Whether new events were divided at all; with too few groups everything is `train`."""


class SplitConflict(Model):
    """Two released claims that turned out to be linked while their splits differ."""

    withheld: str
    """The claim that the training views leave out, so that nothing leaks; it stays in `claims`."""
    linked_to: str
    """The claim it is linked to."""


class WithdrawalKind(StrEnum):
    """What can be withdrawn."""

    ARTICLE = "article"
    CLAIM = "claim"
    ANNOTATOR = "annotator"


class Withdrawal(Model):
    """A tombstone: what a release no longer holds, and since when."""

    kind: WithdrawalKind
    """Article, claim or annotator."""
    id: str
    """Id of the article or claim; of an annotator only the first 16 hex digits of the SHA-256 of
    the pseudonym, so that the name itself is in no further release."""
    reason: str
    """Why, in words that may be published."""
    since: str
    """The first release without it; earlier tags still hold it."""
    renamed: str | None = None
    """The name under which an erased annotator's answers stay; null when they are gone."""


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
    files: tuple[ReleasedFile, ...]
    """The files, by config and split."""
    splits: SplitRule
    """How events were divided into splits."""
    split_conflicts: tuple[SplitConflict, ...] = ()
    """Claims that were found to be linked after their events had got different splits."""
    hydrated: bool = False
    """Whether a holder restored texts in this copy, which is then not for publication."""
    withdrawn: tuple[Withdrawal, ...] = ()
    """Everything ever withdrawn, oldest first."""
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
    labels: LabelSet = AVERITEC
    """The label set of the answers."""
    guidelines_versions: tuple[str, ...]
    """Versions of the guidelines that the answers were given under."""
    segmenter_version: str
    """Version of the segmentation rules."""
    tool_version: str
    """Version of claimset that built the release."""
    pyarrow_version: str
    """Version of pyarrow that wrote the files; other versions write other bytes."""
