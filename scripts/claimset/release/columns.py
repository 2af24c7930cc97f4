"""The columns of a release, described once from the models, in words of no library.

Everything else is made from this description: the Arrow and `datasets` types, the identity of
the schema, and the column tables of the card.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from claimset.identifiers import hash_json
from claimset.models import (
    AVERITEC,
    VERDICT,
    LabelSet,
    NliLabel,
    ReleasedAnnotation,
    ReleasedArticle,
    ReleasedClaim,
    Split,
)
from claimset.models.descriptions import descriptions_of
from claimset.models.views import (
    AggrefactRow,
    AttributionRow,
    CorpusRow,
    NliRow,
    QrelRow,
    QueryRow,
    SftRow,
    SoftRow,
)

__all__ = [
    "CONFIGS",
    "CORE",
    "DEFAULT_CONFIG",
    "RECORDS",
    "VIEWS",
    "Column",
    "ColumnDoc",
    "column_docs",
    "columns_of",
    "core_columns",
    "in_column_order",
    "schema_id",
    "splits_of",
]

CORE: dict[str, type[BaseModel]] = {
    "claims": ReleasedClaim,
    "annotations": ReleasedAnnotation,
    "articles": ReleasedArticle,
}
"""The tables that hold everything, and the model of their rows; the content id covers these."""

VIEWS: dict[str, type[BaseModel]] = {
    "nli": NliRow,
    "soft": SoftRow,
    "aggrefact": AggrefactRow,
    "sft": SftRow,
    "corpus": CorpusRow,
    "queries": QueryRow,
    "qrels": QrelRow,
    "attributions": AttributionRow,
}
"""The training views: pure functions of the core tables."""

CONFIGS: dict[str, type[BaseModel]] = CORE | VIEWS
"""Every config of the Hugging Face dataset, in the order of the card."""

DEFAULT_CONFIG = "claims"

_VIEWS_VERSION = 1
"""Rises when the rows of a view change although the core tables do not."""

_UNDIVIDED = {"corpus": "corpus", "queries": "queries"}
"""Searched as a whole, whatever the split of a query; MTEB names the split after the config."""

RECORDS: dict[str, frozenset[str]] = {
    "claims": frozenset({"first_release", "last_changed_release"}),
    "annotations": frozenset({"annotation_id", "created_at", "updated_at", "lead_time_s"}),
    "articles": frozenset(),
}
"""Columns that record a run rather than say something: left out of the content id.

The same answer submitted again, or replayed on another server, gets another id and other times,
yet nobody's data changed. The sha256 in release.json still covers every byte of them.
"""

Column = str | Mapping[str, Any]
"""A scalar's name, ``{"labels": [...]}``, ``{"list": column}`` or ``{"struct": {name: column}}``;
a list of fixed length has its ``length`` beside it.

