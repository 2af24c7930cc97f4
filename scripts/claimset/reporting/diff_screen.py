"""The difference of two releases in the terminal."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from claimset.reporting.console import stdout
from claimset.reporting.diff_page import CHANGE_WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.release.difference import Difference

__all__ = ["print_difference"]

_SHOWN = 40


def print_difference(found: Difference, page: Path | None) -> None:
    """Print what differs.

    Args:
        found: The difference.
        page: The page that was written, if one was.
    """
    out = stdout()
    out.print(f"[bold]{found.version_before} → {found.version_after}[/bold]")
    if found.same:
        out.print("nothing differs: both hold the same rows and say the same of them")
    elif found.same_rows:
        out.print("both hold the same rows; what is said of them differs:")
    _print_facts(found)
    if not found.same_rows:
        _print_counts(found)
        _print_claims(found)
    if page is not None:
        out.print(f"page: {page}", markup=False, soft_wrap=True)


def _print_facts(found: Difference) -> None:
    for fact in found.facts:
        before, after = (_value(value) for value in (fact.before, fact.after))
        stdout().print(f"  {fact.field}: {before} → {after}", markup=False, soft_wrap=True)


def _value(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _print_counts(found: Difference) -> None:
    out = stdout()
    for line in found.changes.columns:
        out.print(f"  column {line}", markup=False)
    for config in ("claims", "annotations", "articles"):
        rows = getattr(found.changes, config)
        parts = [
            f"{len(getattr(rows, what))} {what}"
            for what in ("added", "removed", "changed")
            if getattr(rows, what)
        ]
        if parts:
            out.print(f"  {config}: {', '.join(parts)}")
    if found.moved:
        out.print(f"  [bold red]{len(found.moved)} claims changed their split[/bold red]")


def _print_claims(found: Difference) -> None:
    out = stdout()
    kinds = Counter(change.change for change in found.claims)
    if kinds:
        out.print(
            "  "
            + ", ".join(f"{count} {CHANGE_WORDS.get(kind, kind)}" for kind, count in kinds.items())
        )
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for name in ("claim", "what", "label", "text"):
        table.add_column(name, no_wrap=name != "text")
    for change in found.claims[:_SHOWN]:
        labels = dict.fromkeys(filter(None, (change.label_before, change.label_after)))
        text = textwrap.shorten(change.text or "(withheld)", 60, placeholder=" …")
        table.add_row(change.claim_id, change.change, " → ".join(labels), Text(text))
    out.print(table)
    if len(found.claims) > _SHOWN:
        out.print(f"… and {len(found.claims) - _SHOWN} more (--json or --html shows all)")
