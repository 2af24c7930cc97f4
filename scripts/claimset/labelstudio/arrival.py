"""Arrival: batches of tasks, each sent until it is known to be there."""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from claimset.errors import LabelStudioError
from claimset.labelstudio.early import Early
from claimset.labelstudio.failures import UnclearError
from claimset.labelstudio.roles import role_of
from claimset.labelstudio.transport import encoded
from claimset.models import TaskRole
from claimset.storage.ledger import PushedTask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from claimset.labelstudio.client import LabelStudioClient
    from claimset.storage.ledger import Ledger, Round

__all__ = ["Arrivals"]

LOOKS_AFTER_S = (0.5, 2.0)
"""When to look for a batch whose answer was lost: a busy server finishes it later."""

_SENDINGS = 3


_Key = tuple[str, TaskRole, str]


class _OnItsWay(NamedTuple):
    """A batch as it is sent, which takes half the memory of its tasks as objects."""

    keys: list[_Key]
    body: bytes
    answer: Early[list[int]]


class Arrivals:
    """Sends batches one after the other and records what has arrived; use it as a context manager.

    While the server works on a batch, the one before it is recorded and the next one is made. Never
    are two on their way: the tasks' ids, and so the order in which they are asked, follow the
    order of sending.

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
        self._under_way: _OnItsWay | None = None
        self.sent = 0
        """Tasks that arrived by sending."""
        self.found = 0
        """Tasks that turned out to be there although no answer said so."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What is on its way will arrive whatever went wrong here; who presses Ctrl+C does not
        # want to wait for it, and the next push finds it.
        if isinstance(error, Exception):
            with contextlib.suppress(LabelStudioError):
                self.settle()

    def send(self, batch: Sequence[dict[str, Any]]) -> None:
        """Send a batch as soon as those before it have arrived; :meth:`settle` waits for it.

        Raises:
            LabelStudioError: The server refused an earlier batch, or failed again and again.
        """
        body = encoded(list(batch))
        keys = [_key(task) for task in batch]
        before = self._take_up()
        self._under_way = _OnItsWay(keys, body, Early(self._import(body, len(keys))))
        if before is not None:
            self._record(*before)

    def settle(self) -> None:
        """Wait until all that was sent is in the project and in the ledger.

        Raises:
            LabelStudioError: The server refused, or failed again and again.
        """
        before = self._take_up()
        if before is not None:
            self._record(*before)

    def _import(self, body: bytes, count: int) -> Callable[[], list[int]]:
        return lambda: self._client.import_encoded(self._round.project_id, body, count)

    def _take_up(self) -> tuple[list[int], list[_Key]] | None:
        """Wait for the batch on its way; returns it when its ids are still to be recorded."""
        under_way, self._under_way = self._under_way, None
        if under_way is None:
            return None
        keys = under_way.keys
        answer: Callable[[], list[int]] = under_way.answer.result
        for sending in range(1, _SENDINGS + 1):
            try:
                ids = answer()
            except UnclearError:
                missing = self._look_for(keys)
                if not missing:
                    return None
                if sending == _SENDINGS:
                    raise
                tasks = [task for task in json.loads(under_way.body) if _key(task) in missing]
                keys = [_key(task) for task in tasks]
            else:
                if ids:
                    return ids, keys
                self._see_that_all_came(keys)
                return None
            answer = self._import(encoded(tasks), len(tasks))
        return None

    def _see_that_all_came(self, keys: list[_Key]) -> None:
        """The server took the batch and did not name each task."""
        left = self._look_for(keys)
        if left:
            raise LabelStudioError(
                f"Label Studio took {len(keys)} tasks but holds {len(keys) - len(left)}",
                where=f"project {self._round.project_id}",
                remedy="wait a moment: the server may still be at work; then push again",
            )

    def _record(self, ids: Sequence[int], keys: Sequence[_Key]) -> None:
        self._ledger.record_tasks(
            self._round.name,
            [
                PushedTask(task_id, claim_id, content_hash, role)
                for task_id, (claim_id, role, content_hash) in zip(ids, keys, strict=True)
            ],
        )
        self.sent += len(keys)

    def _look_for(self, keys: Sequence[_Key]) -> set[_Key]:
        """Record which tasks of a batch the project holds; returns those that it does not."""
        claims = list(dict.fromkeys(claim_id for claim_id, _, _ in keys))
        missing = set(keys)
        for pause in (0.0, *LOOKS_AFTER_S):
            self._sleep(pause)
            stored = self._client.find_tasks(self._round.project_id, claims)
            self._ledger.record_tasks(self._round.name, [task.as_pushed() for task in stored])
            missing -= {(task.claim_id, task.role, task.content_hash) for task in stored}
            if not missing:
                break
        self.found += len(keys) - len(missing)
        return missing


def _role(data: dict[str, Any]) -> TaskRole:
    return role_of(data) or TaskRole.CLAIM


def _key(task: dict[str, Any]) -> _Key:
    data = task["data"]
    return data["claim_id"], _role(data), data["content_hash"]
