"""Owners of shards: no workspace removes what another one needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.pipeline import segment
from claimset.settings import Settings
from claimset.storage.shard_owners import ShardOwner
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Collection

SCRIPTS = Path(__file__).parents[2] / "scripts"
HOLD = """
import sys, time
from pathlib import Path
from claimset.storage.shard_owners import ShardOwner
with ShardOwner(Path(sys.argv[1]), Path(sys.argv[2]), alone=False):
    print("at work", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shared"


def put(folder: Path, *keys: str) -> None:
    folder.mkdir(exist_ok=True)
    for key in keys:
        (folder / f"{key}.json").touch()
        (folder / f"{key}.claims.parquet").touch()


def there(folder: Path) -> set[str]:
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    return {name.split(".")[0] for name in names if not name.endswith(".owner")}


def run(folder: Path, state: Path, needed: Collection[str], *, alone: bool = False) -> None:
    with ShardOwner(folder, state, alone=alone) as owner:
        put(folder, *needed)
        owner.release(needed)


def test_only_what_was_ones_own_is_removed(folder: Path, tmp_path: Path) -> None:
    put(folder, "foreign")
    run(folder, tmp_path / "one", ["a", "both"])
    run(folder, tmp_path / "two", ["b", "both"])
    assert there(folder) == {"foreign", "a", "b", "both"}
    run(folder, tmp_path / "one", ["c"])
    assert there(folder) == {"foreign", "b", "both", "c"}
    run(folder, tmp_path / "two", ["b"])
    assert there(folder) == {"foreign", "b", "c"}


def test_a_folder_of_ones_own_is_cleared_unless_somebody_else_came(
    folder: Path, tmp_path: Path
) -> None:
    put(folder, "left by a kill")
    (folder / ".x.json.abc.tmp").touch()
    run(folder, tmp_path / "own", ["a"], alone=True)
    assert there(folder) == {"a"}
    assert not list(folder.glob(".x*"))
    run(folder, tmp_path / "guest", ["g"])
    put(folder, "in the making")
    run(folder, tmp_path / "own", ["b"], alone=True)
    assert there(folder) == {"b", "g", "in the making"}


def test_nothing_is_removed_while_another_one_is_at_work(folder: Path, tmp_path: Path) -> None:
    """It may be about to need a shard that is there; a killed one does not count."""
    run(folder, tmp_path / "one", ["a"])
    command = [sys.executable, "-c", HOLD, str(folder), str(tmp_path / "two")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={"PYTHONPATH": str(SCRIPTS)}
    ) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == b"at work\n"
            run(folder, tmp_path / "one", ["b"])
            assert there(folder) == {"a", "b"}
        finally:
            other.kill()
    run(folder, tmp_path / "one", ["b"])
    assert there(folder) == {"b"}


def test_a_mark_that_cannot_be_read_may_name_anything(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "one", ["a"])
    (folder / "0123456789abcdef.owner").write_text("{")
    run(folder, tmp_path / "one", ["b"])
    assert there(folder) == {"a", "b"}


def test_a_copied_workspace_is_another_one(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "one", ["a"])
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    run(folder, tmp_path / "two", ["b"])
    assert there(folder) == {"a", "b"}


def test_workspaces_that_share_a_folder_find_their_shards_again(
    workspace_copy: Workspace, tmp_path: Path
) -> None:
    """Each run of one used to clear away the shards of the other."""
    settings = Settings(shards=str(tmp_path / "shared"))
    shutil.copytree(workspace_copy.root, tmp_path / "other")
    other = Workspace(tmp_path / "other")
    lines = other.manifest.read_text("utf-8").splitlines(keepends=True)
    other.manifest.write_text("".join(lines[:2]), "utf-8")
    for workspace in (workspace_copy, other):
        assert segment(workspace, settings).shards_made == 1
    for workspace in (workspace_copy, other):
        assert segment(workspace, settings).shards_made == 0
    # In a workspace's own folder, too, where another one may keep its shards.
    guest = Settings(shards=str(workspace_copy.shards))
    assert segment(other, guest).shards_made == 1
    assert segment(workspace_copy, Settings()).shards_made == 1
    assert segment(other, guest).shards_made == 0
