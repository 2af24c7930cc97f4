"""What publishing a release would do, decided before anything is sent."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from claimset.errors import CheckFailed, UsageError
from claimset.models import Model
from claimset.release.card import CARD_FILE
from claimset.release.inventory import HOSTS_FILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimset.release.inventory import Inventory
    from claimset.release.repository import HubFile, RepositoryState

__all__ = ["FileChange", "PlannedFile", "PublishPlan", "Step", "differing", "make_plan"]


class FileChange(StrEnum):
    """What happens to a file on the Hub."""

    ADDED = "added"
    """It is not there yet."""
    CHANGED = "changed"
    """It is there with other bytes."""
    REMOVED = "removed"
    """It is there and not in the release."""
    UNCHANGED = "unchanged"
    """It is there with the same bytes and is not sent."""


class Step(StrEnum):
    """One step of publishing, in order."""

    CREATE = "create"
    """Make the repository."""
    COMMIT = "commit"
    """Send the files in one commit to `main`."""
    PROPOSE = "propose"
    """Send the files in one commit to a pull request."""
    TAG = "tag"
    """Tag the commit."""


class PlannedFile(Model):
    """One file and what happens to it."""

    path: str
    """Path in the repository."""
    change: FileChange
    """What happens to it."""
    bytes: int
    """Its size: as it will be, or as it was if it is removed."""


class PublishPlan(Model):
    """What publishing would do."""

    repository: str
    """`ORG/NAME` on the Hub."""
    url: str
    """Its address."""
    private: bool
    """Whether the repository is, or will be, private."""
    version: str
    """Version of the release."""
    tag: str
    """Tag of the release."""
    content_id: str
    """Its content id."""
    published_version: str | None
    """The version on `main` now; null when there is none."""
    parent: str | None
    """The commit on `main` that the new one must follow; null when there is no repository."""
    steps: tuple[Step, ...]
    """What is done, in order; empty when everything is there already."""
    files: tuple[PlannedFile, ...]
    """Every file of the release and of `main`."""
    notes: tuple[str, ...]
    """What the publisher should know, such as what the texts' licences mean here."""

    @property
    def upload_bytes(self) -> int:
        """Bytes of the files that are sent, before the Hub leaves out what it has."""
        sent = (FileChange.ADDED, FileChange.CHANGED)
        return sum(file.bytes for file in self.files if file.change in sent)

    def paths(self, *changes: FileChange) -> tuple[str, ...]:
        """Paths of the files with one of these changes."""
        return tuple(file.path for file in self.files if file.change in changes)


def make_plan(
    inventory: Inventory,
    state: RepositoryState | None,
    tagged: Mapping[str, HubFile] | None,
    *,
    repository: str,
    url: str,
    private: bool | None,
    pull_request: bool,
    replace: bool,
    notes: Iterable[str] = (),
) -> PublishPlan:
    """Decide what is to be done.

    Args:
        inventory: The release.
        state: The repository; ``None`` when there is none yet.
        tagged: The files under the release's tag; ``None`` when there is no such tag.
        repository: `ORG/NAME`.
        url: Its address.
        private: The wanted visibility; ``None`` for private if it is made, else as it is.
        pull_request: Propose instead of publishing.
        replace: Accept that `main` holds something that the release does not follow.
        notes: What else the publisher should know.

    Raises:
        CheckFailed: The tag holds another content, or `main` holds something that the release
            does not follow.
        UsageError: The wanted visibility is not the repository's.
    """
    if state is not None and private is not None and private != state.private:
        raise UsageError(
            f"the repository is {_visibility(private=state.private)}, not "
            f"{_visibility(private=private)}",
            where=url,
            remedy=f"change it at {url}/settings, where the Hub says what that means; "
            "publishing never does",
        )
    notes = list(notes)
    there = state.files if state else {}
    steps: tuple[Step, ...] = ()
    if tagged is not None:
        _refuse_other_content(inventory, tagged, url)
        if differing(inventory, there):
            notes.append(
                f"main no longer holds what {inventory.tag} holds; the tag still does, "
                "and loads as it was released"
            )
    elif state is not None and not differing(inventory, there):
        steps = (Step.TAG,)
    else:
        if state is not None and not replace:
            _refuse_other_line(inventory, state, url)
        steps = (
            *((Step.CREATE,) if state is None else ()),
            *((Step.PROPOSE,) if pull_request else (Step.COMMIT, Step.TAG)),
        )
    return PublishPlan(
        repository=repository,
        url=url,
        private=state.private if state else private is not False,
        version=inventory.metadata.version,
        tag=inventory.tag,
        content_id=inventory.metadata.content_id,
        published_version=state.release.version if state and state.release else None,
        parent=state.head if state else None,
        steps=steps,
        files=_files(inventory, there),
        notes=tuple(notes),
    )


