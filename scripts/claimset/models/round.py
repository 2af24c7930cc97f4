"""Rounds: what kind they are, which claims they ask for, and what a task is there for."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from claimset.models.base import Model
from claimset.models.vocabulary import UnitKind

__all__ = ["RoundKind", "Selection", "TaskOrder", "TaskRole"]


class RoundKind(StrEnum):
    """What a round asks of people."""

    ANNOTATION = "annotation"
    """Independent answers to each claim."""
    ADJUDICATION = "adjudication"
    """One decision on claims whose answers disagree."""


class TaskRole(StrEnum):
    """What a task is there for; annotators cannot tell the roles apart."""

    CLAIM = "claim"
    """Its answers are votes."""
    GOLD = "gold"
    """The right answer is known: it measures annotators and gives no vote."""
    REPEAT = "repeat"
    """A claim asked a second time: it measures how far people agree with themselves."""


class TaskOrder(StrEnum):
    """In which order articles come; the claims of an article always come as they stand in it."""

    ARTICLE = "article"
    """As the manifest lists them."""
    WORTH = "worth"
    """The article with the claim most worth checking first."""


class Selection(Model):
    """Which claims a round asks for; every condition that is set must hold."""

    min_worth: float | None = Field(default=None, ge=0, le=1)
    """Lowest check-worthiness; claims that could not be scored are not left out by it."""
    events: tuple[str, ...] = ()
    """Events; empty for all."""
    articles: tuple[str, ...] = ()
    """Articles; empty for all."""
    kinds: tuple[UnitKind, ...] = ()
    """Kinds of unit; empty for all."""
    ids_sha256: str | None = None
    """Hash of the sorted claim ids when they were listed in a file."""
    sample: int | None = Field(default=None, ge=1)
    """How many of the claims that fulfil the other conditions are drawn."""
    seed: int = 0
    """What the draw depends on beside the claims' ids."""
    order: TaskOrder = TaskOrder.ARTICLE
    """In which order the articles come."""

    def compact(self) -> str:
        """The conditions that are set, as one line of JSON.

        >>> Selection(min_worth=0.5, events=("e",)).compact()
        '{"min_worth":0.5,"events":["e"]}'
        """
        return self.model_dump_json(exclude_defaults=True)
