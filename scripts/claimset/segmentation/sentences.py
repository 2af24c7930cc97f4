"""Sentences inside one block of running text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

__all__ = ["sentence_spans"]


@lru_cache(maxsize=1)
def _splitter() -> Any:
    # Imported here so that `import claimset` stays light; the model is a file of the package.
    from nupunkt import sent_spans  # noqa: PLC0415

    return sent_spans


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in ``text[start:end]``, outer white space left out.

    The splitter is nupunkt, an implementation of Punkt (Kiss and Strunk 2006,
    doi:10.1162/coli.2006.32.4.485). It sees one block at a time, so an error cannot spill over a
    paragraph's end.

    Args:
        text: The article's text.
        start: First code point of the block.
        end: The code point after the block.

    Returns:
        Half-open spans in the article's code points, in order, without overlap; every character
        of the block outside them is white space.
    """
    block = text[start:end]
    spans = []
    for first, last in _splitter()(block):
        piece = block[first:last]
        stripped = piece.strip()
        if stripped:
            begin = start + first + len(piece) - len(piece.lstrip())
            spans.append((begin, begin + len(stripped)))
    return spans
