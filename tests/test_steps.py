"""The steps in scripts/: each runs alone, and says what it made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.storage.workspace import Workspace

SCRIPTS = Path(__file__).parents[1] / "scripts"


def run_step(
    name: str, workspace: Workspace, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a step as a user does: no installed package is needed, only the dependencies."""
    return subprocess.run(
        [sys.executable, str(SCRIPTS / f"{name}.py"), str(workspace.root)],
        capture_output=True,
        text=True,
        check=False,
        cwd=workspace.root,
        env={"PATH": os.environ["PATH"], "HOME": str(workspace.root), **environment},
    )


def test_segment_and_build_run_without_a_server(workspace_copy: Workspace) -> None:
    """Articles become claims and an unlabelled dataset; both steps name counts and place."""
    segmented = run_step("segment_articles", workspace_copy)
    assert segmented.returncode == 0, segmented.stderr
    assert "46 claims" in segmented.stderr
    built = run_step("build_dataset", workspace_copy)
    assert built.returncode == 0, built.stderr
    assert "release 0.1.0 -> dataset/" in built.stderr
    progress = run_step("report_progress", workspace_copy)
    assert progress.returncode == 0, progress.stderr


@pytest.mark.studio
def test_push_and_pull_run_against_a_server(
    workspace_copy: Workspace, studio: EmbeddedStudio
) -> None:
    """Address and token come from the environment."""
    environment = {
        "LABEL_STUDIO_URL": studio.url,
        "LABEL_STUDIO_API_KEY": studio.credentials.token.get_secret_value(),
        "CLAIMSET_ROUND": "steps",
    }
    assert run_step("segment_articles", workspace_copy).returncode == 0
    pushed = run_step("push_tasks", workspace_copy, **environment)
    assert pushed.returncode == 0, pushed.stderr
    assert "46 tasks in project" in pushed.stderr
    pulled = run_step("pull_annotations", workspace_copy, **environment)
    assert pulled.returncode == 0, pulled.stderr
    assert "0 submitted annotations of 46 tasks" in pulled.stderr
    adjudicated = run_step("adjudicate_claims", workspace_copy, **environment)
    assert adjudicated.returncode == 0, adjudicated.stderr
    assert "0 disagreements" in adjudicated.stdout


def test_a_step_outside_a_workspace_gives_the_commands_exit_code(tmp_path: Path) -> None:
    """Steps and command share the errors: exit code 2, no traceback."""
    from claimset.storage.workspace import Workspace

    failed = run_step("segment_articles", Workspace(tmp_path))
    assert failed.returncode == 2
    assert "Traceback" not in failed.stderr
    assert "seeds/manifest.jsonl is missing" in failed.stderr
