"""Files hold exactly the rows, and the same rows give the same bytes, however they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    monkeypatch.setattr(writer_module, "_ROWS_PER_GROUP", 20)
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


def test_row_groups_have_one_size_whatever_the_pieces(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "_ROWS_PER_GROUP", 10)
    table = _table(released, "claims")
    file = _write(tmp_path / "new", "claims", [table.slice(0, 3), table.slice(3)])
    found = pq.ParquetFile(tmp_path / "new" / file.path)
    sizes = [found.metadata.row_group(n).num_rows for n in range(found.num_row_groups)]
    assert set(sizes[:-1]) == {10}
    assert sum(sizes) == table.num_rows
    assert found.read().equals(table)
