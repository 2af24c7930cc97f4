"""Parquet shards: what was written is read back through the model, or a clear error comes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import DataError, UsageError
from claimset.models import (
    Annotation,
    Article,
    Claim,
    EvidenceCandidate,
    Model,
    ReferenceAnnotation,
    ReleasedClaim,
    ReleaseMetadata,
    Unit,
)
from claimset.models.published import ReleasedArticle
from claimset.storage import tables
from claimset.storage.columns import arrow_schema, table_of
from claimset.storage.tables import read_table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROPERTY = settings(deadline=None, max_examples=50)
SPAN: dict[str, Any] = {"start": 2, "end": 5, "text": "e\u0301👩"}
PLACED: dict[str, Any] = SPAN | {"article_id": "a"}
CLAIM: dict[str, Any] = PLACED | {
    "claim_id": "c_0123456789abcdef",
    "event_id": "e",
    "prefix": "\n\n",
    "suffix": "",
    "kind": "claim",
    "rule": "r",
    "segmenter_version": "1.0",
}
FULL_CLAIM: dict[str, Any] = CLAIM | {
    "attributions": [
        {
            "speaker": "Mr Case",
            "speaker_span": SPAN,
            "cue": "said",
            "cue_span": SPAN,
            "quote_spans": [SPAN, SPAN],
            "quote_type": "mixed",
        },
        {"quote_type": "indirect"},
    ],
    "quote_id": "q1",
    "checkworthiness": 0.5,
    "checkworthiness_reasons": ["number", "name"],
    "duplicate_of": "c_1",
    "duplicate_score": 1,
    "duplicate_method": "ratio",
    "parent_id": "c_2",
    "derived": True,
}
EVIDENCE: dict[str, Any] = PLACED | {"stance": "supports"}
GOLD: dict[str, Any] = {
    "gold_source": "majority",
    "gold_checkability": "factual",
    "gold_verdict": "refuted",
    "n_annotations": 3,
    "split": "train",
    "first_release": "0.1.0",
    "last_changed_release": "0.2.0",
    "label_distribution": [{"label": "refuted", "count": 2}, {"label": "opinion", "count": 1}],
    "agreement": 1 / 3,
    "evidence_sets": [{"annotator": "p_1", "spans": [EVIDENCE, EVIDENCE]}],
}
ARTICLE: dict[str, Any] = {
    "article_id": "a",
    "event_id": "e",
    "title": "t",
    "license": "CC0-1.0",
    "open_license": True,
    "path": "a.txt",
    "sha256": "0" * 64,
    "text_sha256": "1" * 64,
    "text": "x",
}
ANNOTATION: dict[str, Any] = {
    "annotation_id": "r:1",
    "claim_id": "c",
    "round": "r",
    "annotator": "p_1",
    "annotator_kind": "human",
    "checkability": "factual",
    "verdict": "supported",
    "evidence": [EVIDENCE],
    "lead_time_s": 12.25,
    "created_at": "2026-01-02T03:04:05.678901Z",
    "updated_at": "2026-01-02T05:04:05+02:00",
    "status": "submitted",
    "label_schema_version": "1.0",
    "guidelines_version": "0.2",
}
ROWS: list[tuple[type[Model], dict[str, Any]]] = [
    (Unit, PLACED | {"kind": "heading", "reason": "r"}),
    (Claim, CLAIM),
    (Claim, FULL_CLAIM),
    (EvidenceCandidate, PLACED | {"claim_id": "c", "rank": 1, "score": 0.1, "retriever": "b"}),
    (Article, ARTICLE),
    (Article, ARTICLE | {"published_at": "2023-03-14", "url": "https://example.org"}),
    (Annotation, ANNOTATION),
    (Annotation, ANNOTATION | {"confidence": "low", "justification": "", "edited_claim": "x"}),
    (
        ReferenceAnnotation,
        PLACED
        | {
            "annotator": "machine-a",
            "checkability": "opinion",
            "verdict": None,
            "evidence": [],
            "confidence": "high",
            "justification": "j",
        },
    ),
    (ReleasedClaim, CLAIM | GOLD),
    (ReleasedClaim, FULL_CLAIM | GOLD | {"status": "withdrawn", "agreement": None}),
    (
        ReleasedArticle,
        ARTICLE
        | {
            "length": 1,
            "units": [{"start": 0, "end": 1, "kind": "claim"}],
            "text_policy": "full",
            "open_license": True,
            "split": "train",
        },
    ),
]


@pytest.mark.parametrize(("model", "row"), ROWS)
def test_a_row_is_read_back_as_it_was_written(
    tmp_path: Path, model: type[Model], row: dict[str, Any]
) -> None:
    """Every stored model, empty and full, with what is nested in it, equal in every field."""
    record = model.model_validate(row)
    assert write_table(tmp_path / "t", model, [record, record]) == 2
    assert list(read_table(tmp_path / "t", model, made_by="x")) == [record, record]


@pytest.mark.parametrize("model", dict(ROWS))
def test_only_what_may_be_null_is_nullable(model: type[Model]) -> None:
    """Same names in the same order; a column is nullable just when the model accepts null."""
    schema = arrow_schema(model)
    assert schema.names == list(model.model_fields)
    properties = model.model_json_schema()["properties"]
    for field in schema:
        accepts_null = {"type": "null"} in properties[field.name].get("anyOf", [])
        assert field.nullable is accepts_null, field.name


@pytest.mark.parametrize("model", dict(ROWS))
def test_columns_hold_what_the_rows_hold(model: type[Model]) -> None:
    """The same table as Arrow makes of the rows' dictionaries, absent and nested parts too."""
    rows = [model.model_validate(row) for kind, row in ROWS if kind is model] * 2
    schema = arrow_schema(model)
    peer = pa.Table.from_pylist([row.model_dump(mode="python") for row in rows], schema=schema)
    table = table_of(rows, schema)
    table.validate(full=True)
    assert table.equals(peer)
    assert table_of([], schema).equals(peer.slice(0, 0))


