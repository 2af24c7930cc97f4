"""The Croissant description: accepted by its reference library, and true."""

from __future__ import annotations

import importlib.util
import json
import math
import warnings
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimset.models import AVERITEC
from claimset.release.columns import CONFIGS, columns_of
from claimset.release.croissant import CROISSANT_FILE, croissant, render_croissant
from claimset.release.reader import Release, read_release

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.release.builder import BuildResult

REPOSITORY = Path(__file__).parents[2]

needs_mlcroissant = pytest.mark.skipif(
    importlib.util.find_spec("mlcroissant") is None,
    reason="mlcroissant is not installed: pip install mlcroissant (about 1 s of this run)",
)


@pytest.fixture
def release(released: Path) -> Release:
    """The first release of the seeds."""
    found = read_release(released)
    assert found is not None
    return found


def _load(release: Release, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own dependencies
        import mlcroissant

        path = release.folder / "croissant.json"
        described = croissant(release.metadata, **options)
        path.write_text(json.dumps(described), "utf-8")
        return mlcroissant.Dataset(jsonld=str(path))


@needs_mlcroissant
def test_the_reference_library_finds_no_fault(release: Release) -> None:
    """The day of publication is the one thing recommended that a release does not carry."""
    found = _load(release)
    assert not found.metadata.issues.errors
    assert [text for _, text in _texts(found)] == ["datePublished"]
    whole = _load(release, url="https://example.org/data", published=date(2026, 1, 2))
    assert not whole.metadata.issues.errors
    assert not whole.metadata.issues.warnings
    metadata = whole.metadata
    assert metadata.machine_annotation_tools == ["machine-a", "machine-b", "machine-c"]
    assert any("alpha" in figure for figure in metadata.data_annotation_analysis)
    assert metadata.version == "0.1.0"


def _texts(dataset: Any) -> list[tuple[str, str]]:
    return [
        ("warning", name)
        for text in map(str, dataset.metadata.issues.warnings)
        for name in ("datePublished", "citeAs", "license", "other")
        if name in text
    ]


@needs_mlcroissant
@pytest.mark.parametrize("where", ["built", "committed"])
def test_every_release_carries_a_description_that_holds(released: Path, where: str) -> None:
    """The very file beside the card: accepted, of this release, and its hashes are true."""
    folder = released if where == "built" else REPOSITORY / "dataset"
    release = read_release(folder)
    assert release is not None
    path = folder / CROISSANT_FILE
    assert path.read_text("utf-8") == render_croissant(release.metadata)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlcroissant

        found = mlcroissant.Dataset(jsonld=str(path))
        assert not found.metadata.issues.errors
        names = [record["claims/claim_id"].decode() for record in found.records("claims")]
    assert names == [row["claim_id"] for row in release.rows("claims")]


def test_a_description_that_changed_makes_a_release_of_the_same_rows(
    released: Path, build: Callable[..., BuildResult]
) -> None:
    path = released / CROISSANT_FILE
    text = path.read_text("utf-8")
    path.unlink()
    assert build(released).status == "unchanged"  # it comes with the next version
    path.write_text(text.replace("Label Studio", "another tool"), "utf-8")
    result = build(released)
    assert (result.status, result.version) == ("card_only", "0.1.1")
    assert json.loads(path.read_text("utf-8"))["version"] == "0.1.1"


@needs_mlcroissant
@pytest.mark.parametrize("config", ["claims", "annotations", "articles"])
def test_records_are_the_rows_of_the_table(release: Release, config: str) -> None:
    """Every flat column comes out as it is stored; nested ones down to their second level."""
    import pyarrow.parquet as pq

    stored = pq.read_table(release.path(release.files(config)[0])).to_pylist()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = list(_load(release).records(config))
    assert len(read) == len(stored)
    flat = [
        name
        for name, kind in columns_of(CONFIGS[config], AVERITEC).items()
        if isinstance(kind, str)
    ]
    plain = [name for name in flat if name not in {"created_at", "updated_at", "published_at"}]
    assert len(plain) > 5
    for row, record in zip(stored, read, strict=True):
        for name in plain:
            value = record[f"{config}/{name}"]
            found = value.decode() if isinstance(value, bytes) else value
            missing = isinstance(found, float) and math.isnan(found)
            assert (None if missing else found) == row[name], name
    if config == "claims":
        votes = [item["claims/label_distribution"] for item in read]
        assert [
            [
                (
                    vote["claims/label_distribution/label"].decode(),
                    vote["claims/label_distribution/count"],
                )
                for vote in each
            ]
            for each in votes
        ] == [
            [(vote["label"], vote["count"]) for vote in row["label_distribution"]] for row in stored
        ]


@needs_mlcroissant
def test_a_damaged_file_is_noticed(release: Release) -> None:
    import mlcroissant

    with release.path(release.files("articles")[0]).open("ab") as stream:
        stream.write(b"x")
    records = _load(release).records("articles")
    with pytest.raises(mlcroissant.GenerationError):
        list(records)


def test_every_file_and_column_is_described_with_its_meaning(release: Release) -> None:
    described = croissant(release.metadata)
    files = {item["@id"]: item for item in described["distribution"]}
    for table in release.metadata.files:
        assert files[table.path]["sha256"] == table.sha256
    for records in described["recordSet"]:
        model = CONFIGS[records["@id"]]
        assert [field["name"] for field in records["field"]] == list(columns_of(model, AVERITEC))
        assert all(field.get("description") for field in records["field"])
    verdict = next(
        field for field in described["recordSet"][0]["field"] if field["name"] == "gold_verdict"
    )
    assert "0 = supported" in verdict["description"]


def test_the_same_release_gives_the_same_description(release: Release) -> None:
    assert json.dumps(croissant(release.metadata)) == json.dumps(croissant(release.metadata))
