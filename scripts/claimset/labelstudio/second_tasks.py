"""Second tasks: kept for the people who answered the first.

Label Studio Community assigns nothing: in a team larger than the overlap, a claim's second task
may go to anybody. But it keeps a task for whoever has it on screen, so the second task is taken
for those who answered the first, as far as their accounts can be entered.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from claimset.labelstudio.access import OwnAccess
    from claimset.labelstudio.client import LabelStudioClient
    from claimset.storage.ledger import Ledger, Round

__all__ = ["DISTANCE", "keep_second_tasks"]

DISTANCE = timedelta(hours=1)
"""Time between the first answer and the second task: sooner, people repeat what they remember."""


def keep_second_tasks(
    client: LabelStudioClient, ledger: Ledger, round_: Round, access: OwnAccess, now: datetime
) -> int:
    """Keep every open second task for those who answered the first, as of the last pull.

    Label Studio gives a kept task to its annotator first and holds the place for a day; doing this
    again renews it.

    Args:
        client: The server.
        ledger: Knows who answered what.
        round_: The round.
        access: Enters annotators' accounts.
        now: This moment.

    Returns:
        How many places are kept.

    Raises:
        LabelStudioError: The server failed; the next push goes on.
    """
    due = ledger.second_answers_due(round_.name, now - DISTANCE)
    users = {author.annotator: user for user, author in ledger.authors(round_).items()}
    kept = 0
    for annotator, tasks in due.items():
        user = users.get(annotator)
        own = access.of(user) if user is not None else None
        # The lead's own account is not for labelling: it works in the list of tasks.
        if own is None or own is client:
            continue
        kept += sum(own.take_task(round_.project_id, task) for task in tasks)
    return kept
