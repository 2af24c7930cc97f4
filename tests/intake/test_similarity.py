"""Similarity: articles on one happening are suggested, and nothing else is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from claimset.intake.similarity import suggest_events
from claimset.seeds import read_articles

if TYPE_CHECKING:
    from claimset.models import Article

REPOSITORY = Path(__file__).parents[2]


def apart() -> list[Article]:
    """The seed articles, each in an event of its own."""
    articles = read_articles(REPOSITORY / "seeds")
    return [a.model_copy(update={"event_id": a.article_id}) for a in articles]


def other(number: int, text: str) -> Article:
    base = apart()[0]
    name = f"other{number}"
    return base.model_copy(update={"article_id": name, "event_id": name, "text": text})


UNRELATED = [
    "Wheat prices rose after frost damaged the harvest across the northern plains, growers said.",
    "The museum will show forty paintings by the Dutch master until spring, curators announced.",
    "Engineers tested a tidal turbine near the islands, and its blades turned for nine days.",
]


def test_the_seeds_are_one_event() -> None:
    articles = [*apart(), *(other(n, text) for n, text in enumerate(UNRELATED))]
    (suggestion,) = suggest_events(articles)
    assert [name[:3] for name in suggestion.article_ids] == ["000", "001", "002"]
    assert {"civil", "servants"} <= set(suggestion.shared)


def test_articles_of_one_event_are_not_suggested_again() -> None:
    assert suggest_events(read_articles(REPOSITORY / "seeds")) == []


def test_days_keep_happenings_apart() -> None:
    first, second, _ = apart()
    early = first.model_copy(update={"published_at": date(2023, 1, 1)})
    late = second.model_copy(update={"published_at": date(2023, 3, 14)})
    assert suggest_events([early, late]) == []


def test_a_joined_article_brings_its_event_along() -> None:
    first, second, third = apart()
    together = third.model_copy(update={"event_id": second.event_id})
    (suggestion,) = suggest_events([first, second, together], threshold=0.3)
    assert suggestion.article_ids == (first.article_id, second.article_id, third.article_id)
