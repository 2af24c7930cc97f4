"""The command line: data on stdout, words on stderr, exit codes that mean something."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from claimset.cli import app
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.storage.workspace import Workspace

runner = CliRunner()


def _files(workspace: Workspace) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for folder in (workspace.state, workspace.dataset)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != workspace.lock
    }


def test_segment_prints_one_json_object(workspace_copy: Workspace) -> None:
    """With --json stdout is one object and stderr is empty."""
    result = runner.invoke(app, ["segment", "-w", str(workspace_copy.root), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["units"], found["claims"]) == (58, 46)
    assert result.stderr == ""


def test_segment_twice_keeps_every_claim(workspace_copy: Workspace) -> None:
    """The second run says that all claims are kept, and leaves the same bytes."""
    runner.invoke(app, ["segment", "-w", str(workspace_copy.root)])
    before = _files(workspace_copy)
    result = runner.invoke(app, ["segment", "-w", str(workspace_copy.root)])
    assert "46 claims (46 kept, 0 moved, 0 new, 0 gone)" in result.stderr
    assert _files(workspace_copy) == before


def test_folder_that_is_no_workspace_is_a_usage_error(tmp_path: Path) -> None:
    """Exit code 2, and the message names what is missing."""
    result = runner.invoke(app, ["segment", "-w", str(tmp_path)])
    assert result.exit_code == 2
    assert "seeds/manifest.jsonl is missing" in result.stderr
    assert result.stdout == ""


def test_error_as_json(tmp_path: Path) -> None:
    """With --json a failure is one object too."""
    result = runner.invoke(app, ["segment", "-w", str(tmp_path), "--json"])
    assert result.exit_code == 2
    error = json.loads(result.stdout)["error"]
    assert error["type"] == "UsageError"
    assert error["remedy"]


def test_bad_flag_is_a_usage_error() -> None:
    """An unknown option gives exit code 2."""
    assert runner.invoke(app, ["segment", "--no-such-option"]).exit_code == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "not valid UTF-8"),
        (b"a\0b", "NUL"),
        (b"", "empty"),
        (None, "cannot be read"),
    ],
    ids=["invalid UTF-8", "NUL", "empty", "missing"],
)
def test_bad_article_leaves_everything_as_it_was(
    workspace_copy: Workspace, content: bytes | None, words: str
) -> None:
    """Exit code 4 with file and line; state and dataset stay byte for byte."""
    root = str(workspace_copy.root)
    assert runner.invoke(app, ["segment", "-w", root]).exit_code == 0
    before = _files(workspace_copy)
    article = next(iter(sorted((workspace_copy.seeds / "articles").glob("*.txt"))))
    if content is None:
        article.unlink()
    else:
        article.write_bytes(content)
    for command in ("segment", "push", "build"):
        result = runner.invoke(app, [command, "-w", root])
        assert result.exit_code == 4, result.output
        assert words in result.stderr
        assert "manifest.jsonl:1" in result.stderr
        assert _files(workspace_copy) == before


def test_build_before_segment_names_the_missing_step(workspace_copy: Workspace) -> None:
    """Exit code 2 and the command that has to run first."""
    result = runner.invoke(app, ["build", "-w", str(workspace_copy.root)])
    assert result.exit_code == 2
    assert "claimset segment" in result.stderr


def test_push_segments_what_is_new_or_changed_and_says_so(workspace_copy: Workspace) -> None:
    """Only then: a second push has nothing to segment."""
    root = str(workspace_copy.root)
    result = runner.invoke(app, ["push", "--dry-run", "-w", root])
    assert result.exit_code == 0
    assert "segmented 3 articles first: 46 claims" in result.stderr
    assert "segmented" not in runner.invoke(app, ["push", "--dry-run", "-w", root]).stderr
    article = next((workspace_copy.seeds / "articles").glob("000*.txt"))
    article.write_text(article.read_text("utf-8") + "\n\nIt rained on Monday in Ankara.", "utf-8")
    rows = (workspace_copy.manifest).read_text("utf-8").splitlines()
    row = json.loads(rows[0]) | {"sha256": hashlib.sha256(article.read_bytes()).hexdigest()}
    workspace_copy.manifest.write_text("\n".join([json.dumps(row), *rows[1:]]) + "\n", "utf-8")
    changed = runner.invoke(app, ["push", "--dry-run", "-w", root])
    assert "segmented 3 articles first: 47 claims" in changed.stderr


def test_doctor_finds_a_stale_schema_and_mends_it(workspace_copy: Workspace) -> None:
    """A stale file is exit code 1; --fix writes it."""
    root = str(workspace_copy.root)
    schema = workspace_copy.schemas / "claim.schema.json"
    schema.write_text("{}")
    result = runner.invoke(app, ["doctor", "-w", root])
    assert result.exit_code == 1
    assert "claim.schema.json" in result.stdout
    assert runner.invoke(app, ["doctor", "--fix", "-w", root]).exit_code == 0


def test_doctor_hides_secrets(workspace_copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are shown with their origin, secrets as stars."""
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "very-secret-token")
    monkeypatch.setenv("CLAIMSET_OVERLAP", "4")
    result = runner.invoke(app, ["doctor", "--json", "-w", str(workspace_copy.root)])
    settings = {item["name"]: item for item in json.loads(result.stdout)["settings"]}
    assert settings["overlap"] == {"name": "overlap", "value": "4", "origin": "environment"}
    assert settings["split_cut"] == {"name": "split_cut", "value": None, "origin": "default"}
    assert settings["label_studio_api_key"]["value"] == "**********"
    assert "very-secret-token" not in result.output


def test_status_without_a_round_says_what_to_do(workspace_copy: Workspace) -> None:
    """An empty ledger is no error."""
    result = runner.invoke(app, ["status", "-w", str(workspace_copy.root)])
    assert result.exit_code == 0
    assert "claimset push" in result.stderr


def test_returns_of_a_round_that_is_not_known_is_a_usage_error(workspace_copy: Workspace) -> None:
    """No answer breaks a rule there, but only since there is no such round."""
    run = ["returns", "-w", str(workspace_copy.root), "--round", "pilto"]
    for _ in range(2):  # without a ledger, and with one that does not know it
        result = runner.invoke(app, run)
        assert result.exit_code == 2
        assert "there is no round pilto" in result.stderr
        assert "--round" in result.stderr
        with Ledger(workspace_copy.ledger):
            pass


def test_fault_of_the_program_is_no_traceback(
    workspace_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something unexpected gives one sentence and exit code 70; --debug shows the traceback."""
    from claimset import pipeline

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is made of cheese")

    monkeypatch.setattr(pipeline, "segment", broken)
    root = str(workspace_copy.root)
    result = runner.invoke(app, ["segment", "-w", root])
    assert result.exit_code == 70
    assert "made of cheese" in result.stderr
    assert "Traceback" not in result.stderr
    assert isinstance(
        runner.invoke(app, ["segment", "-w", root, "--debug"]).exception, RuntimeError
    )
