"""Who annotates and how each of them logs in, for the lead's terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claimset.reporting.console import stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from claimset.labelstudio.people import Person
    from claimset.pipeline.annotators import AddedAnnotators, AnnotatorsResult

__all__ = ["print_added", "print_annotators"]


def print_added(result: AddedAnnotators, made: Sequence[Person], kept: Path) -> None:
    """Who may log in now; new passwords go to stderr, once."""
    for email in result.made:
        verb = "would be made" if result.dry_run else "made"
        stdout().print(f"{verb:<13} {email}", markup=False)
    for email in result.taken:
        verb = "would be taken" if result.dry_run else "taken over"
        stdout().print(f"{verb:<13} {email} (there already; their own password)", markup=False)
    for email in result.before:
        stdout().print(f"{'added before':<13} {email}", markup=False)
    notes = stderr()
    if made:
        notes.print(f"Each logs in at {result.url}", markup=False, soft_wrap=True)
        for person in made:
            password = person.password.get_secret_value() if person.password else ""
            notes.print(f"  {person.email}  password {password}", markup=False, soft_wrap=True)
        notes.print(
            f"  passwords are shown this once; kept in {kept}", markup=False, soft_wrap=True
        )
    if result.dry_run:
        notes.print("nothing was made")


def print_annotators(result: AnnotatorsResult) -> None:
    """Everybody, with pseudonym and counts."""
    notes = stderr()
    if not result.annotators:
        notes.print("nobody yet (next: claimset annotators add NAME …)", markup=False)
        return
    table = Table(box=None, header_style="bold")
    table.add_column("annotator", no_wrap=True)
    table.add_column("logs in as", overflow="fold")
    for name in ("submitted", "skipped"):
        table.add_column(name, justify="right")
    table.add_column("last answer", no_wrap=True)
    for row in result.annotators:
        last = row.last_answer.strftime("%Y-%m-%d %H:%M") if row.last_answer else "–"
        table.add_row(
            Text(row.annotator),
            Text(row.email or "–"),
            str(row.submitted),
            str(row.skipped),
            last,
        )
    stdout().print(table)
