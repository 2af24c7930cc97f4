"""A file of ratings is read line by line; what is wrong is named with line and field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.agreement.reading import read_ratings
from claimset.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def _file(tmp_path: Path, text: str, name: str = "r.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_columns_may_come_in_any_order_and_others_are_ignored(tmp_path: Path) -> None:
    found = read_ratings(
        _file(tmp_path, "label,note,unit,annotator\r\n yes ,x,u1,a\r\n\r\nno,,u1,b\r\n")
    )
    assert [tuple(rating) for rating in found.ratings] == [("u1", "a", "yes"), ("u1", "b", "no")]
    assert found.articles is None


def test_a_byte_order_mark_tabs_and_articles_are_understood(tmp_path: Path) -> None:
    text = "unit\tannotator\tlabel\tarticle\nu1\ta\tyes\tnews\n"
    found = read_ratings(_file(tmp_path, text, "r.tsv", "utf-8-sig"))
    assert found.articles == {"u1": "news"}


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("", ":1", "an empty file"),
        ("unit,label\nu,x\n", ":1", "the column annotator is missing"),
        ("unit,annotator,label\nu,a\n", ":2, field the line", "2 fields, the header has 3"),
        ("unit,annotator,label\nu,a,x\nv,,x\n", ":3, field annotator", "is empty"),
        ("unit,annotator,label\nu,a,x\nu,a,y\n", ":3, field unit", "before, in line 2"),
        ('unit,annotator,label\nu,a,"x\n', ":2", "no valid CSV"),
        ("unit,annotator,label,article\nu,a,x,\n", ":2, field article", "is empty"),
        ("unit,annotator,label,article\nu,a,x,1\nu,b,x,2\n", ":3, field article", "now in '2'"),
    ],
)
def test_a_fault_is_named_with_its_line(
    tmp_path: Path, text: str, place: str, problem: str
) -> None:
    with pytest.raises(DataError) as caught:
        read_ratings(_file(tmp_path, text))
    assert f"r.csv{place}" in caught.value.where
    assert problem in caught.value.problem


def test_stray_characters_in_a_label_are_found(tmp_path: Path) -> None:
    """A published file of ratings holds ``111§§;`` where a number should stand."""
    path = _file(tmp_path, "unit,annotator,label\nu,a,1\nu,b,111§§;\n")
    with pytest.raises(DataError, match="'111§§;' is no number") as caught:
        read_ratings(path, numbers=True)
    assert ":3, field label" in caught.value.where
    with pytest.raises(DataError, match="not in the label set"):
        read_ratings(path, labels=["1", "2"])


def test_a_file_that_cannot_be_read_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_ratings(tmp_path / "missing.csv")
    with pytest.raises(DataError, match="UTF-8 at byte"):
        read_ratings(_file(tmp_path, "unit,annotator,label\nu,é,x\n", encoding="latin-1"))
