"""Croissant 1.0: the release in the vocabulary that data catalogues and loaders read.

Sources: Croissant format specification 1.0, https://docs.mlcommons.org/croissant/docs/croissant-spec.html,
and Croissant RAI 1.0, https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html. Everything
follows from the release's metadata and columns, so the same release gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from claimset.release.columns import CONFIGS, column_docs, columns_of
from claimset.release.jsonld import safe_json, without_nulls
from claimset.release.responsible import responsible_ai

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from claimset.models import LabelSet, ReleaseMetadata
    from claimset.release.columns import Column

__all__ = ["CROISSANT_FILE", "croissant", "render_croissant"]

CROISSANT_FILE = "croissant.json"

_CR = "http://mlcommons.org/croissant/"
_LICENCES = (
    "https://creativecommons.org/licenses/by/4.0/",
    (
        "Annotations, labels and positions: CC BY 4.0. Texts belong to their publishers: "
        "see the column license of the table articles."
    ),
)
_TERMS = (
    "citeAs column conformsTo equivalentProperty extract field fileProperty fileObject fileSet "
    "format includes isLiveDataset jsonPath key md5 parentField path recordSet references regex "
    "repeated replace samplingRate separator source subField transform"
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": _CR,
    "rai": f"{_CR}RAI/",
    "dct": "http://purl.org/dc/terms/",
    **{term: f"cr:{term}" for term in _TERMS.split()},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
_TYPES = {
    "string": "sc:Text",
    "bool": "sc:Boolean",
    "int64": "sc:Integer",
    "float32": "sc:Float",
    "float64": "sc:Float",
    "date32": "sc:Date",
}


def croissant(
    metadata: ReleaseMetadata, *, url: str | None = None, published: date | None = None
) -> dict[str, Any]:
    """The Croissant description of a release, with relative addresses of its files.

    Args:
        metadata: Its `release.json`.
        url: Address of the dataset's page, if it has one.
        published: Day of publication; a release itself carries none, since the same rows must give
            the same bytes on every day.
    """
    files = _files(metadata)
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        **without_nulls(
            name=metadata.name,
            description=_description(metadata),
            conformsTo=[f"{_CR}1.0", f"{_CR}RAI/1.0"],
            license=list(_LICENCES),
            url=url,
            version=metadata.version,
            datePublished=published.isoformat() if published else None,
            citeAs=_citation(metadata),
            keywords=["fact-checking", "claim-verification", "natural language inference"],
            isLiveDataset=False,
        ),
        **responsible_ai(metadata),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": path,
                "name": path,
                "contentUrl": path,
                "contentSize": f"{size} B",
                "encodingFormat": "application/x-parquet",
                "sha256": sha256,
            }
            for _name, _config, path, size, sha256 in files
        ],
        "recordSet": [
            _record_set(name, config, path, metadata.labels) for name, config, path, *_ in files
        ],
    }


def render_croissant(metadata: ReleaseMetadata) -> str:
    """The text of the description that lies beside the card of a release."""
    return safe_json(croissant(metadata), indent=2) + "\n"


def _files(metadata: ReleaseMetadata) -> list[tuple[str, str, str, int, str]]:
    """Name of the record set, config, path, size and SHA-256 of every file with rows."""
    files = [file for file in metadata.files if file.rows]
    splits = Counter(file.config for file in files)
    return [
        (
            file.config if splits[file.config] == 1 else f"{file.config}-{file.split}",
            file.config,
            file.path,
            file.bytes,
            file.sha256,
        )
        for file in files
    ]


def _description(metadata: ReleaseMetadata) -> str:
    counts = metadata.counts
    return (
        f"A fact-checking dataset: {counts['claims']} claims from {counts['articles']} articles, "
        "each with its exact position, the annotators' answers and the evidence they marked. "
        f"Content id {metadata.content_id}."
    )


def _citation(metadata: ReleaseMetadata) -> str:
    return (
        f"@misc{{claimset_{metadata.content_id[:8]}, title = {{{metadata.name}}}, "
        f"version = {{{metadata.version}}}, "
        f"note = {{Content id sha256:{metadata.content_id}}}}}"
    )


def _record_set(name: str, config: str, path: str, labels: LabelSet) -> dict[str, Any]:
    model = CONFIGS[config]
    docs = {doc.name.replace("[]", ""): doc.description for doc in column_docs(model, labels)}
    fields = _fields(name, columns_of(model, labels), docs, path=path, column=None, inside="")
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": " ".join((model.__doc__ or name).split()),
        "field": list(fields),
    }


def _fields(
    parent: str,
    columns: Mapping[str, Column],
    docs: Mapping[str, str],
    *,
    path: str,
    column: str | None,
    inside: str,
) -> Iterator[dict[str, Any]]:
    """Fields of a record set, or of a nested value of one of its columns.

    Args:
        parent: Id of what the fields belong to.
        columns: The columns to describe.
        docs: Descriptions by dotted name.
        path: The file.
        column: The column that holds the nested value; ``None`` for the columns themselves.
        inside: JSON path within the column's value.
    """
    for name, kind in columns.items():
        place = name if column is None else f"{inside}{name}"
        dotted = name if column is None else f"{column}.{place.replace('[*]', '')}"
        repeated = not isinstance(kind, str) and "list" in kind
        inner = kind["list"] if not isinstance(kind, str) and "list" in kind else kind
        field: dict[str, Any] = {"@type": "cr:Field", "@id": f"{parent}/{name}", "name": name}
        if description := docs.get(dotted, "") + _labels(inner):
            field["description"] = description.strip()
        if repeated:
            field["repeated"] = True
        if not isinstance(inner, str) and "struct" in inner:
            mark = "[*]." if repeated and column is not None else "."
            field["subField"] = list(
                _fields(
                    field["@id"],
                    inner["struct"],
                    docs,
                    path=path,
                    column=column or name,
                    inside="" if column is None else f"{place}{mark}",
                )
            )
        else:
            field["dataType"] = _data_type(inner)
            field["source"] = {
                "fileObject": {"@id": path},
                "extract": {"column": column or name},
                **({"transform": {"jsonPath": place}} if column is not None else {}),
            }
        yield field


def _data_type(kind: Column) -> str:
    if isinstance(kind, str):
        return "sc:DateTime" if kind.startswith("timestamp") else _TYPES[kind]
    return "sc:Integer"


def _labels(kind: Column) -> str:
    """What the numbers of a label column mean."""
    if isinstance(kind, str) or "labels" not in kind:
        return ""
    meant = ", ".join(f"{number} = {name}" for number, name in enumerate(kind["labels"]))
    return f" Numbers: {meant}."
