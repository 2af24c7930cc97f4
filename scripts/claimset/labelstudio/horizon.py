"""Horizon: from which moment on a pull must read, whatever became of the server's clock and data.

A pull reads what changed since the last one, by the server's own times. That holds only while its
clock runs on and its data are those that the last pull saw: a clock that was set back gives new
answers times that were read already, and a server that was restored from a backup gives the
numbers of answers to other answers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from claimset.errors import ContractError
from claimset.labelstudio.listing import moment_of
from claimset.storage.pullbook import SET_BACK_REMEDY, LastPull

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimset.labelstudio.client import LabelStudioClient
    from claimset.labelstudio.listing import ChangedTasks
    from claimset.storage.ledger import Ledger, Round

__all__ = ["Horizon", "first_look"]

# Two writes of one submission are up to half a second apart, and clocks are not perfect.
_OVERLAP = timedelta(seconds=60)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# HTTP tells the time in whole seconds.
_SECOND = timedelta(seconds=1)
# Who saves a task takes the time first and may get at the database after somebody later.
_RACE = timedelta(seconds=60)
# Clocks that differ by less are within the overlap.
_DRIFT = timedelta(seconds=20)


def first_look(round_: Round) -> datetime:
    """From when on changes are read, as long as nothing speaks for more."""
    return _EPOCH if round_.watermark is None else round_.watermark - _OVERLAP


class Horizon:
    """From when on a round's changes are read, and what is known when they have been.

    Args:
        client: The server; its time is that of its last answer.
        ledger: Knows the last pull.
        round_: The round.
        full: Whether everything is read; then nothing is held against the last pull.
    """

    def __init__(
        self, client: LabelStudioClient, ledger: Ledger, round_: Round, *, full: bool
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._round = round_
        self._time = client.server_time
        last = ledger.last_pull(round_)
        self.reread: str | None = None
        """Why more is read than what changed since the last pull, in words."""
        self.since = _EPOCH if full else first_look(round_)
        """From when on changes are read."""
        if round_.watermark is not None and not full:
            self._look_at_clock(last, round_.watermark)
        self._expected = LastPull() if full or self.reread else last
        self._seen = self._expected

    def _look_at_clock(self, last: LastPull, watermark: datetime) -> None:
        if self._time is None:
            return
        if last.ahead_s is not None:
            fell = timedelta(seconds=last.ahead_s - self._time.ahead_s)
            if fell > _DRIFT:
                self.since -= fell
                self.reread = (
                    f"Label Studio's clock was set back by {fell.total_seconds():.0f} s, or this "
                    "machine's was set forward"
                )
                return
        if self._time.moment + 2 * _SECOND < watermark:
            self.since = _EPOCH
            self.reread = (
                f"Label Studio's clock was set back: it shows {self._time.moment:%Y-%m-%d %H:%M:%S}"
                f", and the last pull saw {watermark:%Y-%m-%d %H:%M:%S} (UTC)"
            )

    def reached(self, batch: ChangedTasks) -> datetime:
        """Up to when all is read after a batch: never beyond the server's own time.

        Raises:
            ContractError: The server is not what it was; see :meth:`hold`.
        """
        self.hold(batch.tasks)
        if self._seen.newest_at is None or batch.until >= self._seen.newest_at:
            self._seen = self._seen._replace(newest_task=batch.last, newest_at=batch.until)
        latest = self._latest()
        return batch.until if latest is None else min(batch.until, latest)

    def hold(self, tasks: Sequence[dict[str, Any]] = ()) -> None:
        """See that the change that the last pull saw last is still there, or its task is gone.

        This is looked at once, before anything is taken in.

        Args:
            tasks: Tasks that were read; where the one in question is not among them, it is read.

        Raises:
            ContractError: The server is not what it was.
        """
        task_id, newest_at, _ = self._expected
        if task_id is None or newest_at is None:
            return
        if not tasks and newest_at < self.since:  # nothing came, and it was not to come
            return
        self._expected = LastPull()
        found = [task for task in tasks if int(task["id"]) == task_id]
        for task in found or self._client.tasks_by_id(self._round.project_id, [task_id]):
            if moment_of(task) < newest_at - _RACE:
                raise ContractError(
                    f"Label Studio was set back to an earlier state, or its clock was: task "
                    f"{task_id} was changed at {newest_at:%Y-%m-%d %H:%M:%S} when the last pull "
                    f"looked, now it says {moment_of(task):%Y-%m-%d %H:%M:%S} (UTC)",
                    where=f"project {self._round.project_id} at {self._client.url}",
                    remedy=SET_BACK_REMEDY,
                )

    def keep(self) -> None:
        """Record what was seen, when all of it is in the ledger."""
        time = self._time
        self._ledger.record_last_pull(
            self._round,
            self._seen if time is None else self._seen._replace(ahead_s=time.ahead_s),
            latest=self._latest(),
        )

    def _latest(self) -> datetime | None:
        time = self._client.server_time
        return None if time is None else time.moment + _SECOND
