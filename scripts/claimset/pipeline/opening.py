"""Opening: what every command needs that speaks to Label Studio."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from claimset.errors import LabelStudioError, UsageError
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.rounds import known_round
from claimset.labelstudio.server import EmbeddedStudio
from claimset.pipeline.reporter import Reporter, silent
from claimset.seeds import ArticleTexts
from claimset.storage.files import exclusive_lock, patient_lock
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimset.settings import Settings
    from claimset.storage.ledger import Round
    from claimset.storage.workspace import Workspace

__all__ = ["OpenedRound", "connect", "no_round", "opened_round"]

# How long a pull of many waits for another command.
_PATIENCE_S = 3600.0


@contextlib.contextmanager
def connect(
    workspace: Workspace, settings: Settings, reporter: Reporter = silent, *, start: bool = True
) -> Iterator[LabelStudioClient]:
    """A client of the Label Studio in the settings, or of the workspace's embedded one.

    An embedded studio that runs already is used and left running; one that does not is started
    for as long as the client is needed.

    Args:
        workspace: Holds the embedded studio.
        settings: Name the server.
        reporter: Told how far it is.
        start: Whether an embedded studio that does not run is started.

    Raises:
        UsageError: An address without a token, or no address and Label Studio is not installed.
        LabelStudioError: The embedded studio cannot be started. Whether another server can be
            reached and accepts the token comes to light with the first request.
    """
    if settings.label_studio_url is not None:
        if settings.label_studio_api_key is None:
            raise UsageError(
                "LABEL_STUDIO_URL is set but LABEL_STUDIO_API_KEY is not",
                where="environment or .env",
                remedy="set it to an access token of your account (in Label Studio: "
                "Account & Settings), or unset the address to use the embedded studio",
            )
        client = LabelStudioClient(settings.label_studio_url, settings.label_studio_api_key)
        with contextlib.closing(client):
            yield client
        return
    if not start and not EmbeddedStudio(workspace).runs:
        raise LabelStudioError(
            "the workspace's Label Studio does not run",
            where=str(workspace.studio),
            remedy="start it with `claimset studio`",
        )
    with contextlib.ExitStack() as stack:
        with reporter.watch("starting Label Studio") as show:
            studio = stack.enter_context(EmbeddedStudio(workspace, progress=show))
        client = LabelStudioClient(studio.url, studio.credentials.token)
        stack.callback(client.close)
        yield client


class OpenedRound(NamedTuple):
    """A round that was begun, and all that is needed to read it."""

    client: LabelStudioClient
    ledger: Ledger
    round: Round
    texts: ArticleTexts
    since: datetime
    """This moment by this machine's clock, before anything was read."""


@contextlib.contextmanager
def opened_round(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter,
    *,
    doing: str,
    following: bool = False,
    patient: bool = False,
    begin: Callable[[LabelStudioClient, Round], None] | None = None,
) -> Iterator[OpenedRound]:
    """Hold the workspace, and open ledger, server and the round of the settings.

    Args:
        workspace: Holds the articles that every span is checked against.
        settings: Names the round and the server.
        reporter: Told how far it is.
        doing: The command, for those who have to wait.
        following: Whether others are waited for, and no embedded studio is started.
        patient: Whether the ledger is safe on disk only at the end; see ``open_database``.
        begin: Told the round as the ledger knows it, before its project is looked at.

    Raises:
        UsageError: The round is not known, or another command is at work in the workspace.
        DataError: An article is not as it must be.
        RemoteError: Label Studio failed.
    """
    texts = ArticleTexts(workspace.seeds)
    if settings.label_studio_url is None and not workspace.studio.exists():
        raise no_round(settings.round, str(workspace.studio))
    hold = exclusive_lock(workspace.lock, doing=doing)
    if following:
        hold = patient_lock(workspace.lock, doing=doing, seconds=_PATIENCE_S, waiting=lambda: None)
    with (
        hold,
        Ledger(workspace.ledger, patient=patient) as ledger,
        connect(workspace, settings, reporter, start=not following) as client,
    ):
        since = datetime.now(UTC)
        known = ledger.round(settings.round)
        if begin is not None and known is not None:
            begin(client, known)
            texts.prepare()
        found = known_round(client, ledger, settings.round, settings.labels)
        if found is None:
            raise no_round(settings.round, client.url)
        yield OpenedRound(client, ledger, found, texts, since)


def no_round(name: str, where: str) -> UsageError:
    """What to say when a round was never begun."""
    return UsageError(
        f"there is no round {name}",
        where=where,
        remedy="run `claimset push` first, or name the round with --round",
    )
