"""Events: which articles belong together, suggested by likeness and confirmed by a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.intake.similarity import EventSuggestion, suggest_events
from claimset.models import Model
from claimset.seeds import read_articles, read_manifest
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


def events(workspace: Workspace, *, join: Sequence[str] = (), threshold: float) -> EventsResult:
    """Suggest which events are one, and join those that a person confirmed.

    Args:
        workspace: Holds the articles.
        join: Suggestions to carry out, by ``event_id``; ``all`` for every one.
        threshold: Least similarity (cosine, 0 to 1).

    Raises:
        DataError: The manifest or an article is not as it must be.
        UsageError: There is no such suggestion, or another command is at work.
    """
    with exclusive_lock(workspace.lock, doing=_COMMAND):
        articles = read_articles(workspace.seeds)
        suggestions = suggest_events(articles, threshold=threshold)
        chosen = _chosen(suggestions, join)
        if chosen:
            _write_events(workspace, chosen)
    return EventsResult(
        n_articles=len(articles),
        n_events=len({article.event_id for article in articles}),
        suggestions=tuple(suggestions),
        joined=tuple(suggestion.event_id for suggestion in chosen),
    )


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


def _write_events(workspace: Workspace, chosen: list[EventSuggestion]) -> None:
    """Change the one field in the lines concerned; every other byte of the manifest stays."""
    event_of = {
        article_id: suggestion.event_id
        for suggestion in chosen
        for article_id in suggestion.article_ids
    }
    lines = workspace.manifest.read_bytes().decode("utf-8").split("\n")
    for number, row in read_manifest(workspace.manifest):
        event_id = event_of.get(row.article_id)
        if event_id is not None and event_id != row.event_id:
            line = json.loads(lines[number - 1].removeprefix("\ufeff"))
            lines[number - 1] = json.dumps(line | {"event_id": event_id}, ensure_ascii=False)
    replace_file(workspace.manifest, "\n".join(lines).encode("utf-8"))
