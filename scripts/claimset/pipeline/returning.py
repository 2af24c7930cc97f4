"""Returns: answers that break a rule, listed, and put before their annotators again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from claimset.labelstudio.access import OwnAccess
from claimset.labelstudio.authors import Authors
from claimset.labelstudio.pulling import pull_annotations
from claimset.labelstudio.reading import AnnotationReader
from claimset.labelstudio.referee import Referee
from claimset.labelstudio.returning import ReturnSite, ReturnWay, keep_for_annotators, put_back
from claimset.labelstudio.round_plan import adjudication_of
from claimset.models import Model, RoundKind
from claimset.pipeline.names import names_of_people
from claimset.pipeline.opening import no_round, opened_round
from claimset.pipeline.pulling import adjudication_in, pull_rounds
from claimset.pipeline.reporter import Reporter, silent
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimset.pipeline.opening import OpenedRound
    from claimset.settings import Settings
    from claimset.storage.ledger import Returned, Round
    from claimset.storage.workspace import Workspace

__all__ = ["BrokenAnswerRow", "ReturnsResult", "WaitingReturn", "list_returns", "send_returns"]


class _ReturnRow(Model):
    """Which task, of whom, and why."""

    annotator: str
    """Pseudonym of the annotator, or a machine's name."""
    name: str | None
    """What the lead calls them; null for somebody who was not added by name."""
    claim_id: str
    """The claim."""
    task_id: int
    """The task's number in Label Studio."""
    reason: str
    """What is to be mended."""
    link: str
    """Where the task is."""


class BrokenAnswerRow(_ReturnRow):
    """An answer that stands in Label Studio and breaks a rule."""

    annotation_id: str
    """Round and Label Studio's annotation id."""
    sent: ReturnWay | None
    """How this run put it before its annotator again; null when it did not."""


class WaitingReturn(_ReturnRow):
    """A task that was put before its annotator again and has not been answered yet."""

    returned_at: datetime
    """When it was put before them, UTC."""


class ReturnsResult(Model):
    """Answers of a round that break a rule."""

    round: str
    """The round."""
    broken: tuple[BrokenAnswerRow, ...]
    """Answers that break a rule, as of the last pull, by task."""
    waiting: tuple[WaitingReturn, ...]
    """Tasks returned earlier and not answered yet."""
    replaced: tuple[WaitingReturn, ...]
    """Tasks returned earlier whose text was replaced before they were answered: the annotator's
    draft stays at the old task, and the new one asks them, or somebody else, anew."""
    mended: int
    """Tasks that were returned and answered by the rules since."""
    sent: bool
    """Whether answers were put before their annotators again by this run."""
    dry_run: bool
    """Whether this run was to say only what it would do."""
    adjudication: ReturnsResult | None = None
    """Decisions of the round's adjudication that break a rule; null where it has none."""


def list_returns(
    workspace: Workspace, settings: Settings, *, dry_run: bool = False
) -> ReturnsResult:
    """Answers that break a rule, from the ledger; run ``pull`` first to see the latest.

    The decisions of the round's adjudication are listed with them.

    Args:
        workspace: The workspace.
        settings: Names the round.
        dry_run: Only noted in the result.

    Raises:
        UsageError: The round is not known; or the file of annotators, or the secret behind the
            pseudonyms, is damaged.
        DataError: The ledger cannot be read.
    """
    if not workspace.ledger.exists():
        raise no_round(settings.round, str(workspace.ledger))
    with Ledger(workspace.ledger) as ledger:
        if ledger.round(settings.round) is None:
            raise no_round(settings.round, str(workspace.ledger))
        found = _result(workspace, settings.round, ledger, sent=False, dry_run=dry_run)
        known = ledger.round(adjudication_of(settings.round))
        if known is None or known.kind is not RoundKind.ADJUDICATION:
            return found
        decided = _result(workspace, known.name, ledger, sent=False, dry_run=dry_run)
        return found.model_copy(update={"adjudication": decided})


