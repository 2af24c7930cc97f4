"""Pull: bring every annotation into the ledger, checked, under the annotator's pseudonym."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.identifiers import annotation_id
from claimset.labelstudio.accounts import annotator_of
from claimset.labelstudio.client import LabelStudioClient, as_moment
from claimset.labelstudio.results import UnusableAnswer, answer_of, recorded_guidelines
from claimset.models import Annotation, AnnotationStatus, AnnotatorKind, Model
from claimset.storage.ledger import Author, Ledger, PushedTask, Rejection, Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["PullResult", "pull_annotations"]

# Two writes of one submission are up to half a second apart, and clocks are not perfect.
_OVERLAP = timedelta(seconds=60)
_BATCH_SIZE = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PullResult(Model):
    """What a pull found."""

    round: str
    """The round."""
    tasks: int
    """Tasks the project holds."""
    new: int
    """Annotations seen for the first time."""
    edited: int
    """Annotations changed since the last pull."""
    deleted: int
    """Annotations deleted since the last pull; they stay in the ledger as deleted."""
    unchanged: int
    """Annotations looked at again without a change."""
    rejected: tuple[str, ...]
    """Every annotation that cannot be used as it stands, with the reason."""
    foreign_tasks: tuple[int, ...]
    """Tasks in the project that claimset did not make."""
    deleted_tasks: tuple[int, ...]
    """Tasks that are gone from the project."""
    submitted_by: dict[str, int]
    """Submitted annotations in the ledger for this round, by annotator."""
    skipped: int
    """Tasks that annotators skipped."""


def pull_annotations(
    client: LabelStudioClient,
    ledger: Ledger,
    round_: Round,
    texts: Mapping[str, str],
    secret: bytes,
    *,
    full: bool = False,
    advance: Callable[[int], None],
) -> PullResult:
    """Read what changed since the last pull.

    Args:
        client: The server.
        ledger: Takes in the annotations.
        round_: The round.
        texts: Text of every article: spans are checked against it.
        secret: Keys the pseudonyms.
        full: Read everything, not only what changed.
        advance: Called with the number of tasks read.

    Raises:
        LabelStudioError: The server failed; what was recorded before stays and the next pull goes
            on from there.
    """
    # Label Studio forgets who a removed account was ("Deleted" stands for its address), so an
    # account stays who it was when it was first seen.
    known = ledger.authors(round_)
    people = {
        user: annotator_of(email, secret)
        for user, email in client.accounts().items()
        if "@" in email
    } | known
    since = _EPOCH
    if round_.watermark is not None and not full:
        since = round_.watermark - _OVERLAP
    counts = dict.fromkeys(("new", "edited", "deleted", "unchanged", "rejected"), 0)
    foreign = ledger.foreign_tasks(round_)
    for batch in _batches(client.changed_tasks(round_.project_id, since)):
        answers: dict[int, list[Annotation | Rejection]] = {}
        tasks = []
        for task in batch:
            if not isinstance(task["data"], dict) or "claim_id" not in task["data"]:
                foreign.add(int(task["id"]))
                continue
            data = task["data"]
            tasks.append(
                PushedTask(int(task["id"]), data["claim_id"], str(data.get("content_hash", "")))
            )
            answers[int(task["id"])] = [
                _read(item, task, round_, _author(item, round_, people, ledger), texts)
                for item in task.get("annotations") or []
            ]
        seen = {
            item.get("completed_by") for task in batch for item in task.get("annotations") or []
        }
        ledger.record_authors(round_, {user: people[user] for user in seen & set(people)})
        ledger.record_tasks(round_.name, tasks)
        watermark = max(as_moment(task["updated_at"]) for task in batch)
        for name, count in ledger.record_pull(round_.name, answers, watermark=watermark).items():
            counts[name] += count
        advance(len(batch))
    total, gone, lost = _find_deleted(client, ledger, round_, foreign)
    in_round = [item for item in ledger.annotations() if item.round == round_.name]
    submitted = [item for item in in_round if item.status is AnnotationStatus.SUBMITTED]
    return PullResult(
        round=round_.name,
        tasks=total,
        new=counts["new"],
        edited=counts["edited"],
        deleted=counts["deleted"] + lost,
        unchanged=counts["unchanged"],
        rejected=tuple(
            f"{item.annotation_id} (task {item.task_id}): {item.reason}"
            for item in ledger.rejections(round_.name)
        ),
        foreign_tasks=tuple(sorted(ledger.foreign_tasks(round_))),
        deleted_tasks=tuple(gone),
        submitted_by={
            name: sum(item.annotator == name for item in submitted)
            for name in sorted({item.annotator for item in submitted})
        },
        skipped=sum(item.status is AnnotationStatus.SKIPPED for item in in_round),
    )


def _batches(tasks: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for task in tasks:
        batch.append(task)
        if len(batch) == _BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch


def _read(
    item: dict[str, Any],
    task: dict[str, Any],
    round_: Round,
    annotator: Author | None,
    texts: Mapping[str, str],
) -> Annotation | Rejection:
    """One annotation of a task as the model, or the reason why it cannot be one."""
    name = annotation_id(round_.name, int(item["id"]), round_.generation)
    data = task["data"]
    if annotator is None:
        return _rejected(name, item, task, "its account is no longer in Label Studio")
    try:
        fields: dict[str, Any] = {
            "annotation_id": name,
            "claim_id": data["claim_id"],
            "round": round_.name,
            "annotator": annotator.annotator,
            "annotator_kind": annotator.kind,
            "lead_time_s": item.get("lead_time"),
            "created_at": as_moment(item["created_at"]),
            "updated_at": as_moment(item["updated_at"]),
            "label_schema_version": round_.label_schema_version,
            "guidelines_version": round_.guidelines_version,
        }
        if annotator.kind is AnnotatorKind.MACHINE:
            recorded = recorded_guidelines(item.get("result") or [])
            fields["guidelines_version"] = recorded or round_.guidelines_version
        if item.get("was_cancelled"):
            return Annotation(**fields, checkability=None, status=AnnotationStatus.SKIPPED)
        answer = answer_of(
            item.get("result") or [],
            claim=str(data.get("claim", "")),
            sources=[str(source.get("article_id")) for source in data.get("sources") or []],
            texts=texts,
        )
        return Annotation(**fields, **dict(answer), status=AnnotationStatus.SUBMITTED)
    except (UnusableAnswer, ValidationError) as error:
        return _rejected(name, item, task, str(error))


def _rejected(name: str, item: dict[str, Any], task: dict[str, Any], reason: str) -> Rejection:
    payload = json.dumps(item, ensure_ascii=False, sort_keys=True, default=str)
    return Rejection(name, int(task["id"]), reason, payload)


def _author(
    item: dict[str, Any], round_: Round, people: Mapping[int, Author], ledger: Ledger
) -> Author | None:
    """The annotator behind an answer; also when the account was deleted since it was pulled."""
    user = item.get("completed_by")
    if isinstance(user, dict):  # a number in lists, an object elsewhere
        user = user.get("id")
    if isinstance(user, int) and user in people:
        return people[user]
    return ledger.author_of(annotation_id(round_.name, int(item["id"]), round_.generation))


def _find_deleted(
    client: LabelStudioClient, ledger: Ledger, round_: Round, foreign: set[int]
) -> tuple[int, list[int], int]:
    """Tasks that were deleted in Label Studio: no listing shows them, only the count does.

    Returns:
        How many tasks the project holds, which known ones are gone, and how many annotations went
        with them.
    """
    total = client.count_tasks(round_.project_id)
    known = {task.task_id for task in ledger.tasks(round_.name)}
    if total == len(known | foreign):
        ledger.record_foreign_tasks(round_, foreign - known)
        return total, [], 0
    present = client.task_ids(round_.project_id)
    ledger.record_foreign_tasks(round_, present - known)
    gone = sorted(known - present)
    return total, gone, ledger.record_deleted_tasks(round_.name, gone)
