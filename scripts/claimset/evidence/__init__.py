"""Evidence: candidates for a claim in its event's other articles, and facts about its text.

What ranks is imported when it is first asked for: who only reads answers needs no arithmetic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from claimset.evidence.retriever import RETRIEVER, Retriever

if TYPE_CHECKING:
    from claimset.evidence.candidates import find_candidates
    from claimset.evidence.facts import with_text_facts
    from claimset.evidence.words import tokens

__all__ = ["RETRIEVER", "Retriever", "find_candidates", "tokens", "with_text_facts"]

_HOMES = {"find_candidates": "candidates", "tokens": "words", "with_text_facts": "facts"}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A function, from the module where it lives."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        return found
