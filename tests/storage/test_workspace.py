"""The rooms of a workspace, and the secret that names its annotators."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from claimset.errors import UsageError
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_a_workspace_is_opened_by_any_path_to_it(
    workspace_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path is made whole, so that a later change of folder does no harm."""
    monkeypatch.chdir(workspace_copy.seeds)
    assert Workspace.open(type(workspace_copy.root)("..")).root == workspace_copy.root.resolve()


@pytest.mark.parametrize("part", ["manifest", "labeling_config", "guidelines"])
def test_a_folder_without_a_room_is_no_workspace(workspace_copy: Workspace, part: str) -> None:
    """The message names the part that is missing; a folder in its place does not count."""
    path: Path = getattr(workspace_copy, part)
    path.unlink()
    path.mkdir()
    with pytest.raises(UsageError) as caught:
        Workspace.open(workspace_copy.root)
    assert f"{path.relative_to(workspace_copy.root)} is missing" in caught.value.problem
    assert "--workspace" in caught.value.remedy


def test_an_empty_folder_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"seeds/manifest\.jsonl is missing"):
        Workspace.open(tmp_path)


def test_all_state_lies_in_the_hidden_folder(tmp_path: Path) -> None:
    """Input, contract and output are visible; whatever is not committed is under .claimset/."""
    workspace = Workspace(tmp_path)
    paths = {
        name: getattr(workspace, name)
        for name, value in vars(Workspace).items()
        if isinstance(value, property)
    }
    rooms = {"seeds": tmp_path / "seeds", "schemas": tmp_path / "schemas"}
    hidden = {name for name, path in paths.items() if path.is_relative_to(tmp_path / ".claimset")}
    assert {"ledger", "units", "claims", "evidence", "studio", "accounts", "lock"} <= hidden
    for name, path in paths.items():
        if name not in hidden:
            assert path == tmp_path / "dataset" or any(
                path.is_relative_to(room) for room in rooms.values()
            )
    assert len(set(paths.values())) == len(paths)


def test_opening_makes_nothing(workspace_copy: Workspace) -> None:
    before = sorted(workspace_copy.root.rglob("*"))
    Workspace.open(workspace_copy.root)
    assert sorted(workspace_copy.root.rglob("*")) == before


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    """32 random bytes, mode 0600; the second call reads what the first one made."""
    workspace = Workspace(tmp_path / "one")
    first = workspace.pseudonym_secret()
    assert workspace.pseudonym_secret() == first
    assert len(first) == 32
    path = workspace.state / "pseudonym.secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"[0-9a-f]{64}", path.read_text("ascii"))
    assert Workspace(tmp_path / "two").pseudonym_secret() != first


@pytest.mark.parametrize("content", [b"", b"00" * 31, b"zz" * 32, b"\xff" * 64, b"00" * 33])
def test_a_damaged_secret_is_never_replaced(tmp_path: Path, content: bytes) -> None:
    """A new one would rename every annotator, so the command stops and shows no part of it."""
    workspace = Workspace(tmp_path)
    workspace.pseudonym_secret()
    path = workspace.state / "pseudonym.secret"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="damaged") as caught:
        workspace.pseudonym_secret()
    assert caught.value.where == str(path)
    assert path.read_bytes() == content
    assert not content or content.decode("latin-1") not in str(caught.value)


def test_a_secret_may_end_with_a_line_end(tmp_path: Path) -> None:
    """An editor that added one did no harm."""
    workspace = Workspace(tmp_path)
    secret = workspace.pseudonym_secret()
    path = workspace.state / "pseudonym.secret"
    path.write_text(path.read_text("ascii") + "\n", "ascii")
    assert workspace.pseudonym_secret() == secret
