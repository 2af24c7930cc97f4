"""Columns as `datasets` knows them: ClassLabel for closed vocabularies, List for nested rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.release.columns import CONFIGS, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from datasets import Features

    from claimset.release.columns import Column

__all__ = ["arrow_schema", "decode_rows", "features_of"]


def features_of(config: str) -> Features:
    """The features of a config, in the order of its model's fields.

    Raises:
        KeyError: There is no such config.
    """
    from datasets import Features  # noqa: PLC0415 - takes seconds to import

    columns = columns_of(CONFIGS[config])
    return Features({name: _feature(column) for name, column in columns.items()})


def _feature(column: Column) -> Any:
    from datasets import ClassLabel, List, Value  # noqa: PLC0415 - takes seconds to import

    if isinstance(column, str):
        return Value(column)
    if "labels" in column:
        return ClassLabel(names=column["labels"])
    if "list" in column:
        return List(_feature(column["list"]))
    return {name: _feature(inner) for name, inner in column["struct"].items()}


def arrow_schema(config: str) -> pa.Schema:
    """The Arrow schema of a config, with the metadata from which `datasets` restores features."""
    return features_of(config).arrow_schema


def decode_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows of a released table as plain JSON values, labels by name.

    The names are those that the file itself carries, so a table that was written under another
    label set is still read as it was meant.

    Raises:
        ValueError: A label number is outside its label set.
    """
    from datasets import Features  # noqa: PLC0415 - takes seconds to import

    decode = _decoder(Features.from_arrow_schema(table.schema))
    return [decode(row) for row in table.to_pylist()]


def _decoder(feature: Any) -> Callable[[Any], Any]:
    """What turns a stored value into a plain one; made once per column, called once per value."""
    from datasets import ClassLabel, List  # noqa: PLC0415 - takes seconds to import

    if isinstance(feature, ClassLabel):
        return _nullable(feature.int2str)
    if isinstance(feature, List):
        inner = _decoder(feature.feature)
        return _nullable(lambda items: [inner(item) for item in items])
    if isinstance(feature, dict):
        fields = {name: _decoder(part) for name, part in feature.items()}
        return _nullable(lambda row: {name: decode(row[name]) for name, decode in fields.items()})
    if feature.dtype.startswith(("date", "timestamp")):
        # As pydantic writes dates and times, so that rows read back equal rows dumped.
        return _nullable(lambda moment: moment.isoformat().replace("+00:00", "Z"))
    return lambda value: value


def _nullable(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else decode(value)
