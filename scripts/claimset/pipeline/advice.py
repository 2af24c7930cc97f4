"""Advice: what to do next, from what the ledger shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.counting import counted
from claimset.models import RoundKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimset.pipeline.agreeing import AgreeSection
    from claimset.pipeline.watching import StatusResult

__all__ = ["advice_of"]

_LOW = 0.667
_WIDE = 0.3
_LEAST_RATINGS = 20
_OFTEN = 2


def advice_of(
    status: StatusResult,
    sections: Sequence[AgreeSection],
    confused: Sequence[tuple[str, str, int]],
) -> tuple[str, ...]:
    """What to do next, most urgent first; plain sentences.

    Args:
        status: How far the rounds are.
        sections: Agreement of people and of machines.
        confused: Two labels, and how many pairs of votes gave one each.
    """
    found = []
    for round_ in status.rounds:
        if round_.rejected:
            mend = (
                f" `claimset returns --send --round {round_.round}` puts {round_.mendable} before "
                "their annotators again."
                if round_.mendable
                else ""
            )
            found.append(
                f"{counted(len(round_.rejected), 'answer')} of round {round_.round} cannot be used "
                f"as they stand: `claimset status` lists them with the reason.{mend}"
            )
        if round_.pace.remaining:
            what = "decisions" if round_.kind is RoundKind.ADJUDICATION else "answers"
            when = (
                f" At the present pace they are there about {round_.pace.finish:%d %B %Y}."
                if round_.pace.finish
                else ""
            )
            found.append(f"Round {round_.round} needs {round_.pace.remaining} more {what}.{when}")
    if status.open_disputes:
        noun = "claim has" if status.open_disputes == 1 else "claims have"
        found.append(
            f"{status.open_disputes} {noun} differing votes and no decision: the report shows them "
            f"side by side, and where the guidelines are read in two ways.{_deciders(status)}"
        )
    found += _about_agreement(sections, confused)
    if not status.rounds:
        found.append("Nothing was sent to Label Studio yet: `claimset push`.")
    if not found:
        found.append("Every answer is there and no dispute is open: `claimset build`.")
    return tuple(found)


def _deciders(status: StatusResult) -> str:
    """How the open disputes come to a decision, as far as nobody has them yet."""
    sent = sum(
        found.pace.remaining for found in status.rounds if found.kind is RoundKind.ADJUDICATION
    )
    if sent >= status.open_disputes:
        return ""
    return " `claimset adjudicate --by NAME` has somebody decide them."


def _about_agreement(
    sections: Sequence[AgreeSection], confused: Sequence[tuple[str, str, int]]
) -> list[str]:
    found = []
    if sections:
        alpha = sections[0].report.figures[1]
        interval = alpha.interval
        if interval is not None and interval.high - interval.low > _WIDE:
            found.append(
                f"Agreement is known only roughly (alpha {alpha.value:.2f}, but anything from "
                f"{interval.low:.2f} to {interval.high:.2f}): it rests on {interval.groups} "
                f"{interval.over}, and more of them narrow it."
            )
        weak = [
            label
            for label in sections[0].report.per_label
            if label.ratings >= _LEAST_RATINGS
            and label.alpha.value is not None
            and label.alpha.value < _LOW
        ]
        found += [
            f"Annotators see {_words(label.label)} differently (alpha {label.alpha.value:.2f}): "
            "look at its disagreements, and sharpen the guidelines."
            for label in sorted(weak, key=lambda item: item.alpha.value or 0)[:_OFTEN]
        ]
    most = max(confused, key=lambda item: item[2], default=None)
    if most is not None and most[2] >= _OFTEN:
        found.append(
            f"The most frequent disagreement is {_words(most[0])} against {_words(most[1])} "
            f"({most[2]} pairs of votes): a rule for it in the guidelines helps most."
        )
    return found


def _words(label: str) -> str:
    return f"“{label.replace('_', ' ')}”"
