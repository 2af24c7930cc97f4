"""Files hold exactly the rows, and the same rows give the same bytes, however they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from claimset.models import AVERITEC
from claimset.release import writer as writer_module
from claimset.release.columns import CONFIGS, splits_of
from claimset.release.features import arrow_schema
from claimset.release.reader import read_release
from claimset.release.writer import ReleaseWriter, file_path

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.models import ReleasedFile


def _table(folder: Path, config: str) -> pa.Table:
    release = read_release(folder)
    assert release is not None
    return pa.concat_tables(release.batches(config))


def _write(folder: Path, config: str, pieces: list[pa.Table]) -> ReleasedFile:
    split = splits_of(config)[0]
    folder.mkdir(parents=True)
    with ReleaseWriter(folder, AVERITEC) as writer:
        for piece in pieces:
            writer.add(config, split, piece)
        files = writer.finish()
    return next(file for file in files if file.config == config)


@pytest.mark.parametrize("config", CONFIGS)
def test_rows_read_back_are_the_rows_written(released: Path, tmp_path: Path, config: str) -> None:
    table = _table(released, config)
    file = _write(tmp_path / "new", config, [table])
    read = pq.read_table(tmp_path / "new" / file.path)
    assert read.equals(table)
    assert read.schema.metadata == arrow_schema(config, AVERITEC).metadata
    assert file.rows == table.num_rows
    assert file.bytes == (tmp_path / "new" / file.path).stat().st_size


@pytest.mark.parametrize("config", CONFIGS)
def test_pieces_of_any_size_give_the_same_bytes(
    released: Path, tmp_path: Path, config: str
) -> None:
    table = _table(released, config)
    one = _write(tmp_path / "one", config, [table])
    for size in (1, 7):
        pieces = [table.slice(start, size) for start in range(0, table.num_rows, size)]
        assert _write(tmp_path / str(size), config, pieces).sha256 == one.sha256


@pytest.mark.parametrize("config", ["claims", "corpus"])
def test_rows_that_wait_on_disk_give_the_same_bytes(
    released: Path, tmp_path: Path, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "_MOST_ROWS", 20)
    monkeypatch.setattr(writer_module, "_CANDIDATES", 8)
    table = _table(released, config)
    pieces = [table.slice(start, 3) for start in range(0, table.num_rows, 3)]
    one = _write(tmp_path / "memory", config, pieces)
    monkeypatch.setattr(writer_module, "_IN_MEMORY", 0)
    other = _write(tmp_path / "disk", config, pieces)
    assert other == one
    assert not list((tmp_path / "disk").rglob("*.waiting"))


def test_a_config_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    with ReleaseWriter(tmp_path, AVERITEC) as writer:
        files = writer.finish()
    assert [file.config for file in files] == list(CONFIGS)
    for config in CONFIGS:
        table = pq.read_table(tmp_path / file_path(config, splits_of(config)[0]))
        assert table.num_rows == 0
        assert table.schema.equals(arrow_schema(config, AVERITEC))


def _groups(path: Path) -> list[list[dict[str, Any]]]:
    with pq.ParquetFile(path) as file:
        return [file.read_row_group(n).to_pylist() for n in range(file.num_row_groups)]


@pytest.mark.parametrize("config", ["claims", "aggrefact", "sft", "corpus"])
def test_row_groups_end_where_the_rows_say(
    released: Path, tmp_path: Path, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that go at the beginning leave the ends of later groups where they were."""
    monkeypatch.setattr(writer_module, "_MOST_ROWS", 20)
    monkeypatch.setattr(writer_module, "_CANDIDATES", 15)
    table = _table(released, config)
    table = pa.concat_tables([table] * -(-200 // table.num_rows))
    groups = _groups(tmp_path / "new" / _write(tmp_path / "new", config, [table]).path)
    assert all(5 < len(group) <= 20 for group in groups[:-1])
    assert [row for group in groups for row in group] == table.to_pylist()
    fewer = _write(tmp_path / "fewer", config, [table.slice(2)])
    assert _groups(tmp_path / "fewer" / fewer.path)[-3:] == groups[-3:]


def test_pages_end_where_the_rows_say(tmp_path: Path) -> None:
    """A row less at the beginning changes one page of a column, and nothing is renumbered."""
    texts = [f"{number} " + "words of a text " * 9 for number in range(20_000)]
    files = []
    for name, rows in (("all", texts), ("fewer", texts[1:])):
        table = pa.table(
            {"_id": [text[:9] for text in rows], "title": ["a title"] * len(rows), "text": rows}
        )
        files.append(tmp_path / name / _write(tmp_path / name, "corpus", [table]).path)
    before, after = (path.read_bytes() for path in files)
    column = pq.read_metadata(files[0]).row_group(0).column(2)
    assert not column.has_dictionary_page
    end = column.data_page_offset + column.total_compressed_size
    half = before[end - column.total_compressed_size // 2 : end]
    assert half in after
