"""What came out of the quickstart: counts that add up, verdicts, disagreements, what to do next."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from claimset.loading import load
from claimset.models import GoldSource
from claimset.reporting.console import stdout
from claimset.reporting.tables import print_segment_table

if TYPE_CHECKING:
    from claimset.pipeline.starting import QuickstartResult
    from claimset.storage.workspace import Workspace

__all__ = ["print_quickstart"]

_LOOKED_AT = ("decided", "cannot_be_decided")


def print_quickstart(workspace: Workspace, result: QuickstartResult, *, first: bool) -> None:
    """Print the loop's outcome, read back from the built dataset.

    Args:
        workspace: Holds the built dataset.
        result: What the steps did.
        first: Whether the studio's login was made by this run and is to be shown.
    """
    out = stdout()
    claims = load(workspace.dataset)
    print_segment_table(result.segment)
    out.print()
    _print_accounts(result, claims.num_rows)
    out.print()
    _print_verdicts(claims)
    _print_disagreements(claims)
    _print_next(workspace, result, first=first)


def _print_accounts(result: QuickstartResult, rows: int) -> None:
    """Every count of the loop, so that a reader can add them up."""
    if result.replay is None or result.pull is None or result.build is None:
        return
    out = stdout()
    replayed, pulled = result.replay, result.pull
    out.print(f"[bold]{rows} claims[/bold] -> {pulled.tasks} tasks")
    total = sum(pulled.submitted_by.values())
    each = ", ".join(f"{name} {count}" for name, count in pulled.submitted_by.items())
    out.print(f"{total} annotations: {each}", markup=False)
    if decisions := _decisions(result):
        out.print(decisions, markup=False)
    for item in result.decide.left_out if result.decide is not None else ():
        shown = textwrap.shorten(item.text, 46, placeholder=" …")
        out.print(
            f"recorded decision in line {item.line} left out: “{shown}”: {item.reason}",
            markup=False,
            soft_wrap=True,
        )
    used = replayed.recorded - len(replayed.left_out)
    out.print(
        f"{replayed.recorded} recorded answers: {used} used "
        f"({replayed.submitted} now, {replayed.already_there} before), "
        f"{len(replayed.left_out)} left out:",
        soft_wrap=True,
    )
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=2)
    table.add_column(ratio=3, style="dim")
    reasons = Counter((item.article_id, item.text, item.reason) for item in replayed.left_out)
    for (article, text, reason), count in reasons.items():
        shown = textwrap.shorten(text, 46, placeholder=" …")
        table.add_row(f"  {count} ×", article[:3], Text(f"“{shown}”"), Text(reason))
    out.print(table)


def _decisions(result: QuickstartResult) -> str:
    """How many disagreements each adjudicator has decided."""
    disputes = result.adjudicate.disputes if result.adjudicate is not None else ()
    deciders = Counter(item.adjudicator for item in disputes if item.state in _LOOKED_AT)
    each = ", ".join(f"{name} {count}" for name, count in sorted(deciders.items()) if name)
    return f"{deciders.total()} adjudications: {each}" if deciders else ""


def _print_verdicts(claims: Any) -> None:
    table = Table(title="Gold labels", title_justify="left", box=None, header_style="bold")
    counts: dict[str, Counter[str]] = {}
    for row in claims:
        counts.setdefault(_label(claims, row), Counter())[_name(claims, "gold_source", row)] += 1
    used = [source for source in GoldSource if any(found[source] for found in counts.values())]
    for name in ("label", "claims", *used):
        table.add_column(name, justify="left" if name == "label" else "right")
    for label, sources in sorted(counts.items(), key=lambda item: -item[1].total()):
        table.add_row(label, str(sources.total()), *(str(sources[source]) for source in used))
    stdout().print(table)


def _print_disagreements(claims: Any) -> None:
    disputed = [row for row in claims if len(row["label_distribution"]) > 1]
    if not disputed:
        return
    table = Table(
        title=f"The {len(disputed)} disagreements",
        title_justify="left",
        box=None,
        header_style="bold",
    )
    table.add_column("claim", ratio=3)
    table.add_column("votes", ratio=2)
    table.add_column("gold", ratio=2)
    for row in disputed:
        votes = ", ".join(f"{vote['count']} {vote['label']}" for vote in row["label_distribution"])
        decided = f"{_label(claims, row)}, {_name(claims, 'gold_source', row)}"
        if row["adjudicator"]:
            category = _name(claims, "error_category", row).replace("_", " ")
            decided += f" by {row['adjudicator']}: {category}"
        table.add_row(Text(textwrap.shorten(row["text"], 100, placeholder=" …")), votes, decided)
    stdout().print(table)


def _name(claims: Any, column: str, row: Any) -> str:
    value = row[column]
    return "" if value is None else str(claims.features[column].int2str(value))


def _label(claims: Any, row: Any) -> str:
    return (
        _name(claims, "gold_verdict", row)
        or _name(claims, "gold_checkability", row)
        or "unresolved"
    )


def _print_next(workspace: Workspace, result: QuickstartResult, *, first: bool) -> None:
    out = stdout()
    if result.build is None:
        return
    if not result.changed:
        out.print(
            "[bold]Nothing changed:[/bold] every step found its work done "
            f"(dataset {result.build.version})."
        )
    elif result.build.status == "unchanged":
        out.print(
            f"[bold]dataset/ already holds these rows[/bold] as version {result.build.version}: "
            "no new release was made."
        )
    else:
        out.print(f"[bold]dataset/ holds release {result.build.version}.[/bold]")
    out.print("These labels were made by machines, for demonstration; they are no ground truth.")
    out.print()
    out.print("Load it:      from datasets import load_dataset")
    out.print('              claims = load_dataset("dataset", split="train")', markup=False)
    out.print("Annotate:     claimset studio    (opens Label Studio on this machine)")
    credentials = json.loads((workspace.state / "studio.json").read_text("utf-8"))
    out.print(f"              log in as {credentials['email']}", markup=False)
    if first:
        out.print(f"              password {credentials['password']}", markup=False, soft_wrap=True)
        out.print("              (shown this once; kept in .claimset/studio.json)")
    else:
        out.print("              password: see .claimset/studio.json")
