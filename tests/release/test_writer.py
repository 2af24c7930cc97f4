"""Files hold exactly the rows, and the same rows give the same bytes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from claimset.models import Article, Attribution, QuoteType, Span
from claimset.release import writer
from claimset.release.columns import CONFIGS
from claimset.release.features import arrow_schema, decode_rows
from claimset.release.rows import ReleaseRows, build_rows, canonical_rows
from claimset.release.writer import table_path, write_config

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def rows(seed_input: dict[str, Any]) -> ReleaseRows:
    """Rows of the seeds, with an attribution that leaves some of its parts empty."""
    first, *rest = seed_input["claims"]
    attribution = Attribution(
        speaker="Conservative",
        speaker_span=Span(start=0, end=12, text="Conservative"),
        quote_spans=(Span(start=0, end=3, text="Con"), Span(start=4, end=6, text="er")),
        quote_type=QuoteType.MIXED,
    )
    first = first.model_copy(update={"attributions": (attribution,), "checkworthiness": 0.1})
    opened = [
        Article.model_validate(article.model_dump() | {"open_license": True})
        for article in seed_input["articles"]
    ]
    return build_rows(
        articles=opened,
        units=seed_input["units"],
        claims=[first, *rest],
        annotations=seed_input["annotations"],
    )


@pytest.mark.parametrize("config", CONFIGS)
def test_rows_read_back_are_the_rows_written(
    rows: ReleaseRows, tmp_path: Path, config: str
) -> None:
    info = write_config(tmp_path, config, rows.table(config))
    table = pq.read_table(tmp_path / info.path)
    assert decode_rows(table) == canonical_rows(rows)[config]
    assert table.schema.equals(arrow_schema(config))
    assert table.schema.metadata == arrow_schema(config).metadata
    assert info.rows == len(rows.table(config))
    assert info.bytes == (tmp_path / info.path).stat().st_size


@pytest.mark.parametrize("config", CONFIGS)
def test_the_same_rows_give_the_same_bytes(rows: ReleaseRows, tmp_path: Path, config: str) -> None:
    one = write_config(tmp_path / "one", config, rows.table(config))
    other = write_config(tmp_path / "other", config, rows.table(config))
    assert one == other


@pytest.mark.parametrize("config", CONFIGS)
def test_a_table_without_rows_keeps_its_columns(tmp_path: Path, config: str) -> None:
    write_config(tmp_path, config, [])
    table = pq.read_table(tmp_path / table_path(config))
    assert table.num_rows == 0
    assert table.schema.equals(arrow_schema(config))


def test_large_tables_are_written_in_row_groups_of_one_size(
    rows: ReleaseRows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_ROWS_PER_GROUP", 10)
    write_config(tmp_path, "claims", rows.claims)
    file = pq.ParquetFile(tmp_path / table_path("claims"))
    sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert set(sizes[:-1]) == {10}
    assert sum(sizes) == len(rows.claims)
    assert decode_rows(file.read()) == canonical_rows(rows)["claims"]


def test_dates_are_dates(rows: ReleaseRows, tmp_path: Path) -> None:
    write_config(tmp_path, "articles", rows.articles)
    published = pq.read_table(tmp_path / table_path("articles"))["published_at"].to_pylist()
    assert published == [None, date(2023, 3, 14), date(2023, 3, 8)]
