"""Keyed rows: those asked for, in the order of the table, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.errors import DataError, UsageError
from claimset.models import Unit, UnitKind
from claimset.storage import tables
from claimset.storage.keyed_rows import KeyedRows
from claimset.storage.tables import write_table

if TYPE_CHECKING:
    from pathlib import Path


def unit(article: str, number: int) -> Unit:
    return Unit(
        article_id=article, start=number, end=number + 1, text="x", kind=UnitKind.CLAIM, reason="r"
    )


@given(
    articles=st.lists(st.sampled_from("abcde"), min_size=1, max_size=40),
    wanted=st.sets(st.sampled_from("abcdez")),
    shard=st.integers(1, 9),
)
def test_rows_are_those_of_the_whole_table(
    tmp_path_factory: pytest.TempPathFactory, articles: list[str], wanted: set[str], shard: int
) -> None:
    folder = tmp_path_factory.mktemp("table") / "units"
    rows = [unit(article, number) for number, article in enumerate(articles)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_ROWS_PER_SHARD", shard)
        write_table(folder, Unit, rows)
    found = KeyedRows(folder, Unit, "article_id", wanted, made_by="make")
    for article in "abcdez":
        expected = [row for row in rows if row.article_id == article and article in wanted]
        assert list(found.of(article)) == expected
    assert sorted(found, key=lambda row: row.start) == [
        row for row in rows if row.article_id in wanted
    ]


def test_a_table_that_is_not_there_is_missed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no table of units yet"):
        KeyedRows(tmp_path / "units", Unit, "article_id", ["a"], made_by="make")


def test_each_row_is_checked_as_it_is_made(tmp_path: Path) -> None:
    """By whoever knows what it must fit; the others are not looked at."""

    def check(row: Unit) -> None:
        if row.start == 1:
            message = "not that one"
            raise DataError(message, where="b", remedy="none")

    write_table(tmp_path / "units", Unit, [unit("a", 0), unit("b", 1)])
    for wanted in (["a"], ["b"]):
        found = KeyedRows(
            tmp_path / "units", Unit, "article_id", wanted, made_by="make", check=check
        )
        if wanted == ["a"]:
            assert len(list(found)) == 1
        else:
            with pytest.raises(DataError, match="not that one"):
                list(found)
