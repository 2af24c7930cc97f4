"""What a build did."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from claimset.models import Model
from claimset.release.changes import Changes
from claimset.release.left_out import LeftOut

__all__ = ["BuildResult", "BuildStatus"]


class BuildStatus(StrEnum):
    """What a build did."""

    CREATED = "created"
    """A release with new rows or columns was written."""
    CARD_ONLY = "card_only"
    """A release with the same tables and a new card was written."""
    UNCHANGED = "unchanged"
    """Nothing differs from the last release; no file was touched."""


class BuildResult(Model):
    """What a build did and where."""

    status: BuildStatus
    """Created, card only, or unchanged."""
    version: str
    """The version that lies in the folder now."""
    previous_version: str | None
    """The version that lay there before; null for the first release."""
    content_id: str
    """SHA-256 over the canonical rows."""
    counts: dict[str, int]
    """Articles, claims, annotations, annotators and gold labels."""
    changes: Changes | None
    """What differs from the release before; null for the first release."""
    left_out: tuple[LeftOut, ...]
    """Annotations that are not in the release, and why."""
    path: Path
    """The dataset folder."""
