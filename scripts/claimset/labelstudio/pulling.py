"""Pull: bring every annotation into the ledger, checked, under the annotator's pseudonym."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.labelstudio.authors import Authors
from claimset.labelstudio.horizon import Horizon, first_look
from claimset.labelstudio.listing import PAGE_SIZE, StoredTask
from claimset.labelstudio.reading import AnnotationReader
from claimset.labelstudio.reconciling import reconcile
from claimset.labelstudio.referee import Referee
from claimset.models import Annotation, AnnotationStatus, Model, RoundKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from claimset.labelstudio.client import LabelStudioClient
    from claimset.models import LabelSet
    from claimset.storage.ledger import Corrected, Ledger, Rejection, Round

__all__ = ["PullResult", "begin_pull", "pull_annotations"]

_COUNTS = ("new", "edited", "deleted", "unchanged", "rejected")


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
    returnable: int
    """Of the rejected ones, those that break a rule: their annotator can mend them."""
    corrected: tuple[str, ...]
    """Annotations that were used after a provable slip of positions was corrected, with it."""
    superseded: int
    """Answers given to an old text of a claim's task; they are kept, and are no votes."""
    answered_twice: tuple[str, ...]
    """Tasks that one person answered more than once; the latest answer counts."""
    above_overlap: tuple[str, ...]
    """Tasks that more people answered than the round asks for; all answers count."""
    seen_before: tuple[str, ...] = ()
    """Entries of `corrected`, `answered_twice` and `above_overlap` that were so before this pull:
    the screen counts them and does not list them again."""
    foreign_tasks: tuple[int, ...]
    """Tasks in the project that claimset did not make."""
    deleted_tasks: tuple[int, ...]
    """Tasks that are gone from the project."""
    doubled_tasks: tuple[str, ...]
    """Tasks that are there twice; the next push removes those without answers."""
    submitted_by: dict[str, int]
    """Submitted annotations in the ledger for this round, by annotator."""
    skipped: int
    """Tasks that annotators skipped."""
    reread: str | None = None
    """Why more was read than what changed since the last pull; null where there was no need."""
    adjudication: PullResult | None = None
    """The decisions of the round's adjudication; null where it has none."""

    @property
    def faults(self) -> tuple[str, ...]:
        """All that cannot be used as it stands, decisions included."""
        return self.rejected + (() if self.adjudication is None else self.adjudication.faults)

    @property
    def changed(self) -> bool:
        """Whether the pull brought anything new."""
        decided = self.adjudication is not None and self.adjudication.changed
        return bool(self.new or self.edited or self.deleted or self.deleted_tasks or decided)


def begin_pull(client: LabelStudioClient, known: Round) -> None:
    """Ask for what changed in a round before its project is looked at; see ``pull_annotations``.

    Should the project turn out to be another one, the answer is not used.
    """
    if known.watermark is not None:
        client.begin_changes(known.project_id, first_look(known))


