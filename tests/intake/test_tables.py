"""Tables: rows become articles, and a faulty row says where it stands."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import DataError, UsageError
from claimset.intake.columns import map_columns
from claimset.intake.datasets import read_dataset, read_parquet
from claimset.intake.incoming import Incoming
from claimset.intake.tables import read_csv, read_json, read_json_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def articles(found: Iterable[Incoming | DataError]) -> list[Incoming]:
    """The articles; a fault ends the test."""
    listed = list(found)
    assert all(isinstance(item, Incoming) for item in listed), listed
    return [item for item in listed if isinstance(item, Incoming)]


def csv(data: bytes, **options: Any) -> list[Incoming | DataError]:
    return list(read_csv(data, place="t.csv", stem="t", **({"chosen": {}} | options)))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_csv_says_its_delimiter_itself(mark: str) -> None:
    used: list[dict[str, str]] = []
    data = f'Headline{mark}Body{mark}date\r\nOne{mark}"a, b; c\r\nd"{mark}2024-01-02\r\n'.encode()
    (found,) = articles(csv(data, told=lambda columns, _every: used.append(columns)))
    assert found.text == "a, b; c\r\nd"
    assert found.fields == {"title": "One", "published_at": "2024-01-02"}
    assert (found.place, found.stem) == ("t.csv:2", "t-1")
    assert used == [{"text": "Body", "title": "Headline", "published_at": "date"}]


def test_plain_words_of_other_languages_are_known() -> None:
    (found,) = articles(csv("Überschrift;Artikeltext;Datum;Sprache\nEins;Zwei.;1;de\n".encode()))
    assert found.fields == {"title": "Eins", "published_at": "1", "language": "de"}


def test_a_faulty_row_does_not_hide_the_next() -> None:
    found = csv(b"text,title\na,A\nb\n ,C\nd,D\n")
    assert [getattr(item, "text", None) for item in found] == ["a", None, None, "d"]
    faults = [item for item in found if isinstance(item, DataError)]
    assert [fault.where for fault in faults] == ["t.csv:3", "t.csv:4, field text"]


def test_a_missing_quotation_mark_ends_the_table_with_its_line() -> None:
    found = csv(b'text\ngood\n"never closed\nx\n')
    assert isinstance(found[0], Incoming)
    (fault,) = [item for item in found if isinstance(item, DataError)]
    assert fault.where == "t.csv:3"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no header"),
        (b"\n", "no header"),
        (b"a,b\n1,2\n", "no column holds the text"),
        (b"text,text\n1,2\n", "two columns are called 'text'"),
        (b"text\na\0b\n", "NUL"),
        (b"text\n\xff\n", "not valid utf-8"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(data: bytes, problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        csv(data)


def test_a_named_column_comes_first_and_must_exist() -> None:
    assert map_columns(["text", "body"], {"text": "body"}, where="t")["text"] == "body"
    assert map_columns(["body", "content"], {}, where="t")["text"] == "body"
    with pytest.raises(UsageError, match="no column 'x'"):
        map_columns(["text"], {"title": "x"}, where="t")
    with pytest.raises(UsageError, match="no field is called words"):
        map_columns(["text"], {"words": "text"}, where="t")


def test_json_lines_name_the_line_of_a_fault() -> None:
    data = b'{"text": "a", "id": "x1"}\n\n{nonsense\n[1]\n{"text": 5}\n{"text": {"deep": 1}}\n'
    found = list(read_json_lines(data, place="t.jsonl", stem="t", chosen={}))
    faults = [item.where for item in found if isinstance(item, DataError)]
    assert faults == ["t.jsonl:3", "t.jsonl:4", "t.jsonl:6, field text"]
    good = [item for item in found if isinstance(item, Incoming)]
    assert [item.text for item in good] == ["a", "5"]
    assert good[0].fields == {"article_id": "x1"}


def test_each_json_object_has_its_own_fields() -> None:
    data = b'{"text": "a"}\n{"title": "T", "body": "b"}\n{"license": "L", "text": "c"}\n'
    used: list[dict[str, str]] = []
    found = articles(
        read_json_lines(
            data, place="t", stem="t", chosen={}, told=lambda columns, _every: used.append(columns)
        )
    )
    assert [(item.text, item.fields) for item in found] == [
        ("a", {}),
        ("b", {"title": "T"}),
        ("c", {"license": "L"}),
    ]
    assert used == [{"text": "text", "title": "title", "license": "license"}]
    with pytest.raises(UsageError, match="no row has a field 'titel'"):
        list(read_json_lines(data, place="t", stem="t", chosen={"title": "titel"}))


def test_json_is_an_object_or_a_list_of_them() -> None:
    one = b'{"text": "a", "authors": ["Jo", "Al"], "date": null}'
    (found,) = articles(read_json(one, place="t.json", stem="t", chosen={}))
    assert (found.author, found.fields) == ("Jo, Al", {})
    two = b'[{"text": "a"}, {"text": "b"}]'
    assert [a.text for a in articles(read_json(two, place="t", stem="t", chosen={}))] == ["a", "b"]
    with pytest.raises(DataError, match="no valid JSON"):
        list(read_json(b"[" * 200_000, place="t", stem="t", chosen={}))


def parquet(**columns: list[Any]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def test_parquet_rows() -> None:
    data = parquet(
        text=["a", None],
        published_at=[datetime(2024, 5, 3, 10, tzinfo=UTC)] * 2,
        other=[b"bytes"] * 2,
    )
    first, second = read_parquet(data, place="t.parquet", stem="t", chosen={})
    assert isinstance(first, Incoming)
    assert first.fields == {"published_at": "2024-05-03T10:00:00+00:00"}
    assert isinstance(second, DataError)
    assert second.where == "t.parquet, row 2, field text"


@pytest.mark.parametrize("cut", [0, 3, 50, 200])
def test_broken_parquet_is_refused(cut: int) -> None:
    with pytest.raises(DataError):
        list(read_parquet(parquet(text=["a"])[:cut], place="t", stem="t", chosen={}))


def test_a_dataset_is_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "news"
    folder.mkdir()
    rows = [{"content": f"text {n}", "headline": f"H{n}"} for n in range(3)]
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = articles(read_dataset(str(folder), split="train", revision=None, chosen={}))
    assert [(item.text, item.fields["title"]) for item in found] == [
        ("text 0", "H0"),
        ("text 1", "H1"),
        ("text 2", "H2"),
    ]
    with pytest.raises(DataError, match="cannot be read"):
        list(read_dataset(str(tmp_path / "none"), split="train", revision=None, chosen={}))


SCRAPS = st.sampled_from(
    ["text",
      "title", ",", ";", '"', '""', "\n", "\r\n", "\r", "\0", "{", "}", "[", "]", ":", "null",
     '{"text": "a"}', "1e999", "\\ud83d", "é", " ", "text,title\n", "NaN", "\ufeff"]
)  # fmt: skip


@given(parts=st.lists(SCRAPS, max_size=25), tail=st.binary(max_size=10))
@settings(deadline=None, max_examples=1500)
def test_any_table_is_read_or_refused(parts: list[str], tail: bytes) -> None:
    """Whatever a table holds: articles, faults with their place, or one refusal."""
    data = "".join(parts).encode() + tail
    for reader in (read_csv, read_json_lines, read_json, read_parquet):
        try:
            found = list(reader(data, place="x", stem="x", chosen={}))
        except DataError as error:
            found = [error]
        for item in found:
            if isinstance(item, DataError):
                assert item.where.startswith("x")
            else:
                assert item.text
