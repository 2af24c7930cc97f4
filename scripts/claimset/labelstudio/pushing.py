"""Push: bring every claim's task into the round's project exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import LabelStudioError, PartialWriteError
from claimset.labelstudio.ahead import ahead
from claimset.labelstudio.arrival import Arrivals
from claimset.labelstudio.projects import settle_projects
from claimset.labelstudio.reconciling import reconcile, settle_superseded
from claimset.labelstudio.revival import revive
from claimset.labelstudio.roles import item_key
from claimset.models import Model, TaskRole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from claimset.labelstudio.client import LabelStudioClient
    from claimset.storage.ledger import Ledger, Round

__all__ = ["PushPlan", "PushResult", "plan_push", "push_tasks"]

BATCH_SIZE = 1000
"""How many tasks are sent at once; of fewer, each costs the server more."""

_LOT = 250
"""How many tasks are made ahead: in memory are a batch on its way, one that waits, and these."""

Task = dict[str, Any]


class PushPlan(NamedTuple):
    """What a push would do, as far as the ledger knows."""

    new: int
    unchanged: int
    changed: list[str]
    answered: list[str]
    """Of the changed ones, those that have answers."""
    orphaned: list[str]


class PushResult(Model):
    """What a push did."""

    round: str
    """The round."""
    project_id: int | None
    """Label Studio's project; null when a dry run would create it."""
    sent: int
    """Tasks sent by this run, new revisions among them."""
    found: int
    """Tasks that were there already although the ledger did not know them."""
    unchanged: int
    """Tasks that the ledger knew, with the same content."""
    changed: tuple[str, ...]
    """Claims whose context, sources or candidates differ from the task they had."""
    revised: tuple[str, ...]
    """Of the changed ones, those whose old task has answers: it stays, marked as an old text, and
    nobody is asked it any more. A dry run takes this from the last pull."""
    orphaned: tuple[str, ...]
    """Claims with a task in Label Studio that are no claims any more, or no longer selected."""
    known: int
    """Tasks of the round whose answer is known: they measure annotators and give no vote."""
    repeated: int
    """Tasks of the round that ask for a claim a second time."""
    kept: int = 0
    """Places in second tasks that are kept for those who answered the first."""
    doubled: tuple[int, ...]
    """Tasks that a lost answer or another program had made twice and that were removed."""
    unresolved: tuple[str, ...]
    """Doubled tasks that have answers, and doubled projects that hold tasks: left alone."""
    doubled_projects: tuple[int, ...]
    """Empty projects that a lost answer had made beside the round's own: they were renamed, no
    longer count as the round's, and can be deleted."""
    dry_run: bool
    """Whether nothing was sent on purpose."""


class _Comparison:
    """Tasks held against the ledger some at a time, so that never all of them are in memory.

    Args:
        ledger: What is known.
        round_name: The round.
        record: Tasks with a later record were found by this push; default: none was.
    """

    def __init__(self, ledger: Ledger, round_name: str, record: int | None = None) -> None:
        self._ledger = ledger
        self._round = round_name
        self._record = ledger.last_record() if record is None else record
        ledger.begin_wanted()
        self.unchanged = 0
        self.found = 0
        self.changed: list[str] = []

    def sort(self, tasks: Sequence[tuple[TaskRole, Task]]) -> tuple[list[Task], list[Task]]:
        """Of some tasks those that are new or changed, in order.

        Returns:
            Those to send, and those whose text an old task has.
        """
        wanted = [task["data"]["claim_id"] for role, task in tasks if role is TaskRole.CLAIM]
        self._ledger.add_wanted(wanted)
        current = self._ledger.current_tasks(
            self._round, [task["data"]["claim_id"] for _, task in tasks]
        )
        to_send: list[Task] = []
        back: list[Task] = []
        for role, task in tasks:
            data = task["data"]
            claim_id, content = data["claim_id"], data["content_hash"]
            known = current.get((claim_id, role))
            if known is not None and content in known:
                if known[content] > self._record:
                    self.found += 1
                else:
                    self.unchanged += 1
                continue
            ready = {**task, "data": {**data, "item": item_key(data, role)}}
            if known is None:
                to_send.append(ready)
                continue
            self.changed.append(claim_id)
            # The current task has another text: one that has this text is an old one.
            texts = self._ledger.tasks_of(self._round, claim_id, role).values()
            (back if content in texts else to_send).append(ready)
        return to_send, back

    @property
    def orphaned(self) -> list[str]:
        return self._ledger.unwanted_claims(self._round)


