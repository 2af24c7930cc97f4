"""Counted nouns: the same words for one and for many, wherever figures are told."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, noun: str) -> str:
    """A number with its noun, which is in the singular for one.

    Args:
        number: How many; thousands are set off.
        noun: Takes an s for its plural.

    >>> counted(1, "claim"), counted(0, "claim"), counted(1200, "claim")
    ('1 claim', '0 claims', '1,200 claims')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
