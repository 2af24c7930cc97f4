"""Segmented tables: the same checks in the same words as row by row, and the same release."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from claimset import pipeline
from claimset.errors import ClaimsetError, DataError, SpanError, UsageError
from claimset.models import Claim, EvidenceCandidate, Unit
from claimset.pipeline.segmented_tables import SegmentedTables
from claimset.pipeline.segmenting import read_segmented
from claimset.release import builder
from claimset.settings import Settings
from claimset.storage.columns import arrow_schema, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimset.storage.workspace import Workspace

FOLDERS = ("units", "claims", "evidence")


@pytest.fixture
def segmented(workspace_copy: Workspace) -> Workspace:
    """A segmented workspace."""
    pipeline.segment(workspace_copy, Settings())
    return workspace_copy


def last_shard(workspace: Workspace, folder: str) -> Path:
    """The last file of a table."""
    return max((workspace.state / folder).glob("part-*.parquet"))


def change_last_row(workspace: Workspace, folder: str, **values: object) -> None:
    """Write other values into the last row of a table."""
    path = last_shard(workspace, folder)
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[-1] |= values
    names = [*table.column_names, *(name for name in values if name not in table.column_names)]
    fields = [
        table.schema.field(name).with_nullable(True)
        if name in table.column_names
        else pa.field(name, pa.string())
        for name in names
    ]
    path.unlink()  # the shard of the run is the same file
    pq.write_table(pa.Table.from_pylist(rows, pa.schema(fields)), path)


def said(doing: Callable[[], object]) -> tuple[type[ClaimsetError], str, str | None, str | None]:
    """What an error says."""
    with pytest.raises(ClaimsetError) as caught:
        doing()
    error = caught.value
    return type(error), error.problem, error.where, error.remedy


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        ({"text": "x"}, DataError, "end - start is"),
        ({"start": 0, "end": 3, "text": "\x00\x00\x00"}, SpanError, "does not hold its stored"),
        ({"article_id": None}, DataError, "valid string"),
        ({"more": "x"}, DataError, "Extra inputs"),
    ],
)
def test_a_damaged_row_is_named_as_row_by_row(
    segmented: Workspace, folder: str, values: dict[str, Any], kind: type, words: str
) -> None:
    """File, row and field, or article and positions: what every other command says, too."""
    change_last_row(segmented, folder, **values)
    expected = said(lambda: read_segmented(segmented))
    assert said(lambda: SegmentedTables(segmented)) == expected
    assert said(lambda: pipeline.build(segmented, Settings())) == expected
    assert expected[0] is kind
    assert words in expected[1]


@pytest.mark.parametrize(
    ("folder", "values", "field"),
    [
        ("units", {"kind": "sentence"}, "kind"),
        ("claims", {"claim_id": "c_12"}, "claim_id"),
        ("claims", {"checkworthiness": 1.5}, "checkworthiness"),
        ("claims", {"event_id": "not a name"}, "event_id"),
        ("evidence", {"rank": 0}, "rank"),
    ],
)
def test_a_broken_rule_is_named_with_its_field(
    segmented: Workspace, folder: str, values: dict[str, Any], field: str
) -> None:
    change_last_row(segmented, folder, **values)
    before = {path: path.read_bytes() for path in segmented.dataset.rglob("*") if path.is_file()}
    kind, _, where, remedy = said(lambda: pipeline.build(segmented, Settings()))
    assert kind is DataError
    assert where is not None
    assert where.startswith(str(last_shard(segmented, folder)))
    assert where.endswith(f"field {field}")
    assert remedy is not None
    assert "claimset segment" in remedy
    after = {path: path.read_bytes() for path in segmented.dataset.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_damaged_or_missing_file_is_named_as_row_by_row(
    segmented: Workspace, folder: str
) -> None:
    path = last_shard(segmented, folder)
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: len(content) // 2])
    expected = said(lambda: read_segmented(segmented))
    assert said(lambda: SegmentedTables(segmented)) == expected
    for path in (segmented.state / folder).glob("part-*.parquet"):
        path.unlink()
    expected = said(lambda: read_segmented(segmented))
    assert said(lambda: SegmentedTables(segmented)) == expected


def test_a_row_of_an_unknown_article_is_refused(segmented: Workspace) -> None:
    change_last_row(segmented, "evidence", article_id="elsewhere")
    with pytest.raises(SpanError, match="'elsewhere', which is not among the articles"):
        SegmentedTables(segmented)


def test_articles_that_changed_are_refused(workspace_copy: Workspace) -> None:
    """Before any segmentation, and after an article became another one."""
    kind, problem, _, _ = said(lambda: pipeline.build(workspace_copy, Settings()))
    assert (kind, problem) == (UsageError, "nothing was segmented yet")
    pipeline.segment(workspace_copy, Settings())
    lines = workspace_copy.manifest.read_text("utf-8").splitlines(keepends=True)
    first = json.loads(lines[0]) | {"event_id": "another"}
    workspace_copy.manifest.write_text("".join([json.dumps(first) + "\n", *lines[1:]]), "utf-8")
    kind, problem, _, _ = said(lambda: pipeline.build(workspace_copy, Settings()))
    assert kind is UsageError
    assert "changed since" in problem


def test_the_tables_hold_what_the_models_say(segmented: Workspace) -> None:
    """Nothing waits on disk afterwards."""
    whole = read_segmented(segmented)
    tables = SegmentedTables(segmented)
    assert not list(segmented.state.glob("texts*"))
    assert list(tables.articles()) == whole.articles
    assert tables.versions == {claim.segmenter_version for claim in whole.claims}
    for found, rows, model in (
        (tables.units(), whole.units, Unit),
        (tables.claims(), whole.claims, Claim),
    ):
        schema = arrow_schema(model)
        assert pa.concat_tables(found).equals(table_of(rows, schema))


def test_rows_of_an_earlier_form_are_taken_as_before(segmented: Workspace) -> None:
    """A column that has a default may lack; the model fills it in."""
    whole = read_segmented(segmented)
    for path in segmented.claims.glob("part-*.parquet"):
        table = pq.read_table(path).drop_columns(["unseen", "derived"])
        path.unlink()
        pq.write_table(table, path)
    expected = [claim.model_copy(update={"unseen": ()}) for claim in whole.claims]
    found = SegmentedTables(segmented)
    assert pa.concat_tables(found.claims()).equals(table_of(expected, arrow_schema(Claim)))


def test_the_release_is_that_of_the_models(
    answered: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, whether the rows come as columns or one by one."""

    def files() -> dict[str, bytes]:
        paths = [path for path in answered.dataset.rglob("*") if path.is_file()]
        return {str(path.relative_to(answered.dataset)): path.read_bytes() for path in paths}

    def emptied() -> None:
        for path in sorted(answered.dataset.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        answered.dataset.rmdir()

    if answered.dataset.exists():
        emptied()
    first = pipeline.build(answered, Settings())
    by_columns = files()
    emptied()
    whole = read_segmented(answered)

    def of_models(**given: Any) -> builder.BuildResult:
        rows = {"articles": whole.articles, "units": whole.units, "claims": whole.claims}
        return builder.build_release(**given | rows)

    monkeypatch.setattr("claimset.pipeline.releasing.build_release", of_models)
    assert pipeline.build(answered, Settings()) == first
    assert files() == by_columns
    assert len(by_columns) > 10


def test_rows_are_not_made_of_sound_tables(
    segmented: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason for columns: a workspace may have more rows than memory holds as models."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    for model in (Unit, Claim, EvidenceCandidate):
        monkeypatch.setattr(model, "checked", refuse)
    tables = SegmentedTables(segmented)
    assert sum(table.num_rows for table in tables.claims()) == 46
