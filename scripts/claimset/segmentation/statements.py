"""Statements: something said, with who said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimset.models import QuoteType
    from claimset.segmentation.stretches import Range

__all__ = ["Statement"]


@dataclass(slots=True)
class Statement:
    """Something said, with who said it as far as the text shows.

    Attributes:
        quotes: The quoted words; the reported clause of indirect speech.
        quote_type: How it is quoted.
        speaker: Where the speaker is named; ``None`` when nobody could be named safely.
        cue: The words that report the speech.
        antecedent: Suggestion whom a pronoun stands for.
        utterance: A quotation that goes on after its attribution, or in the next paragraph, has
            the same number; ``None`` for indirect speech.
    """

    quotes: list[Range]
    quote_type: QuoteType
    speaker: Range | None = None
    cue: Range | None = None
    antecedent: Range | None = None
    utterance: int | None = None
