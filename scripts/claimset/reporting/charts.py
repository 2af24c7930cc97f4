"""Charts: where marks of a drawing lie; what they show stands as text beside every one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimset.models import AgreementFigure

__all__ = ["Segment", "Timeline", "Whisker", "segments_of", "timeline_of", "whisker_of"]

_WIDE, _HIGH = 720.0, 190.0
_TICKS = 4
_HOUR = timedelta(hours=1)
_DAYS_FOR_DATES = timedelta(days=3)
_NICE = (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10)


class Whisker(NamedTuple):
    """A dot with its interval, in parts of the axis from ``low`` to 1."""

    dot: float
    start: float | None
    end: float | None


class Segment(NamedTuple):
    """One part of a stacked bar, in parts of its length."""

    label: str
    votes: int
    share: float
    start: float


class Timeline(NamedTuple):
    """Cumulative answers over time, as a path in a drawing of 720 x 190."""

    path: str
    area: str
    target: float
    forecast: str | None
    y_ticks: tuple[tuple[float, int], ...]
    x_ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[str, int, int], ...]
    """Day, answers on it, answers up to it: what the drawing shows, as a table."""


def whisker_of(figure: AgreementFigure, low: float) -> Whisker | None:
    """Where a figure lies on an axis from ``low`` to 1; ``None`` when it is undefined."""
    if figure.value is None:
        return None

    def place(value: float) -> float:
        return round(min(1.0, max(0.0, (value - low) / (1 - low))), 4)

    if figure.interval is None:
        return Whisker(place(figure.value), None, None)
    return Whisker(place(figure.value), place(figure.interval.low), place(figure.interval.high))


def segments_of(counts: Mapping[str, int], order: Sequence[str]) -> tuple[Segment, ...]:
    """The parts of a stacked bar, in the given order, parts of nothing left out."""
    total = sum(counts.values())
    found = []
    start = 0.0
    for label in order:
        count = counts.get(label, 0)
        if count:
            share = count / total
            found.append(Segment(label, count, round(share, 5), round(start, 5)))
            start += share
    return tuple(found)


def timeline_of(
    moments: Sequence[datetime], target: int, finish: datetime | None
) -> Timeline | None:
    """Cumulative answers as a path; ``None`` without answers.

    Args:
        moments: When each answer was given.
        target: Answers that the round asks for.
        finish: When it will be done at the present pace, if that is known.
    """
    if not moments:
        return None
    ordered = sorted(moments)
    first, last = ordered[0], ordered[-1]
    end = max(finish or last, last)
    length = max(end - first, _HOUR / 60)
    top = _nice_top(max(target, len(ordered)))

    def x(moment: datetime) -> float:
        return round((moment - first) / length * _WIDE, 1)

    def y(count: float) -> float:
        return round(_HIGH * (1 - count / top), 1)

    step = max(1, len(ordered) // 400)
    points = [(x(first), y(0))]
    points += [
        (x(moment), y(number))
        for number, moment in enumerate(ordered, 1)
        if number % step == 0 or number in (1, len(ordered))
    ]
    path = "M" + " L".join(f"{left:g},{top_:g}" for left, top_ in points)
    forecast = None
    if finish is not None and finish > last:
        forecast = f"M{x(last):g},{y(len(ordered)):g} L{x(finish):g},{y(target):g}"
    return Timeline(
        path=path,
        area=f"{path} L{x(last):g},{_HIGH:g} L{x(first):g},{_HIGH:g} Z",
        target=y(target),
        forecast=forecast,
        y_ticks=tuple(
            (y(top * part / _TICKS), round(top * part / _TICKS)) for part in range(_TICKS + 1)
        ),
        x_ticks=tuple(
            (round(_WIDE * part / _TICKS, 1), _moment_words(first + length * part / _TICKS, length))
            for part in range(_TICKS + 1)
        ),
        days=_days(ordered),
    )


def _nice_top(count: int) -> int:
    """The next round number that four ticks divide evenly."""
    scale = 1
    while True:
        for step in _NICE:
            top = step * scale * _TICKS
            if top >= count and top % _TICKS == 0:
                return int(top)
        scale *= 10


def _moment_words(moment: datetime, length: timedelta) -> str:
    if length > _DAYS_FOR_DATES:
        return f"{moment.astimezone(UTC):%d %b}"
    return f"{moment.astimezone(UTC):%d %b %H:%M}"


def _days(ordered: Sequence[datetime]) -> tuple[tuple[str, int, int], ...]:
    counts: dict[str, int] = {}
    for moment in ordered:
        day = f"{moment.astimezone(UTC):%Y-%m-%d}"
        counts[day] = counts.get(day, 0) + 1
    rows = []
    total = 0
    for day, count in counts.items():
        total += count
        rows.append((day, count, total))
    return tuple(rows)
