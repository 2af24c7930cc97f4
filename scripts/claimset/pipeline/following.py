"""Following: pull again and again, at an interval or as soon as Label Studio calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import RemoteError
from claimset.labelstudio.wakeups import WakeUps
from claimset.pipeline.opening import connect
from claimset.pipeline.pulling import pull
from claimset.pipeline.reporter import Reporter, silent
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from claimset.labelstudio.pulling import PullResult
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["follow"]

# No waiting mends these: a token that is not accepted, a project that is gone.
_FINAL = frozenset({401, 403, 404})
_LONGEST_PAUSE_S = 60.0
# A burst of calls shall not become a pull each.
_SHORTEST_PAUSE_S = 1.0


def follow(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    pulled: Callable[[PullResult], None],
    webhook_port: int | None = None,
    webhook_url: str | None = None,
) -> NoReturn:
    """Pull until interrupted.

    A server that is away is waited for, with pauses that double up to a minute; other commands
    may work in the workspace between two pulls. An embedded studio is never started here.

    Args:
        workspace: Holds the articles that every span is checked against.
        settings: Names the round, the server and the interval.
        reporter: Told when the server is away and when it is back.
        pulled: Called with the result of every pull.
        webhook_port: Port of 127.0.0.1 where Label Studio's calls arrive; without it only the
            interval counts.
        webhook_url: Where Label Studio reaches that port, when not on this machine itself.

    Raises:
        KeyboardInterrupt: It was interrupted, which is the way to end it.
        UsageError: The round is not known, the port is taken, or Label Studio does not take the
            webhook.
        DataError: An article is not as it must be.
        RemoteError: Label Studio refuses the token, or the round's project is gone.
    """
    with WakeUps(settings.round, webhook_port, webhook_url) as wakeups:
        called = not wakeups.url  # whether Label Studio knows where to call
        failures = 0
        try:
            while True:
                try:
                    result = pull(workspace, settings, following=True)
                    if not called:
                        _register(workspace, settings, wakeups)
                        called = True
                except RemoteError as error:
                    if error.status in _FINAL:
                        raise
                    if not failures:
                        reporter.say(f"{error.problem}; waiting for it")
                    failures += 1
                    called = not wakeups.url
                else:
                    if failures:
                        reporter.say("Label Studio is back")
                    failures = 0
                    pulled(result)
                _pause(wakeups, settings.watch_interval, failures)
        finally:
            if wakeups.url:
                _withdraw(workspace, settings, wakeups, reporter)


def _pause(wakeups: WakeUps, interval: float, failures: int) -> None:
    if failures:
        # Without a server there are no calls: this waits the whole pause.
        wakeups.wait(min(2.0 ** (failures - 1), max(interval, _LONGEST_PAUSE_S)))
    elif wakeups.wait(interval):
        wakeups.wait(_SHORTEST_PAUSE_S)


def _register(workspace: Workspace, settings: Settings, wakeups: WakeUps) -> None:
    with connect(workspace, settings, start=False) as client:
        wakeups.register(client, _project(workspace, settings))


def _withdraw(
    workspace: Workspace, settings: Settings, wakeups: WakeUps, reporter: Reporter
) -> None:
    """Take the webhook away; where the server is away, the next run with it takes it over."""
    try:
        project_id = _project(workspace, settings)
        if project_id:
            with connect(workspace, settings, start=False) as client:
                wakeups.withdraw(client, project_id)
    except RemoteError as error:
        reporter.say(f"the webhook {wakeups.url} stays in Label Studio: {error.problem}")


def _project(workspace: Workspace, settings: Settings) -> int:
    with Ledger(workspace.ledger) as ledger:
        known = ledger.round(settings.round)
    return known.project_id if known is not None else 0
