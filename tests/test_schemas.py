"""The generated schemas: fresh, complete, and true of the real rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from claimset.evidence import find_candidates
from claimset.models import AVERITEC, Annotation, Model
from claimset.schemas import generated_schemas, stale_schemas, write_schemas
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

REPOSITORY = Path(__file__).parents[1]
SCHEMAS = REPOSITORY / "schemas"
NAMES = sorted(generated_schemas(AVERITEC))


def validator(name: str) -> Any:
    """The published schema's validator; it checks formats such as dates too."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def lines(path: str) -> list[Any]:
    return [json.loads(line) for line in (REPOSITORY / path).read_text("utf-8").splitlines()]


# Freshness


@pytest.fixture
def folder(workspace_copy: Workspace) -> Path:
    """A copy of the schemas that is fresh whatever state the repository's are in."""
    write_schemas(workspace_copy.schemas, AVERITEC)
    return workspace_copy.schemas


def test_the_repositorys_schemas_are_fresh() -> None:
    """If this fails: `claimset doctor` says which, `write_schemas` brings them up to date."""
    assert stale_schemas(SCHEMAS, AVERITEC) == []


def test_stale_missing_and_superfluous_files_are_found_and_mended(folder: Path) -> None:
    """Each is named; writing touches only those, and a second time nothing."""
    (folder / "claim.schema.json").unlink()
    (folder / "old.schema.json").write_text("{}", "utf-8")
    unit = folder / "unit.schema.json"
    unit.write_text(unit.read_text("utf-8").replace("code point", "byte"), "utf-8")
    assert stale_schemas(folder, AVERITEC) == [
        "claim.schema.json",
        "old.schema.json",
        "unit.schema.json",
    ]
    untouched = (folder / "article.schema.json").stat().st_mtime_ns
    assert write_schemas(folder, AVERITEC) == [
        "claim.schema.json",
        "old.schema.json",
        "unit.schema.json",
    ]
    assert stale_schemas(folder, AVERITEC) == write_schemas(folder, AVERITEC) == []
    assert not (folder / "old.schema.json").exists()
    assert (folder / "article.schema.json").stat().st_mtime_ns == untouched


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"crlf"])
def test_any_other_bytes_are_stale(folder: Path, content: bytes) -> None:
    """Empty, not even text, or only with other line ends."""
    path = folder / "claim.schema.json"
    if content == b"crlf":
        content = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(content)
    assert stale_schemas(folder, AVERITEC) == ["claim.schema.json"]


def test_hand_written_files_are_left_alone(folder: Path) -> None:
    """The folder also holds the labelling config and the guidelines."""
    (folder / "notes.json").write_text("{}", "utf-8")
    assert write_schemas(folder, AVERITEC) == []
    assert (folder / "notes.json").exists()


# Content


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_closed_and_described(name: str) -> None:
    """Draft 2020-12; no object takes unknown fields; every field has its sentence."""
    schema = json.loads(generated_schemas(AVERITEC)[name])
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for part in [schema, *schema.get("$defs", {}).values()]:
        if "properties" not in part:
            continue
        assert part["additionalProperties"] is False
        for field, description in part["properties"].items():
            assert description.get("description"), f"{part['title']}.{field}"


@pytest.mark.parametrize(
    ("name", "path", "rows"),
    [
        ("manifest_row", "seeds/manifest.jsonl", 3),
        ("reference_annotation", "seeds/reference/seed-annotations.jsonl", 174),
    ],
)
def test_the_real_input_fits(name: str, path: str, rows: int) -> None:
    """Checked by the jsonschema package, which knows nothing of the models."""
    found = lines(path)
    assert len(found) == rows
    for row in found:
        validator(name).validate(row)


def test_what_segmentation_makes_fits() -> None:
    """Articles, units, claims and candidates of the seeds, as JSON."""
    articles = read_articles(REPOSITORY / "seeds")
    units = [unit for article in articles for unit in find_units(article)]
    claims = [claim for article in articles for claim in claims_of(article, find_units(article))]
    tables: dict[str, list[Any]] = {
        "article": articles,
        "unit": units,
        "claim": claims,
        "evidence_candidate": find_candidates(articles, units, claims),
    }
    for name, rows in tables.items():
        check = validator(name)
        assert rows
        for row in rows:
            assert isinstance(row, Model)
            check.validate(row.model_dump(mode="json"))


def test_an_annotation_fits() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    annotation = Annotation.model_validate(
        {
            "annotation_id": "r:1",
            "claim_id": "c",
            "round": "r",
            "annotator": "p",
            "annotator_kind": "human",
            "checkability": None,
            "created_at": moment,
            "updated_at": moment,
            "status": "skipped",
            "label_schema_version": "1.0",
            "guidelines_version": "0.2",
        }
    )
    validator("annotation").validate(annotation.model_dump(mode="json"))


@pytest.mark.parametrize(
    "change",
    [
        {"author": "me"},
        {"published_at": "14 March"},
        {"sha256": "0" * 63},
        {"roles": ["other"]},
        {"roles": []},
        {"title": ""},
        {"title": None},
    ],
)
def test_a_bad_row_does_not_fit(change: dict[str, object]) -> None:
    """The schema refuses what the model refuses."""
    row = lines("seeds/manifest.jsonl")[0] | change
    with pytest.raises(jsonschema.ValidationError):
        validator("manifest_row").validate(row)
