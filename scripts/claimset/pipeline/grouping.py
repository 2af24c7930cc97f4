"""Events: which articles belong together, suggested by likeness and confirmed by a person."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.intake.admission import slug
from claimset.intake.similarity import EventSuggestion, suggest_events
from claimset.models import Model
from claimset.seeds import corrected_manifest, read_articles
from claimset.storage.files import exclusive_lock, replace_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimset.storage.workspace import Workspace

__all__ = ["EventsResult", "events"]

_COMMAND = "claimset events"


class EventsResult(Model):
    """Events that seem to be one."""

    n_articles: int
    """Articles of the manifest."""
    n_events: int
    """Events they belong to."""
    suggestions: tuple[EventSuggestion, ...]
    """What could be joined, most certain first."""
    joined: tuple[str, ...]
    """Events that were joined into, as asked."""
    moved: tuple[str, ...]
    """Articles that were put into an event by name."""
    event_of_moved: str | None
    """That event."""


def events(
    workspace: Workspace,
    *,
    join: Sequence[str] = (),
    articles: Sequence[str] = (),
    into: str | None = None,
    threshold: float,
) -> EventsResult:
    """Suggest which events are one, and join those that a person confirmed or named.

    Args:
        workspace: Holds the articles.
        join: Suggestions to carry out, by ``event_id``; ``all`` for every one.
        articles: Articles to put together, by id or by a pattern such as ``*-fire``.
        into: The event they belong to, a new one or one that is there.
        threshold: Least similarity (cosine, 0 to 1).

    Raises:
        DataError: The manifest or an article is not as it must be.
        UsageError: There is no such suggestion or article, or another command is at work.
    """
    if bool(articles) != (into is not None):
        raise UsageError(
            "articles and the event they belong to are named together",
            where="option --into",
            remedy="write `claimset events ARTICLE… --into EVENT`; without either it suggests",
        )
    with exclusive_lock(workspace.lock, doing=_COMMAND):
        there = read_articles(workspace.seeds)
        moved = _named([article.article_id for article in there], articles)
        suggestions = [] if articles else suggest_events(there, threshold=threshold)
        chosen = _chosen(suggestions, join)
        event_of = {
            article_id: suggestion.event_id
            for suggestion in chosen
            for article_id in suggestion.article_ids
        }
        event_id = slug(into) if into is not None else None
        if event_id is not None:
            event_of |= dict.fromkeys(moved, event_id)
        if event_of:
            changes = {article: {"event_id": event} for article, event in event_of.items()}
            replace_file(workspace.manifest, corrected_manifest(workspace.manifest, changes))
    return EventsResult(
        n_articles=len(there),
        n_events=len({event_of.get(item.article_id, item.event_id) for item in there}),
        suggestions=tuple(suggestions),
        joined=tuple(suggestion.event_id for suggestion in chosen),
        moved=tuple(moved),
        event_of_moved=event_id,
    )


def _named(ids: list[str], patterns: Sequence[str]) -> list[str]:
    """The articles that ids and patterns name, in the manifest's order."""
    found: set[str] = set()
    for pattern in patterns:
        # An id has no characters that mean something in a pattern.
        fitting = [name for name in ids if fnmatchcase(name, pattern)]
        if not fitting:
            near = ", ".join(get_close_matches(pattern, ids, n=3)) or ", ".join(ids[:3])
            raise UsageError(
                f"no article is called {pattern!r}",
                where="argument ARTICLE",
                remedy=f"name its id or a pattern; there are for example {near}",
            )
        found.update(fitting)
    return [name for name in ids if name in found]


def _chosen(suggestions: list[EventSuggestion], join: Sequence[str]) -> list[EventSuggestion]:
    if "all" in join:
        return suggestions
    by_event = {suggestion.event_id: suggestion for suggestion in suggestions}
    unknown = [name for name in join if name not in by_event]
    if unknown:
        raise UsageError(
            f"no suggestion is called {unknown[0]!r}",
            where="option --join",
            remedy=f"use one of: {', '.join(by_event) or 'none, nothing is suggested'}",
        )
    return [by_event[name] for name in dict.fromkeys(join)]
