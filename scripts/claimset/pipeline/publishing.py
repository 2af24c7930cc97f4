"""Publish: from ``dataset/`` to a tagged release on the Hugging Face Hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.pipeline.reporter import Reporter, silent
from claimset.release.hub import Hub
from claimset.release.publishing import PublishResult, publish_release
from claimset.storage.files import exclusive_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.release.plan import PublishPlan
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["publish"]


def publish(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    private: bool | None = None,
    pull_request: bool = False,
    replace: bool = False,
    dry_run: bool = False,
    show_progress: bool = False,
    confirm: Callable[[PublishPlan], None] = lambda _plan: None,
) -> PublishResult:
    """Publish the release in ``dataset/``: one commit, then the tag ``vX.Y.Z`` on it.

    Args:
        workspace: Holds the release.
        settings: Names the repository and holds the token.
        reporter: Told what happens.
        private: Visibility of a repository that is made; ``None`` for private.
        pull_request: Propose the release in a pull request instead of publishing it.
        replace: Replace what is on `main` although the release does not follow it.
        dry_run: Only plan; nothing is sent.
        show_progress: Draw bars for the upload.
        confirm: Called with the plan before anything is sent; raises to stop.

    Raises:
        UsageError: No repository is named, no release or token, or another command is at work.
        DataError: A file is not as it was released.
        CheckFailed: The tag exists with other content, or the release does not follow `main`.
        HubError: The Hub refused, failed or cannot be reached.
    """
    if settings.hub_repo is None:
        raise UsageError(
            "no repository is named",
            where="--repo or hub_repo",
            remedy="name it: `claimset publish --repo ORG/NAME`",
        )
    with exclusive_lock(workspace.lock, doing="claimset publish"):
        reporter.say(f"looking at {settings.hub_repo} on the Hub")
        hub = Hub(settings.hub_repo, settings.hf_token, show_progress=show_progress)
        return publish_release(
            workspace.dataset,
            hub,
            private=private,
            pull_request=pull_request,
            replace=replace,
            dry_run=dry_run,
            confirm=confirm,
        )