Scalars are ``string``, ``bool``, ``int64``, ``float32``, ``float64``, ``date32`` and
``timestamp[us, tz=UTC]``: names that Arrow and `datasets` share.
"""

_SCALARS: dict[type, str] = {
    str: "string",
    bool: "bool",
    int: "int64",
    float: "float64",
    date: "date32",
    datetime: "timestamp[us, tz=UTC]",
}


_IDS = ("annotation_id", "claim_id", "article_id", "event_id")


class ColumnDoc(NamedTuple):
    """One line of a column table."""

    name: str
    """Dotted name; ``[]`` marks a list."""
    type: str
    description: str


def columns_of(model: type[BaseModel], labels: LabelSet | None = None) -> dict[str, Column]:
    """Describe the columns of a model's table: ids first, then its fields in their order.

    Args:
        model: The model of the rows.
        labels: The label set, without which no column of verdicts can be described.

    Raises:
        TypeError: A field's type has no column type, or the label set is missing.
    """
    return {
        _public(model, name): _column(_annotation(model, name), labels) for name in _names(model)
    }


def core_columns(labels: LabelSet) -> dict[str, dict[str, Column]]:
    """The columns of the core tables under a label set."""
    return {config: columns_of(model, labels) for config, model in CORE.items()}


def splits_of(config: str) -> tuple[str, ...]:
    """The splits a config may have, in their order."""
    return (_UNDIVIDED[config],) if config in _UNDIVIDED else tuple(Split)


def _public(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].alias or name


def _annotation(model: type[BaseModel], name: str) -> Any:
    # pydantic moves the marks of an annotated field beside its type.
    field = model.model_fields[name]
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _names(model: type[BaseModel]) -> list[str]:
    # A field inherited from a span would else stand before the id of the row.
    names = list(model.model_fields)
    return sorted(names, key=lambda name: _IDS.index(name) if name in _IDS else len(_IDS))


def _column(annotation: Any, labels: LabelSet | None) -> Column:
    marks, inner = _unwrap(annotation)
    if "float32" in marks:
        return "float32"
    if VERDICT in marks and labels is None:
        raise TypeError(f"the label set of {annotation!r} is not given")
    if get_origin(inner) is tuple:
        arguments = get_args(inner)
        length = {} if arguments[-1] is Ellipsis else {"length": len(arguments)}
        if VERDICT in marks and labels is not None:
            length = {"length": len(labels.names)}
        return {"list": _column(arguments[0], labels), **length}
    if VERDICT in marks and labels is not None:
        return {"labels": list(labels.names)}
    if isinstance(inner, type):
        if issubclass(inner, BaseModel):
            return {"struct": columns_of(inner, labels)}
        if issubclass(inner, Enum):
            return {"labels": [str(member.value) for member in inner]}
        if inner in _SCALARS:
            return _SCALARS[inner]
    raise TypeError(f"no column type for {annotation!r}")


def _unwrap(annotation: Any) -> tuple[tuple[Any, ...], Any]:
    """Take off ``Annotated``, with its marks, and ``| None``: every column may hold null."""
    marks: tuple[Any, ...] = ()
    while True:
        if hasattr(annotation, "__metadata__"):
            marks += annotation.__metadata__
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            (annotation,) = (part for part in get_args(annotation) if part is not types.NoneType)
        else:
            return marks, annotation


def in_column_order(row: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    """A plain row with its fields, nested ones too, in the order of the columns."""
    return {name: _in_order(row[name], column) for name, column in columns.items()}


def _in_order(value: Any, column: Column) -> Any:
    if isinstance(column, str) or value is None:
        return value
    if "list" in column:
        return [_in_order(item, column["list"]) for item in value]
    return in_column_order(value, column["struct"]) if "struct" in column else value


def schema_id(labels: LabelSet) -> str:
    """SHA-256 over configs, columns, types and label sets in their order.

    Row contents do not enter; that is the content id's part. What verdicts mean does: the views
    are made by it.
    """
    described = {name: _ordered(columns_of(model, labels)) for name, model in CONFIGS.items()}
    meaning = [] if labels.means_the_same(AVERITEC) else [labels.digest, labels.inference]
    return hash_json([described, _VIEWS_VERSION, *meaning])


def _ordered(columns: Mapping[str, Column]) -> list[Any]:
    # JSON objects have no order, but the order of columns is part of a schema.
    return [[name, _ordered_column(column)] for name, column in columns.items()]


def _ordered_column(column: Column) -> Any:
    if isinstance(column, str):
        return column
    if "struct" in column:
        return {"struct": _ordered(column["struct"])}
    if "list" in column:
        return dict(column) | {"list": _ordered_column(column["list"])}
    return dict(column)


def column_docs(model: type[BaseModel], labels: LabelSet, prefix: str = "") -> list[ColumnDoc]:
    """The column table of a model, nested columns below their parent."""
    docs = []
    said = descriptions_of(model)
    for name in _names(model):
        inner: Any = _annotation(model, name)
        is_list = get_origin(_unwrap(inner)[1]) is tuple
        if is_list:
            inner = get_args(_unwrap(inner)[1])[0]
        kind, inner = _type_words(inner, labels), _unwrap(inner)[1]
        dotted = f"{prefix}{_public(model, name)}{'[]' if is_list else ''}"
        text = " ".join(said.get(name, "").split())
        for place, words in _words_of(labels).items():
            text = text.replace(place, words)
        docs.append(ColumnDoc(dotted, kind, text))
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            docs += column_docs(inner, labels, f"{dotted}.")
    return docs


_VERBS = {
    NliLabel.ENTAILMENT: "entails",
    NliLabel.CONTRADICTION: "contradicts",
    NliLabel.NEUTRAL: "is neutral",
}


def _words_of(labels: LabelSet) -> dict[str, str]:
    """What a description says of verdicts, by the place where it stands."""
    *others, last = (f"`{name}`" for name in labels.names)
    inference = [
        f"`{verdict.name}` {verb}"
        for label, verb in _VERBS.items()
        for verdict in labels.verdicts
        if verdict.nli is label
    ]
    return {
        "{verdicts}": f"{', '.join(others)} and {last}",
        "{inference}": ", ".join(inference) or "No verdict of the label set has one",
    }


def _type_words(inner: Any, labels: LabelSet) -> str:
    match _column(inner, labels):
        case {"labels": names}:
            return "one of " + ", ".join(f"`{name}`" for name in names)
        case {"struct": _}:
            return "struct"
        case scalar:
            return str(scalar)