def differing(inventory: Inventory, there: Mapping[str, HubFile]) -> tuple[str, ...]:
    """Paths that are not the same in the release and on the Hub."""
    same = (FileChange.UNCHANGED,)
    return tuple(file.path for file in _files(inventory, there) if file.change not in same)


def _files(inventory: Inventory, there: Mapping[str, HubFile]) -> tuple[PlannedFile, ...]:
    found = []
    for file in inventory.files:
        remote = there.get(file.path)
        if remote is None:
            change = FileChange.ADDED
        else:
            change = FileChange.UNCHANGED if remote.is_same(file) else FileChange.CHANGED
        found.append(PlannedFile(path=file.path, change=change, bytes=file.bytes))
    known = {file.path for file in inventory.files} | HOSTS_FILES
    found += [
        PlannedFile(path=path, change=FileChange.REMOVED, bytes=remote.bytes)
        for path, remote in there.items()
        if path not in known
    ]
    return tuple(sorted(found, key=lambda file: file.path))


def _visibility(*, private: bool) -> str:
    return "private" if private else "public"


def _refuse_other_content(inventory: Inventory, tagged: Mapping[str, HubFile], url: str) -> None:
    other = differing(inventory, tagged)
    if other:
        raise CheckFailed(
            f"the tag {inventory.tag} exists with other content: {', '.join(other[:5])}"
            + (f" and {len(other) - 5} more" if len(other) > 5 else ""),  # noqa: PLR2004
            where=f"{url}/tree/{inventory.tag}",
            remedy="a tag is never moved, since others load by it: build from the published "
            "release, so that this one gets the next version",
        )


def _refuse_other_line(inventory: Inventory, state: RepositoryState, url: str) -> None:
    """Only a successor of what is on `main` may replace it unasked."""
    ours, theirs = inventory.metadata, state.release
    remedy = "check --repo; if this release is to replace what is there, add --replace"
    if theirs is None:
        foreign = sorted(set(state.files) - HOSTS_FILES - {CARD_FILE})
        if foreign:
            raise CheckFailed(
                f"the repository holds files of something else: {', '.join(foreign[:5])}",
                where=url,
                remedy=remedy,
            )
        return
    if _numbers(theirs.version) > _numbers(ours.version):
        raise CheckFailed(
            f"release {ours.version} is older than {theirs.version}, which is published",
            where=url,
            remedy="build from the published release, or publish from the workspace that made it",
        )
    if theirs.name != ours.name:
        raise CheckFailed(
            f"the repository holds the dataset {theirs.name!r}, not {ours.name!r}",
            where=url,
            remedy=remedy,
        )
    if theirs.content_id not in inventory.history:
        raise CheckFailed(
            f"release {ours.version} does not follow the published {theirs.version}: its "
            f"changelog knows no content {theirs.content_id[:12]}",
            where=url,
            remedy="build from the published release; splits and changelog go on from there. "
            "To replace it all the same, add --replace",
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
