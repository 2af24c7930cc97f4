"""Tables of columns: Parquet files and Hugging Face datasets."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from claimset.errors import DataError, UsageError
from claimset.intake.columns import map_columns, row_to_incoming
from claimset.intake.tables import objects_to_incoming
from claimset.models import EncodingSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from claimset.intake.columns import ToldColumns
    from claimset.intake.incoming import Incoming

__all__ = ["read_dataset", "read_parquet"]

_BATCH = 1_000


def read_parquet(
    data: bytes,
    *,
    place: str,
    stem: str,
    chosen: Mapping[str, str],
    told: ToldColumns = lambda _used, _columns: None,
) -> Iterator[Incoming | DataError]:
    """Rows of a Parquet file; see :func:`read_csv` for the arguments.

    Raises:
        DataError: The file is no Parquet, or no column holds the text.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        columns = file.schema_arrow.names
        used = map_columns(columns, chosen, where=place)
        told(used, columns)
        number = 0
        for batch in file.iter_batches(_BATCH, columns=sorted(set(used.values()))):
            for row in batch.to_pylist():
                number += 1
                yield _row(row, used, f"{place}, row {number}", f"{stem}-{number}")
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, DataError | UsageError):
            raise
        raise DataError(
            f"the Parquet file cannot be read: {str(error).splitlines()[0][:200]}",
            where=place,
            remedy="write it anew; part of it may be missing",
        ) from error


def read_dataset(
    address: str,
    *,
    name: str | None = None,
    split: str,
    revision: str | None,
    chosen: Mapping[str, str],
    told: ToldColumns = lambda _used, _columns: None,
) -> Iterator[Incoming | DataError]:
    """Rows of a Hugging Face dataset, streamed: a repository of the Hub or a folder.

    Args:
        address: ``ORG/NAME``, or the path of a folder.
        name: What to call it in messages and records; default: the address.
        split: The split.
        revision: Tag, branch or commit of the Hub's repository.
        chosen: Columns by manifest field.
        told: Called once with the columns used, by field, and all columns.

    Raises:
        DataError: The dataset cannot be read.
    """
    from datasets import load_dataset  # noqa: PLC0415 - slow to import

    name = name or address
    place = f"hf:{name}" + (f"@{revision}" if revision else "")
    try:
        rows: Iterable[Any] = load_dataset(address, split=split, revision=revision, streaming=True)
        yield from objects_to_incoming(rows, place, name.rsplit("/", 1)[-1], chosen, told)
    except (DataError, UsageError):
        raise
    except Exception as error:
        # Anything may come from a repository of somebody else's.
        raise DataError(
            f"the dataset cannot be read ({type(error).__name__}: {str(error)[:200]})",
            where=f"{place}, split {split}",
            remedy="check its name, --split and --revision, and that the Hub can be reached",
        ) from error


def _row(
    row: Mapping[str, Any], used: Mapping[str, str], place: str, stem: str
) -> Incoming | DataError:
    try:
        return row_to_incoming(
            row, used, place=place, stem=stem, encoding="utf-8", encoding_from=EncodingSource.TEXT
        )
    except DataError as error:
        return error
