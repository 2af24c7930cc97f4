"""Status: how far the annotation is, from the ledger alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimset.aggregation import label_of, latest_answers
from claimset.models import AnnotationRole, AnnotationStatus, Model
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from claimset.models import Annotation
    from claimset.storage.workspace import Workspace

__all__ = ["RoundStatus", "StatusResult", "status"]


class RoundStatus(Model):
    """How far one round is."""

    round: str
    """The round."""
    tasks: int
    """Tasks in Label Studio."""
    begun: int
    """Tasks with at least one submitted annotation."""
    complete: int
    """Tasks with as many submitted annotations as the round asks for."""
    overlap: int
    """Annotations the round asks for."""
    submitted_by: dict[str, int]
    """Submitted annotations by annotator."""
    labels: dict[str, int]
    """Submitted annotations by label, most frequent first."""
    rejected: tuple[str, ...]
    """Annotations that cannot be used as they stand, with the reason."""


class StatusResult(Model):
    """How far every round is."""

    rounds: tuple[RoundStatus, ...]
    """Rounds by name."""


def status(workspace: Workspace) -> StatusResult:
    """Count what the ledger holds; run ``pull`` first to see the latest.

    Raises:
        DataError: The ledger cannot be read.
    """
    if not workspace.ledger.exists():
        return StatusResult(rounds=())
    with Ledger(workspace.ledger) as ledger:
        annotations = ledger.annotations()
        return StatusResult(
            rounds=tuple(
                _round_status(
                    ledger,
                    found.name,
                    found.overlap,
                    [item for item in annotations if item.round == found.name],
                )
                for found in ledger.rounds()
            )
        )


def _round_status(
    ledger: Ledger, name: str, overlap: int, annotations: list[Annotation]
) -> RoundStatus:
    submitted = [
        item
        for item in annotations
        if item.status is AnnotationStatus.SUBMITTED and item.role is AnnotationRole.VOTE
    ]
    votes = Counter(item.claim_id for item in latest_answers(submitted))
    tasks = ledger.tasks(name)
    return RoundStatus(
        round=name,
        tasks=len(tasks),
        begun=sum(votes[task.claim_id] > 0 for task in tasks),
        complete=sum(votes[task.claim_id] >= overlap for task in tasks),
        overlap=overlap,
        submitted_by=dict(sorted(Counter(item.annotator for item in submitted).items())),
        labels=dict(Counter(label_of(item) for item in submitted).most_common()),
        rejected=tuple(
            f"{item.annotation_id} (task {item.task_id}): {item.reason}"
            for item in ledger.rejections(name)
        ),
    )
