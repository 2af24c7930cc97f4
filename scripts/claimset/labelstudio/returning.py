"""Returning: answers that break a rule are put before their own annotator again.

Label Studio's labelling stream leaves out every task that somebody has an annotation of. So the
annotation becomes a draft of its annotator, with the reason as its first line, and the task is
kept for them: the stream gives it to them first. Where their account cannot be entered, the
annotation is taken out instead and the task opens again, blank. The ledger keeps it either way.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import LabelStudioError
from claimset.labelstudio.failures import NOT_FOUND
from claimset.labelstudio.reading import source_ids
from claimset.labelstudio.results import without_lost_spans
from claimset.labelstudio.return_note import with_note
from claimset.storage.ledger import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from claimset.labelstudio.access import OwnAccess
    from claimset.labelstudio.client import LabelStudioClient
    from claimset.labelstudio.reading import AnnotationReader
    from claimset.storage.ledger import Ledger, Round

__all__ = ["ReturnSite", "ReturnWay", "keep_for_annotators", "put_back"]


_LOST_MARK = "a mark did not hold the words it was made on and was removed: mark them again"


class ReturnWay(StrEnum):
    """How an answer was put before its annotator again."""

    DRAFT = "draft"
    """As their draft, with all they had marked and the reason as its first line."""
    BLANK = "blank"
    """As a task without an answer: their account could not be entered."""


class ReturnSite(NamedTuple):
    """Where answers are returned."""

    client: LabelStudioClient
    ledger: Ledger
    round: Round
    reader: AnnotationReader
    texts: Mapping[str, str]
    access: OwnAccess


def put_back(site: ReturnSite, *, advance: Callable[[int], None]) -> dict[str, ReturnWay]:
    """Return every answer of a pulled round that breaks a rule; pull again afterwards.

    Each is looked at once more first: one that was mended or removed meanwhile is left alone.

    Args:
        site: Where; the ledger records each return before it is done.
        advance: Called with the number of answers settled.

    Returns:
        How each was returned, by annotation id.

    Raises:
        LabelStudioError: The server failed; the next run goes on.
    """
    done = {}
    for found, _claim in site.ledger.mendable(site.round.name):
        for task in site.client.tasks_by_id(site.round.project_id, [found.task_id]):
            item = _standing(site, task, found)
            if item is not None:
                done[found.annotation_id] = _return(site, task, item, found)
        advance(1)
    return done


def keep_for_annotators(site: ReturnSite) -> None:
    """See that every returned task is asked again, and first of the one it was returned to.

    Doing it again renews the day for which Label Studio keeps a task for somebody.

    Raises:
        LabelStudioError: The server failed; the next run goes on.
    """
    users = {author.annotator: user for user, author in site.ledger.authors(site.round).items()}
    waiting = site.ledger.waiting_returns(site.round.name)
    tasks = {
        int(task["id"]): task
        for task in site.client.tasks_by_id(site.round.project_id, [w.task_id for w in waiting])
    }
    for returned in waiting:
        user, task = users.get(returned.annotator), tasks.get(returned.task_id)
        if user is None or task is None:
            continue
        people = {other["completed_by"] for other in task["annotations"] or []}
        if user in people:
            continue  # answered since the pull
        if task["is_labeled"]:  # others have filled its places
            overlap = max(site.round.overlap, len(people) + 1)
            site.client.update_task(returned.task_id, is_labeled=False, overlap=overlap)
        own = site.access.of(user)
        if own is not None:
            own.take_task(site.round.project_id, returned.task_id)


def _standing(site: ReturnSite, task: dict[str, Any], found: Rejection) -> dict[str, Any] | None:
    """The annotation as it is now, if it still breaks a rule."""
    item: dict[str, Any]
    for item in task["annotations"] or []:
        now = site.reader.read(item, task)
        if now.annotation_id == found.annotation_id:
            return item if isinstance(now, Rejection) and now.returnable else None
    return None


def _return(
    site: ReturnSite, task: dict[str, Any], item: dict[str, Any], found: Rejection
) -> ReturnWay:
    own = site.access.of(int(item["completed_by"]))
    site.ledger.record_return(site.round.name, found)
    if own is None:
        site.client.delete_annotation(int(item["id"]))
        return ReturnWay.BLANK
    result = item.get("result") or []  # null where nothing was chosen
    shown = without_lost_spans(result, sources=source_ids(task["data"]), texts=site.texts)
    reason = found.reason if len(shown) == len(result) else _LOST_MARK
    try:
        own.update_annotation(int(item["id"]), with_note(shown, reason))
        # Killed here, it stands with a note that is not read as part of the answer.
        own.convert_to_draft(int(item["id"]))
    except LabelStudioError as error:
        if error.status != NOT_FOUND:  # removed this very moment
            raise
    return ReturnWay.DRAFT
