"""Columns as `datasets` knows them: ClassLabel for closed vocabularies, List for nested rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.release.columns import CONFIGS, columns_of

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Features

    from claimset.models import LabelSet
    from claimset.release.columns import Column

__all__ = ["arrow_schema", "columns_of_schema", "decode_rows", "features_of"]


def features_of(config: str, labels: LabelSet) -> Features:
    """The features of a config, in the order of its model's fields.

    Raises:
        KeyError: There is no such config.
    """
    from datasets import Features  # noqa: PLC0415 - takes seconds to import

    columns = columns_of(CONFIGS[config], labels)
    return Features({name: _feature(column) for name, column in columns.items()})


def _feature(column: Column) -> Any:
    from datasets import ClassLabel, List, Value  # noqa: PLC0415 - takes seconds to import

    if isinstance(column, str):
        return Value(column)
    if "labels" in column:
        return ClassLabel(names=column["labels"])
    if "list" in column:
        return List(_feature(column["list"]), length=column.get("length", -1))
    return {name: _feature(inner) for name, inner in column["struct"].items()}


def arrow_schema(config: str, labels: LabelSet) -> pa.Schema:
    """The Arrow schema of a config, with the metadata from which `datasets` restores features."""
    return features_of(config, labels).arrow_schema


def columns_of_schema(schema: pa.Schema) -> dict[str, Column]:
    """The columns of a released file in the words of :mod:`claimset.release.columns`.

    The label names are those that the file itself carries, so a table that was written under
    another label set is read as it was meant.
    """
    from datasets import Features  # noqa: PLC0415 - takes seconds to import

    features = Features.from_arrow_schema(schema)
    return {name: _column(feature) for name, feature in features.items()}


def _column(feature: Any) -> Column:
    from datasets import ClassLabel, List  # noqa: PLC0415 - takes seconds to import

    if isinstance(feature, ClassLabel):
        return {"labels": list(feature.names)}
    if isinstance(feature, List):
        length = {} if feature.length < 0 else {"length": feature.length}
        return {"list": _column(feature.feature), **length}
    if isinstance(feature, dict):
        return {"struct": {name: _column(inner) for name, inner in feature.items()}}
    return str(feature.dtype)


def decode_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows of a released table as plain JSON values, labels by name, dates in ISO 8601.

    Raises:
        ValueError: A label number is outside its label set.
    """
    columns = columns_of_schema(table.schema)
    return [
        {name: _decoded(value, columns[name]) for name, value in row.items()}
        for row in table.to_pylist()
    ]


def _decoded(value: Any, column: Column) -> Any:
    if value is None:
        return None
    if isinstance(column, str):
        if column.startswith(("date", "timestamp")):
            # As pydantic writes dates and times, so that rows read back equal rows dumped.
            return value.isoformat().replace("+00:00", "Z")
        return value
    if "labels" in column:
        if not 0 <= value < len(column["labels"]):
            raise ValueError(f"label {value} is not one of {len(column['labels'])}")
        return column["labels"][value]
    if "list" in column:
        return [_decoded(item, column["list"]) for item in value]
    return {name: _decoded(value[name], inner) for name, inner in column["struct"].items()}
