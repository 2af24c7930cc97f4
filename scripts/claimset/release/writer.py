"""Parquet files of a release: column by column, the same bytes for the same rows.

The bytes depend on the versions of pyarrow and `datasets` too (both stand in the file), so
releases are compared by content id and files by sha256. Content-defined chunking and a stable row
order keep a new version cheap to upload: unchanged pages have unchanged bytes.
"""

from __future__ import annotations

import os
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from claimset.identifiers import sha256_hex
from claimset.models import TableInfo
from claimset.release.columns import CONFIGS, SPLIT, columns_of
from claimset.release.features import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from claimset.models import Model
    from claimset.release.columns import Column

__all__ = ["table_path", "write_config"]

_ROWS_PER_GROUP = 100_000
"""Fixed: another size of row group would be other bytes for the same rows."""


def table_path(config: str) -> str:
    """Where a config's file lies in the dataset folder.

    >>> table_path("claims")
    'claims/train-00000-of-00001.parquet'
    """
    return f"{config}/{SPLIT}-00000-of-00001.parquet"


def write_config(folder: Path, config: str, rows: Sequence[Model]) -> TableInfo:
    """Write the table of a config into a dataset folder.

    Args:
        folder: The folder that becomes the dataset.
        config: Name of the config.
        rows: Its rows in their fixed order; checked by their model already.
    """
    path = folder / table_path(config)
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = arrow_schema(config)
    columns = columns_of(CONFIGS[config])
    with (
        path.open("wb") as stream,
        pq.ParquetWriter(
            stream,
            schema,
            compression="zstd",
            compression_level=3,
            write_page_index=True,
            use_content_defined_chunking=True,
        ) as writer,
    ):
        arrow_bytes = 0
        for start in range(0, len(rows), _ROWS_PER_GROUP):
            group = rows[start : start + _ROWS_PER_GROUP]
            arrays = [
                _array(column, [getattr(row, name) for row in group])
                for name, column in columns.items()
            ]
            table = pa.Table.from_arrays(arrays, schema=schema)
            arrow_bytes += table.nbytes
            writer.write_table(table, _ROWS_PER_GROUP)
    with path.open("rb") as written:
        os.fsync(written.fileno())
        data = written.read()
    return TableInfo(
        path=table_path(config),
        rows=len(rows),
        sha256=sha256_hex(data),
        bytes=len(data),
        arrow_bytes=arrow_bytes,
    )


def _array(column: Column, values: list[Any]) -> pa.Array:
    """One Arrow array for one column: closed vocabularies as numbers, nesting by offsets."""
    if isinstance(column, str):
        return pa.array(values, _arrow_type(column))
    if "labels" in column:
        numbers = {name: number for number, name in enumerate(column["labels"])}
        return pa.array([None if value is None else numbers[value] for value in values], pa.int64())
    if "list" in column:
        offsets = list(accumulate((len(value or ()) for value in values), initial=0))
        items = list(chain.from_iterable(value or () for value in values))
        return pa.ListArray.from_arrays(
            pa.array(offsets, pa.int32()), _array(column["list"], items)
        )
    parts = [
        _array(inner, [None if value is None else getattr(value, name) for value in values])
        for name, inner in column["struct"].items()
    ]
    mask = pa.array([value is None for value in values], pa.bool_())
    return pa.StructArray.from_arrays(parts, names=list(column["struct"]), mask=mask)


def _arrow_type(scalar: str) -> pa.DataType:
    if scalar.startswith("timestamp"):
        return pa.timestamp("us", tz="UTC")
    return pa.date32() if scalar == "date32" else pa.type_for_alias(scalar)
