"""What publishing would do or did, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claimset.reporting.console import closing, stderr, stdout

if TYPE_CHECKING:
    from claimset.release.plan import PublishPlan
    from claimset.release.publishing import PublishResult

__all__ = ["print_publish_plan", "print_published", "readable_bytes"]

_LISTED = 40
_STYLES = {"added": "green", "changed": "yellow", "removed": "red", "unchanged": "dim"}
_CLOSINGS = {
    "planned": "nothing was sent (next: the same without --dry-run)",
    "published": "published {version} as {tag} (next: load_dataset({repository!r}, "
    "revision={tag!r}))",
    "tagged": "the files were there; the tag {tag} is set now",
    "proposed": "proposed {version} in {pull_request} (next: merge it, then run "
    "`claimset publish` again to set the tag)",
    "unchanged": "nothing to do: {repository} holds {version} as {tag}",
}


def print_publish_plan(plan: PublishPlan, *, to_stderr: bool = False) -> None:
    """Files, sizes, version, parent and what to think of before publishing."""
    console = stderr() if to_stderr else stdout()
    facts = Table(box=None, show_header=False)
    facts.add_column(style="bold")
    facts.add_column(overflow="fold")
    kind = "private" if plan.private else "public"
    made = "will be made" if plan.parent is None else "exists"
    for name, value in (
        ("repository", f"{plan.url} ({kind}, {made})"),
        ("on main", f"{plan.published_version or 'no release'}, commit {plan.parent or 'none'}"),
        ("release", f"{plan.version}, tag {plan.tag}, content {plan.content_id[:12]}"),
        ("steps", ", ".join(plan.steps) or "none"),
    ):
        facts.add_row(name, Text(value))
    console.print(facts)
    table = Table(box=None, header_style="bold")
    table.add_column("file", overflow="fold")
    table.add_column("change", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    for file in plan.files[:_LISTED]:
        style = _STYLES[file.change]
        table.add_row(
            Text(file.path, style=style), Text(file.change, style=style), readable_bytes(file.bytes)
        )
    console.print(table)
    if len(plan.files) > _LISTED:
        console.print(f"… and {len(plan.files) - _LISTED} more files (--json lists all)")
    console.print(f"to send: {readable_bytes(plan.upload_bytes)}")
    for note in plan.notes:
        console.print(Text.assemble(("note: ", "bold yellow"), note))


def print_published(result: PublishResult) -> None:
    """What was done, and the next step."""
    plan = result.plan
    nothing = result.status == "planned" and not plan.steps
    text = _CLOSINGS["unchanged" if nothing else result.status].format(
        version=plan.version,
        tag=plan.tag,
        repository=plan.repository,
        pull_request=result.pull_request,
    )
    closing(text)


def readable_bytes(size: int) -> str:
    """A size in decimal units.

    >>> readable_bytes(999), readable_bytes(52_227), readable_bytes(3_400_000_000)
    ('999 B', '52.2 kB', '3.4 GB')
    """
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:  # noqa: PLR2004
            break
        value, unit = value / 1000, larger
    return f"{size} B" if unit == "B" else f"{value:.1f} {unit}"
