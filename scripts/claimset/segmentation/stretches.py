"""Stretches: the sentences that have to be read together because a quotation ties them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimset.segmentation.cues import CUE_PATTERN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimset.segmentation.quotations import Quotation

__all__ = ["Range", "Stretch", "find_paragraphs", "find_stretches", "has_words_outside"]

Range = tuple[int, int]
"""Half-open, in the article's code points."""

_MARK = re.compile("[\"“”„‟«»‹›‘`]|(?<!\\w)'")
_WORD = re.compile(r"\w")
_CUE_AFTER = 60
"""Code points after "…?" within which a cue still belongs to the quotation."""


@dataclass(slots=True)
class Stretch:
    """Sentences that quotations tie together, read as one."""

    start: int
    end: int
    quotations: list[Quotation] = field(default_factory=list)


def find_paragraphs(text: str, sentences: Sequence[Range]) -> list[list[Range]]:
    """Sentences by paragraph; a line end inside hard-wrapped text does not end one."""
    blocks: list[list[Range]] = []
    previous: Range | None = None
    for sentence in sentences:
        if previous is not None:
            lines = text[previous[1] : sentence[0]].count("\n")
            wrapped = lines == 1 and (
                "\n" in text[previous[0] : previous[1]] or "\n" in text[sentence[0] : sentence[1]]
            )
            if lines == 0 or wrapped:
                blocks[-1].append(sentence)
                previous = sentence
                continue
        blocks.append([sentence])
        previous = sentence
    return blocks


def has_words_outside(text: str, stretch: Stretch) -> bool:
    """Whether a stretch holds more than quotations and marks."""
    position = stretch.start
    for quotation in stretch.quotations:
        if _WORD.search(text, position, quotation.start):
            return True
        position = quotation.end
    return _WORD.search(text, position, stretch.end) is not None


def find_stretches(text: str, block: list[Range], quotations: list[Quotation]) -> list[Stretch]:
    """The sentences of a block, joined where a quotation spans or asks for the next one."""
    if not quotations:
        return [Stretch(*sentence) for sentence in block]
    stretches: list[Stretch] = []
    position = 0
    for start, end in block:
        joined = bool(stretches) and bool(stretches[-1].quotations)
        if joined:
            last = stretches[-1].quotations[-1]
            joined = last.end > start or _goes_on(text, last, stretches[-1], start, end)
        if joined:
            stretches[-1].end = end
        else:
            stretches.append(Stretch(start, end))
        while position < len(quotations) and quotations[position].start < end:
            stretches[-1].quotations.append(quotations[position])
            position += 1
    return stretches


def _goes_on(text: str, last: Quotation, stretch: Stretch, start: int, end: int) -> bool:
    """Whether a sentence was cut after "…?": what follows says who asked."""
    if last.end < stretch.end or text[last.inner_end - 1] not in "?!…—–,":
        return False
    if text[start].islower():
        return True
    cue = CUE_PATTERN.search(text, start, min(end, start + _CUE_AFTER))
    return cue is not None and not _MARK.search(text, start, cue.start())
