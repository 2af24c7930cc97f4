"""Pace: how fast answers come in, and when a round will be done if they go on like that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import Field

from claimset.models import Model

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Pace", "pace_of"]

_WINDOW = timedelta(days=14)
_SHORTEST = timedelta(hours=1)
_DAY = timedelta(days=1)
_FURTHEST_DAYS = 3650


class Pace(Model):
    """How fast answers came in lately, and what follows."""

    answered: int = Field(ge=0)
    """Answers in the window."""
    since: datetime | None
    """Where the window begins: two weeks ago, or the first answer; null without answers."""
    per_day: float | None
    """Answers a day in the window, days without any counted; null when that cannot be said."""
    remaining: int = Field(ge=0)
    """Answers that the round still needs."""
    finish: datetime | None
    """When they will have come at this pace; null when done or not to be said."""
    reason: str | None = None
    """Why there is no finishing date."""


def pace_of(answers: Sequence[datetime], remaining: int, now: datetime) -> Pace:
    """Pace and forecast from the times of the answers.

    The window is the last two weeks up to now, or since the first answer: so a team that stopped
    working is seen to slow down.

    Args:
        answers: When each answer of the round was given first.
        remaining: Answers that are still needed.
        now: The moment to reckon from.
    """
    past = [moment for moment in answers if moment <= now]
    if not past:
        reason = "no answer yet" if remaining else None
        return Pace(
            answered=0, since=None, per_day=None, remaining=remaining, finish=None, reason=reason
        )
    since = max(min(past), now - _WINDOW)
    recent = sum(moment >= since for moment in past)
    length = now - since
    per_day = recent / (length / _DAY) if length >= _SHORTEST else None
    finish, reason = None, None
    if not remaining:
        reason = None
    elif per_day is None:
        reason = "less than an hour since the first answer"
    elif not recent:
        reason = "no answer in the last two weeks"
    elif remaining / per_day > _FURTHEST_DAYS:
        reason = "at this pace it would take more than ten years"
    else:
        finish = now + timedelta(days=remaining / per_day)
    return Pace(
        answered=recent,
        since=since,
        per_day=per_day,
        remaining=remaining,
        finish=finish,
        reason=reason,
    )
