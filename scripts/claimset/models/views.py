"""Rows of the training views: narrow, without nulls, named as their consumers name them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from claimset.models.base import Model
from claimset.models.labels import VERDICT
from claimset.models.vocabulary import NliLabel, QuoteType

__all__ = [
    "AggrefactRow",
    "AttributionRow",
    "CorpusRow",
    "Message",
    "NliLabel",
    "NliRow",
    "QrelRow",
    "QueryRow",
    "SftRow",
    "SoftRow",
    "Support",
]

Float32 = Annotated[float, "float32"]


class Support(StrEnum):
    """LLM-AggreFact's two labels (Tang et al. 2024, arXiv:2404.10774): 0 and 1."""

    NOT_SUPPORTED = "not_supported"
    SUPPORTED = "supported"


class NliRow(Model):
    """Evidence and claim as premise and hypothesis."""

    premise: str
    """The spans of one evidence set, a line each."""
    hypothesis: str
    """The claim."""
    label: NliLabel
    """{inference}."""


class SoftRow(Model):
    """A claim with the distribution of its verdicts."""

    text_a: str
    """The claim."""
    text_b: str
    """All spans that the voters marked, a line each; empty where nobody marked one."""
    label_dist: Annotated[tuple[Float32, ...], VERDICT]
    """Shares of the verdicts {verdicts} among the answers that hold a verdict; they add up to
    1."""


class AggrefactRow(Model):
    """A claim and a document, in LLM-AggreFact's columns."""

    dataset: str
    """Name of this dataset."""
    doc: str
    """The spans of one evidence set, a line each."""
    claim: str
    """The claim."""
    label: Support
    """1 if the claim is supported, else 0."""


class Message(Model):
    """One turn of a conversation."""

    role: str
    """`system`, `user` or `assistant`."""
    content: str
    """What is said."""


class SftRow(Model):
    """A verification as a conversation, in the column that TRL expects."""

    messages: tuple[Message, ...]
    """Instruction, claim with evidence, and the verdict as the answer."""


class CorpusRow(Model):
    """A published sentence to search in."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(alias="_id")
    """The claim's id where the sentence is a claim, else `article:start-end`."""
    title: str
    """Title of its article."""
    text: str
    """The sentence."""


class QueryRow(Model):
    """A claim to find evidence for."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(alias="_id")
    """The claim's id."""
    text: str
    """The claim."""


class QrelRow(Model):
    """A sentence that annotators marked as evidence for or against a claim."""

    model_config = ConfigDict(populate_by_name=True)

    query_id: str = Field(alias="query-id")
    """The claim's id."""
    corpus_id: str = Field(alias="corpus-id")
    """The sentence's id in the corpus."""
    score: int
    """1: relevant."""


class AttributionRow(Model):
    """Who is said to have said what."""

    text: str
    """The sentence."""
    speaker: str
    """The speaker as written."""
    cue: str
    """The word that reports the speech; empty where there is none."""
    quotes: tuple[str, ...]
    """The quoted words, as written."""
    label: QuoteType
    """Direct, indirect or mixed."""
