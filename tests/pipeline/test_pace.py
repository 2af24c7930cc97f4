"""A forecast goes by what was done lately, and is left out where it would be a guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from claimset.pipeline.pace import pace_of

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def _every(hours: float, count: int, *, until: datetime = NOW) -> list[datetime]:
    return [until - timedelta(hours=hours * number) for number in range(count)]


def test_a_steady_pace_is_carried_on() -> None:
    """One answer an hour for ten days: 24 a day and one; 240 to go take about ten days."""
    pace = pace_of(_every(1, 241), 240, NOW)
    assert pace.per_day == pytest.approx(24.1)
    assert pace.finish is not None
    assert (pace.finish - NOW) / timedelta(days=1) == pytest.approx(10, abs=0.1)


def test_only_the_last_two_weeks_count() -> None:
    old = _every(0.01, 5000, until=NOW - timedelta(days=20))
    pace = pace_of([*old, *_every(24, 7)], 10, NOW)
    assert (pace.answered, pace.since) == (7, NOW - timedelta(days=14))
    assert pace.per_day == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("moments", "remaining", "reason"),
    [
        ([], 5, "no answer yet"),
        (_every(0.01, 20), 5, "less than an hour"),
        (_every(1, 20, until=NOW - timedelta(days=15)), 5, "last two weeks"),
        (_every(24, 2), 10_000_000, "ten years"),
    ],
)
def test_no_forecast_has_a_reason(moments: list[datetime], remaining: int, reason: str) -> None:
    pace = pace_of(moments, remaining, NOW)
    assert pace.finish is None
    assert reason in (pace.reason or "")


def test_what_is_done_needs_no_forecast() -> None:
    pace = pace_of(_every(1, 50), 0, NOW)
    assert (pace.finish, pace.reason) == (None, None)
