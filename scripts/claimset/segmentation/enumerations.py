"""Lists that run on inside one line, and rules drawn with characters: cuts without full stops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LIST_MARKER", "inner_cuts"]

LIST_MARKER = re.compile(
    r"(?:[•·▪◦‣⁃●■►✓✔➢]|[-–—*](?=\s))\s*(?:\(?\d{1,3}[.)]{1,2}\s)?"
    r"|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)]{1,2}\s"
)
"""What opens an item of a list: a bullet, a number or a letter."""

_BULLETS = "•▪◦‣⁃●■►➢"
_BULLET_CUT = re.compile(rf"(?<=\s)[{_BULLETS}]")
# Drawn rules of mail and newsletters; each run is matched from its first character, once.
_RULE = re.compile(r"(?<!\S)(?:={5,}+|_{5,}+|-{5,}+|\*{3,}+)(?!\S)")
_FIRST_ITEM = re.compile(r"(\(?)(1|a)([.)]{1,2})\s")
_FIRST_ITEM_OPENS = frozenset("(1a")
_MOST_ITEMS = 26


def inner_cuts(text: str, start: int, end: int) -> Sequence[int]:
    """Where a run of text is cut although no sentence mark stands there.

    Args:
        text: The article's text.
        start: First code point of the block.
        end: The code point after the block.

    Returns:
        Positions in order, each once, inside the block.
    """
    block = text[start:end]
    has_bullet = not block.isascii() and _BULLET_CUT.search(block)
    has_rule = "---" in block or "***" in block or "===" in block or "___" in block
    first = _FIRST_ITEM.match(block) if block[:1] in _FIRST_ITEM_OPENS else None
    if not (has_bullet or has_rule or first):
        return ()
    found: set[int] = set()
    if has_bullet:
        found.update(match.start() for match in _BULLET_CUT.finditer(block))
    if has_rule:
        for match in _RULE.finditer(block):
            found.update(match.span())
    if first:
        found.update(_numbered_items(block, first))
    return sorted(start + cut for cut in found if 0 < cut < end - start)


def _numbered_items(block: str, first: re.Match[str]) -> list[int]:
    """Starts of the second and later items: the markers must count on without a gap."""
    opening, label, closing = first.groups()
    cuts: list[int] = []
    position = first.end()
    for number in range(1, _MOST_ITEMS):
        following = chr(ord("a") + number) if label == "a" else str(number + 1)
        position = block.find(f" {opening}{following}{closing} ", position)
        if position < 0:
            break
        position += 1
        cuts.append(position)
    return cuts
