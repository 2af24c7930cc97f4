"""Status: how far the annotation is, how fast, and how far people agree, from the ledger alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from claimset.aggregation import (
    CheckAnswers,
    adjudications_of_claims,
    annotator_checks,
    answers_under,
    known_under,
    label_of,
    latest_answers,
    votes_of_claims,
)
from claimset.agreement import IntervalPlan, Rating, Ratings, krippendorff_alpha
from claimset.models import (
    AgreementFigure,
    AnnotationRole,
    AnnotationStatus,
    AnnotatorChecks,
    AnnotatorKind,
    Model,
    RoundKind,
    TaskRole,
)
from claimset.pipeline.disputes import differing
from claimset.pipeline.names import names_of_people
from claimset.pipeline.pace import Pace, pace_of
from claimset.pipeline.segmented_rows import articles_of_claims
from claimset.settings import load_settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimset.models import Annotation, LabelSet
    from claimset.storage.ledger import PushedTask, Round
    from claimset.storage.workspace import Workspace

__all__ = ["OpenTask", "RoundStatus", "StatusResult", "checks_of", "status"]


class OpenTask(Model):
    """A task that still needs answers."""

    claim_id: str
    """Its claim."""
    task_id: int
    """Its number in Label Studio."""
    pushed_at: datetime
    """When it was pushed."""
    answers: int
    """Answers that it has."""


class RoundStatus(Model):
    """How far one round is."""

    round: str
    """The round."""
    kind: RoundKind
    """Whether it asks for votes or for decisions between them."""
    tasks: int
    """Claims that the round asks for."""
    begun: int
    """Claims with at least one submitted annotation."""
    complete: int
    """Claims with as many submitted annotations as the round asks for."""
    overlap: int
    """Annotations the round asks for."""
    skipped: int
    """Annotations that were skipped."""
    disputed: int
    """Claims whose votes differ."""
    adjudicated: int
    """Claims that an adjudicator has looked at."""
    pace: Pace
    """How fast answers come, and when the round will be done."""
    alpha: AgreementFigure | None
    """Krippendorff's alpha (nominal) over the combined label; of people, where any answered."""
    submitted_by: dict[str, int]
    """Submitted annotations by annotator."""
    last_answers: dict[str, datetime]
    """When each of them last answered, UTC."""
    labels: dict[str, int]
    """Submitted annotations by label, most frequent first."""
    oldest_open: OpenTask | None
    """The task that has waited longest for its answers."""
    known_items: int
    """Claims with a known answer among those asked; their answers are no votes."""
    repeated_items: int
    """Claims that are asked a second time."""
    checks: tuple[AnnotatorChecks, ...]
    """How annotators did on these; no share under twenty answers."""
    rejected: tuple[str, ...]
    """Annotations that cannot be used as they stand, with the reason."""
    mendable: int
    """Of these, those that can be put before their annotators again."""
    returned: int
    """Tasks that were put before their annotators again and wait for an answer."""


class StatusResult(Model):
    """How far every round is."""

    rounds: tuple[RoundStatus, ...]
    """Rounds by name."""
    open_disputes: int
    """Claims of all rounds whose votes differ and that no adjudicator has looked at."""
    names: dict[str, str]
    """What the lead calls people, by pseudonym; for their screen alone."""


def status(workspace: Workspace, *, now: datetime | None = None) -> StatusResult:
    """Count what the ledger holds; run ``pull`` first to see the latest.

    Args:
        workspace: The workspace.
        now: The moment that pace and forecast reckon from; the present without it.

    Raises:
        DataError: The ledger or the table of claims cannot be read.
    """
    if not workspace.ledger.exists():
        return StatusResult(rounds=(), open_disputes=0, names={})
    labels = load_settings(workspace).labels
    with Ledger(workspace.ledger) as ledger:
        annotations = answers_under(labels, ledger.annotations())
        articles = articles_of_claims(workspace, {item.claim_id for item in annotations})
        checks = checks_of(ledger, labels)
        decided = adjudications_of_claims(annotations)
        disputed = differing(votes_of_claims(annotations))
        return StatusResult(
            rounds=tuple(
                _round_status(
                    ledger,
                    found,
                    [item for item in annotations if item.round == found.name],
                    decided,
                    articles,
                    labels,
                    now or datetime.now(UTC),
                    _of_round(checks, found.name),
                )
                for found in ledger.rounds()
            ),
            open_disputes=len(disputed - decided.keys()),
            names=names_of_people(workspace),
        )


