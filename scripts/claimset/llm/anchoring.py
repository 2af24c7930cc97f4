"""Anchoring: a proposal counts only with the words of the article that carry it.

A model may copy inexactly, answer from memory, or do what the article tells it. So each quote must
be found as it stands, in the sentence or in what was shown around it, and a proposal may hold no
number and no name that was not shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimset.llm.answer import Proposal
    from claimset.llm.prompt import Passage

__all__ = ["Anchored", "anchor"]

# One character for one: positions stay those of the article.
_SAME: Final = str.maketrans("“”„‟«»‘’‚‹›–—‑\u00a0\u202f\u2009\n\t", '""""""\'\'\'\'\'---     ')
_NUMBER: Final = re.compile(r"\d[\d.,:/]*\d|\d")
_NAME: Final = re.compile(r"[^\W\d_][\w’'-]*")
_SHOWN: Final = 40


class Anchored(NamedTuple):
    """A proposal with its place.

    Attributes:
        text: Its wording, on one line.
        spans: Words of the article it rests on: half-open, in text order, without overlap.
        fault: Why it is not anchored; ``None`` when it is.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    fault: str | None


def anchor(proposal: Proposal, passage: Passage) -> Anchored:
    """Find the words that a proposal rests on.

    Args:
        proposal: What the model proposes.
        passage: What it was shown.
    """
    text = " ".join(proposal.claim.split())
    parts = [
        (passage.sentence.translate(_SAME), passage.start),
        (passage.before.translate(_SAME), passage.before_start),
        (passage.after.translate(_SAME), passage.after_start),
    ]
    spans: list[tuple[int, int]] = []
    fault: str | None = None
    for quote in proposal.quotes:
        sought = quote.translate(_SAME).strip()
        found = _find(sought, parts, spans) if sought else None
        if found is not None:
            spans.append(found)
        elif sought:
            fault = fault or f"the article does not have “{_short(quote)}” here"
    end = passage.start + len(passage.sentence)
    if not any(passage.start <= first < end for first, _ in spans):
        fault = fault or "rests on no words of its sentence"
    fault = fault or _says_more(text, passage)
    return Anchored(text, tuple(_merged(spans)), fault)


def _find(
    quote: str, parts: Sequence[tuple[str, int]], taken: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """Where the words stand: in the sentence before around it, and where none was found yet."""
    first_found = None
    for part, offset in parts:
        at = part.find(quote)
        while at >= 0:
            span = offset + at, offset + at + len(quote)
            first_found = first_found or span
            if not any(start < span[1] and span[0] < end for start, end in taken):
                return span
            at = part.find(quote, at + len(quote))
    return first_found


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _says_more(text: str, passage: Passage) -> str | None:
    """Names a number or name of the wording that was not shown."""
    shown = f"{passage.title} {passage.published_at} {passage.before}{passage.sentence}"
    shown += passage.after
    numbers = set(_NUMBER.findall(shown))
    for number in _NUMBER.findall(text):
        if number not in numbers:
            return f"says {_short(number)}, which the text shown does not"
    words = {_plain(word) for word in _NAME.findall(shown)}
    for number, word in enumerate(_NAME.findall(text)):
        # The first word of a sentence is a capital whatever it is.
        if number and word[0].isupper() and _plain(word) not in words:
            return f"says “{_short(word)}”, which the text shown does not"
    return None


def _plain(word: str) -> str:
    return word.casefold().translate(_SAME).removesuffix("'s").strip("'-")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
