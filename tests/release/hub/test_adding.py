"""A dataset of the Hub comes into a workspace, pinned to its revision."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from claimset.pipeline import init
from claimset.seeds import read_articles
from claimset.storage.workspace import Workspace
from tests.release.hub.client import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.release.hub.conftest import Place


def test_rows_of_a_dataset_on_the_hub_become_articles(
    place: Place, releases: dict[str, Path], repository: str, tmp_path: Path
) -> None:
    """Streamed at a revision; the columns are named, and a second run adds nothing."""
    assert "error" not in place.client.publish(releases["0.1.0"], repository)
    init(tmp_path / "own")
    command = ["add", f"hf:{repository}", "--revision", "v0.1.0", "-w", str(tmp_path / "own")]
    command += ["--column", "article_id=claim_id", "--json"]
    done = run_command(place.hub, tmp_path, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["n_added"] + result["n_same"] == 20
    assert result["columns"][repository]["text"] == "text"
    assert "gold_verdict" in result["unused"][repository]
    articles = read_articles(Workspace(tmp_path / "own").seeds)
    assert len(articles) == result["n_added"]
    assert all(article.article_id.startswith("c_") for article in articles)
    again = json.loads(run_command(place.hub, tmp_path, *command).stdout)
    assert (again["n_added"], again["n_same"]) == (0, 20)


def test_a_dataset_that_is_not_there_is_said_with_what_to_check(
    place: Place, tmp_path: Path
) -> None:
    init(tmp_path / "own")
    done = run_command(place.hub, tmp_path, "add", "hf:acme/none", "-w", str(tmp_path / "own"))
    assert done.returncode == 4
    assert "the dataset cannot be read" in done.stderr
    assert "hf:acme/none, split train" in done.stderr
    assert "Traceback" not in done.stderr
