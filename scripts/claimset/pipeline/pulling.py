"""Pull: annotations back into the ledger, the decisions on them included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.labelstudio.pulling import PullResult, begin_pull, pull_annotations
from claimset.labelstudio.round_plan import adjudication_of
from claimset.labelstudio.rounds import known_round
from claimset.models import RoundKind
from claimset.pipeline.opening import opened_round
from claimset.pipeline.reporter import Reporter, silent

if TYPE_CHECKING:
    from claimset.pipeline.opening import OpenedRound
    from claimset.settings import Settings
    from claimset.storage.ledger import Round
    from claimset.storage.workspace import Workspace

__all__ = ["adjudication_in", "pull", "pull_rounds"]


def pull(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    full: bool = False,
    following: bool = False,
) -> PullResult:
    """Read the annotations that changed since the last pull into the ledger.

    The decisions of the round's adjudication are read with them.

    Args:
        workspace: Holds the articles that every span is checked against.
        settings: Names the round and the server.
        reporter: Told how far it is.
        full: Read everything again.
        following: Whether this is one pull of many: then another command that is at work in the
            workspace is waited for, and an embedded studio that does not run is not started.

    Raises:
        UsageError: The round is not known, or another command is at work in the workspace.
        DataError: An article is not as it must be.
        RemoteError: Label Studio failed; what was read is recorded and the next run goes on.
    """
    with opened_round(
        workspace,
        settings,
        reporter,
        doing="claimset pull",
        following=following,
        patient=True,  # whatever a power failure takes back is read again
        begin=None if full else begin_pull,
    ) as opened:
        return pull_rounds(opened, workspace, settings, reporter, full=full)


def pull_rounds(
    opened: OpenedRound,
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter,
    *,
    full: bool = False,
) -> PullResult:
    """Read a round, then the decisions of its adjudication; see :func:`pull`.

    Votes come first: a decision is held against them. An adjudication that the ledger does not
    know, because it was lost, is looked for when everything is read.
    """
    client, ledger = opened.client, opened.ledger
    secret = workspace.pseudonym_secret()

    def read(found: Round) -> PullResult:
        # The embedded studio has this machine's clock; of another server that cannot be known.
        read_at = opened.since if settings.label_studio_url is None else None
        with reporter.track(f"reading round {found.name}") as advance:
            return pull_annotations(
                client,
                ledger,
                found,
                opened.texts,
                secret,
                labels=settings.labels,
                full=full,
                read_at=read_at,
                advance=advance,
            )

    votes = read(opened.round)
    known = adjudication_in(opened, settings, search=full)
    return votes if known is None else votes.model_copy(update={"adjudication": read(known)})


def adjudication_in(
    opened: OpenedRound, settings: Settings, *, search: bool = False
) -> Round | None:
    """The adjudication of a round, if it has one.

    Args:
        opened: The round that was voted in.
        settings: Name the label set.
        search: Whether one that the ledger does not know is looked for on the server.

    Raises:
        ContractError: It was begun under another label set.
        RemoteError: Label Studio failed.
    """
    name = adjudication_of(opened.round.name)
    known = opened.ledger.round(name)
    if search or (known is not None and known.kind is RoundKind.ADJUDICATION):
        known = known_round(opened.client, opened.ledger, name, settings.labels)
    return known if known is not None and known.kind is RoundKind.ADJUDICATION else None