def plan_push(ledger: Ledger, round_name: str, tasks: Iterable[tuple[TaskRole, Task]]) -> PushPlan:
    """Compare the tasks with what the ledger knows to be in Label Studio."""
    comparison = _Comparison(ledger, round_name)
    count = sum(len(found) for some in ahead(tasks, _LOT) for found in comparison.sort(some))
    return PushPlan(
        count - len(comparison.changed),
        comparison.unchanged,
        comparison.changed,
        [claim for claim in comparison.changed if ledger.is_answered(round_name, claim)],
        comparison.orphaned,
    )


def push_tasks(
    client: LabelStudioClient,
    ledger: Ledger,
    round_: Round,
    tasks: Iterable[tuple[TaskRole, Task]],
    *,
    advance: Callable[[int], None],
) -> PushResult:
    """Send what is missing, batch by batch; whatever arrives is recorded before going on.

    The project's number of tasks says whether it holds any that the ledger does not know; only
    then, and after a failure, it is asked which. At the end the number is compared again: a batch
    whose answer was lost may have arrived later, or twice. So a lost answer, a killed run, a lost
    ledger or a second delivery never leaves a claim with two tasks or with none.

    Args:
        client: The server.
        ledger: Where the task ids are kept.
        round_: The round.
        tasks: All tasks of the round with their roles, in the order in which they shall be asked.
        advance: Called with the number of tasks settled.

    Raises:
        PartialWriteError: The server failed after part of the tasks were there.
        LabelStudioError: The server failed at the first batch.
    """
    projects = settle_projects(client, round_)
    record = ledger.last_record()
    before = reconcile(client, ledger, round_)
    old = frozenset(ledger.superseded_tasks(round_.name))
    comparison = _Comparison(ledger, round_.name, record)
    arrivals = Arrivals(client, ledger, round_)
    settled = 0

    def note() -> int:
        now = comparison.unchanged + comparison.found + arrivals.sent + arrivals.found
        advance(now - settled)
        return now

    try:
        with arrivals:
            waiting: list[Task] = []
            for some in ahead(tasks, min(BATCH_SIZE, _LOT)):
                to_send, back = comparison.sort(some)
                if back:
                    arrivals.settle()
                    again = revive(client, ledger, round_, back)
                    comparison.unchanged += len(back) - len(again)
                    to_send += again
                waiting += to_send
                while len(waiting) >= BATCH_SIZE:
                    arrivals.send(waiting[:BATCH_SIZE])
                    del waiting[:BATCH_SIZE]
                settled = note()
            if waiting:
                arrivals.send(waiting)
            arrivals.settle()
        settled = note()
        after = reconcile(client, ledger, round_)
        revised = settle_superseded(client, ledger, round_, old)
    except LabelStudioError as error:
        if not settled:
            raise
        raise PartialWriteError(
            error.problem,
            where=error.where,
            remedy=f"{settled} tasks are in Label Studio and recorded; run `claimset push` again: "
            "it looks up what has arrived and sends the rest",
            status=error.status,
        ) from error
    return PushResult(
        round=round_.name,
        project_id=round_.project_id,
        sent=arrivals.sent,
        found=arrivals.found + comparison.found,
        unchanged=comparison.unchanged,
        changed=tuple(comparison.changed),
        revised=tuple(revised),
        orphaned=tuple(comparison.orphaned),
        known=ledger.count_claims_with(round_.name, TaskRole.GOLD),
        repeated=ledger.count_claims_with(round_.name, TaskRole.REPEAT),
        doubled=(*before.removed, *after.removed),
        unresolved=(*projects.left, *after.unresolved),
        doubled_projects=projects.aside,
        dry_run=False,
    )
