"""Selection: which claims a round asks for, and in which order."""

from claimset.selection.choice import drawn, in_order, select_claims
from claimset.selection.ids import hash_ids, read_ids
from claimset.selection.lines import ClaimLine, ClaimLines

__all__ = [
    "ClaimLine",
    "ClaimLines",
    "drawn",
    "hash_ids",
    "in_order",
    "read_ids",
    "select_claims",
]
