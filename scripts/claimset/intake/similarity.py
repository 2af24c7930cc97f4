"""Similarity: which articles seem to report the same happening, for a person to confirm."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from claimset.models import Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimset.models import Article

__all__ = ["EventSuggestion", "suggest_events"]

_WORD = re.compile(r"[^\W\d_]{4,}|\d{2,}")
_TERMS = 60
"""Terms that stand for an article: those that weigh most."""
_COMMON = 50
"""A term that more articles share than this brings nobody together: it keeps the cost linear."""
_UNSEEN = 100
"""Articles taken to be elsewhere: among three of one kind, a word in all three is still rare."""
_LEAST_SHARED = 3
_DAYS = 14
"""Articles further apart than this do not report the same happening."""


class EventSuggestion(Model):
    """Articles of several events that seem to report one happening."""

    event_id: str
    """The event that they would share: that of the first article."""
    article_ids: tuple[str, ...]
    """The articles, in manifest order."""
    score: float
    """Lowest similarity by which one of them was joined (cosine, 0 to 1)."""
    shared: tuple[str, ...]
    """Words that brought them together, heaviest first."""


class _Vector(NamedTuple):
    weights: dict[str, float]
    day: int | None


def suggest_events(
    articles: Iterable[Article], *, threshold: float = 0.15
) -> list[EventSuggestion]:
    """Find articles of different events that share their rare words.

    Each article is a vector of its heaviest words (tf-idf; Salton and Buckley 1988,
    doi:10.1016/0306-4573(88)90021-0). Pairs are looked for among articles that share a word which
    few articles have, so the cost grows with the articles and not with their pairs. Pairs above
    the threshold are joined, with all articles of the events they belong to.

    Args:
        articles: Articles in manifest order.
        threshold: Least cosine similarity (0 to 1) of a pair.

    Returns:
        Suggestions, most certain first. Nothing is changed.
    """
    known = list(articles)
    vectors = _vectors(known)
    parent = list(range(len(known)))
    by_event: dict[str, int] = {}
    for number, article in enumerate(known):
        parent[number] = by_event.setdefault(article.event_id, number)
    joined: list[tuple[int, int, float, list[str]]] = []
    for first, second, score, shared in _pairs(vectors, threshold):
        if known[first].event_id != known[second].event_id:
            _join(parent, first, second)
            joined.append((first, second, score, shared))
    groups: dict[int, list[int]] = defaultdict(list)
    for number in range(len(known)):
        groups[_root(parent, number)].append(number)
    evidence: dict[int, list[tuple[float, list[str]]]] = defaultdict(list)
    for first, _, score, shared in joined:
        evidence[_root(parent, first)].append((score, shared))
    suggestions = [
        EventSuggestion(
            event_id=known[groups[root][0]].event_id,
            article_ids=tuple(known[number].article_id for number in groups[root]),
            score=round(min(score for score, _ in found), 3),
            shared=tuple(dict.fromkeys(word for _, words in found for word in words))[:8],
        )
        for root, found in evidence.items()
    ]
    return sorted(suggestions, key=lambda suggestion: (-suggestion.score, suggestion.event_id))


def _vectors(articles: list[Article]) -> list[_Vector]:
    counts = [Counter(word.casefold() for word in _WORD.findall(a.text)) for a in articles]
    spread = Counter(word for count in counts for word in count)
    vectors = []
    for article, count in zip(articles, counts, strict=True):
        weights = {
            word: (1 + math.log(times)) * math.log(1 + (len(articles) + _UNSEEN) / spread[word])
            for word, times in count.items()
        }
        heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        # A word that no other article has can bring nobody together, but it makes them differ.
        length = math.sqrt(sum(weight**2 for _, weight in heaviest[:_TERMS])) or 1.0
        day = article.published_at.toordinal() if article.published_at else None
        vectors.append(_Vector({word: w / length for word, w in heaviest[:_TERMS]}, day))
    return vectors


def _pairs(vectors: list[_Vector], threshold: float) -> Iterator[tuple[int, int, float, list[str]]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for word in vector.weights:
            holders[word].append(number)
    for number, vector in enumerate(vectors):
        near = {
            other
            for word in vector.weights
            if len(holders[word]) <= _COMMON
            for other in holders[word]
            if other > number
        }
        for other in sorted(near):
            there = vectors[other]
            if vector.day is not None and there.day is not None:  # noqa: SIM102 - two thoughts
                if abs(vector.day - there.day) > _DAYS:
                    continue
            shared = [word for word in vector.weights if word in there.weights]
            score = sum(vector.weights[word] * there.weights[word] for word in shared)
            if len(shared) >= _LEAST_SHARED and score >= threshold:
                yield number, other, score, shared


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


def _join(parent: list[int], first: int, second: int) -> None:
    one, two = sorted((_root(parent, first), _root(parent, second)))
    parent[two] = one
