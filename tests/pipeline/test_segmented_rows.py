"""Segmented rows: what answers are about, checked, and nothing else made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from claimset import pipeline
from claimset.errors import ClaimsetError, SpanError, UsageError
from claimset.models import Claim, Clause, EvidenceCandidate, Unit
from claimset.pipeline import read_segmented
from claimset.pipeline.agreeing import agree
from claimset.pipeline.reporting import report
from claimset.pipeline.segmented_rows import SegmentedRows, articles_of_claims
from claimset.pipeline.watching import status
from claimset.settings import Settings

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace


@pytest.fixture
def segmented(workspace_copy: Workspace) -> Workspace:
    """A segmented workspace."""
    pipeline.segment(workspace_copy, Settings())
    return workspace_copy


def test_rows_are_those_of_the_whole(segmented: Workspace) -> None:
    whole, rows = read_segmented(segmented), SegmentedRows(segmented)
    mine = whole.articles[1].article_id
    ids = {claim.claim_id for claim in whole.claims[3:20:4]}
    assert rows.n_claims == len(whole.claims)
    assert list(rows.rows_of(Claim, "claim_id", ids)) == whole.claims[3:20:4]
    assert list(rows.rows_of(Unit, "article_id", [mine])) == [
        unit for unit in whole.units if unit.article_id == mine
    ]
    assert list(rows.rows_of(EvidenceCandidate, "claim_id", ids)) == [
        row for row in whole.candidates if row.claim_id in ids
    ]
    assert list(rows.rows_of(Clause, "article_id", [mine])) == []
    assert rows.places(ids | {"c_0000000000000000"}) == {
        claim.claim_id: claim.article_id for claim in whole.claims[3:20:4]
    }
    assert rows.sentences([mine]) == {
        mine: sorted((unit.start, unit.end) for unit in whole.units if unit.article_id == mine)
    }
    assert rows.article(mine) == whole.articles[1]
    event = whole.articles[0].event_id
    assert rows.listed(rows.events({event, "none"})[event]) == whole.articles
    assert rows.known(["none", mine]) == [mine]


def test_before_segmentation_nothing_is_known(workspace_copy: Workspace) -> None:
    assert articles_of_claims(workspace_copy, {"c_0000000000000000"}) == {}
    with pytest.raises(UsageError, match="nothing was segmented yet"):
        SegmentedRows(workspace_copy)


def test_a_manifest_that_changed_is_noticed(segmented: Workspace) -> None:
    """Written in another way it says the same; another event is another matter."""
    lines = [json.loads(line) for line in segmented.manifest.read_text("utf-8").splitlines()]
    segmented.manifest.write_text("".join(json.dumps(line, indent=None) + "\n" for line in lines))
    SegmentedRows(segmented)
    lines[0]["event_id"] = "another"
    segmented.manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(UsageError, match="changed since"):
        SegmentedRows(segmented)


def test_an_article_that_changed_is_noticed_when_it_is_used(segmented: Workspace) -> None:
    whole = read_segmented(segmented)
    first, second, *_ = whole.articles
    (segmented.seeds / second.path).write_bytes(b"Another text.")
    rows = SegmentedRows(segmented)
    assert list(rows.rows_of(Unit, "article_id", [first.article_id]))
    with pytest.raises(ClaimsetError, match="not the one the manifest describes"):
        list(rows.rows_of(Unit, "article_id", [second.article_id]))


def test_a_row_that_is_no_slice_is_refused(segmented: Workspace) -> None:
    path = max(segmented.claims.glob("part-*.parquet"))
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[-1] |= {"start": 0, "end": 3, "text": "???"}
    path.unlink()  # the shard of the run is the same file
    pq.write_table(pa.Table.from_pylist(rows, table.schema), path)
    found = SegmentedRows(segmented)
    assert list(found.rows_of(Claim, "claim_id", [rows[0]["claim_id"]]))
    with pytest.raises(SpanError, match="does not hold its stored"):
        list(found.rows_of(Claim, "claim_id", [rows[-1]["claim_id"]]))


def test_who_looks_at_answers_makes_no_other_rows(
    answered: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason for this: a workspace may have more rows than memory holds as models."""
    made: dict[Any, set[str]] = {Unit: set(), Claim: set(), EvidenceCandidate: set()}
    for model, names in made.items():
        checked = model.checked

        def note(row: dict[str, str], checked: object = checked, names: set[str] = names) -> object:
            names.add(row["article_id"])
            return checked(row)  # type: ignore[operator]

        monkeypatch.setattr(model, "checked", note)
    status(answered)
    assert made == {Unit: set(), Claim: set(), EvidenceCandidate: set()}
    agree(answered)
    assert not made[Claim]
    assert not made[EvidenceCandidate]
    answers = report(answered, Settings())
    assert answers.disputes > 0
    assert not made[EvidenceCandidate]
