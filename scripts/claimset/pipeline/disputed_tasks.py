"""Disputed tasks: the tasks of an adjudication, made from the rows that they show."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from claimset.labelstudio.dispute_tasks import DisputedTask, build_dispute_tasks
from claimset.models import Claim, EvidenceCandidate, TaskRole, Unit
from claimset.pipeline.agreeing import marked_articles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimset.pipeline.segmented_rows import SegmentedRows
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["tasks_of_disputes"]


def tasks_of_disputes(
    segmented: SegmentedRows,
    asked: Sequence[DisputedTask],
    workspace: Workspace,
    settings: Settings,
) -> Iterator[tuple[TaskRole, dict[str, Any]]]:
    """The tasks, event by event; of an event only the disputed claims' articles have rows.

    Args:
        segmented: The workspace's rows.
        asked: The disputes, in the order of the table of claims.
        workspace: Its secret keys the order of the answers.
        settings: Say whether candidates are shown, and how verdicts are called.

    Yields:
        What each task is there for, and the task.

    Raises:
        SpanError: A row is not the slice of its article.
        DataError: A table, the manifest or an article is not as it must be.
    """
    places = {task.claim.article_id for task in asked}
    units = segmented.rows_of(Unit, "article_id", places)
    claims = segmented.rows_of(Claim, "article_id", places)
    shown = [task.claim.claim_id for task in asked] if settings.show_candidates else []
    candidates = segmented.rows_of(EvidenceCandidate, "claim_id", shown)
    secret = workspace.pseudonym_secret()
    events = segmented.events({task.claim.event_id for task in asked})
    for event, group in groupby(asked, lambda task: task.claim.event_id):
        some = list(group)
        articles = segmented.listed(events[event])
        # What was marked while the article was of this event is shown with the answers.
        here = {article.article_id for article in articles}
        marked = marked_articles(vote for task in some for vote in task.votes)
        articles += [segmented.article(name) for name in segmented.known(sorted(marked - here))]
        wanted = list(dict.fromkeys(task.claim.article_id for task in some))
        for task in build_dispute_tasks(
            articles,
            [unit for name in wanted for unit in units.of(name)],
            [claim for name in wanted for claim in claims.of(name)],
            [row for one in some for row in candidates.of(one.claim.claim_id)],
            some,
            secret,
            settings.labels,
        ):
            yield TaskRole.CLAIM, task
