"""Parts: adjacent sentences that together tell again what one other sentence tells.

"The minister said A and assured the union that B." comes back as "The minister said A. He assured
the union that B." Neither sentence repeats the first one, both together do. Such links are partial:
what holds of the whole need not hold of a part, and the parts may add things.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from claimset.segmentation.blocking import LONGEST
from claimset.segmentation.contradictions import align
from claimset.segmentation.opposites import are_opposed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimset.segmentation.wording import Wording

__all__ = ["find_parts"]

_TOLD: Final = 0.8
"""Share of the whole's content words that its parts tell together at least."""

_OWN: Final = 0.25
"""Share of the whole's content words that each part tells and no other part does, at least."""

_FEWEST: Final = 10
"""Content words of a whole; a shorter sentence is not told in parts."""

_CROWD: Final = 64
"""A word that more sentences of the article hold says little of which belong together."""

_MOST_PARTS: Final = 3


class _Told(NamedTuple):
    """What of the whole a part tells."""

    shared: frozenset[int]
    """Places of the whole's words."""
    extra: frozenset[int]
    """Places of the part's other words."""


def find_parts(
    wordings: Sequence[Wording],
) -> Iterator[tuple[int, tuple[tuple[int, float], ...]]]:
    """Find the sentences of an article that are told again in two or three adjacent sentences.

    All names, numbers and negations of the whole must be told, and no part may add a number or a
    negation, so together they say no more of these than the whole does.

    Args:
        wordings: The claims of one article in text order.

    Yields:
        Index of a whole, and its parts with the share of its content words that each tells.
    """
    holders = _holders(wordings)
    for whole, wording in enumerate(wordings):
        size = len(wording.content)
        if size < _FEWEST or not _is_usable(wording):
            continue
        shares = Counter(chain.from_iterable(filter(None, map(holders.get, wording.content))))
        near = {index for index, share in shares.items() if share >= _OWN * size} - {whole}
        parts = _parts_of(whole, wordings, near, holders)
        if parts:
            yield whole, parts


def _is_usable(wording: Wording) -> bool:
    return wording.is_comparable and len(wording.keys) <= LONGEST


def _holders(wordings: Sequence[Wording]) -> dict[str, list[int]]:
    """The sentences that hold each content word, for words that several hold, but few."""
    holders: dict[str, list[int]] = defaultdict(list)
    for index, wording in enumerate(wordings):
        if _is_usable(wording):
            for key in wording.content:
                holders[key].append(index)
    return {key: found for key, found in holders.items() if 1 < len(found) <= _CROWD}


def _parts_of(
    whole: int,
    wordings: Sequence[Wording],
    near: set[int],
    holders: dict[str, list[int]],
) -> tuple[tuple[int, float], ...]:
    content = wordings[whole].content
    for first in sorted(near):
        for count in range(2, _MOST_PARTS + 1):
            run = range(first, first + count)
            if not near.issuperset(run):
                break
            told_words = content.intersection(
                key for index in run for key in wordings[index].content if key in holders
            )
            if len(told_words) < _TOLD * len(content):
                continue
            told = [_told(wordings[whole], wordings[index]) for index in run]
            if _together(wordings[whole], [wordings[index] for index in run], told):
                scores = (_share(wordings[whole], item.shared) for item in told)
                return tuple(zip(run, scores, strict=True))
    return ()


def _told(whole: Wording, part: Wording) -> _Told:
    alignment = align(whole, part)
    return _Told(frozenset(here for here, _ in alignment.pairs), alignment.extra[1])


def _share(whole: Wording, places: frozenset[int]) -> float:
    said = [place for place in range(len(whole.keys)) if whole.says(place)]
    return round(sum(place in places for place in said) / len(said), 4)


def _together(whole: Wording, parts: Sequence[Wording], told: Sequence[_Told]) -> bool:
    every = frozenset().union(*(item.shared for item in told))
    if _share(whole, every) < _TOLD:
        return False
    for item in told:
        others = frozenset().union(*(other.shared for other in told if other is not item))
        if _share(whole, item.shared - others) < _OWN:
            return False
    kept = whole.names | whole.numbers | whole.polarity.keys() | whole.certain
    if not kept <= every:
        return False
    untold = {key for place, key in enumerate(whole.keys) if place not in every}
    for part, item in zip(parts, told, strict=True):
        if item.extra & (part.numbers | part.polarity.keys() | part.certain):
            return False
        added = {part.keys[place] for place in item.extra}
        if any(are_opposed(one, other) for one in untold for other in added):
            return False
    return True
