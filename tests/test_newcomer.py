"""A newcomer's way: ten saved pages and a table of a hundred rows, three commands, a round."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from claimset.cli import app
from claimset.labelstudio.client import LabelStudioClient
from claimset.seeds import read_articles
from claimset.storage.workspace import Workspace
from tests.newsroom import write_newsroom

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from claimset.labelstudio.server import EmbeddedStudio

runner = CliRunner()


def run(*arguments: object) -> Result:
    """A command as it is typed, on a screen of 80 columns."""
    return runner.invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "80"})


@pytest.mark.studio
def test_three_commands_lead_to_a_round(
    tmp_path: Path, studio: EmbeddedStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = write_newsroom(tmp_path)
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.credentials.token.get_secret_value())
    monkeypatch.setenv("CLAIMSET_ROUND", "newcomer")
    monkeypatch.chdir(tmp_path)

    made = run("init", "my", "--labels", "fever")
    assert made.exit_code == 0
    assert "cd my && claimset add" in made.stderr
    assert "verdicts: supports, refutes, not_enough_info" in made.stderr
    monkeypatch.chdir(tmp_path / "my")

    added = run("add", room.pages, room.table, "--column", "event_id=topic")
    assert added.exit_code == 0, added.stderr
    assert "110 articles added, 0 there already, 0 faulty" in added.stderr
    assert "next: claimset push" in added.stderr

    pushed = run("push", "--json")
    assert pushed.exit_code == 0, pushed.stderr
    result = json.loads(pushed.stdout)
    client = LabelStudioClient(studio.url, studio.credentials.token)
    assert client.count_tasks(result["project_id"]) == result["sent"] > 200
    client.close()

    again = run("push")
    assert "claims have no source to be checked against" in again.stderr
    assert "first" not in again.stderr  # nothing had to be segmented
    assert "0  sent" in again.stdout


def test_what_comes_in_is_what_a_reader_sees(tmp_path: Path) -> None:
    """No menu, banner, comment or script; nothing doubled; every declared encoding read."""
    room = write_newsroom(tmp_path)
    run("init", tmp_path / "my")
    added = run("add", "-w", tmp_path / "my", room.pages)
    assert added.exit_code == 0, added.stderr
    articles = {a.article_id: a for a in read_articles(Workspace(tmp_path / "my").seeds)}
    assert len(articles) == 10
    for article in articles.values():
        lines = [line for line in article.text.split("\n\n") if len(line) > 30]
        assert len(lines) == len(set(lines)), article.article_id
        for words in ("cookies", "Related", "never text", "anna: nice", "Startseite", "Careers"):
            assert words not in article.text, article.article_id
    assert "€60 million – and" in articles["flood-letter"].text
    assert "café ferry “Münster”" in articles["ferries.xhtml"].text
    assert articles["hochwasser"].language == "de"
    assert str(articles["ticker"].published_at) == "2026-02-06"
    assert articles["ticker"].publisher == "City Wire"
    assert articles["ferries.xhtml"].published_at is None


def test_every_message_on_the_way_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = write_newsroom(tmp_path)
    monkeypatch.chdir(tmp_path)
    lost = run("add", room.pages)
    assert lost.exit_code == 2
    assert "`claimset init DIR` makes one" in lost.stderr
    run("init", "my")
    twice = run("init", "my")
    assert "use it as it is: `claimset add FILE…`" in twice.stderr
    monkeypatch.chdir(tmp_path / "my")
    early = run("push", "--dry-run")
    assert early.exit_code == 4
    assert "add articles with `claimset add FILE…`" in early.stderr
    added = run("add", room.table)
    assert "not used: 'source', 'topic'" in added.stderr
    assert "--column event_id=COLUMN" in added.stderr
    assert "events: 100 articles of the workspace without another one of" in added.stderr
    assert "`claimset events` suggests" in added.stderr
    shown = run("push", "--dry-run")
    assert shown.exit_code == 0, shown.stderr
    assert "segmented 100 articles first" in shown.stderr
    assert "have no source to be checked against" in " ".join(shown.stderr.split())
    assert "next: claimset push" in shown.stderr
