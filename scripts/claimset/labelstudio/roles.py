"""Roles of tasks, written so that annotators cannot read them and a lost ledger can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.identifiers import hash_json
from claimset.models import TaskRole

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["item_key", "role_of"]

_LENGTH = 16


def item_key(data: Mapping[str, Any], role: TaskRole) -> str:
    """What a task carries as ``item``: looks the same for every role.

    It hides a known answer from somebody who looks at the list of tasks, not from somebody who
    computes hashes.

    >>> len(item_key({"claim_id": "c", "content_hash": "h"}, TaskRole.GOLD))
    16
    """
    return hash_json([role, data["claim_id"], data["content_hash"]])[:_LENGTH]


def role_of(data: Mapping[str, Any]) -> TaskRole | None:
    """What a task is there for; ``None`` when claimset did not make it.

    A task without the key was made by version 0.1, which knew one role.
    """
    if "claim_id" not in data or "content_hash" not in data:
        return None
    try:
        keys = {item_key(data, role): role for role in TaskRole}
    except ValueError:  # half a character, or a number that is none: we wrote no such thing
        return None
    if "item" not in data:
        return TaskRole.CLAIM
    return keys.get(str(data["item"]))
