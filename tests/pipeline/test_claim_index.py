"""The index of claims: the tasks are those of the whole workspace, whatever the order."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from claimset import pipeline
from claimset.errors import SpanError, UsageError
from claimset.labelstudio.tasks import build_tasks
from claimset.models import Claim
from claimset.pipeline.claim_index import ClaimIndex
from claimset.pipeline.segmenting import read_segmented
from claimset.settings import Settings
from claimset.storage.tables import read_table, write_table

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace


@pytest.fixture
def segmented_copy(workspace_copy: Workspace) -> Workspace:
    """A segmented workspace."""
    pipeline.segment(workspace_copy, Settings())
    return workspace_copy


def test_the_lines_are_those_of_the_claims(segmented_copy: Workspace) -> None:
    whole = read_segmented(segmented_copy)
    index = ClaimIndex(segmented_copy)
    names = ("claim_id", "article_id", "event_id", "kind", "checkworthiness", "start", "end")
    assert [[getattr(line, name) for name in names] for line in index.claims] == [
        [getattr(claim, name) for name in names] for claim in whole.claims
    ]
    assert [index.claim(claim.claim_id) for claim in whole.claims] == whole.claims
    assert list(index.whole_claims()) == whole.claims


@pytest.mark.parametrize("candidates", [True, False])
def test_tasks_are_those_made_from_all_rows_at_once(
    segmented_copy: Workspace, *, candidates: bool
) -> None:
    """In table order, and in an order in which events come again and again."""
    whole = read_segmented(segmented_copy)
    index = ClaimIndex(segmented_copy)
    mixed = list(index.claims)
    random.Random(5).shuffle(mixed)  # noqa: S311
    for asked in (index.claims, mixed, mixed[:7]):
        expected = build_tasks(
            whole.articles,
            whole.units,
            whole.claims,
            whole.candidates if candidates else [],
            order=[claim.claim_id for claim in asked],
        )
        ids = [claim.claim_id for claim in asked]
        assert list(index.tasks(ids, candidates=candidates)) == list(expected)


def test_rows_are_found_in_files_of_any_size(
    segmented_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event's rows may stand in several files."""
    ids = [claim.claim_id for claim in ClaimIndex(segmented_copy).claims]
    expected = list(ClaimIndex(segmented_copy).tasks(ids, candidates=True))
    monkeypatch.setattr("claimset.storage.tables._ROWS_PER_SHARD", 5)
    rows = list(read_table(segmented_copy.claims, Claim, made_by="x"))
    shutil.rmtree(segmented_copy.claims)
    write_table(segmented_copy.claims, Claim, rows)
    assert len(list(segmented_copy.claims.glob("*.parquet"))) == 10
    assert list(ClaimIndex(segmented_copy).tasks(ids, candidates=True)) == expected


def test_a_span_that_slipped_ends_the_push(segmented_copy: Workspace) -> None:
    """The event is checked before a task of it is made."""
    rows = list(read_table(segmented_copy.claims, Claim, made_by="x"))
    rows[20] = rows[20].model_copy(update={"start": rows[20].start + 1, "end": rows[20].end + 1})
    write_table(segmented_copy.claims, Claim, rows)
    index = ClaimIndex(segmented_copy)
    with pytest.raises(SpanError, match=rows[20].article_id):
        list(index.tasks([claim.claim_id for claim in index.claims], candidates=True))


def test_a_workspace_that_changed_is_refused(segmented_copy: Workspace) -> None:
    manifest = segmented_copy.manifest
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    manifest.write_text("".join(lines[:-1]), "utf-8")
    with pytest.raises(UsageError, match="changed since"):
        ClaimIndex(segmented_copy)
    shutil.rmtree(segmented_copy.units)
    with pytest.raises(UsageError, match="nothing was segmented yet"):
        ClaimIndex(segmented_copy)
