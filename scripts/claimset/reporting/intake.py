"""What came in, what did not and why, and which events may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claimset.counting import counted
from claimset.reporting.console import closing, stdout

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.pipeline.add_result import AddResult
    from claimset.pipeline.grouping import EventsResult
    from claimset.pipeline.initializing import InitResult

__all__ = ["print_added", "print_events", "print_init"]

_LISTED = 20
_LEAST_WIDTH = 18
"""Columns of an id: most are readable, and a title gives way to it."""


def print_init(result: InitResult, folder: Path) -> None:
    """The files of a new workspace, and how to go on."""
    schemas = [name for name in result.files if name.endswith(".schema.json")]
    for name in result.files:
        if name not in schemas:
            stdout().print(name, markup=False)
    if schemas:
        stdout().print(f"schemas/*.schema.json ({len(schemas)} files)", markup=False)
    closing(f"verdicts: {', '.join(result.labels)}")
    closing(
        f"workspace {result.workspace} (next: cd {folder} && claimset add FILE…, then "
        "claimset push; read schemas/guidelines.md and adapt it before people annotate)"
    )


def print_added(result: AddResult) -> None:
    """The articles that came in, with columns used, doubles and faults."""
    for name, columns in result.columns.items():
        used = ", ".join(f"{field} from {column!r}" for field, column in columns.items())
        closing(f"{name}: {used}")
    for name, left in result.unused.items():
        closing(
            f"{name}: not used: {', '.join(map(repr, left[:_LISTED]))}"
            + (" …" if len(left) > _LISTED else "")
            + "; --column FIELD=COLUMN takes one, for example --column event_id=COLUMN"
        )
    if result.added:
        _print_articles(result)
    for changed in result.updated[:_LISTED]:
        closing(f"updated: {changed.article_id}: {', '.join(changed.fields)}")
    _print_rest(result.n_updated)
    for same in result.same[:_LISTED]:
        closing(f"left out: {same.source} has the text of {same.article_id}")
    _print_rest(result.n_same)
    for fault in result.faults[:_LISTED]:
        closing(f"left out: {fault.where}: {fault.problem}")
    _print_rest(result.n_faults)
    _print_notes(result)
    would = "would be added" if result.dry_run else "added"
    closing(
        f"{counted(result.n_added, 'article')} {would}, "
        + (f"{result.n_updated} updated, " if result.n_updated else "")
        + f"{result.n_same} there already, {result.n_faults} faulty -> seeds/"
        + _what_next(result)
    )


def _print_rest(number: int) -> None:
    if number > _LISTED:
        closing(f"… and {number - _LISTED} more (--json lists them)")


def _what_next(result: AddResult) -> str:
    if result.dry_run:
        return " (nothing was written)"
    if result.n_same and not (result.n_added or result.n_updated):
        return " (--update corrects what is said of those that are there)"
    return " (next: claimset push, which segments them first)"


def _print_articles(result: AddResult) -> None:
    table = Table(box=None, header_style="bold")
    first = result.added[:_LISTED]
    grouped = any(article.event_id != article.article_id for article in first)
    for name in ("article", "event") if grouped else ("article",):
        table.add_column(name, overflow="ellipsis", no_wrap=True, min_width=_LEAST_WIDTH)
    table.add_column("characters", justify="right", no_wrap=True)
    table.add_column("title", overflow="ellipsis", no_wrap=True, ratio=1)
    for article in first:
        # Text, not markup: all of it comes from outside.
        names = [Text(article.article_id), *([Text(article.event_id)] if grouped else [])]
        table.add_row(*names, str(article.code_points), Text(article.title))
    stdout().print(table)
    if result.n_added > _LISTED:
        stdout().print(f"… and {result.n_added - _LISTED} more (--json lists them)")


def _print_notes(result: AddResult) -> None:
    """What somebody should know who believes that all is well."""
    if result.ignored:
        shown = ", ".join(result.ignored[:_LISTED])
        closing(f"{len(result.ignored)} files have an ending that cannot be read: {shown}")
    for tag, count in result.assumed.items():
        taken = "taken for English" if tag == "en" else "entered as not known"
        closing(
            f"language: {counted(count, 'article')} without a language of "
            f"{'its' if count == 1 else 'their'} own, {taken} ({tag}); where that is wrong, "
            "add the same files again with --language TAG --update"
        )
    if result.alone and result.n_added:
        closing(
            f"events: {counted(result.alone, 'article')} of the workspace without another one of "
            "the same event, so without a source to be checked against; `claimset events` "
            "suggests which belong together, `claimset events ARTICLE… --into EVENT` says it"
        )


def print_events(result: EventsResult) -> None:
    """Suggestions with what brought them about."""
    for suggestion in result.suggestions:
        mark = "joined" if suggestion.event_id in result.joined else "may be one"
        stdout().print(
            f"{suggestion.event_id}: {len(suggestion.article_ids)} articles {mark} "
            f"(likeness {suggestion.score:.2f}: {', '.join(suggestion.shared)})",
            markup=False,
        )
        for article_id in suggestion.article_ids[:_LISTED]:
            stdout().print(f"  {article_id}", markup=False)
        if len(suggestion.article_ids) > _LISTED:
            more = len(suggestion.article_ids) - _LISTED
            stdout().print(f"  … and {more} more (--json lists them)")
    for article_id in result.moved:
        stdout().print(f"{article_id} -> {result.event_of_moved}", markup=False)
    waiting = [s.event_id for s in result.suggestions if s.event_id not in result.joined]
    closing(
        f"{counted(result.n_articles, 'article')} of {counted(result.n_events, 'event')}"
        + (
            f", {counted(len(waiting), 'suggestion')} (carry one out with --join EVENT, or --join "
            "all; `claimset events ARTICLE… --into EVENT` puts articles together yourself)"
            if waiting and not result.moved
            else _after_events(result)
        )
    )


def _after_events(result: EventsResult) -> str:
    if result.joined or result.moved:
        return " (next: claimset push)"
    return ", nothing to suggest (`claimset events ARTICLE… --into EVENT` puts articles together)"
