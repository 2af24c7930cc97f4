"""The segmenter `llm` as a command: cost said before, bounded, resumed; the key stays inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from claimset.cli import app
from claimset.pipeline import read_segmented
from tests.llm.conftest import Reaction, ScriptedServer, claims, echo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer.testing import Result

    from claimset.storage.workspace import Workspace

KEY = "sk-0123456789-secret"
ASKED = 46
SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    pytest.importorskip("openai", reason="the extra is not installed: pip install 'claimset[llm]'")
    made = ScriptedServer()
    yield made
    made.close()


@pytest.fixture
def workspace(workspace_copy: Workspace, server: ScriptedServer) -> Workspace:
    """The seeds, with the server in the settings and its key in `.env`."""
    (workspace_copy.root / "claimset.toml").write_text(
        'segmenter = "llm"\n[segmenter_settings.llm]\nmodel = "m"\n'
        f'base_url = "{server.url}"\nretries = 0\n',
        "utf-8",
    )
    (workspace_copy.root / ".env").write_text(f"CLAIMSET_LLM_API_KEY={KEY}\n", "utf-8")
    return workspace_copy


def run(workspace: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["segment", *arguments, "--workspace", str(workspace.root)])


def data(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_cost_is_said_before_anything_is_sent(
    workspace: Workspace, server: ScriptedServer
) -> None:
    """Where the text would go, how many sentences, and what they cost at most; no key is needed."""
    shown = run(workspace, "--dry-run")
    assert "46  sentences in 3 articles" in shown.stdout
    assert f"would go to m at {server.url} (nothing was sent" in shown.stderr
    planned = data(run(workspace, "--dry-run", "--json"))
    assert planned["requests"] == ASKED
    assert planned["about_input_tokens"] < planned["most_tokens"]
    assert server.requests == []
    # Without a bound nothing is sent either.
    refused = run(workspace)
    assert refused.exit_code == 2
    assert "--max-tokens N" in " ".join(refused.stderr.split())
    assert server.requests == []


def test_a_run_is_bounded_and_goes_on_where_it_stopped(
    workspace: Workspace, server: ScriptedServer
) -> None:
    """Exit code 1 at the bound, nothing half-written; the next run pays for the rest only."""
    stopped = run(workspace, "--max-tokens", "7000")
    assert stopped.exit_code == 1
    assert "used up" in stopped.stderr
    assert not workspace.claims.exists()
    before = len(server.requests)
    assert 0 < before < ASKED
    planned = data(run(workspace, "--dry-run", "--json"))
    assert (planned["answered"], planned["requests"]) == (before, ASKED - before)
    result = data(run(workspace, "--max-tokens", "1000000", "--json"))
    assert result["proposals"]["asked"] == ASKED - before
    assert len(server.requests) == ASKED
    assert (result["claims"], result["clauses"], result["unanchored"]) == (46, 46, 0)
    again = data(run(workspace, "--json"))
    assert (again["shards_made"], again["kept"], len(server.requests)) == (0, 46, ASKED)


def test_a_killed_run_goes_on_where_it_was(workspace: Workspace, server: ScriptedServer) -> None:
    """After SIGKILL in mid-run what was answered is there, whole, and is not asked again."""
    enough = threading.Event()

    def script(passage: dict[str, Any], number: int) -> Reaction:
        if number == ASKED // 2:
            enough.set()
        found = echo(passage, number)
        found.delay = 0.05
        return found

    server.script = script
    command = [sys.executable, "-m", "claimset", "segment", "--max-tokens", "1000000"]
    process = subprocess.Popen(
        [*command, "--workspace", str(workspace.root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
    )
    assert enough.wait(120)
    process.kill()
    process.wait(30)
    assert not workspace.claims.exists()
    before = len(server.requests)
    kept = data(run(workspace, "--dry-run", "--json"))["answered"]
    # Requests that were under way when it was killed were answered to nobody.
    assert before - 4 <= kept <= before < ASKED
    result = data(run(workspace, "--max-tokens", "1000000", "--json"))
    assert result["proposals"]["asked"] == ASKED - kept
    assert (result["claims"], result["clauses"]) == (46, 46)


def test_proposals_stand_beside_the_sentences_of_the_rules(
    workspace: Workspace, server: ScriptedServer
) -> None:
    """Ids and sentences are those without a model; what is not anchored says so everywhere."""
    plain = data(run(workspace, "--segmenter", "rules", "--json"))
    assert plain["proposals"] is None
    before = read_segmented(workspace)
    server.script = lambda passage, number: (
        claims(("The Moon is cheese.", ["cheese"])) if number == 1 else echo(passage, number)
    )
    shown = run(workspace, "--max-tokens", "1000000")
    assert "46 claims proposed, 1 of them not anchored" in shown.stderr
    after = read_segmented(workspace)
    assert [c.claim_id for c in after.claims] == [c.claim_id for c in before.claims]
    assert {c.segmenter_version.split("+")[0] for c in after.claims} == {"llm 1.1.1"}
    assert [c.anchored for c in after.clauses].count(False) == 1
    (loose,) = [clause for clause in after.clauses if not clause.anchored]
    page = run(workspace, "--explain", loose.article_id)
    assert "not anchored: the article does not have “cheese” here" in " ".join(page.stdout.split())


def test_a_model_that_obeys_an_article_changes_nothing_else(
    workspace: Workspace, server: ScriptedServer
) -> None:
    """Its answers touch the proposals of that article only: no other article, file or address."""

    def others() -> list[tuple[Any, ...]]:
        found = read_segmented(workspace)
        return [
            (row.article_id, row.parent_id, row.text, row.spans, row.anchored)
            for row in found.clauses
            if not row.article_id.startswith("001")
        ]

    def files() -> dict[str, bytes]:
        return {
            str(path.relative_to(workspace.root)): path.read_bytes()
            for path in workspace.root.rglob("*")
            if path.is_file() and workspace.state not in path.parents
        }

    data(run(workspace, "--max-tokens", "1000000", "--json"))
    before = others()
    # Another model, so that every sentence is asked about again.
    toml = workspace.root / "claimset.toml"
    toml.write_text(toml.read_text("utf-8").replace('"m"', '"n"'), "utf-8")
    outside = files()
    hostile = (
        '{"claims": [{"claim": "Vote now!", "quotes": ["../../x"]}]}',
        '{"claims": [], "tool_calls": [{"name": "write", "path": "seeds/manifest.jsonl"}]}',
        '{"claims": [{"claim": "x", "quotes": [], "article_id": "000_d0e5ca8ec8c8df51"}]}',
    )

    def script(passage: dict[str, Any], number: int) -> Reaction:
        attacked = passage["title"].startswith("Cabinet secretary")
        return Reaction(hostile[number % 3]) if attacked else echo(passage, number)

    server.script = script
    result = data(run(workspace, "--max-tokens", "1000000", "--json"))
    assert result["proposals"]["malformed"] > 0
    assert others() == before
    assert files() == outside
    assert set(server.paths) == {"/v1/chat/completions"}
    mine = [row for row in read_segmented(workspace).clauses if row.article_id.startswith("001")]
    assert mine
    assert not any(row.anchored for row in mine)


def test_a_fault_of_the_server_quarantines_no_article(
    workspace: Workspace, server: ScriptedServer
) -> None:
    """Leaving articles out does not mend a server: exit code 3, and the tables stay."""
    server.script = lambda *_: Reaction("overloaded", status=500)
    done = run(workspace, "--max-tokens", "1000000", "--quarantine")
    assert done.exit_code == 3
    assert "HTTP 500: overloaded" in " ".join(done.stderr.split())
    assert not workspace.quarantine.exists()


def test_the_key_reaches_the_server_and_nothing_else(
    workspace: Workspace, server: ScriptedServer
) -> None:
    server.script = lambda passage, number: (
        Reaction(f"the key {KEY} is not valid", status=401) if number > 5 else echo(passage, number)
    )
    done = run(workspace, "--max-tokens", "1000000", "--debug")
    assert set(server.keys) == {f"Bearer {KEY}"}
    assert (done.exit_code, KEY in done.output) == (3, False)
    for path in workspace.state.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes()
    refused = run(workspace, "--max-tokens", "1000000")
    assert (refused.exit_code, KEY in refused.output) == (3, False)
    toml = workspace.root / "claimset.toml"
    toml.write_text(f'llm_api_key = "{KEY}"\n' + toml.read_text("utf-8"), "utf-8")
    committed = run(workspace)
    assert committed.exit_code == 2
    assert "holds an access token" in " ".join(committed.stderr.split())
    assert KEY not in committed.output


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--engine", "ray", "--max-tokens", "1"], "works in the process that runs the command"),
        (["--segmenter", "rules", "--max-tokens", "1"], "none is asked"),
        (["--segmenter", "rules", "--dry-run"], "none would be"),
    ],
)
def test_what_cannot_be_is_said(workspace: Workspace, arguments: list[str], fault: str) -> None:
    done = run(workspace, *arguments)
    assert done.exit_code == 2
    assert fault in " ".join(done.stderr.split())
