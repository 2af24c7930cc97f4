"""Evidence: candidates for a claim in its event's other articles, and facts about its text."""

from claimset.evidence.candidates import RETRIEVER, Retriever, find_candidates
from claimset.evidence.facts import with_text_facts
from claimset.evidence.words import tokens

__all__ = ["RETRIEVER", "Retriever", "find_candidates", "tokens", "with_text_facts"]
