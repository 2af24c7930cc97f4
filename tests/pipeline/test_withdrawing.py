"""What a withdrawal says before it is made, on the committed release."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from claimset.cli import app
from claimset.models import WithdrawalKind
from claimset.pipeline.withdrawing import withdraw
from claimset.release.reader import read_release
from claimset.settings import load_settings

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

DATASET = Path(__file__).parents[2] / "dataset"


@pytest.fixture
def released(workspace_copy: Workspace) -> Workspace:
    """A workspace with the committed release."""
    shutil.copytree(DATASET, workspace_copy.dataset)
    return workspace_copy


def _quoted(name: str) -> set[str]:
    """Answers that quote a claim, character by character."""
    release = read_release(DATASET)
    assert release is not None
    claim = next(row for row in release.rows("claims") if row["claim_id"] == name)
    own = {(claim["article_id"], place) for place in range(claim["start"], claim["end"])}
    return {
        row["annotation_id"]
        for row in release.rows("annotations")
        for span in row["evidence"]
        if row["claim_id"] != name
        and own & {(span["article_id"], place) for place in range(span["start"], span["end"])}
    }


@pytest.mark.parametrize("quoted", [True, False])
def test_a_claim_that_others_quote_is_said_to_stay_quoted(
    released: Workspace, *, quoted: bool
) -> None:
    release = read_release(DATASET)
    assert release is not None
    names = [row["claim_id"] for row in release.rows("claims")]
    name = next(name for name in names if bool(_quoted(name)) is quoted)
    settings = load_settings(released)
    result = withdraw(
        released, settings, kind=WithdrawalKind.CLAIM, name=name, reason="asked for", dry_run=True
    )
    assert result.quoted == len(_quoted(name))
    command = ["withdraw", "claim", name, "--reason", "x", "--dry-run", "-w", str(released.root)]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0, said.output
    assert ("withdraw its article" in said.output) is quoted
    assert "nothing was written" in said.output
