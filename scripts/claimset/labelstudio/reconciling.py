"""Reconciling: what the project holds and what the ledger knows are made to agree.

No listing shows a deleted task, and a task whose arrival was never answered is in no ledger. Only
the number of tasks tells; where it differs, halving the range of ids finds the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimset.errors import LabelStudioError
from claimset.labelstudio.client import LAST_ID
from claimset.labelstudio.failures import NOT_FOUND
from claimset.labelstudio.listing import StoredTask

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from claimset.labelstudio.client import LabelStudioClient
    from claimset.storage.ledger import Ledger, Round

__all__ = ["Reconciled", "reconcile", "remove_unless_answered", "settle_superseded"]

# Below this the ids themselves are read; above it a range is halved.
_RANGE = 2000
_AT_ONCE = 1000


class Reconciled(NamedTuple):
    """What was found."""

    total: int
    """Tasks in the project."""
    gone: tuple[int, ...]
    """Tasks that are no longer there."""
    lost: int
    """Annotations that went with them."""
    arrived: tuple[int, ...]
    """Ids of tasks that were there and not in the ledger."""
    removed: tuple[int, ...]
    """Doubled tasks that were removed."""
    unresolved: tuple[str, ...]
    """Doubled tasks that were left, in words."""


def reconcile(
    client: LabelStudioClient,
    ledger: Ledger,
    round_: Round,
    *,
    mend: bool = True,
    counted: int | None = None,
) -> Reconciled:
    """Record tasks that are gone from the project or unknown to the ledger; remove doubles.

    Args:
        client: The server.
        ledger: What is known.
        round_: The round.
        mend: Whether doubled tasks without answers are removed; otherwise they are only named.
        counted: How many tasks the project held a moment ago; where the ledger knows other than
            so many, they are counted again.

    Raises:
        LabelStudioError: The server failed; what was recorded stays.
    """
    known_total = ledger.count_tasks(round_)
    total = counted if counted == known_total else client.count_tasks(round_.project_id)
    gone: list[int] = []
    arrived: list[int] = []
    lost = 0
    if total != known_total:
        for first, last in _differences(client, ledger, round_):
            lower = first
            # A lost ledger knows none of many: never all of them are in memory.
            for upper, present in client.ids_between(round_.project_id, first, last):
                known = ledger.task_ids(round_, (lower, upper))
                missing = sorted(known - present)
                ledger.forget_foreign_tasks(round_, missing)
                lost += ledger.record_deleted_tasks(round_.name, missing)
                gone += missing
                arrived += _record_unknown(client, ledger, round_, sorted(present - known))
                lower = upper + 1
    removed, unresolved = _mend_doubles(client, ledger, round_, mend=mend)
    return Reconciled(
        total - len(removed),
        tuple(gone),
        lost,
        tuple(arrived),
        tuple(removed),
        tuple(unresolved),
    )


def _differences(
    client: LabelStudioClient, ledger: Ledger, round_: Round
) -> Iterator[tuple[int, int]]:
    """Small ranges of ids in which project and ledger differ, and the open one above the ledger."""
    last = ledger.last_task_id(round_)
    ranges = [(1, last)] if last else []
    while ranges:
        first, last_of_range = ranges.pop()
        there = client.count_tasks(round_.project_id, (first, last_of_range))
        here = ledger.count_tasks(round_, (first, last_of_range))
        if there == here:
            continue
        if last_of_range - first < _RANGE or there == 0:
            yield first, last_of_range
            continue
        middle = (first + last_of_range) // 2
        ranges += [(middle + 1, last_of_range), (first, middle)]
    if client.count_tasks(round_.project_id, (last + 1, LAST_ID)):
        yield last + 1, LAST_ID


def _record_unknown(
    client: LabelStudioClient, ledger: Ledger, round_: Round, unknown: Sequence[int]
) -> list[int]:
    """Record tasks that the ledger did not know; returns the ids of those that are ours."""
    found = []
    foreign = set()
    for task in client.tasks_by_id(round_.project_id, unknown):
        stored = StoredTask.of(task)
        if stored is None:
            foreign.add(int(task["id"]))
        else:
            found.append(stored.as_pushed())
    ledger.record_tasks(round_.name, found)
    ledger.add_foreign_tasks(round_, foreign)
    return [task.task_id for task in found]


def _mend_doubles(
    client: LabelStudioClient, ledger: Ledger, round_: Round, *, mend: bool
) -> tuple[list[int], list[str]]:
    """Remove doubled tasks without answers; the one with most answers, else the first, stays.

    Where another text of the claim came in between, only a task that is newer can stay: the newest
    one tells which text is current.
    """
    removed: list[int] = []
    left: list[str] = []
    for ids, barrier in ledger.doubled_tasks(round_.name):
        stored = _stored(client, round_, ids)
        earlier = [task for task in stored if task.task_id < barrier]
        order = sorted(
            (task for task in stored if task not in earlier),
            key=lambda task: (-task.answers, task.task_id),
        )
        if mend:
            removed += [
                task.task_id
                for task in earlier
                if not task.answers and remove_unless_answered(client, round_, task.task_id)
            ]
        names = ", ".join(str(task.task_id) for task in sorted(order))
        idle = [task.task_id for task in order[1:] if not task.answers]
        if mend:
            removed += [
                task_id for task_id in idle if remove_unless_answered(client, round_, task_id)
            ]
            if order and order[0].labelled and order[0].answers < round_.overlap:
                # It was to be removed when somebody answered it: the others are still to be asked.
                client.update_task(order[0].task_id, is_labeled=False, overlap=round_.overlap)
        if len(order) - len(idle) > 1 or (idle and not mend):
            answered = ", and more than one has answers" if len(order) > len(idle) + 1 else ""
            left.append(f"tasks {names} of claim {order[0].claim_id} are the same{answered}")
    ledger.record_deleted_tasks(round_.name, removed)
    return removed, left


def settle_superseded(
    client: LabelStudioClient, ledger: Ledger, round_: Round, known: Collection[int]
) -> list[str]:
    """See that nobody is asked an old text any more.

    A superseded task that has answers stays with them, marked as finished; so does one whose
    answer was returned, for its annotator's draft is there; one without is removed.

    Args:
        client: The server.
        ledger: Says which tasks show an old text.
        round_: The round.
        known: Tasks that showed an old text before this push.

    Returns:
        Claims whose old task has answers, where it shows an old text only now or was marked as
        finished by this call. One that has all its answers was finished before.
    """
    old = ledger.superseded_tasks(round_.name)
    drafts = {found.task_id for found in ledger.waiting_returns(round_.name, superseded=True)}
    retired = []
    for first in range(0, len(old), _AT_ONCE):
        removed = []
        for task in _stored(client, round_, old[first : first + _AT_ONCE]):
            gone = not task.labelled and not _retire(client, task.task_id)
            idle = not task.answers and task.task_id not in drafts
            if gone or (idle and remove_unless_answered(client, round_, task.task_id)):
                removed.append(task.task_id)
            elif not task.labelled or task.task_id not in known:
                retired.append(task.claim_id)
        ledger.record_deleted_tasks(round_.name, removed)
    return retired


def _stored(client: LabelStudioClient, round_: Round, task_ids: Sequence[int]) -> list[StoredTask]:
    rows = client.tasks_by_id(round_.project_id, task_ids)
    return sorted(task for row in rows if (task := StoredTask.of(row)) is not None)


def _retire(client: LabelStudioClient, task_id: int) -> bool:
    """Take a task out of the labelling stream; its answers stay as they are.

    Returns:
        ``False`` when the task is gone: another push may be at the same work.
    """
    try:
        client.update_task(task_id, is_labeled=True, overlap=1)
    except LabelStudioError as error:
        if error.status != NOT_FOUND:
            raise
        return False
    return True


def remove_unless_answered(client: LabelStudioClient, round_: Round, task_id: int) -> bool:
    """Remove a task unless somebody has answered it meanwhile; returns whether it is gone."""
    if not _retire(client, task_id):  # from here on nobody gets it
        return True
    if any(task.answers for task in _stored(client, round_, [task_id])):
        return False
    client.delete_task(task_id)
    return True
