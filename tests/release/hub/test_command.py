"""`claimset publish` as people run it: plan, question, exit codes, and a token nobody sees."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.loading import verify
from tests.release.hub.client import client_environment, run_command
from tests.release.hub.server import running_hub
from tests.release.hub.state import READER, WRITER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.storage.workspace import Workspace
    from tests.release.hub.state import Hub

STEP = Path(__file__).parents[3] / "scripts" / "publish_dataset.py"


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """One double for this file."""
    with running_hub() as running:
        yield running


@pytest.fixture
def workspace(workspace_copy: Workspace, releases: dict[str, Path], hub: Hub) -> Workspace:
    """A workspace with a release in it, and an empty Hub."""
    releases["0.1.0"].rename(workspace_copy.dataset)
    hub.repositories.clear()
    hub.log.clear()
    return workspace_copy


def _publish(
    hub: Hub, workspace: Workspace, *arguments: str, token: str | None = WRITER
) -> subprocess.CompletedProcess[str]:
    home = workspace.root.parent
    root = str(workspace.root)
    return run_command(hub, home, "publish", "--workspace", root, *arguments, token=token)


def test_a_dry_run_shows_the_plan_and_needs_no_token(hub: Hub, workspace: Workspace) -> None:
    done = _publish(hub, workspace, "--repo", "acme/plan", "--dry-run", "--public", token=None)
    assert done.returncode == 0, done.stderr
    words = " ".join(done.stdout.split())
    for part in (
        "(public, will be made)",
        "create, commit, tag",
        "0.1.0, tag v0.1.0, content ",
        "claims/train-00000-of-00001.parquet added",
        "3 of 3 articles have no open licence",
        "cannot be called back",
    ):
        assert part in words, words
    assert "nothing was sent" in done.stderr
    assert hub.repositories == {}


def test_without_a_terminal_it_asks_for_yes(hub: Hub, workspace: Workspace) -> None:
    done = _publish(hub, workspace, "--repo", "acme/asked")
    assert done.returncode == 2
    assert "publish with --yes" in done.stderr
    assert hub.repositories == {}


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1)])
def test_the_question_is_answered_on_the_terminal(
    hub: Hub, workspace: Workspace, typed: str, code: int
) -> None:
    """The step asks the same question; here on a real terminal."""
    leader, follower = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, str(STEP), "acme/step", str(workspace.root)],
            env=client_environment(hub, workspace.root.parent),
            stdin=follower,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        os.write(leader, typed.encode())
        said = process.communicate(timeout=60)[0].decode()
    finally:
        os.close(leader)
        os.close(follower)
    assert process.returncode == code, said
    assert "Publish 0.1.0 to acme/step?" in said
    assert ("acme/step" in hub.repositories) is (code == 0)


def test_json_is_one_object_of_the_result(hub: Hub, workspace: Workspace) -> None:
    done = _publish(hub, workspace, "--repo", "acme/json", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["status"] == "published"
    assert result["plan"]["tag"] == "v0.1.0"
    assert hub.repositories["acme/json"].tags() == {"v0.1.0": result["commit"]}
    assert done.stderr == ""
    done = _publish(hub, workspace, "--repo", "acme/json", "--dry-run")
    assert "without --dry-run" not in done.stderr
    assert "nothing to do: acme/json holds 0.1.0" in done.stderr


def test_repository_and_token_come_from_the_workspaces_files(
    hub: Hub, workspace: Workspace
) -> None:
    (workspace.root / "claimset.toml").write_text('hub_repo = "acme/named"\n')
    (workspace.root / ".env").write_text(f"HF_TOKEN={WRITER}\n")
    done = _publish(hub, workspace, "--yes", token=None)
    assert done.returncode == 0, done.stderr
    assert list(hub.repositories) == ["acme/named"]


def test_no_token_and_no_repository_are_told(hub: Hub, workspace: Workspace) -> None:
    done = _publish(hub, workspace, "--repo", "acme/x", "--yes", token=None)
    assert done.returncode == 2
    assert "HF_TOKEN" in done.stderr
    done = _publish(hub, workspace, "--yes")
    assert done.returncode == 2
    assert "claimset publish --repo ORG/NAME" in done.stderr
    done = _publish(hub, workspace, "--repo", "acme", "--yes")
    assert done.returncode == 2
    assert "'acme' names no repository; write ORG/NAME" in done.stderr


@pytest.mark.parametrize("token", [WRITER, READER, "hf_of_nobody"])
def test_the_token_is_never_shown_nor_stored(hub: Hub, workspace: Workspace, token: str) -> None:
    """Neither in a success nor in a refusal with its traceback, nor in any file."""
    done = _publish(hub, workspace, "--repo", "acme/t", "--yes", "--debug", token=token)
    assert done.returncode == (0 if token == WRITER else 3), done.stderr
    assert token not in done.stdout + done.stderr
    for path in workspace.root.parent.rglob("*"):
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path


def test_a_file_of_somebody_elses_or_a_damaged_one_stops_it(hub: Hub, workspace: Workspace) -> None:
    (workspace.dataset / "notes.txt").write_text("mine")
    done = _publish(hub, workspace, "--repo", "acme/x", "--yes")
    assert done.returncode == 2
    assert "notes.txt is no file of the release" in done.stderr
    (workspace.dataset / "notes.txt").unlink()
    with (workspace.dataset / "claims" / "train-00000-of-00001.parquet").open("ab") as stream:
        stream.write(b"x")
    done = _publish(hub, workspace, "--repo", "acme/x", "--yes")
    assert done.returncode == 4
    assert "not the one that was released" in done.stderr
    assert hub.repositories == {}


def test_a_hub_that_is_not_there_is_told(workspace: Workspace, hub: Hub) -> None:
    environment = client_environment(hub, workspace.root.parent)
    with socket.socket() as probe:  # a port of its own: the shared one may have a server
        probe.bind(("127.0.0.1", 0))
        free_port = probe.getsockname()[1]
    environment["HF_ENDPOINT"] = f"http://127.0.0.1:{free_port}"
    root = str(workspace.root)
    done = subprocess.run(
        [sys.executable, "-m", "claimset", "publish", "--workspace", root, "--repo", "acme/x"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 3, done.stderr
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_releases_on_the_hub_are_compared_and_hydrated_without_a_workspace(
    hub: Hub, workspace: Workspace, tmp_path: Path
) -> None:
    done = _publish(hub, workspace, "--repo", "acme/named", "--yes")
    assert done.returncode == 0, done.stderr
    home, name = workspace.root.parent, "acme/named@v0.1.0"
    done = run_command(hub, home, "diff", name, name, "--workspace", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "nothing differs" in done.stdout
    out = tmp_path / "hydrated"
    texts = str(workspace.root / "seeds" / "articles")
    done = run_command(hub, home, "hydrate", name, "--texts", texts, "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "3 texts restored" in done.stdout
    assert verify(out).spans_without_text == 0
    done = run_command(hub, home, "hydrate", "0.1.0", "--texts", texts, "--out", str(out / "x"))
    assert done.returncode == 2
    assert "OWNER/NAME@v1.0.0" in done.stderr


def test_a_publication_is_rehearsed_as_documented(workspace: Workspace) -> None:
    """The program says how to reach the double, and that is enough."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.release.hub"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=STEP.parents[1],
    ) as program:
        assert program.stdout is not None
        said = [program.stdout.readline() for _ in range(5)]
        script = "\n".join(line for line in said if line.startswith("  "))
        script = script.replace("claimset publish", '"$0" -m claimset publish --yes')
        done = subprocess.run(
            ["sh", "-c", script, sys.executable],
            capture_output=True,
            text=True,
            check=False,
            cwd=workspace.root,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(STEP.parent),
                "TMPDIR": str(workspace.root.parent),
            },
        )
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 0
    assert done.returncode == 0, done.stderr
    assert "published 0.1.0 as v0.1.0" in done.stderr
