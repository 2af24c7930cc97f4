"""Arrival: one batch of tasks, sent until it is known to be there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from claimset.errors import LabelStudioError
from claimset.labelstudio.failures import UnclearError
from claimset.labelstudio.roles import role_of
from claimset.models import TaskRole
from claimset.storage.ledger import PushedTask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimset.labelstudio.client import LabelStudioClient
    from claimset.storage.ledger import Ledger, Round

__all__ = ["Arrivals"]

LOOKS_AFTER_S = (0.5, 2.0)
"""When to look for a batch whose answer was lost: a busy server finishes it later."""

_SENDINGS = 3


class Arrivals:
    """Sends batches and records what has arrived.

    Args:
        client: The server.
        ledger: Where the task ids are kept.
        round_: The round.
        sleep: How to wait.
    """

    def __init__(
        self,
        client: LabelStudioClient,
        ledger: Ledger,
        round_: Round,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._round = round_
        self._sleep = sleep
        self.sent = 0
        """Tasks that arrived by sending."""
        self.found = 0
        """Tasks that turned out to be there although no answer said so."""

    def send(self, batch: Sequence[dict[str, Any]]) -> None:
        """Send a batch; returns when all of it is in the project and in the ledger.

        Raises:
            LabelStudioError: The server refused, or failed again and again.
        """
        missing = list(batch)
        for sending in range(1, _SENDINGS + 1):
            try:
                ids = self._client.import_tasks(self._round.project_id, missing)
            except UnclearError:
                missing = self._look_for(missing)
                if not missing:
                    return
                if sending == _SENDINGS:
                    raise
                continue
            if ids:
                self._record(ids, missing)
                self.sent += len(missing)
                return
            left = self._look_for(missing)
            if left:
                raise LabelStudioError(
                    f"Label Studio took {len(missing)} tasks but holds {len(missing) - len(left)}",
                    where=f"project {self._round.project_id}",
                    remedy="wait a moment: the server may still be at work; then push again",
                )
            return

    def _record(self, ids: Sequence[int], tasks: Sequence[dict[str, Any]]) -> None:
        self._ledger.record_tasks(
            self._round.name,
            [
                PushedTask(task_id, claim_id, content_hash, role)
                for task_id, (claim_id, role, content_hash) in zip(
                    ids, map(_key, tasks), strict=True
                )
            ],
        )

    def _look_for(self, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Record which tasks of a batch the project holds; returns those that it does not."""
        claims = list(dict.fromkeys(task["data"]["claim_id"] for task in batch))
        missing = batch
        for pause in (0.0, *LOOKS_AFTER_S):
            self._sleep(pause)
            stored = self._client.find_tasks(self._round.project_id, claims)
            self._ledger.record_tasks(self._round.name, [task.as_pushed() for task in stored])
            there = {(task.claim_id, task.role, task.content_hash) for task in stored}
            missing = [task for task in batch if _key(task) not in there]
            if not missing:
                break
        self.found += len(batch) - len(missing)
        return missing


def _role(data: dict[str, Any]) -> TaskRole:
    return role_of(data) or TaskRole.CLAIM


def _key(task: dict[str, Any]) -> tuple[str, TaskRole, str]:
    data = task["data"]
    return data["claim_id"], _role(data), data["content_hash"]
