"""Rules: what it takes for answers to become gold."""

from __future__ import annotations

from pydantic import Field

from claimset.models import AVERITEC, LabelSet, Model

__all__ = ["GoldRules"]


class GoldRules(Model):
    """When votes make gold; everything else stays unresolved and goes to adjudication."""

    min_votes: int = Field(default=2, ge=2)
    """Votes that a claim needs."""
    min_margin: int = Field(default=1, ge=1)
    """Votes that the first label must be ahead of the second."""
    allow_single: bool = False
    """Whether one vote, alone, makes gold."""
    model_gold: bool = False
    """Whether the annotator model decides where the votes do not."""
    model_posterior: float = Field(default=0.95, gt=0.5, le=1)
    """Least probability of a label that the model decides."""
    labels: LabelSet = AVERITEC
    """The label set of the answers."""