def pull_annotations(
    client: LabelStudioClient,
    ledger: Ledger,
    round_: Round,
    texts: Mapping[str, str],
    secret: bytes,
    *,
    labels: LabelSet,
    full: bool = False,
    read_at: datetime | None = None,
    advance: Callable[[int], None],
) -> PullResult:
    """Read what changed since the last pull.

    A pull reads again what changed in the minute before the last change it knows of. The ledger
    takes each task's answers as a whole, so reading one twice changes nothing.

    Args:
        client: The server.
        ledger: Takes in the annotations.
        round_: The round.
        texts: Text of every article: spans are checked against it.
        secret: Keys the pseudonyms.
        labels: The label set that the round offers.
        full: Read everything, not only what changed.
        read_at: This moment by the server's own clock, where it is known for sure: then the next
            pull need not read again what was changed together with the last change.
        advance: Called with the number of tasks read.

    Raises:
        LabelStudioError: The server failed; what was recorded before stays and the next pull goes
            on from there.
        ContractError: The server was set back to an earlier state; ``full`` takes that as it is.
    """
    authors = Authors(client, ledger, round_, secret)
    adjudicates = round_.kind is RoundKind.ADJUDICATION
    referee = Referee(ledger, secret) if adjudicates else None
    reader = AnnotationReader(round_, texts, authors, labels, referee)
    horizon = Horizon(client, ledger, round_, full=full)

    def wanted(ids: Sequence[int]) -> Iterable[int]:
        """New tasks that nobody touched hold no answer: only unknown ones are read."""
        return ids if full else set(ids) - set(ledger.known_tasks(round_.name, ids))

    counts = dict.fromkeys(_COUNTS, 0)
    before = _remarks(ledger, round_)
    # A task that comes or goes just now is seen by the next pull at the latest: the project's
    # number of tasks and the ledger's still differ then.
    total = client.counted_meanwhile(round_.project_id, horizon.since)
    for model in (Annotation, PullResult):  # put together while the answer is on its way
        model.model_rebuild()
    batches = 0
    for batches, batch in enumerate(  # noqa: B007 - the last number is needed
        client.changes(round_.project_id, horizon.since, untouched=wanted), start=1
    ):
        until = horizon.reached(batch)
        taken = _take_in(batch.tasks, ledger, round_, reader, until=until, full=full)
        for name, count in taken.items():
            counts[name] += count
        authors.keep()
        advance(len(batch.tasks))
    horizon.hold()
    if read_at is not None:
        ledger.record_pull(round_.name, {}, watermark=read_at)
    if batches > 1:
        total = None  # it took its time
    found = reconcile(client, ledger, round_, mend=False, counted=total)
    # They were made long before they came to light, with answers perhaps: no time tells of those.
    for first in range(0, len(found.arrived), PAGE_SIZE):
        some = list(client.tasks_by_id(round_.project_id, found.arrived[first : first + PAGE_SIZE]))
        for name, count in _take_in(some, ledger, round_, reader, until=None, full=full).items():
            counts[name] += count
    authors.keep()
    horizon.keep()
    rejections = ledger.rejections(round_.name)
    corrected, twice, above = _remarks(ledger, round_)
    skipped = ledger.count_by_annotator(round_.name, AnnotationStatus.SKIPPED)
    return PullResult(
        round=round_.name,
        tasks=found.total,
        new=counts["new"],
        edited=counts["edited"],
        deleted=counts["deleted"] + found.lost,
        unchanged=counts["unchanged"],
        rejected=tuple(
            f"{item.annotation_id} (task {item.task_id}): {item.reason}" for item in rejections
        ),
        returnable=sum(item.returnable for item in rejections),
        corrected=corrected,
        superseded=ledger.count_superseded(round_.name),
        answered_twice=twice,
        above_overlap=above,
        seen_before=tuple(sorted({*corrected, *twice, *above} & set().union(*before))),
        foreign_tasks=tuple(sorted(ledger.foreign_tasks(round_))),
        deleted_tasks=found.gone,
        doubled_tasks=found.unresolved,
        submitted_by=ledger.count_by_annotator(round_.name, AnnotationStatus.SUBMITTED),
        skipped=sum(skipped.values()),
        reread=horizon.reread,
    )


def _remarks(ledger: Ledger, round_: Round) -> tuple[tuple[str, ...], ...]:
    """What was corrected, answered twice, and answered by more people than asked, in words."""
    corrected = ledger.corrections(round_.name).items()
    twice = ledger.answered_twice(round_.name)
    above = ledger.above_overlap(round_.name, round_.overlap)
    return (
        tuple(f"{name}: {what}" for name, what in corrected),
        tuple(f"task {task}: {annotator}" for task, annotator in twice),
        tuple(f"task {task}: {number} people, {round_.overlap} asked" for task, number in above),
    )


def _take_in(
    tasks: Sequence[dict[str, Any]],
    ledger: Ledger,
    round_: Round,
    reader: AnnotationReader,
    *,
    until: datetime | None,
    full: bool,
) -> dict[str, int]:
    """Record the tasks of a batch and the whole set of answers of each."""
    answers: dict[int, list[Annotation | Corrected | Rejection]] = {}
    ours: list[StoredTask] = []
    foreign: list[int] = []
    for task in tasks:
        stored = StoredTask.of(task)
        if stored is None:
            foreign.append(int(task["id"]))
            continue
        ours.append(stored)
        answers[stored.task_id] = [reader.read(item, task) for item in task["annotations"] or []]
    known = ledger.foreign_tasks(round_)
    ledger.forget_foreign_tasks(round_, known & set(answers))
    ledger.add_foreign_tasks(round_, set(foreign) - known)
    lost = ledger.record_deleted_tasks(round_.name, foreign)  # a number that was ours before
    ledger.record_tasks(round_.name, [task.as_pushed() for task in ours])
    counts = ledger.record_pull(round_.name, answers, watermark=until, set_back=full)
    return counts | {"deleted": counts["deleted"] + lost}
