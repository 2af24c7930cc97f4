"""Blocking: which sentences are compared at all, so that the cost stays near linear.

Two sentences are compared only if they hold the same numbers and the same negations, and share one
of the rarer words of each. By prefix filtering (Chaudhuri, Ganti and Kaushik 2006,
doi:10.1109/ICDE.2006.9; Bayardo, Ma and Srikant 2007, doi:10.1145/1242572.1242591) the second
condition loses no pair that shares enough words; only in a crowd of sentences with the very same
rare words are those left out that stand far from one another.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimset.segmentation.wording import Wording

__all__ = ["LONGEST", "SHARED", "comparable_pairs"]

SHARED: Final = 0.6
"""Share of the wordier sentence's content words that two retellings have in common at least."""

LONGEST: Final = 300
"""Words; a longer sentence is compared only as a whole, for aligning words is quadratic."""

_FEWEST: Final = 5
"""Content words; shorter sentences look alike whatever they say."""

_CROWD: Final = 12
"""How many sentences with a rare word are looked at from either end of the list."""


def comparable_pairs(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Pairs of sentences that may be retellings of one another.

    Args:
        wordings: Sentences of one event in a fixed order.

    Yields:
        Indexes of two sentences, the earlier one first; each pair once, in a fixed order.
    """
    blocks: dict[object, list[int]] = defaultdict(list)
    for index, wording in enumerate(wordings):
        if (
            wording.is_comparable
            and len(wording.content) >= _FEWEST
            and len(wording.keys) <= LONGEST
        ):
            blocks[wording.strict].append(index)
    for members in blocks.values():
        if len(members) > 1:
            yield from _pairs_of_block(wordings, members)


def _pairs_of_block(
    wordings: Sequence[Wording], members: Sequence[int]
) -> Iterator[tuple[int, int]]:
    spread = Counter(key for index in members for key in wordings[index].content)
    holders: dict[str, list[int]] = defaultdict(list)
    for index in members:
        content = wordings[index].content
        rarest = sorted(content, key=lambda key: (spread[key], key))
        prefix = rarest[: len(content) - math.ceil(SHARED * len(content)) + 1]
        met: set[int] = set()
        for key in prefix:
            if spread[key] == 1:
                continue
            earlier = holders[key]
            met.update(earlier[:_CROWD], earlier[-_CROWD:])
            earlier.append(index)
        for other in sorted(met):
            theirs = wordings[other].content
            if len(content & theirs) >= SHARED * max(len(content), len(theirs)):
                yield other, index
