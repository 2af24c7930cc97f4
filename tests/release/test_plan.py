"""The plan says what would be done, and refuses what would break a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import CheckFailed, UsageError
from claimset.release.inventory import Inventory, read_inventory
from claimset.release.plan import FileChange, PublishPlan, Step, make_plan
from claimset.release.repository import HubFile, PublishedRelease, RepositoryState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def inventory(released: Path) -> Inventory:
    """The first release of the seeds."""
    return read_inventory(released)


def _there(inventory: Inventory, **others: str) -> dict[str, HubFile]:
    """The files as the Hub knows them: large ones by SHA-256, small ones by git's id."""
    files = {
        file.path: HubFile(
            bytes=file.bytes,
            identity=file.sha256 if file.path.endswith(".parquet") else file.git_id,
        )
        for file in inventory.files
    }
    return files | {path: HubFile(bytes=1, identity=text) for path, text in others.items()}


def _state(inventory: Inventory, files: dict[str, HubFile], **changes: Any) -> RepositoryState:
    metadata = inventory.metadata
    release = PublishedRelease(
        name=metadata.name, version=metadata.version, content_id=metadata.content_id
    )
    values = {"private": True, "head": "a" * 40, "files": files, "tags": {}, "release": release}
    return RepositoryState.model_validate(values | changes)


def _plan(inventory: Inventory, state: RepositoryState | None, **options: Any) -> PublishPlan:
    values: dict[str, Any] = {
        "tagged": None,
        "repository": "acme/x",
        "url": "https://hub/acme/x",
        "private": None,
        "pull_request": False,
        "replace": False,
    }
    return make_plan(inventory, state, **(values | options))


def test_a_new_repository_is_made_private_unless_asked(inventory: Inventory) -> None:
    plan = _plan(inventory, None)
    assert plan.steps == (Step.CREATE, Step.COMMIT, Step.TAG)
    assert plan.private
    assert not _plan(inventory, None, private=False).private
    assert plan.upload_bytes == sum(file.bytes for file in inventory.files)


def test_files_are_told_apart_by_either_identity(inventory: Inventory) -> None:
    files = _there(inventory, **{"README.md": "other", "old.txt": "x", ".gitattributes": "y"})
    plan = _plan(inventory, _state(inventory, files))
    changes = {file.path: file.change for file in plan.files}
    assert changes.pop("README.md") is FileChange.CHANGED
    assert changes.pop("old.txt") is FileChange.REMOVED
    assert set(changes.values()) == {FileChange.UNCHANGED}
    assert ".gitattributes" not in changes


def test_a_commit_without_its_tag_only_gets_the_tag(inventory: Inventory) -> None:
    plan = _plan(inventory, _state(inventory, _there(inventory)), pull_request=True)
    assert plan.steps == (Step.TAG,)


def test_nothing_is_left_to_do_under_a_tag_with_the_same_content(inventory: Inventory) -> None:
    files = _there(inventory)
    assert _plan(inventory, _state(inventory, files), tagged=files).steps == ()
    moved = _plan(inventory, _state(inventory, _there(inventory, x="1")), tagged=files)
    assert moved.steps == ()
    assert "main no longer holds" in moved.notes[0]


def test_a_tag_with_other_content_is_refused_even_with_replace(inventory: Inventory) -> None:
    with pytest.raises(CheckFailed, match=r"exists with other content: README\.md"):
        _plan(
            inventory,
            _state(inventory, {}),
            tagged=_there(inventory, **{"README.md": "other"}),
            replace=True,
        )


@pytest.mark.parametrize(
    ("release", "problem"),
    [
        ({"version": "0.10.0"}, "older than 0.10.0"),
        ({"name": "another"}, "holds the dataset 'another'"),
        ({"content_id": "f" * 64}, "does not follow the published 0.1.0"),
        (None, "files of something else: claims/"),
    ],
)
def test_what_the_release_does_not_follow_is_only_replaced_on_request(
    inventory: Inventory, release: dict[str, str] | None, problem: str
) -> None:
    known = _state(inventory, {}).release
    assert known is not None
    there = {
        "claims/part.parquet": HubFile(bytes=1, identity="x"),
        "README.md": HubFile(bytes=1, identity="y"),
    }
    published = None if release is None else known.model_copy(update=release)
    state = _state(inventory, there, release=published)
    with pytest.raises(CheckFailed, match=problem) as caught:
        _plan(inventory, state)
    assert caught.value.remedy
    assert Step.COMMIT in _plan(inventory, state, replace=True).steps


def test_a_repository_with_only_a_card_may_be_filled(inventory: Inventory) -> None:
    """The Hub's page offers to write one when a repository is made there."""
    state = _state(inventory, {"README.md": HubFile(bytes=1, identity="y")}, release=None)
    assert _plan(inventory, state).steps == (Step.COMMIT, Step.TAG)


def test_visibility_is_never_changed(inventory: Inventory) -> None:
    state = _state(inventory, {})
    with pytest.raises(UsageError, match="private, not public"):
        _plan(inventory, state, private=False)
    assert _plan(inventory, state, private=True).private
