"""Earlier claims: found article by article, and unknown when the table cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.models import Claim, UnitKind
from claimset.storage import tables
from claimset.storage.earlier import EarlierClaims
from claimset.storage.tables import write_table

if TYPE_CHECKING:
    from pathlib import Path


def claim(article: str, number: int) -> Claim:
    return Claim(
        claim_id=f"c_{article}{number:015x}",
        article_id=article,
        event_id="e",
        start=number,
        end=number + 1,
        text="x",
        prefix="",
        suffix="",
        kind=UnitKind.CLAIM,
        rule="r",
        segmenter_version="1",
    )


CLAIMS = [claim("b", 0), claim("b", 5), claim("b", 9), claim("a", 3), claim("c", 1)]


@pytest.mark.parametrize("shard", [1, 2, 3, 100])
def test_claims_are_taken_article_by_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shard: int
) -> None:
    """However the shards part the articles; what was taken is no longer left."""
    monkeypatch.setattr(tables, "_ROWS_PER_SHARD", shard)
    write_table(tmp_path / "claims", Claim, CLAIMS)
    with EarlierClaims(tmp_path / "claims") as earlier:
        assert earlier.known
        assert earlier.take("b") == {one.claim_id: one.start for one in CLAIMS[:3]}
        assert earlier.take("b") == earlier.take("unknown") == {}
        assert list(earlier.left()) == [CLAIMS[3].claim_id, CLAIMS[4].claim_id]


@pytest.mark.parametrize("content", [None, b"", b"PAR1", b"not parquet"])
def test_without_a_readable_table_nothing_is_known(tmp_path: Path, content: bytes | None) -> None:
    """No table yet, or one whose second shard is damaged: no half of it is believed."""
    folder = tmp_path / "claims"
    if content is not None:
        write_table(folder, Claim, CLAIMS)
        (folder / "part-00001.parquet").write_bytes(content)
    with EarlierClaims(folder) as earlier:
        assert not earlier.known
        assert earlier.take("b") == {}
        assert list(earlier.left()) == []


def test_another_table_is_no_earlier_run(tmp_path: Path) -> None:
    """A table without the columns is not the one that segmentation wrote."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "part-00000.parquet").parent.mkdir(exist_ok=True)
    pq.write_table(pa.table({"article_id": ["a"]}), tmp_path / "part-00000.parquet")
    with EarlierClaims(tmp_path) as earlier:
        assert not earlier.known