def checks_of(ledger: Ledger, labels: LabelSet) -> CheckAnswers:
    """Answers to the tasks that measure annotators, of all rounds, and the right ones.

    Args:
        ledger: Holds them as they were given.
        labels: The label set, which says what earlier verdicts are called now.

    Raises:
        ContractError: The label set says nothing of a verdict that was given.
    """
    return CheckAnswers(
        known=known_under(labels, ledger.known_answers()),
        gold=tuple(answers_under(labels, ledger.annotations(role=TaskRole.GOLD))),
        again=tuple(answers_under(labels, ledger.annotations(role=TaskRole.REPEAT))),
    )


def _of_round(checks: CheckAnswers, name: str) -> CheckAnswers:
    return checks._replace(
        gold=tuple(item for item in checks.gold if item.round == name),
        again=tuple(item for item in checks.again if item.round == name),
    )


def _round_status(
    ledger: Ledger,
    of: Round,
    annotations: list[Annotation],
    decided: Mapping[str, Annotation],
    articles: Mapping[str, str],
    labels: LabelSet,
    now: datetime,
    checks: CheckAnswers,
) -> RoundStatus:
    adjudicates = of.kind is RoundKind.ADJUDICATION
    role = AnnotationRole.ADJUDICATION if adjudicates else AnnotationRole.VOTE
    submitted = [
        item
        for item in annotations
        if item.status is AnnotationStatus.SUBMITTED and item.role is role
    ]
    votes = Counter(item.claim_id for item in latest_answers(submitted))
    tasks = [task for task in ledger.tasks(of.name) if _asks(task)]
    claims = {task.claim_id for task in tasks}
    remaining = sum(max(0, of.overlap - votes[claim]) for claim in claims)
    return RoundStatus(
        round=of.name,
        kind=of.kind,
        tasks=len(claims),
        begun=sum(votes[claim] > 0 for claim in claims),
        complete=sum(votes[claim] >= of.overlap for claim in claims),
        overlap=of.overlap,
        skipped=sum(item.status is AnnotationStatus.SKIPPED for item in annotations),
        disputed=len(differing(votes_of_claims(submitted))),
        adjudicated=len(claims & decided.keys()),
        pace=pace_of([item.created_at for item in submitted], remaining, now),
        alpha=None if adjudicates else _alpha(submitted, articles, labels),
        submitted_by=dict(sorted(Counter(item.annotator for item in submitted).items())),
        last_answers=_last_answers(submitted),
        labels=dict(
            Counter(
                "cannot be decided" if item.checkability is None else label_of(item)
                for item in submitted
            ).most_common()
        ),
        oldest_open=_oldest_open(ledger, of, tasks, votes),
        known_items=ledger.count_claims_with(of.name, TaskRole.GOLD),
        repeated_items=ledger.count_claims_with(of.name, TaskRole.REPEAT),
        checks=annotator_checks(annotations, checks),
        rejected=tuple(
            f"{item.annotation_id} (task {item.task_id}): {item.reason}"
            for item in ledger.rejections(of.name)
        ),
        mendable=len(ledger.mendable(of.name)),
        returned=len(ledger.waiting_returns(of.name)),
    )


def _last_answers(submitted: Sequence[Annotation]) -> dict[str, datetime]:
    last: dict[str, datetime] = {}
    for item in submitted:
        last[item.annotator] = max(item.updated_at, last.get(item.annotator, item.updated_at))
    return dict(sorted(last.items()))


def _asks(task: PushedTask) -> bool:
    """Whether the task's answers are wanted as votes or decisions."""
    return task.role is TaskRole.CLAIM and not task.superseded


def _alpha(
    submitted: Sequence[Annotation], articles: Mapping[str, str], labels: LabelSet
) -> AgreementFigure | None:
    for kind in AnnotatorKind:
        votes = votes_of_claims(item for item in submitted if item.annotator_kind is kind)
        if votes:
            ratings = [
                Rating(claim, vote.annotator, label_of(vote))
                for claim, answers in votes.items()
                for vote in answers
            ]
            # A claim that is no longer in its article stands by itself.
            places = {claim: articles.get(claim, claim) for claim in votes}
            return krippendorff_alpha(
                Ratings.of(ratings, labels=labels.labels, articles=places), plan=IntervalPlan()
            )
    return None


def _oldest_open(
    ledger: Ledger, of: Round, tasks: Sequence[PushedTask], votes: Mapping[str, int]
) -> OpenTask | None:
    waiting = [task for task in tasks if votes[task.claim_id] < of.overlap]
    if not waiting:
        return None
    pushed = ledger.pushed_at(of.name)
    oldest = min(waiting, key=lambda task: (pushed[task.task_id], task.task_id))
    return OpenTask(
        claim_id=oldest.claim_id,
        task_id=oldest.task_id,
        pushed_at=pushed[oldest.task_id],
        answers=votes[oldest.claim_id],
    )
