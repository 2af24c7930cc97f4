"""Publishing a release: one commit, then its tag, so that a tag always names a whole release.

Nothing is sent before the plan is confirmed. Every step can be lost on the way and made up for by
running it again: what is done is found on the Hub, not remembered here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from claimset.errors import CheckFailed, HubError, PartialWriteError, UsageError
from claimset.models import Model
from claimset.release.inventory import HOSTS_FILES, read_inventory
from claimset.release.licences import licence_notes
from claimset.release.plan import FileChange, PublishPlan, Step, differing, make_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimset.release.hub import Hub
    from claimset.release.inventory import Inventory

__all__ = ["PublishResult", "PublishStatus", "publish_release"]

_MOVED = 412
_EXISTS = 409


class PublishStatus(StrEnum):
    """What publishing did."""

    PLANNED = "planned"
    """Nothing: it was a dry run."""
    PUBLISHED = "published"
    """The files were sent and the release was tagged."""
    TAGGED = "tagged"
    """The files were there already; the missing tag was set."""
    PROPOSED = "proposed"
    """A pull request holds the release; it is tagged once it is merged."""
    UNCHANGED = "unchanged"
    """Everything was there already."""


class PublishResult(Model):
    """What publishing did."""

    status: PublishStatus
    """What was done."""
    plan: PublishPlan
    """What was to be done."""
    commit: str | None
    """The commit that holds the release; null when there is none yet."""
    pull_request: str | None
    """Address of the pull request; null when there is none."""


def publish_release(
    folder: Path,
    hub: Hub,
    *,
    private: bool | None = None,
    pull_request: bool = False,
    replace: bool = False,
    dry_run: bool = False,
    confirm: Callable[[PublishPlan], None] = lambda _plan: None,
) -> PublishResult:
    """Publish the release that lies in a folder.

    Args:
        folder: The dataset folder.
        hub: The repository to publish to.
        private: Visibility of a repository that is made; ``None`` for private.
        pull_request: Propose the release in a pull request instead of publishing it.
        replace: Replace what is on `main` although the release does not follow it.
        dry_run: Only plan.
        confirm: Called with the plan before anything is sent; raises to stop.

    Raises:
        UsageError: No release, a file of somebody else's, no token, or another visibility.
        DataError: A file is not as it was released.
        CheckFailed: The tag exists with other content, or the release does not follow `main`.
        HubError: The Hub refused, failed or cannot be reached.
        PartialWriteError: The release was sent, but not tagged yet.
    """
    inventory = read_inventory(folder)
    state = hub.look()
    tag = state.tags.get(inventory.tag) if state else None
    plan = make_plan(
        inventory,
        state,
        hub.files(inventory.tag) if tag else None,
        repository=hub.repository,
        url=hub.url,
        private=private,
        pull_request=pull_request,
        replace=replace,
        notes=licence_notes(folder, public=not (state.private if state else private is not False)),
    )
    if dry_run:
        return _result(PublishStatus.PLANNED, plan, tag)
    if not plan.steps:
        return _result(PublishStatus.UNCHANGED, plan, tag)
    if not hub.has_token:
        raise UsageError(
            "there is no access token for the Hub",
            where="HF_TOKEN",
            remedy="set it in the environment or in .env to a token with write access to the "
            "repository",
        )
    title = f"Release {inventory.metadata.version}"
    if Step.PROPOSE in plan.steps and state is not None:
        for revision, url in hub.proposals(title).items():
            if not differing(inventory, hub.files(revision)):
                return _result(PublishStatus.PROPOSED, plan, None, url)
    confirm(plan)
    if Step.CREATE in plan.steps:
        hub.create(private=plan.private)
    if plan.parent is not None and plan.steps == (Step.TAG,):
        _tag(hub, inventory, plan.parent)
        return _result(PublishStatus.TAGGED, plan, plan.parent)
    commit, proposal = _commit(folder, hub, inventory, plan, title)
    if proposal is not None:
        return _result(PublishStatus.PROPOSED, plan, commit, proposal)
    _tag(hub, inventory, commit)
    return _result(PublishStatus.PUBLISHED, plan, commit)


def _result(
    status: PublishStatus, plan: PublishPlan, commit: str | None, proposal: str | None = None
) -> PublishResult:
    return PublishResult(status=status, plan=plan, commit=commit, pull_request=proposal)


def _commit(
    folder: Path, hub: Hub, inventory: Inventory, plan: PublishPlan, title: str
) -> tuple[str, str | None]:
    """Send the files; an answer that was lost on the way is found out by looking."""
    parent = plan.parent
    if parent is None:
        made = hub.look()
        if made is None:
            raise HubError(
                "the repository was made, but cannot be seen",
                where=hub.url,
                remedy="use a token that may read it, too; then run the command again",
            )
        if set(made.files) - HOSTS_FILES:
            raise HubError(
                "the repository was there already, and holds files",
                where=hub.url,
                remedy="run the command again to see the plan anew",
            )
        parent = made.head
    try:
        commit, proposal = hub.commit(
            folder,
            title=title,
            description=f"Content id {inventory.metadata.content_id}.",
            changed=plan.paths(FileChange.ADDED, FileChange.CHANGED),
            removed=plan.paths(FileChange.REMOVED),
            parent=parent,
            pull_request=Step.PROPOSE in plan.steps,
        )
    except HubError as error:
        if error.status not in (None, _MOVED) or Step.PROPOSE in plan.steps:
            raise
        now = hub.look()
        if now is None or now.head == parent or differing(inventory, now.files):
            raise
        return now.head, None
    other = differing(inventory, hub.files(commit))
    if other:
        raise CheckFailed(
            f"the Hub holds other bytes than the release: {', '.join(other)}; it was not tagged",
            where=f"{hub.url}/tree/{commit}",
            remedy="the folder changed while it was sent: look at it, then run the command again",
        )
    return commit, proposal


def _tag(hub: Hub, inventory: Inventory, commit: str) -> None:
    try:
        hub.tag(inventory.tag, commit, f"Content id {inventory.metadata.content_id}")
    except HubError as error:
        # Somebody else may have set it, or ours was set and the answer lost.
        if error.status not in (None, _EXISTS):
            raise _untagged(hub, inventory, commit, error) from error
        try:
            now = hub.look()
            target = now.tags.get(inventory.tag) if now else None
            if target is not None and not differing(inventory, hub.files(inventory.tag)):
                return
        except HubError as again:
            raise _untagged(hub, inventory, commit, again) from error
        raise _untagged(hub, inventory, commit, error) from error


def _untagged(hub: Hub, inventory: Inventory, commit: str, error: HubError) -> PartialWriteError:
    return PartialWriteError(
        f"the release was sent, but not tagged {inventory.tag}: {error.problem}",
        where=f"{hub.url}/tree/{commit}",
        remedy="run the command again; it only sets the tag"
        if error.status != _EXISTS
        else "somebody set the tag on other content: look at it on the Hub",
        status=error.status,
    )
