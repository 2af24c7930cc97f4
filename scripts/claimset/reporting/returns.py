"""Answers that break a rule, for the lead: by annotator and reason."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claimset.reporting.console import stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from claimset.pipeline.returning import BrokenAnswerRow, ReturnsResult, WaitingReturn

__all__ = ["print_returns"]

_LISTED = 8
_BLANK = "blank"


def print_returns(result: ReturnsResult) -> None:
    """What breaks a rule, what was sent back, and what is waited for."""
    notes = stderr()
    results = [found for found in (result, result.adjudication) if found is not None]
    for found in results:
        if found is not result and (
            found.broken or found.waiting or found.replaced or found.mended
        ):
            stdout().print("adjudication:", markup=False)
        _print_round(found, notes)
    notes.print(_next(results), markup=False, soft_wrap=True)


def _print_round(result: ReturnsResult, notes: Console) -> None:
    sent = [row for row in result.broken if row.sent is not None]
    left = [row for row in result.broken if row.sent is None]
    if result.dry_run:
        _table("would be put before their annotators again:", left)
    else:
        _table("put before their annotators again:", sent)
        _table("break a rule:", left)
    _table("returned before and not answered yet:", result.waiting)
    _table(
        "returned, then replaced by a new text; the draft stays at the old task:", result.replaced
    )
    blank = [row for row in sent if row.sent == _BLANK]
    if blank:
        notes.print(
            f"{len(blank)} of them open again without their earlier answer, and the reason is not "
            "on the page: only accounts that claimset made can be entered. Tell their annotators.",
            soft_wrap=True,
        )
    if result.mended:
        stdout().print(f"{result.mended} returned and mended")


def _next(results: Sequence[ReturnsResult]) -> str:
    first = results[0]
    if first.dry_run:
        return "nothing was sent (next: claimset returns --send)"
    rows = [row for result in results for row in result.broken]
    if any(row.sent is None for row in rows):
        return f"round {first.round} (next: claimset returns --send)"
    if rows or any(result.waiting for result in results):
        return "they come first when their annotators press Label All Tasks (next: claimset pull)"
    return f"no answer of round {first.round} breaks a rule"


def _table(heading: str, rows: Sequence[BrokenAnswerRow | WaitingReturn]) -> None:
    if not rows:
        return
    stdout().print(f"{len(rows)} {heading}", markup=False)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        who = f"{row.name} ({row.annotator})" if row.name else row.annotator
        groups[who, row.reason].append(row.task_id)
    table = Table(box=None, header_style="bold")
    table.add_column("annotator", overflow="fold")
    table.add_column("reason", overflow="fold")
    table.add_column("tasks", overflow="fold")
    for (who, reason), tasks in sorted(groups.items()):
        more = f" and {len(tasks) - _LISTED} more" if len(tasks) > _LISTED else ""
        table.add_row(Text(who), Text(reason), ", ".join(map(str, tasks[:_LISTED])) + more)
    stdout().print(table)