def send_returns(
    workspace: Workspace, settings: Settings, reporter: Reporter = silent
) -> ReturnsResult:
    """Pull, then put every answer that breaks a rule before its own annotator again.

    Doing it again returns only what broke a rule since, and renews Label Studio's hold of the
    tasks that are waited for. Decisions of the round's adjudication are returned as votes are.

    Args:
        workspace: Holds the articles that every span is checked against.
        settings: Names the round and the server.
        reporter: Told how far it is.

    Raises:
        UsageError: The round is not known, or another command is at work in the workspace.
        DataError: An article is not as it must be.
        RemoteError: Label Studio failed; the next run goes on.
    """
    with opened_round(workspace, settings, reporter, doing="claimset returns") as opened:
        pull_rounds(opened, workspace, settings, reporter)
        rounds = [opened.round]
        decided = adjudication_in(opened, settings)
        if decided is not None:
            rounds.append(decided)
        results = []
        for round_ in rounds:
            # A pull moved the mark up to which the round was read.
            current = opened._replace(round=opened.ledger.round(round_.name) or round_)
            results.append(_send(current, workspace, settings, reporter))
    return results[0].model_copy(update={"adjudication": results[1] if decided else None})


def _send(
    opened: OpenedRound, workspace: Workspace, settings: Settings, reporter: Reporter
) -> ReturnsResult:
    """Return what a pulled round holds."""
    client, ledger, round_, texts, _ = opened
    secret, labels = workspace.pseudonym_secret(), settings.labels
    before = _result(workspace, round_.name, ledger, sent=True, dry_run=False)
    adjudicates = round_.kind is RoundKind.ADJUDICATION
    referee = Referee(ledger, secret) if adjudicates else None
    reader = AnnotationReader(
        round_, texts, Authors(client, ledger, round_, secret), labels, referee
    )
    with OwnAccess(client, workspace.annotators, workspace.accounts) as access:
        site = ReturnSite(client, ledger, round_, reader, texts, access)
        with reporter.track("returning answers", len(before.broken)) as advance:
            ways = put_back(site, advance=advance)
        with reporter.track("reading annotations") as advance:
            pull_annotations(client, ledger, round_, texts, secret, labels=labels, advance=advance)
        keep_for_annotators(site)
    after = _result(workspace, round_.name, ledger, sent=True, dry_run=False)
    sent = tuple(
        row.model_copy(update={"sent": ways[row.annotation_id]})
        for row in before.broken
        if row.annotation_id in ways
    )
    gone = {row.annotation_id for row in sent}
    left = tuple(row for row in after.broken if row.annotation_id not in gone)
    return after.model_copy(update={"broken": sent + left, "waiting": before.waiting})


def _result(
    workspace: Workspace,
    name: str,
    ledger: Ledger,
    *,
    sent: bool,
    dry_run: bool,
) -> ReturnsResult:
    names = names_of_people(workspace)
    known = ledger.round(name)
    return ReturnsResult(
        round=name,
        broken=tuple(
            BrokenAnswerRow(
                annotation_id=found.annotation_id,
                annotator=found.annotator or "",
                name=names.get(found.annotator or ""),
                claim_id=claim,
                task_id=found.task_id,
                reason=found.reason,
                link=_link(known, found.task_id),
                sent=None,
            )
            for found, claim in ledger.mendable(name)
        ),
        waiting=_waiting(names, known, ledger.waiting_returns(name)),
        replaced=_waiting(names, known, ledger.waiting_returns(name, superseded=True)),
        mended=ledger.count_mended(name),
        sent=sent,
        dry_run=dry_run,
    )


def _waiting(
    names: Mapping[str, str], known: Round | None, returns: Iterable[Returned]
) -> tuple[WaitingReturn, ...]:
    return tuple(
        WaitingReturn(
            annotator=found.annotator,
            name=names.get(found.annotator),
            claim_id=found.claim_id,
            task_id=found.task_id,
            reason=found.reason,
            link=_link(known, found.task_id),
            returned_at=found.returned_at,
        )
        for found in returns
    )


def _link(known: Round | None, task_id: int) -> str:
    if known is None:
        return ""
    return f"{known.server_url}/projects/{known.project_id}/data?task={task_id}"
