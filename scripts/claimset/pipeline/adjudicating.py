"""Adjudicate: the disagreements as a round of their own, and its decisions back as gold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from claimset.aggregation import answers_under, votes_of_claims
from claimset.errors import UsageError
from claimset.labelstudio.accounts import annotator_of
from claimset.labelstudio.adjudication_page import adjudication_page
from claimset.labelstudio.config import read_guidelines, read_labeling_config
from claimset.labelstudio.dispute_tasks import DisputedTask
from claimset.labelstudio.pushing import plan_push, push_tasks
from claimset.labelstudio.referee import ADJUDICATOR
from claimset.labelstudio.round_plan import RoundPlan, adjudication_of
from claimset.labelstudio.rounds import open_round
from claimset.models import AnnotationRole, AnnotationStatus, Claim, RoundKind
from claimset.pipeline.disputed import (
    AdjudicateResult,
    DisputedClaim,
    DisputeState,
    Docket,
    assign,
    disputed_claims,
)
from claimset.pipeline.disputed_tasks import tasks_of_disputes
from claimset.pipeline.disputes import differing
from claimset.pipeline.opening import no_round, opened_round
from claimset.pipeline.pulling import pull_rounds
from claimset.pipeline.reporter import Reporter, silent
from claimset.pipeline.segmented_rows import SegmentedRows
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimset.labelstudio.client import LabelStudioClient
    from claimset.labelstudio.pulling import PullResult
    from claimset.settings import Settings
    from claimset.storage.ledger import Author
    from claimset.storage.workspace import Workspace

__all__ = ["adjudicate"]

_UNDECIDED = (DisputeState.UNSENT, DisputeState.OPEN)
_ONE = 1


class _Found(NamedTuple):
    """The disputes as the ledger shows them, and the tasks of those that are to be decided."""

    disputes: list[DisputedClaim]
    waiting: int
    asked: list[DisputedTask]
    agreed: tuple[str, ...]


def adjudicate(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    by: Sequence[str] = (),
    only_unresolved: bool = False,
    dry_run: bool = False,
    recreate: bool = False,
    reworded: bool = False,
) -> AdjudicateResult:
    """Read votes and decisions, then send the disagreements that nobody has decided.

    They become a round of their own beside that of the settings. Each goes to one of the named
    adjudicators who did not vote on it; a decision by anybody else is refused when it is read.
    Naming others moves the open ones to them. Without names nothing is sent.

    Args:
        workspace: Must have been segmented, pushed and annotated.
        settings: Names the round and the server, and says when answers make gold.
        reporter: Told how far it is.
        by: Accounts (e-mail addresses in Label Studio) of those who decide.
        only_unresolved: Leave out the claims that the rules give a gold label.
        dry_run: Only look into the ledger; nothing is read or sent, no server is needed.
        recreate: Make the project anew when it was deleted in Label Studio.
        reworded: Take a new wording of page or guidelines into a round that has decisions.

    Raises:
        UsageError: Nothing was pushed yet, an account is not known, or another command is at work.
        DataError: A table, the labelling config or the guidelines are not as they must be.
        RemoteError: Label Studio failed; what arrived is recorded and the next run goes on.
    """
    segmented = SegmentedRows(workspace)
    name = adjudication_of(settings.round)
    if dry_run:
        with Ledger(workspace.ledger) as ledger:
            if ledger.round(settings.round) is None:
                raise no_round(settings.round, str(workspace.ledger))
            authors = _authors(by, workspace)
            found = _find(segmented, ledger, settings, authors, only_unresolved=only_unresolved)
            tasks = tasks_of_disputes(segmented, found.asked, workspace, settings)
            plan = plan_push(ledger, name, tasks) if by else None
            known = ledger.round(name)
        return _result(
            settings.round,
            found,
            authors,
            project_id=known.project_id if known else None,
            sent=plan.new + len(plan.changed) if plan else 0,
            unchanged=plan.unchanged if plan else 0,
            dry_run=True,
        )
    with opened_round(workspace, settings, reporter, doing="claimset adjudicate") as opened:
        client, ledger = opened.client, opened.ledger
        accounts = _known_accounts(client, by)
        pulled = pull_rounds(opened, workspace, settings, reporter)
        authors = _authors(accounts, workspace)
        found = _find(segmented, ledger, settings, authors, only_unresolved=only_unresolved)
        known = ledger.round(name)
        sent = unchanged = 0
        urls: dict[str, str] = {}
        if found.asked:
            plan_ = RoundPlan(
                name,
                _ONE,
                adjudication_page(read_labeling_config(workspace.labeling_config, settings.labels)),
                read_guidelines(workspace.guidelines),
                kind=RoundKind.ADJUDICATION,
                reworded=reworded,
            )
            known = open_round(client, ledger, plan_, recreate=recreate)
            with reporter.track("sending disagreements", len(found.asked)) as advance:
                pushed = push_tasks(
                    client,
                    ledger,
                    known,
                    tasks_of_disputes(segmented, found.asked, workspace, settings),
                    advance=advance,
                )
            sent, unchanged = pushed.sent, pushed.unchanged + pushed.found
            urls = {
                account: client.tabs.open(
                    known.project_id, f"for {account}", key=ADJUDICATOR, value=account
                )
                for account in {task.account for task in found.asked}
            }
    return _result(
        settings.round,
        found,
        authors,
        project_id=known.project_id if known else None,
        pulled=pulled,
        sent=sent,
        unchanged=unchanged,
        urls=urls,
    )


def _find(
    segmented: SegmentedRows,
    ledger: Ledger,
    settings: Settings,
    authors: Mapping[str, Author],
    *,
    only_unresolved: bool,
) -> _Found:
    annotations = answers_under(settings.labels, ledger.annotations())
    current = [
        task for task in ledger.tasks(adjudication_of(settings.round)) if not task.superseded
    ]
    votes = votes_of_claims(annotations)
    claims = {
        claim.claim_id: claim for claim in segmented.rows_of(Claim, "claim_id", differing(votes))
    }
    disputes, waiting = disputed_claims(
        claims.values(),
        annotations,
        settings.gold_rules,
        asked={task.claim_id for task in ledger.tasks(settings.round)},
        sent={task.claim_id for task in current},
        only_unresolved=only_unresolved,
    )
    asked = []
    for place, dispute in enumerate(disputes):
        if not authors or dispute.state not in _UNDECIDED:
            continue
        account, refused = assign(dispute.claim_id, ledger.voters(dispute.claim_id), authors)
        if account is None:
            disputes[place] = dispute.model_copy(update={"refused": refused})
            continue
        asked.append(DisputedTask(claims[dispute.claim_id], votes[dispute.claim_id], account))
        disputes[place] = dispute.model_copy(update={"adjudicator": authors[account].annotator})
    disputed = {dispute.claim_id for dispute in disputes}
    decided = {
        item.claim_id
        for item in annotations
        if item.role is AnnotationRole.ADJUDICATION and item.status is AnnotationStatus.SUBMITTED
    }
    agreed = {task.claim_id for task in current} - disputed - decided
    return _Found(disputes, waiting, asked, tuple(sorted(agreed)))


def _authors(accounts: Sequence[str], workspace: Workspace) -> dict[str, Author]:
    if not accounts:
        return {}
    secret = workspace.pseudonym_secret()
    return {account: annotator_of(account, secret) for account in accounts}


def _known_accounts(client: LabelStudioClient, by: Sequence[str]) -> list[str]:
    """The accounts as Label Studio spells them."""
    if not by:
        return []
    there = {email.casefold(): email for email in client.accounts().values()}
    missing = [account for account in by if account.casefold() not in there]
    if missing:
        raise UsageError(
            f"there is no account {', '.join(missing)} in Label Studio",
            where=client.url,
            remedy="make it with `claimset annotators add NAME`, or name another adjudicator",
        )
    return [there[account.casefold()] for account in by]


def _result(
    round_name: str,
    found: _Found,
    authors: Mapping[str, Author],
    *,
    project_id: int | None,
    sent: int,
    unchanged: int,
    pulled: PullResult | None = None,
    urls: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> AdjudicateResult:
    counts = Counter(task.account for task in found.asked)
    asked = {task.claim.claim_id for task in found.asked}
    return AdjudicateResult(
        round=round_name,
        adjudication=adjudication_of(round_name),
        project_id=project_id,
        pulled=pulled,
        disputes=tuple(
            dispute
            if dry_run or dispute.claim_id not in asked
            else dispute.model_copy(update={"state": DisputeState.OPEN})
            for dispute in found.disputes
        ),
        waiting=found.waiting,
        sent=sent,
        unchanged=unchanged,
        dockets=tuple(
            Docket(
                account=account,
                adjudicator=author.annotator,
                claims=counts[account],
                url=(urls or {}).get(account),
            )
            for account, author in authors.items()
        ),
        agreed=found.agreed,
        dry_run=dry_run,
    )
