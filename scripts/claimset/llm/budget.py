"""Budget: what a run may spend, counted before a request is sent."""

from __future__ import annotations

import threading

from claimset.errors import CheckFailed

__all__ = ["Budget", "about_tokens", "most_tokens"]

_BYTES_A_TOKEN = 4
_FRAME = 64
"""Tokens that a chat's own form adds, at most."""


def most_tokens(*texts: str) -> int:
    """Tokens that texts have at most: byte-level vocabularies have no token below a byte."""
    return sum(len(text.encode("utf-8")) for text in texts) + _FRAME


def about_tokens(*texts: str) -> int:
    """Tokens that texts have about: four bytes each, as in English."""
    return sum(len(text.encode("utf-8")) for text in texts) // _BYTES_A_TOKEN + _FRAME


class Budget:
    """Tokens that may still be spent; several requests at once share it.

    Before a request the most that it can cost is set aside, behind it what it did cost is
    counted, as the server says. So the bound holds, whatever the texts are.

    Args:
        limit: Tokens of prompts and answers together.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.spent = 0
        self._aside = 0
        self._lock = threading.Lock()

    def set_aside(self, tokens: int) -> None:
        """Set aside what a request can cost at most.

        Raises:
            CheckFailed: It is more than what is left.
        """
        with self._lock:
            left = self.limit - self.spent - self._aside
            if tokens > left:
                raise CheckFailed(
                    f"the budget of {self.limit} tokens is used up: {self.spent} are spent, and "
                    f"the next sentence may take up to {tokens}",
                    where="--max-tokens",
                    remedy="run it again with a larger --max-tokens; what was answered is kept "
                    "and not asked again",
                )
            self._aside += tokens

    def settle(self, set_aside: int, spent: int | None) -> None:
        """Count what a request did cost; all that was set aside, if the server does not say."""
        with self._lock:
            self._aside -= set_aside
            self.spent += set_aside if spent is None else spent
