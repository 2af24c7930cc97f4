"""Languages in the loop: what was assumed or left undone is said where it happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from claimset.cli import app
from claimset.models import Selection
from claimset.pipeline import read_segmented
from claimset.pipeline.claim_index import ClaimIndex
from claimset.selection import select_claims

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.storage.workspace import Workspace

RUN = CliRunner()
GERMAN = "Dr. Weiß sperrte die Brücke am 3. März. „Wir fanden zwei Risse“, sagte sie.\n"


def run(*arguments: str) -> tuple[dict[str, Any], str]:
    """What a command prints as JSON, and what it tells people."""
    plain = RUN.invoke(app, [*arguments])
    assert plain.exit_code == 0, plain.output
    data = RUN.invoke(app, [*arguments, "--json"])
    assert data.exit_code == 0, data.output
    return json.loads(data.stdout), plain.stderr


def test_segment_says_which_articles_were_cut_by_neutral_rules(
    workspace_copy: Workspace, tmp_path: Path
) -> None:
    """Declared languages are counted; a row without one is read as English, and that is said."""
    source = tmp_path / "bruecke.txt"
    source.write_text(GERMAN, "utf-8")
    place = ["--workspace", str(workspace_copy.root)]
    added = RUN.invoke(app, ["add", str(source), "--language", "de", *place])
    assert "language:" not in added.stderr
    lines = workspace_copy.manifest.read_text("utf-8").splitlines()
    first = json.loads(lines[0])
    del first["language"]
    workspace_copy.manifest.write_text("\n".join([json.dumps(first), *lines[1:]]) + "\n", "utf-8")
    result, told = run("segment", "--engine", "inline", *place)
    assert (result["neutral"], result["undeclared"]) == ({"de": 1}, 1)
    assert "1 in de: cut by layout and punctuation alone" in told
    assert "1 articles name none" in told
    found = read_segmented(workspace_copy)
    claims = [claim for claim in found.claims if claim.article_id == "bruecke"]
    assert [claim.checkworthiness for claim in claims] == [None, None]
    # What has no score is not below one.
    columns = ClaimIndex(workspace_copy).claims
    chosen = select_claims(columns, Selection(min_worth=0.99))
    assert {claim.claim_id for claim in claims} <= {columns.id_of(row) for row in chosen.tolist()}
    page = RUN.invoke(app, ["segment", "--explain", "bruecke", *place])
    assert "language-neutral rules with German abbreviations" in page.stdout.replace("\n", " ")
    assert "not scored" in page.stdout


def test_add_says_what_it_assumed(workspace_copy: Workspace, tmp_path: Path) -> None:
    """A text that does not look English is entered as not known, and both are told."""
    (tmp_path / "en.txt").write_text("The bridge was closed on Sunday.", "utf-8")
    (tmp_path / "ja.txt").write_text("橋は日曜日に閉鎖された。", "utf-8")
    files = [str(tmp_path / name) for name in ("en.txt", "ja.txt")]
    place = ["--workspace", str(workspace_copy.root)]
    done = RUN.invoke(app, ["add", *files, *place])
    assert done.exit_code == 0, done.output
    assert "1 article without a language of its own, taken for English (en)" in done.stderr
    assert "1 article without a language of its own, entered as not known (und)" in done.stderr
    rows = [json.loads(line) for line in workspace_copy.manifest.read_text("utf-8").splitlines()]
    assert [row["language"] for row in rows[-2:]] == ["en", "und"]