def test_a_type_without_arrow_form_is_refused() -> None:
    """A mapping has no column here; nothing is stored as text by guess."""
    with pytest.raises(TypeError, match="no Arrow type"):
        arrow_schema(ReleaseMetadata)


def units(count: int) -> Iterator[Unit]:
    for number in range(count):
        text = f"unit {number}"
        yield Unit.model_validate(
            {
                "article_id": "a",
                "start": 0,
                "end": len(text),
                "text": text,
                "kind": "claim",
                "reason": "r",
            }
        )


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7])
def test_shards_are_read_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Any number of rows, also none and a full last shard; the order is kept."""
    monkeypatch.setattr(tables, "_ROWS_PER_SHARD", 2)
    assert write_table(tmp_path / "t", Unit, units(count)) == count
    assert list(read_table(tmp_path / "t", Unit, made_by="x")) == list(units(count))
    assert len(list((tmp_path / "t").iterdir())) == max(1, -(-count // 2))


def test_a_table_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No shard of a longer, older table is left, and nothing beside the folder."""
    monkeypatch.setattr(tables, "_ROWS_PER_SHARD", 2)
    write_table(tmp_path / "t", Unit, units(9))
    write_table(tmp_path / "t", Unit, units(1))
    assert [row.text for row in read_table(tmp_path / "t", Unit, made_by="x")] == ["unit 0"]
    assert [path.name for path in tmp_path.iterdir()] == ["t"]


def test_a_failure_in_the_middle_leaves_the_old_table(tmp_path: Path) -> None:
    """The rows come from a generator that breaks: old rows stand, nothing else is there."""

    def broken() -> Iterator[Unit]:
        yield from units(3)
        raise ZeroDivisionError

    write_table(tmp_path / "t", Unit, units(2))
    with pytest.raises(ZeroDivisionError):
        write_table(tmp_path / "t", Unit, broken())
    assert list(read_table(tmp_path / "t", Unit, made_by="x")) == list(units(2))
    assert [path.name for path in tmp_path.iterdir()] == ["t"]


