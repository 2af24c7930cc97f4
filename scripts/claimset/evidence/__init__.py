"""Evidence: candidates for a claim in its event's other articles, and facts about its text.

What ranks is imported when it is first asked for: who only reads answers needs no arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.evidence.retriever import RETRIEVER, Retriever
from claimset.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from claimset.evidence.candidates import find_candidates
    from claimset.evidence.facts import with_text_facts
    from claimset.evidence.words import tokens

__all__ = ["RETRIEVER", "Retriever", "find_candidates", "tokens", "with_text_facts"]

_HOMES = {"find_candidates": "candidates", "tokens": "words", "with_text_facts": "facts"}

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(globals(), _HOMES)
