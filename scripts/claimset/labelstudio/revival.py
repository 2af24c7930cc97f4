"""Revival: a text that changed and changed back is asked on where its answers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.labelstudio.listing import StoredTask
from claimset.labelstudio.reconciling import remove_unless_answered
from claimset.labelstudio.roles import role_of
from claimset.models import TaskRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimset.labelstudio.client import LabelStudioClient
    from claimset.storage.ledger import Ledger, Round

__all__ = ["revive"]

Task = dict[str, Any]


def revive(
    client: LabelStudioClient, ledger: Ledger, round_: Round, tasks: Iterable[Task]
) -> list[Task]:
    """Make old tasks current again whose text is the wanted one once more.

    The newer task in between goes if nobody has answered it. If somebody has, both texts have
    answers, and which task is the newest must go on telling the current one: then the text needs
    a task of its own.

    Args:
        client: The server.
        ledger: Knows the old tasks.
        round_: The round.
        tasks: Wanted tasks whose content an old task of the claim has.

    Returns:
        Those that have to be sent.

    Raises:
        LabelStudioError: The server failed; what was done until then is recorded.
    """
    to_send = []
    for task in tasks:
        data = task["data"]
        role = role_of(data) or TaskRole.CLAIM
        live = ledger.tasks_of(round_.name, data["claim_id"], role)
        old = [number for number, content in live.items() if content == data["content_hash"]]
        newer = [
            number
            for number, content in live.items()
            if content != data["content_hash"] and number > max(old)
        ]
        gone = [number for number in newer if remove_unless_answered(client, round_, number)]
        ledger.record_deleted_tasks(round_.name, gone)
        if gone != newer:
            to_send.append(task)
            continue
        for row in client.tasks_by_id(round_.project_id, old):
            _ask_on(client, round_, row)
    return to_send


def _ask_on(client: LabelStudioClient, round_: Round, row: Task) -> None:
    """Take a task back into the labelling stream, for as many answers as it lacks."""
    stored = StoredTask.of(row)
    if stored is None:
        return
    given = sum(not item.get("was_cancelled") for item in row.get("annotations") or ())
    client.update_task(stored.task_id, overlap=round_.overlap, is_labeled=given >= round_.overlap)
