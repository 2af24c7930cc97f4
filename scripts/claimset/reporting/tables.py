"""What a step did, as a short table and a closing line that names the next step."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claimset.counting import counted
from claimset.models import UnitKind
from claimset.reporting.console import closing, stdout
from claimset.reporting.proposals import print_proposals

if TYPE_CHECKING:
    from claimset.labelstudio.pulling import PullResult
    from claimset.labelstudio.pushing import PushResult
    from claimset.pipeline.segmenting import ArticleCounts, SegmentResult
    from claimset.release.builder import BuildResult
    from claimset.release.changes import Relabelled

__all__ = [
    "print_build",
    "print_list",
    "print_pull",
    "print_pulled",
    "print_push",
    "print_segment",
    "print_segment_table",
]

_MANY = re.compile(r"^((?:doubled )?(?:annotation|decision|claim|task))s( are| were|)\b")
_ONE = {" are": " is", " were": " was"}
_LISTED = 10
_LISTED_ARTICLES = 40


def print_segment(result: SegmentResult) -> None:
    """Units of each article, and what changed since the last run."""
    print_segment_table(result)
    for entry in result.quarantined[:_LISTED]:
        closing(f"left out: {', '.join(entry.article_ids)}: {entry.problem}")
    if result.quarantined:
        closing(f"{len(result.quarantined)} left out in all -> .claimset/quarantine.jsonl")
    print_proposals(result)
    if result.neutral:
        named = ", ".join(f"{count} in {tag}" for tag, count in result.neutral.items())
        closing(
            f"language: {named}: cut by layout and punctuation alone, so that their claims have "
            "no speakers and no check-worthiness (those rules are for English)"
        )
    if result.undeclared:
        closing(
            f"language: {result.undeclared} articles name none in seeds/manifest.jsonl and were "
            'read as English; write "language" there ("und" if it is not known)'
        )
    closing(
        f"{result.claims} claims ({result.kept} kept, {result.moved} moved, "
        f"{result.new} new, {result.gone} gone)"
        + (f", {result.clauses} clauses" if result.clauses is not None else "")
        + f" and {result.candidates} evidence candidates -> .claimset/ (next: claimset push)"
    )


def print_segment_table(result: SegmentResult) -> None:
    """Units of each article."""
    table = Table(box=None, header_style="bold")
    table.add_column("article", overflow="fold")
    for name in ("characters", "units", "claims"):
        table.add_column(name, justify="right")
    table.add_column("other units")
    for article in result.articles[:_LISTED_ARTICLES]:
        # Text, not markup: an article id comes from outside.
        table.add_row(Text(article.article_id), *_cells(article))
    stdout().print(table)
    hidden = result.n_articles - min(len(result.articles), _LISTED_ARTICLES)
    if hidden > 0:
        stdout().print(f"… and {hidden} more articles (--json lists all)")


def _cells(article: ArticleCounts) -> list[str]:
    others = [
        f"{count} {kind}" for kind, count in article.units.items() if kind is not UnitKind.CLAIM
    ]
    return [
        str(article.code_points),
        str(sum(article.units.values())),
        str(article.units.get(UnitKind.CLAIM, 0)),
        ", ".join(others),
    ]


def print_push(result: PushResult, *, own_studio: bool = False) -> None:
    """New, unchanged, changed and orphaned tasks, and how to go on."""
    sent = "would be sent" if result.dry_run else "sent"
    table = Table(box=None, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_row(str(result.sent), sent)
    if result.found:
        table.add_row(str(result.found), "found in Label Studio and recorded")
    table.add_row(str(result.unchanged), "unchanged")
    table.add_row(str(len(result.changed)), "changed: context, sources or candidates differ")
    table.add_row(str(len(result.orphaned)), "orphaned: no longer a claim, or not selected")
    if result.known:
        table.add_row(str(result.known), "of the round's tasks have a known answer: no votes")
    if result.repeated:
        table.add_row(str(result.repeated), "of the round's tasks ask for a claim a second time")
    if result.kept:
        table.add_row(str(result.kept), "places there kept for who answered the first time")
    stdout().print(table)
    would = "would be" if result.dry_run else "were"
    if result.revised:
        print_list(
            f"changed claims have answers: a new task {would} made, the old answers stay with "
            "the old text and are no votes:",
            result.revised,
        )
    print_list("doubled tasks were removed:", tuple(map(str, result.doubled)))
    print_list(
        "the project was made more than once; these are empty and were set aside (delete them when "
        "nobody is labelling):",
        tuple(map(str, result.doubled_projects)),
    )
    print_list("doubles that hold answers or tasks stay; a person must tell:", result.unresolved)
    if result.dry_run:
        closing("nothing was sent (next: claimset push)")
    else:
        total = result.sent + result.found + result.unchanged
        closing(
            f"{total} tasks in project {result.project_id}, round {result.round} "
            f"(next: {'`claimset studio` to ' if own_studio else ''}annotate, then claimset pull)"
        )


def print_pull(result: PullResult) -> None:
    """What changed, who answered, and what cannot be used."""
    table = Table(box=None, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for name in ("new", "edited", "deleted", "unchanged"):
        table.add_row(str(getattr(result, name)), name)
    stdout().print(table)
    if result.reread is not None:
        stdout().print(f"{result.reread}; what came since then was read again", markup=False)
    for annotator, count in result.submitted_by.items():
        stdout().print(f"  {annotator}: {count} submitted", markup=False)
    print_list("cannot be used as they stand:", result.rejected)
    if result.returnable:
        stdout().print(
            f"{_breaking(result.returnable)} of the answer: their annotators can mend them "
            "(claimset returns)"
        )
    known = frozenset(result.seen_before)
    _print_news("used after a slip of positions was corrected", result.corrected, known)
    if result.superseded:
        stdout().print(f"{result.superseded} answers were given to an old text and are no votes")
    twice = "tasks answered twice by one person (the latest counts)"
    _print_news(twice, result.answered_twice, known)
    _print_news("tasks answered by more people than asked", result.above_overlap, known)
    print_list("tasks that claimset did not make:", tuple(map(str, result.foreign_tasks)))
    print_list("tasks are there twice (the next push mends it):", result.doubled_tasks)
    print_list("tasks deleted in Label Studio:", tuple(map(str, result.deleted_tasks)))
    if result.adjudication is not None:
        found = result.adjudication
        stdout().print(
            f"adjudication: {found.new} new decisions, {found.edited} edited, {found.deleted} "
            "deleted",
            markup=False,
        )
        print_list("decisions cannot be used as they stand:", found.rejected)
        if found.returnable:
            stdout().print(
                f"{_breaking(found.returnable)} of the answer: their adjudicators can mend them "
                "(claimset returns)"
            )
    closing(
        f"{sum(result.submitted_by.values())} submitted annotations of {result.tasks} tasks -> "
        f".claimset/ledger.sqlite3 (next: {_after_pull(result)})"
    )


def _breaking(number: int) -> str:
    return f"{number} of them {'breaks' if number == 1 else 'break'} a rule"


def _after_pull(result: PullResult) -> str:
    adjudication = result.adjudication
    broken = result.returnable or (adjudication is not None and adjudication.returnable)
    return "claimset returns" if broken else "claimset status, which says what is open"


def print_pulled(result: PullResult, before: PullResult) -> None:
    """What one pull of many brought, as a line, and what cannot be used since then."""
    decided, decided_before = result.adjudication, before.adjudication
    parts = _counts(result, "")
    if decided is not None:
        parts += _counts(decided, " decisions")
    total = sum(result.submitted_by.values())
    moment = datetime.now().astimezone().strftime("%H:%M:%S")
    stdout().print(
        f"{moment}  {', '.join(parts) or 'tasks changed'}; {total} submitted annotations",
        markup=False,
    )
    if result.reread is not None:
        stdout().print(f"{result.reread}; what came since then was read again", markup=False)
    known = set(before.rejected)
    print_list(
        "cannot be used as they stand:",
        tuple(item for item in result.rejected if item not in known),
    )
    known = set() if decided_before is None else set(decided_before.rejected)
    print_list(
        "decisions cannot be used as they stand:",
        () if decided is None else tuple(item for item in decided.rejected if item not in known),
    )


def _counts(result: PullResult, what: str) -> list[str]:
    return [
        f"{count} {name}{what.removesuffix('s') if count == 1 else what}"
        for name in ("new", "edited", "deleted")
        if (count := getattr(result, name))
    ]


def print_list(heading: str, items: tuple[str, ...]) -> None:
    """A heading with the number of items, and the first of them; nothing when there are none."""
    if not items:
        return
    if len(items) == 1:
        heading = _MANY.sub(lambda found: f"{found[1]}{_ONE.get(found[2], found[2])}", heading)
        heading = heading.replace(" do not ", " does not ")
    stdout().print(f"{len(items)} {heading}", markup=False)
    for item in items[:_LISTED]:
        stdout().print(f"  {item}", markup=False, soft_wrap=True)
    if len(items) > _LISTED:
        stdout().print(f"  … and {len(items) - _LISTED} more (--json lists all)")


def _print_news(heading: str, items: tuple[str, ...], known: frozenset[str]) -> None:
    """As :func:`print_list`, where what is known already is counted and not listed."""
    news = tuple(item for item in items if item not in known)
    if news:
        print_list(f"{heading}:", news)
    if len(news) < len(items):
        more = " more" if news else ""
        stdout().print(f"{len(items) - len(news)}{more} {heading}, as before (--json lists them)")


def print_build(result: BuildResult) -> None:
    """What the release holds."""
    table = Table(box=None, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for name, count in result.counts.items():
        table.add_row(str(count), name.replace("_", " "))
    stdout().print(table)
    if result.changes is not None:
        print_list(
            "claims relabelled:", tuple(_relabelled(item) for item in result.changes.relabelled)
        )
        for name in ("claims", "annotations", "articles"):
            rows = getattr(result.changes, name)
            for what in ("added", "removed", "changed"):
                if getattr(rows, what):
                    stdout().print(f"{counted(len(getattr(rows, what)), name[:-1])} {what}")
    left_out = tuple(f"{item.annotation_id}: {item.reason}" for item in result.left_out)
    print_list("annotations left out:", left_out)
    if result.status == "unchanged":
        closing(
            f"nothing changed: dataset/ already holds {result.version} "
            f"(content {result.content_id[:12]})"
        )
    else:
        closing(
            f"release {result.version} -> dataset/ (content {result.content_id[:12]}; "
            'next: load_dataset("dataset"))'
        )


def _relabelled(item: Relabelled) -> str:
    return f"{item.claim_id}: {item.before} -> {item.after}"