@pytest.mark.parametrize("made", [False, True])
def test_a_missing_table_names_the_command_that_makes_it(tmp_path: Path, made: bool) -> None:
    """No folder, or one without shards, is a matter of usage."""
    if made:
        (tmp_path / "claims").mkdir()
    with pytest.raises(UsageError) as caught:
        list(read_table(tmp_path / "claims", Claim, made_by="claimset segment"))
    assert caught.value.problem == "there is no table of claims yet"
    assert caught.value.remedy == "run `claimset segment` first"


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet at all", b"PAR1" + b"\0" * 64])
def test_a_file_that_is_no_parquet_is_named(tmp_path: Path, content: bytes) -> None:
    write_table(tmp_path / "t", Unit, units(2))
    shard = tmp_path / "t" / "part-00000.parquet"
    shard.write_bytes(content)
    with pytest.raises(DataError) as caught:
        list(read_table(tmp_path / "t", Unit, made_by="claimset segment"))
    assert caught.value.where == str(shard)
    assert "claimset segment" in caught.value.remedy


def test_a_damaged_shard_is_a_data_error_or_unharmed(tmp_path: Path) -> None:
    """Cut anywhere, or with any byte changed: rows as written, or DataError, nothing else."""
    write_table(tmp_path / "t", Unit, units(50))
    shard = tmp_path / "t" / "part-00000.parquet"
    whole = shard.read_bytes()
    chance = random.Random(7)  # noqa: S311 - places to damage, no secret
    damaged = [whole[:length] for length in range(0, len(whole), 97)]
    # The highest bit everywhere in the second half too: it makes column names invalid UTF-8.
    flips = [(chance.randrange(len(whole)), chance.randrange(8)) for _ in range(300)]
    flips += [(position, 7) for position in range(len(whole) // 2, len(whole), 4)]
    for position, bit in flips:
        flipped = bytes([whole[position] ^ (1 << bit)])
        damaged.append(whole[:position] + flipped + whole[position + 1 :])
    refused = 0
    for content in damaged:
        shard.write_bytes(content)
        try:
            rows = list(read_table(tmp_path / "t", Unit, made_by="x"))
        except DataError:
            refused += 1
        else:
            assert rows == list(units(50))
    assert refused > len(range(0, len(whole), 97))


@pytest.mark.parametrize(
    ("change", "problem", "place"),
    [
        ({"kind": "sentence"}, "Input should be", "row 0, field kind"),
        ({"end": 9}, "end - start is 9", "row 0, field "),
        ({"reason": None}, "valid string", "row 0, field reason"),
        ({"more": 1}, "Extra inputs", "row 0, field more"),
    ],
)
def test_a_row_that_does_not_fit_is_named(
    tmp_path: Path, change: dict[str, object], problem: str, place: str
) -> None:
    """The place is shard, row and field: a table of another version is never half believed."""
    row = next(units(1)).model_dump(mode="json")
    folder = tmp_path / "t"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist([row | change]), folder / "part-00000.parquet")
    with pytest.raises(DataError) as caught:
        list(read_table(folder, Unit, made_by="claimset segment"))
    assert problem in caught.value.problem
    assert caught.value.where == f"{folder / 'part-00000.parquet'}, {place}"


@PROPERTY
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=5))
def test_any_text_is_read_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """No character is lost, changed or normalised on the way through the file."""
    folder = tmp_path_factory.getbasetemp() / "any-text"
    rows = [
        Unit.model_validate(
            {"article_id": "a", "start": 3, "text": text, "kind": "claim", "reason": text}
            | {"end": 3 + len(text)}
        )
        for text in texts
    ]
    write_table(folder, Unit, rows)
    assert list(read_table(folder, Unit, made_by="x")) == rows
