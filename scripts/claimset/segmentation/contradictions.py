"""What forbids that two sentences are tellings of the same: a difference that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from claimset.segmentation.opposites import are_opposed

if TYPE_CHECKING:
    from claimset.segmentation.wording import Wording

__all__ = ["Alignment", "align", "difference"]

_WORDS_OF_A_PHRASE: Final = 2

_WORDS_PER_EXCHANGE: Final = 12
"""Content words that a sentence must have for each other word put in the place of one of them."""

_VERB_ENDINGS: Final = ("ed", "ing")
_SHORTEST_VERB: Final = 5


class Alignment(NamedTuple):
    """Which words of two sentences stand for each other, in order."""

    pairs: tuple[tuple[int, int], ...]
    """Places of equal words in the first and in the second sentence."""
    extra: tuple[frozenset[int], frozenset[int]]
    """Places of the words that only one of them has, for each."""


def align(one: Wording, other: Wording) -> Alignment:
    """The longest common subsequence of two sentences' words.

    Its result is the same whichever sentence comes first: the texts are brought in a fixed order.
    """
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415 - `import claimset` stays light

    swapped = (other.keys, other.text) < (one.keys, one.text)
    first, second = (other, one) if swapped else (one, other)
    pairs = [
        pair
        for block in LCSseq.opcodes(first.keys, second.keys).as_matching_blocks()
        for pair in zip(
            range(block.a, block.a + block.size),
            range(block.b, block.b + block.size),
            strict=True,
        )
    ]
    if swapped:
        pairs = [(there, here) for here, there in pairs]
    return Alignment(
        tuple(pairs),
        (
            frozenset(range(len(one.keys))) - {here for here, _ in pairs},
            frozenset(range(len(other.keys))) - {there for _, there in pairs},
        ),
    )


def difference(one: Wording, other: Wording) -> str | None:
    """Why two sentences cannot tell the same, in words; ``None`` when nothing speaks against it.

    Differences in numbers, dates, negation and quantity always count, those in names outside a
    phrase set off by commas that the other sentence lacks altogether ("the Home Secretary, Suella
    Braverman, ..."), and likewise words exchanged for their opposites, words moved to another
    place, a change from active to passive voice, and things put in the place of other things: a
    verb may be told by another verb of the same form ("trying to", "attempting to"), but "a star's
    size" is not "a star's temperature". Tense and modal verbs do not count.

    The decision is symmetric. It speaks of words, not of meaning: that nothing is found does not
    say that two sentences mean the same.
    """
    if one.strict != other.strict:
        return "number, negation or quantity"
    if _lacks_name(one, other) or _lacks_name(other, one):
        return "name"
    alignment = align(one, other)
    return _difference_in_words(one, other, alignment) or _difference_in_phrases(
        one, other, alignment
    )


def _difference_in_words(one: Wording, other: Wording, alignment: Alignment) -> str | None:
    here, there = (
        {wording.keys[place] for place in extra}
        for wording, extra in zip((one, other), alignment.extra, strict=True)
    )
    if any(_counts(one, place) for place in alignment.extra[0] if one.keys[place] in there):
        return "a word in another place"
    if any(
        one.form(place) != other.form(counterpart)
        for place, counterpart in alignment.pairs
        if place in one.names or counterpart in other.names
    ):
        return "name"
    if any(are_opposed(word, rival) for word in here for rival in there):
        return "opposite words"
    return None


def _difference_in_phrases(one: Wording, other: Wording, alignment: Alignment) -> str | None:
    sides = (one, alignment.extra[0]), (other, alignment.extra[1])
    added = [_added_phrases(wording, extra) for wording, extra in sides]
    outside = [
        {place for place in extra if wording.segment(place) not in phrases}
        for (wording, extra), phrases in zip(sides, added, strict=True)
    ]
    if one.names & outside[0] or other.names & outside[1] or _rival_names(sides, added):
        return "name"
    if one.certain & outside[0] or other.certain & outside[1]:
        return "a word that changes who is meant"
    if any(_changes_voice(*side, rest) for side, rest in zip(sides, outside, strict=True)):
        return "active and passive voice"
    allowed = min(len(one.content), len(other.content)) // _WORDS_PER_EXCHANGE
    if _exchanged(one, other, alignment.pairs, outside) > allowed:
        return "other things in the same place"
    return None


def _lacks_name(one: Wording, other: Wording) -> bool:
    """Whether a sentence lacks a name that the other has in a stretch which it tells in part.

    It needs no alignment, and most pairs that look alike and are not differ in this.
    """
    return any(
        name not in other.content and not stretch.isdisjoint(other.content)
        for name, stretch in one.named_stretches
    )


def _exchanged(
    one: Wording,
    other: Wording,
    pairs: tuple[tuple[int, int], ...],
    outside: list[set[int]],
) -> int:
    """How many content words stand where the other sentence has different ones."""
    total = 0
    here = there = -1
    for next_here, next_there in (*pairs, (len(one.keys), len(other.keys))):
        gap = [
            [
                wording.form(place)
                for place in range(start + 1, end)
                if place in extra and wording.says(place)
            ]
            for wording, start, end, extra in (
                (one, here, next_here, outside[0]),
                (other, there, next_there, outside[1]),
            )
        ]
        if all(gap):
            total += max(map(len, gap)) - _is_other_verb(*gap)
        here, there = next_here, next_there
    return total


def _is_other_verb(gap: list[str], other_gap: list[str]) -> bool:
    return any(
        len(word) >= _SHORTEST_VERB <= len(other)
        and word.endswith(ending)
        and other.endswith(ending)
        for ending in _VERB_ENDINGS
        for word in gap
        for other in other_gap
    )


def _counts(wording: Wording, place: int) -> bool:
    return wording.says(place) or place in wording.polarity or place in wording.numbers


def _added_phrases(wording: Wording, extra: frozenset[int]) -> dict[int, set[int]]:
    """Stretches between commas of which the other sentence has no word, with their places."""
    stretches: dict[int, set[int]] = {}
    for place in range(len(wording.keys)):
        stretches.setdefault(wording.segment(place), set()).add(place)
    return {number: places for number, places in stretches.items() if places <= extra}


def _rival_names(
    sides: tuple[tuple[Wording, frozenset[int]], tuple[Wording, frozenset[int]]],
    added: list[dict[int, set[int]]],
) -> bool:
    """Whether both sentences add a name, and one of them as little more than that name."""
    named = [
        [places for places in phrases.values() if places & wording.names]
        for (wording, _), phrases in zip(sides, added, strict=True)
    ]
    if not all(named):
        return False
    return any(
        sum(wording.says(place) for place in places - wording.names) < _WORDS_OF_A_PHRASE
        for (wording, _), stretches in zip(sides, named, strict=True)
        for places in stretches
    )


def _changes_voice(wording: Wording, extra: frozenset[int], outside: set[int]) -> bool:
    """Whether a form of "be" that the other sentence lacks stands before a word they share."""
    for place in outside:
        if wording.keys[place] != "be":
            continue
        after = place + 1
        while after < len(wording.keys) and wording.form(after).endswith("ly"):
            after += 1
        if (
            after < len(wording.keys)
            and after not in extra
            and wording.says(after)
            and not wording.form(after).endswith("ing")
        ):
            return True
    return False
