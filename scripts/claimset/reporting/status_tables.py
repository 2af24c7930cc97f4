"""Status on the terminal: one block a round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claimset.counting import counted
from claimset.models import RoundKind
from claimset.reporting.console import stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from claimset.models import AgreementFigure, Counted
    from claimset.pipeline.pace import Pace
    from claimset.pipeline.reporting import ReportResult
    from claimset.pipeline.watching import RoundStatus, StatusResult

__all__ = ["alpha_words", "pace_words", "print_report", "print_status"]

_LISTED = 10
_BAR = 24
_DAY = timedelta(days=1)
_FEW = 10


def print_status(result: StatusResult) -> None:
    """How far each round is, and what to do next."""
    out = stdout()
    err = stderr()
    if not result.rounds:
        err.print("no round yet (next: claimset push)")
        return
    for number, found in enumerate(result.rounds):
        if number:
            out.print()
        _print_round(out, found, result.names)
    if result.open_disputes:
        noun = "claim has" if result.open_disputes == 1 else "claims have"
        err.print(
            f"{result.open_disputes} {noun} differing votes and no adjudication "
            "(claimset report shows them side by side)",
            soft_wrap=True,
        )
    err.print(f"next: {_next(result)}", markup=False, soft_wrap=True)


def _next(result: StatusResult) -> str:
    """What moves the work on, most urgent first."""
    if any(found.mendable for found in result.rounds):
        return "claimset returns --send"
    if any(found.pace.remaining for found in result.rounds):
        waiting = "claimset adjudicate" if result.open_disputes else "claimset pull"
        return f"{waiting}, while the other answers come in"
    return "claimset adjudicate" if result.open_disputes else "claimset build"


def print_report(result: ReportResult) -> None:
    """What the report says first, and where it lies."""
    out = stdout()
    for number, line in enumerate(result.advice, 1):
        out.print(Text(f"{number}. {line.replace('`', '')}"))
    stderr().print(
        f"{counted(result.claims, 'claim')}, {counted(result.answers, 'vote')}, {result.disputes} "
        "with differing votes "
        f"-> {result.html} (open it in a browser)",
        markup=False,
        soft_wrap=True,
    )


def _print_round(out: Console, found: RoundStatus, names: Mapping[str, str]) -> None:
    kind = "" if found.kind is RoundKind.ANNOTATION else f" ({found.kind})"
    out.print(Text(found.round + kind, style="bold"))
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(justify="right")
    table.add_column(max_width=46)
    table.add_column(no_wrap=True)
    if found.kind is RoundKind.ADJUDICATION:
        table.add_row(str(found.tasks), "disagreements sent", "")
        table.add_row(str(found.complete), "looked at", _bar(found.complete, found.tasks))
    else:
        table.add_row(str(found.tasks), "claims pushed", "")
        table.add_row(str(found.begun), "with at least one answer", _bar(found.begun, found.tasks))
        table.add_row(
            str(found.complete), f"with {found.overlap} or more", _bar(found.complete, found.tasks)
        )
        table.add_row(str(found.disputed), "with differing votes", "")
        table.add_row(str(found.adjudicated), "adjudicated", "")
    if found.skipped:
        table.add_row(str(found.skipped), "answers skipped", "")
    for annotator, count in found.submitted_by.items():
        last = found.last_answers.get(annotator)
        when = "" if last is None else f"last answer {_ago(last)}"
        table.add_row(str(count), Text(f"by {_called(annotator, names)}"), Text(when, style="dim"))
    total = sum(found.labels.values())
    for label, count in found.labels.items():
        table.add_row(str(count), Text(label), _bar(count, total))
    out.print(table)
    out.print(Text(f"  pace   {pace_words(found.pace)}"))
    if found.alpha is not None:
        out.print(Text(f"  alpha  {alpha_words(found.alpha)}"), soft_wrap=True)
    _print_checks(out, found, names)
    if found.oldest_open is not None:
        task = found.oldest_open
        out.print(
            Text(
                f"  oldest open: task {task.task_id}, claim {task.claim_id}, pushed "
                f"{_ago(task.pushed_at)}, "
                f"{task.answers} of {found.overlap} answers"
            ),
            soft_wrap=True,
        )
    _print_rejected(out, found)


def _called(annotator: str, names: Mapping[str, str]) -> str:
    """The lead's name for a person with the pseudonym, as far as there is one."""
    return f"{names[annotator]} ({annotator})" if annotator in names else annotator


def _ago(moment: datetime) -> str:
    age = (datetime.now(UTC) - moment) // _DAY
    return "today" if age < 1 else "yesterday" if age == 1 else f"{age} days ago"


def _print_rejected(out: Console, found: RoundStatus) -> None:
    """What cannot be used, and what became of it."""
    if found.rejected:
        out.print(f"{len(found.rejected)} cannot be used as they stand:")
        for item in found.rejected[:_LISTED]:
            out.print(Text(f"  {item}"), soft_wrap=True)
        if len(found.rejected) > _LISTED:
            out.print(f"  … and {len(found.rejected) - _LISTED} more (--json lists all)")
    if found.mendable:
        out.print(f"  {found.mendable} can be mended (claimset returns --send)")
    if found.returned:
        out.print(f"  {found.returned} returned to their annotators and not answered yet")


def _print_checks(out: Console, found: RoundStatus, names: Mapping[str, str]) -> None:
    """How annotators did on claims with a known answer, and on those asked twice."""
    if not found.known_items and not found.repeated_items:
        return
    out.print(
        f"  {found.known_items} claims with a known answer, {found.repeated_items} asked twice: "
        "for training, not for ranking"
    )
    if not found.checks:
        return
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 2))
    table.add_column("annotator", overflow="fold")
    table.add_column("right where known")
    table.add_column("same when asked again")
    for row in found.checks:
        table.add_row(Text(_called(row.annotator, names)), _share(row.known), _share(row.again))
    out.print(table)


def _share(figure: Counted) -> str:
    if not figure.n:
        return "–"
    if figure.value is None:
        return f"too few (n = {figure.n})"
    return f"{figure.value:.0%} (n = {figure.n})"


def _bar(part: int, whole: int) -> Text:
    share = part / whole if whole else 0.0
    filled = round(share * _BAR)
    return Text("█" * filled, style="cyan") + Text("░" * (_BAR - filled) + f" {share:.0%}")


def pace_words(pace: Pace) -> str:
    """Pace and forecast in one line."""
    if not pace.remaining:
        done = "all answers are there"
        return f"{done}; {_rate(pace.per_day)} lately" if pace.per_day else done
    rate = "" if pace.per_day is None else f"{_rate(pace.per_day)}; "
    if pace.finish is None:
        return f"{rate}{pace.remaining} answers to go; no forecast: {pace.reason}"
    return f"{rate}{pace.remaining} answers to go, done about {pace.finish:%Y-%m-%d}"


def _rate(per_day: float) -> str:
    return f"{per_day:.0f} answers a day" if per_day >= _FEW else f"{per_day:.1f} answers a day"


def alpha_words(alpha: AgreementFigure) -> str:
    """Alpha with its interval in one line."""
    if alpha.value is None:
        return f"none: {alpha.reason}"
    claims = counted(alpha.units, "claim")
    if alpha.interval is None:
        return f"{alpha.value:.3f} ({claims}; no interval: {alpha.interval_reason})"
    interval = alpha.interval
    return (
        f"{alpha.value:.3f}, {interval.level:.0%} interval {interval.low:.2f} to "
        f"{interval.high:.2f} ({claims}, {interval.groups} {interval.over})"
    )
