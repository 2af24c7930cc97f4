"""The passage of the sources that is nearest to a quotation, and what differs, in words."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

from claimset.evidence.reading import WORD
from claimset.evidence.sources import Passage, Sources, folded, key_of
from claimset.evidence.words import STOP_WORDS
from claimset.models import QuoteOutcome

__all__ = ["Nearest", "Quote", "find_nearest", "in_words", "listed", "read_quote"]

_COMPARED_WORDS = 200
_ANCHORS = 8
_PLACES = 40  # of each anchor
_WINDOWS = 3
_LEAST_TELLING = 2
_LOST_SHARE = 0.34
_END_WEIGHT = 2
_END_WORDS = 2
_MATCHED_SHARE = 0.6
_PIECES, _PIECE_WORDS = 3, 10
# fmt: off
_EMPTY = STOP_WORDS | {
    "all", "also", "any", "can", "could", "did", "get", "go", "just", "may", "more", "must", "out",
    "should", "some", "such", "up", "very",
}
# fmt: on


class Quote(NamedTuple):
    """Words of a quotation: as written, their keys, and the text from first to last."""

    written: list[str]
    keys: list[str]
    text: str


class Nearest(NamedTuple):
    """The passage nearest to a quotation, how much of it matches, and what differs."""

    passage: Passage
    share: float
    outcome: QuoteOutcome
    difference: str


def read_quote(text: str) -> Quote | None:
    """The words of a quotation; ``None`` when it has none."""
    matches = list(WORD.finditer(text))
    if not matches:
        return None
    written = [match.group() for match in matches]
    core = text[matches[0].start() : matches[-1].end()]
    return Quote(written, [key_of(word) for word in written], core)


def find_nearest(quote: Quote, sources: Sources, own: int | None) -> Nearest | None:
    """The passage that keeps most of the quotation's words, if it keeps enough of them."""
    keys = quote.keys[:_COMPARED_WORDS]
    if sum(word.casefold() not in _EMPTY for word in quote.written) < _LEAST_TELLING:
        return None
    best: Nearest | None = None
    for window in _windows(keys, quote.written, sources, own):
        found = _compare(quote, window, sources)
        if found is not None and (best is None or found.share > best.share):
            best = found
    return best


def _windows(keys: list[str], written: list[str], sources: Sources, own: int | None) -> list[range]:
    """The few stretches of the sources that share most words with the quotation."""
    telling = {
        key: place
        for place, key in reversed(list(enumerate(keys)))
        if written[place].casefold() not in _EMPTY and key in sources.places
    }
    anchors = sorted(telling, key=lambda key: (len(sources.places[key]), telling[key]))[:_ANCHORS]
    slack = len(keys) // 2 + 4
    windows: dict[tuple[int, int], tuple[int, range]] = {}
    for key in anchors:
        for word in sources.places[key][:_PLACES]:
            article = sources.article_of(word)
            bucket = (article, (word - telling[key]) // 4)
            if article == own or bucket in windows:
                continue
            low, high = sources.bounds(article)
            start = word - telling[key]
            window = range(max(low, start - slack), min(high, start + len(keys) + slack))
            shared = len(telling.keys() & set(sources.keys[window.start : window.stop]))
            windows[bucket] = (shared, window)
    ordered = sorted(windows.values(), key=lambda item: (-item[0], item[1].start))
    return [window for _, window in ordered[:_WINDOWS]]


def _compare(quote: Quote, window: range, sources: Sources) -> Nearest | None:
    """Align a quotation with a window; ``None`` when too little of it is kept."""
    keys, there = quote.keys[:_COMPARED_WORDS], sources.keys[window.start : window.stop]
    if _lacks_too_much(keys, quote.written, there):
        return None
    steps = [
        (start, end, window.start + low, window.start + high)
        for _, start, end, low, high in SequenceMatcher(
            None, keys, there, autojunk=False
        ).get_opcodes()
    ]
    steps = _trimmed(steps)
    if not steps:
        return None
    pieces: list[str] = []
    telling = matched = 0
    lost: list[int] = []  # for each telling word that is not kept, how many words were before it
    only_left_out = True
    for start, end, low, high in steps:
        words, others = quote.written[start:end], sources.written[low:high]
        full = [word for word in words if word.casefold() not in _EMPTY]
        if keys[start:end] == sources.keys[low:high]:
            matched += len(words)
            telling += len(full)
            changed = [
                f"{in_words([word])} instead of {in_words([other])}"
                for word, other in zip(words, others, strict=True)
                if word != other and folded(word) != folded(other)
            ]
            pieces += changed
            only_left_out &= not changed
            continue
        lost += [matched] * len(full)
        only_left_out &= not words
        pieces.append(_difference(words, others))
    # At its ends a quotation runs out of a passage that is about the same, but is another one.
    inside = range(_END_WORDS, matched - _END_WORDS + 1)
    weight = sum(1 if before in inside else _END_WEIGHT for before in lost)
    if telling < _LEAST_TELLING or weight > _LOST_SHARE * (telling + len(lost)):
        return None
    if matched < _MATCHED_SHARE * len(keys):
        return None
    if len(quote.keys) > len(keys):
        pieces.append(f"only the first {_COMPARED_WORDS} words were compared")
        only_left_out = False
    passage = Passage(steps[0][2], steps[-1][3] - 1)
    # Two words that stand near each other are no quotation with something left out.
    if telling + len(lost) == _LEAST_TELLING and passage.last - passage.first >= len(keys):
        return None
    return Nearest(
        passage,
        matched / (len(keys) + passage.last - passage.first + 1),
        QuoteOutcome.TRUNCATED if pieces and only_left_out else QuoteOutcome.ALTERED,
        listed(pieces) if pieces else "only punctuation differs",
    )


def _lacks_too_much(keys: list[str], written: list[str], there: list[str]) -> bool:
    """Whether so many words are missing from a window that no order of them could match."""
    held = set(there)
    present = telling = lost = 0
    for key, word in zip(keys, written, strict=False):
        full = word.casefold() not in _EMPTY
        telling += full
        if key in held:
            present += 1
        else:
            lost += full
    return present < _MATCHED_SHARE * len(keys) or lost > _LOST_SHARE * telling


def _trimmed(steps: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Steps without the window's ends that stand against no word of the quotation.

    A step is ``(start, end, low, high)``: words of the quotation, words of the sources.
    """
    steps = list(steps)
    while steps and steps[0][0] == steps[0][1]:
        del steps[0]
    while steps and steps[-1][0] == steps[-1][1]:
        del steps[-1]
    if not steps or all(low == high for _, _, low, high in steps):
        return []
    start, end, low, high = steps[0]
    # Only a matching step can hold as many words as it stands against and more than that must go.
    steps[0] = (start, end, max(low, high - (end - start)), high)
    start, end, low, high = steps[-1]
    steps[-1] = (start, end, low, min(high, low + (end - start)))
    return steps


def _difference(words: list[str], others: list[str]) -> str:
    if words and others:
        return f"{in_words(words)} instead of {in_words(others)}"
    return f"{in_words(words)} added" if words else f"{in_words(others)} left out"


def in_words(words: list[str]) -> str:
    """Some words between quotation marks, the first ten of them."""
    ending = " …" if len(words) > _PIECE_WORDS else ""
    return f'"{" ".join(words[:_PIECE_WORDS])}{ending}"'


def listed(pieces: list[str]) -> str:
    """Differences in one line, the first three of them."""
    more = len(pieces) - _PIECES
    return "; ".join(pieces[:_PIECES]) + (f"; and {more} more" if more > 0 else "")
