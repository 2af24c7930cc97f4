"""The contract's files in ``schemas/`` that are generated from the models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from claimset.models import (
    VERDICT,
    Annotation,
    Article,
    Claim,
    Clause,
    EvidenceCandidate,
    KnownAnswer,
    ManifestRow,
    Model,
    Original,
    Recording,
    ReferenceAdjudication,
    ReferenceAnnotation,
    ReleasedArticle,
    ReleasedClaim,
    ReleaseMetadata,
    Unit,
)
from claimset.storage.files import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.models import LabelSet

__all__ = ["generated_schemas", "stale_schemas", "write_schemas"]

_MODELS: dict[str, type[Model]] = {
    "manifest_row": ManifestRow,
    "original": Original,
    "article": Article,
    "unit": Unit,
    "claim": Claim,
    "clause": Clause,
    "evidence_candidate": EvidenceCandidate,
    "annotation": Annotation,
    "known_answer": KnownAnswer,
    "reference_annotation": ReferenceAnnotation,
    "reference_adjudication": ReferenceAdjudication,
    "recording": Recording,
    "released_article": ReleasedArticle,
    "released_claim": ReleasedClaim,
    "release": ReleaseMetadata,
}
_INPUTS = frozenset(
    {"manifest_row", "original", "reference_annotation", "reference_adjudication", "recording"}
)


def generated_schemas(labels: LabelSet) -> dict[str, str]:
    """File name and content of every JSON Schema (draft 2020-12), with the verdicts of a set."""
    files = {}
    for name, model in _MODELS.items():
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            # What people write may leave out what has a default; what is written has every field.
            **model.model_json_schema(mode="validation" if name in _INPUTS else "serialization"),
        }
        schema = _with_verdicts(schema, labels)
        files[f"{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return files


_PLACE = {"format": VERDICT}
"""What stands in a schema where a verdict is meant; see :data:`claimset.models.VerdictName`."""


def _with_verdicts(schema: dict[str, Any], labels: LabelSet) -> dict[str, Any]:
    """Put the closed set of verdicts where the schema speaks of one."""
    found: dict[str, Any] = _referring(schema)
    if found == schema:
        return schema
    verdicts = {
        "description": f"The verdicts of {labels.source or f'the label set {labels.name}'}.",
        "enum": list(labels.names),
        "title": "Verdict",
        "type": "string",
    }
    return found | {"$defs": dict(sorted({**found["$defs"], "Verdict": verdicts}.items()))}


def _referring(value: Any) -> Any:
    if value == _PLACE:
        return {"$ref": "#/$defs/Verdict"}
    if isinstance(value, list):
        return [_referring(item) for item in value]
    if not isinstance(value, dict):
        return value
    # As with every closed set, the definition has the title, not the field.
    named = _PLACE in value.get("anyOf", ())
    return {key: _referring(item) for key, item in value.items() if not (named and key == "title")}


def stale_schemas(folder: Path, labels: LabelSet) -> list[str]:
    """Names of generated files that are missing, out of date, or no longer generated."""
    wanted = generated_schemas(labels)
    present = {path.name for path in folder.glob("*.schema.json")}
    stale = [
        name
        for name, content in wanted.items()
        if name not in present or (folder / name).read_bytes() != content.encode("utf-8")
    ]
    return sorted([*stale, *(present - set(wanted))])


def write_schemas(folder: Path, labels: LabelSet) -> list[str]:
    """Bring the generated files up to date; returns the names that were written or removed."""
    wanted = generated_schemas(labels)
    names = stale_schemas(folder, labels)
    for name in names:
        if name in wanted:
            replace_file(folder / name, wanted[name].encode("utf-8"))
        else:
            (folder / name).unlink()
    return names
