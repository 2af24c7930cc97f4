"""Push: bring every claim's task into the round's project exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import LabelStudioError, PartialWriteError
from claimset.models import Model
from claimset.storage.ledger import Ledger, PushedTask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimset.labelstudio.client import LabelStudioClient

__all__ = ["PushPlan", "PushResult", "plan_push", "push_tasks"]

BATCH_SIZE = 500


class PushPlan(NamedTuple):
    """What a push would do."""

    new: list[dict[str, Any]]
    unchanged: int
    changed: list[str]
    orphaned: list[str]


class PushResult(Model):
    """What a push did."""

    round: str
    """The round."""
    project_id: int | None
    """Label Studio's project; null when a dry run would create it."""
    sent: int
    """Tasks sent by this run."""
    found: int
    """Tasks that were there already although the ledger did not know them."""
    unchanged: int
    """Tasks that the ledger knew, with the same content."""
    changed: tuple[str, ...]
    """Claims whose context, sources or candidates differ from the task in Label Studio."""
    orphaned: tuple[str, ...]
    """Claims with a task in Label Studio that segmentation no longer yields."""
    dry_run: bool
    """Whether nothing was sent on purpose."""


def plan_push(ledger: Ledger, round_name: str, tasks: Sequence[dict[str, Any]]) -> PushPlan:
    """Compare the tasks with what the ledger knows to be in Label Studio."""
    known: dict[str, set[str]] = {}
    for pushed in ledger.tasks(round_name):
        known.setdefault(pushed.claim_id, set()).add(pushed.content_hash)
    new: list[dict[str, Any]] = []
    changed: list[str] = []
    unchanged = 0
    wanted = set()
    for task in tasks:
        claim_id = task["data"]["claim_id"]
        wanted.add(claim_id)
        if claim_id not in known:
            new.append(task)
        elif task["data"]["content_hash"] in known[claim_id]:
            unchanged += 1
        else:
            changed.append(claim_id)
    return PushPlan(new, unchanged, changed, sorted(set(known) - wanted))


def push_tasks(
    client: LabelStudioClient,
    ledger: Ledger,
    round_name: str,
    project_id: int,
    tasks: Sequence[dict[str, Any]],
    *,
    advance: Callable[[int], None],
) -> PushResult:
    """Send what is missing, batch by batch; whatever arrives is recorded before going on.

    Before each batch the project is asked which of its claims it holds, and after it what arrived:
    so a lost answer, a killed run or a lost ledger never doubles a task.

    Args:
        client: The server.
        ledger: Where the task ids are kept.
        round_name: The round.
        project_id: The round's project.
        tasks: All tasks of the round.
        advance: Called with the number of tasks settled.

    Raises:
        PartialWriteError: The server failed after part of the tasks were there.
        LabelStudioError: The server failed at the first batch.
    """
    plan = plan_push(ledger, round_name, tasks)
    sent = found = 0
    advance(plan.unchanged + len(plan.changed))
    for first in range(0, len(plan.new), BATCH_SIZE):
        batch = plan.new[first : first + BATCH_SIZE]
        try:
            there = _record_present(client, ledger, round_name, project_id, batch)
            missing = [task for task in batch if task["data"]["claim_id"] not in there]
            found += len(batch) - len(missing)
            if missing:
                client.import_tasks(project_id, missing)
                arrived = _record_present(client, ledger, round_name, project_id, missing)
                sent += len(arrived)
                _check_arrival(len(missing), len(arrived), project_id)
        except LabelStudioError as error:
            settled = plan.unchanged + sent + found
            if not settled:
                raise
            raise PartialWriteError(
                error.problem,
                where=error.where,
                remedy=f"{settled} of {len(tasks)} tasks are in Label Studio and recorded; "
                "run `claimset push` again: it looks up what has arrived and sends the rest",
                status=error.status,
            ) from error
        advance(len(batch))
    return PushResult(
        round=round_name,
        project_id=project_id,
        sent=sent,
        found=found,
        unchanged=plan.unchanged,
        changed=tuple(plan.changed),
        orphaned=tuple(plan.orphaned),
        dry_run=False,
    )


def _check_arrival(sent: int, arrived: int, project_id: int) -> None:
    if arrived < sent:
        raise LabelStudioError(
            f"Label Studio took {sent} tasks but holds {arrived} of them",
            where=f"project {project_id}",
            remedy="wait a moment: the server may still be at work; then push again",
        )


def _record_present(
    client: LabelStudioClient,
    ledger: Ledger,
    round_name: str,
    project_id: int,
    batch: Sequence[dict[str, Any]],
) -> set[str]:
    """Record the tasks of a batch that the project holds; returns their claims.

    Raises:
        LabelStudioError: The project holds a claim's task twice.
    """
    present = client.find_tasks(project_id, [task["data"]["claim_id"] for task in batch])
    for claim_id, tasks in present.items():
        hashes = [content_hash for _, content_hash in tasks]
        if len(set(hashes)) < len(hashes):
            raise LabelStudioError(
                f"project {project_id} holds the task of claim {claim_id} more than once: "
                f"tasks {', '.join(str(task_id) for task_id, _ in tasks)}",
                where=f"round {round_name}",
                remedy="delete the ones without annotations in Label Studio, then push again",
            )
    ledger.record_tasks(
        round_name,
        [
            PushedTask(task_id, claim_id, content_hash)
            for claim_id, tasks in present.items()
            for task_id, content_hash in tasks
        ],
    )
    return set(present)
