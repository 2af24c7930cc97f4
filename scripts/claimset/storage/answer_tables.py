"""Stored answers as columns: read off their JSON by Arrow, held against the model as columns.

A million claims have millions of answers, and making a record of each takes longer than building
the release does.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json

from claimset.models import Annotation
from claimset.storage.columns import arrow_schema, table_of
from claimset.storage.fitting import fits

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["answers_of"]

_arrow_json: Any = json  # its type hints name none of its functions


def answers_of(payloads: Sequence[str]) -> pa.Table:
    """Answers with the columns of :class:`~claimset.models.Annotation`.

    Args:
        payloads: A JSON object for each answer.

    Raises:
        ValidationError: One is no annotation.
    """
    schema = arrow_schema(Annotation)
    table = _read(payloads, schema)
    if table is not None and table.num_rows == len(payloads) and fits(table, Annotation):
        return table
    # An earlier version wrote fewer fields, or one is at fault: the model knows which.
    return table_of([Annotation.model_validate_json(text) for text in payloads], schema)


def _read(payloads: Sequence[str], schema: pa.Schema) -> pa.Table | None:
    """The columns as they stand there; ``None`` where that cannot be told."""
    data = "\n".join(payloads).encode("utf-8")
    # Arrow's reader takes a time without a zone for one in UTC; its cast refuses it.
    as_read = pa.schema(
        [
            pa.field(field.name, pa.string()) if pa.types.is_timestamp(field.type) else field
            for field in schema
        ]
    )
    try:
        found = _arrow_json.read_json(
            io.BytesIO(data),
            read_options=_arrow_json.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=_arrow_json.ParseOptions(
                explicit_schema=as_read, unexpected_field_behavior="error"
            ),
        )
        columns = [_typed(found[field.name].combine_chunks(), field) for field in schema]
    except pa.ArrowInvalid:
        return None
    return pa.table(columns, schema)


def _typed(array: pa.Array, field: pa.Field) -> pa.Array:
    """The same values, of the type that says what may be null; no value is changed."""
    kind = field.type
    if array.null_count and (pa.types.is_nested(kind) or not field.nullable):
        raise pa.ArrowInvalid(f"{field.name} is null")
    if pa.types.is_list(kind):
        items = _typed(array.flatten(), kind.value_field)
        lengths = pc.list_value_length(array).to_numpy()
        starts = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
        return pa.ListArray.from_arrays(starts, items, type=kind)
    if pa.types.is_struct(kind):
        parts = [_typed(part, inner) for part, inner in zip(array.flatten(), kind, strict=True)]
        return pa.StructArray.from_arrays(parts, fields=list(kind))
    return array.cast(kind) if pa.types.is_timestamp(kind) else array
