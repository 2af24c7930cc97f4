"""Gates: what a release must reach before it is made."""

from __future__ import annotations

from pydantic import Field

from claimset.models.base import Model

__all__ = ["GateResult", "Gates"]


class Gates(Model):
    """`[tool.claimset.gates]`: thresholds of the project's own choice; none is set by default."""

    min_alpha: float | None = Field(default=None, ge=-1, le=1)
    """Least Krippendorff's alpha (nominal) over the combined label."""
    min_votes: int | None = Field(default=None, ge=1)
    """Least votes of every claim that has no inherited label."""
    min_resolved: float | None = Field(default=None, ge=0, le=1)
    """Least share of claims with a gold label."""
    require_evidence: bool = False
    """Whether every claim whose verdict needs evidence needs an evidence set."""


class GateResult(Model):
    """What came out at one gate."""

    gate: str
    """Name of the setting."""
    passed: bool
    """Whether the figure reaches the threshold."""
    figure: float | None
    """What was found; null when undefined."""
    threshold: float
    """What was asked for."""
    problem: str | None = None
    """What is short, in words; null when passed."""
    n_rows: int = Field(default=0, ge=0)
    """How many claims stand behind a failure."""
    rows: tuple[str, ...] = ()
    """The first of them, by article and position."""
