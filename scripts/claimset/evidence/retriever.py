"""The ways in which candidates are ranked, by name: to name one needs no arithmetic."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["RETRIEVER", "Retriever"]

RETRIEVER = "bm25-2"
"""Name and version of the ranking; changes whenever the same input may rank differently."""


class Retriever(StrEnum):
    """How candidates are ranked."""

    BM25 = "bm25"
    """By the words that claim and sentence share; needs no model."""
    FUSED = "fused"
    """The same, with the closeness of sentence vectors added; needs the extra ``embeddings``."""
