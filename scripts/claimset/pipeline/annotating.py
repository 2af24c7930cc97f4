"""Push: claims to Label Studio, each exactly once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from claimset.labelstudio.access import OwnAccess
from claimset.labelstudio.ahead import begun
from claimset.labelstudio.config import read_guidelines, read_labeling_config
from claimset.labelstudio.pushing import BATCH_SIZE, PushResult, plan_push, push_tasks
from claimset.labelstudio.round_plan import RoundPlan, check_new_page
from claimset.labelstudio.rounds import open_round
from claimset.labelstudio.second_tasks import keep_second_tasks
from claimset.models import Selection, TaskRole
from claimset.pipeline.asking import Asking
from claimset.pipeline.current import current_claims
from claimset.pipeline.opening import connect
from claimset.pipeline.reporter import Reporter, silent
from claimset.seeds import read_known_answers
from claimset.selection import hash_ids, read_ids
from claimset.storage.files import exclusive_lock
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["push"]


def push(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    selection: Selection | None = None,
    ids: Path | None = None,
    dry_run: bool = False,
    recreate: bool = False,
    reworded: bool = False,
    gold: Path | None = None,
    repeat: float | None = None,
) -> PushResult:
    """Bring the selected claims into the round's project, each exactly once.

    A claim that repeats another one of its article word for word is not asked again: the release
    gives it that one's label, marked as inherited. With ``settings.all_mentions`` it is. A task
    that is in the project already stays there either way.

    Args:
        workspace: Is segmented first when it is not, or when something changed since.
        settings: Names the round, its overlap and the server, and says whether mentions are sent.
        reporter: Told how far it is.
        selection: Which claims the round asks for; recorded when the round begins. ``None`` keeps
            what was recorded, and means all claims for a new round.
        ids: A file of claim ids, one a line: only these.
        dry_run: Only compare with the ledger; nothing is sent, no server is needed.
        recreate: Make the project anew when it was deleted in Label Studio.
        reworded: Take a new wording of page or guidelines into a round that has answers.
        gold: A file of claims with known answers that are mixed in; see
            :func:`claimset.seeds.read_known_answers`. Later pushes keep to them.
        repeat: Share of the claims that are asked a second time, behind all others. Later pushes
            keep to them.

    Raises:
        UsageError: The selection does not fit the round or the claims, or
            another command is at work in the workspace.
        DataError: A table, the labelling config or the guidelines are not as they must be.
        RemoteError: Label Studio failed; what arrived is recorded and the next run goes on.
    """
    index = current_claims(workspace, settings, reporter)
    listed = None
    if ids is not None:
        listed = read_ids(ids, index.claims)
        selection = (selection or Selection()).model_copy(update={"ids_sha256": hash_ids(listed)})
    labels = settings.labels
    known = read_known_answers(gold, index.whole_claims(), labels) if gold is not None else {}
    shown = settings.show_candidates
    asking = Asking(index, settings.round, listed, settings.all_mentions, known, repeat, shown)
    plan = RoundPlan(
        settings.round,
        settings.overlap,
        read_labeling_config(workspace.labeling_config, settings.labels),
        read_guidelines(workspace.guidelines),
        selection=selection,
        reworded=reworded,
    )
    if dry_run:
        with Ledger(workspace.ledger) as ledger:
            check_new_page(ledger, plan)
            return _outlook(asking, ledger, selection, gold)
    with (
        exclusive_lock(workspace.lock, doing="claimset push"),
        Ledger(workspace.ledger) as ledger,
        connect(workspace, settings, reporter) as client,
    ):
        if gold is not None:
            asking.check_known(ledger, gold)
        before = ledger.round(settings.round)
        recorded = before.selection if before is not None else Selection()
        # A selection that cannot be shall come to light before a project is made; and the first
        # tasks are made while Label Studio is spoken to.
        foreseen = asking.questions(ledger, selection or recorded)
        first = begun(asking.tasks(foreseen), BATCH_SIZE)
        opened = open_round(client, ledger, plan, recreate=recreate)
        ledger.record_known_answers(opened.name, known)

        def tasks() -> Iterator[tuple[TaskRole, dict[str, Any]]]:
            # Asked for when the ledger has been made to agree with the project: then it knows
            # the roles of tasks also after it was lost.
            questions = asking.questions(ledger, opened.selection)
            yield from first if questions.same_as(foreseen) else asking.tasks(questions)

        with reporter.track("pushing tasks", len(foreseen)) as advance:
            result = push_tasks(client, ledger, opened, tasks(), advance=advance)
        if not result.repeated:
            return result
        with OwnAccess(client, workspace.annotators, workspace.accounts) as access:
            kept = keep_second_tasks(client, ledger, opened, access, datetime.now(UTC))
        return result.model_copy(update={"kept": kept})


def _outlook(
    asking: Asking, ledger: Ledger, selection: Selection | None, gold: Path | None
) -> PushResult:
    """What a push would do, as far as the ledger knows."""
    if gold is not None:
        asking.check_known(ledger, gold)
    known = ledger.round(asking.round)
    chosen = selection or (known.selection if known is not None else Selection())
    questions = asking.questions(ledger, chosen)
    outlook = plan_push(ledger, asking.round, asking.tasks(questions))
    return PushResult(
        round=asking.round,
        project_id=known.project_id if known else None,
        sent=outlook.new + len(outlook.changed),
        found=0,
        unchanged=outlook.unchanged,
        changed=tuple(outlook.changed),
        revised=tuple(outlook.answered),
        orphaned=tuple(outlook.orphaned),
        known=questions.number_of(TaskRole.GOLD),
        repeated=questions.number_of(TaskRole.REPEAT),
        doubled=(),
        unresolved=(),
        doubled_projects=(),
        dry_run=True,
    )
