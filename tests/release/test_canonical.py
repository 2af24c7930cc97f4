"""The content id made from Arrow is the one that the definition gives over plain rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from claimset.identifiers import canonical_json, content_id
from claimset.release.arrays import table_of
from claimset.release.canonical import canonical_values, row_digests
from claimset.release.columns import CORE, RECORDS
from claimset.release.features import decode_rows
from claimset.release.reader import read_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimset.release.builder import BuildResult

TEXT = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))


def _reference(folder: Path) -> str:
    """The content id as a reader would compute it: from the files alone, row by row."""
    import pyarrow.parquet as pq

    names = json.loads((folder / "release.json").read_text())["files"]
    tables: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for file in names:
        if file["config"] in CORE:
            rows = decode_rows(pq.read_table(folder / file["path"]))
            tables.setdefault(file["config"], {})[file["split"]] = [
                {name: row[name] for name in row if name not in RECORDS[file["config"]]}
                for row in rows
            ]
    return content_id(tables)


def test_the_content_id_follows_its_definition(released: Path) -> None:
    release = read_release(released)
    assert release is not None
    assert release.metadata.content_id == _reference(released) == release.content_id()


def test_it_does_so_without_annotations(tmp_path: Path, build: Callable[..., BuildResult]) -> None:
    result = build(tmp_path / "dataset", annotations=[])
    assert result.content_id == _reference(tmp_path / "dataset")


@given(st.lists(TEXT, min_size=1))
def test_any_text_is_written_as_json_writes_it(texts: list[str | None]) -> None:
    array = pa.array(["before", *texts], pa.string()).slice(1)
    assert canonical_values(array, "string").to_pylist() == [canonical_json(t) for t in texts]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_any_number_is_written_as_json_writes_it(numbers: list[float]) -> None:
    found = canonical_values(pa.array(numbers, pa.float64()), "float64").to_pylist()
    assert found == [canonical_json(number) for number in numbers]


@given(st.lists(st.lists(st.tuples(TEXT, st.integers(-9, 9)), max_size=3), min_size=1))
def test_nested_rows_are_written_as_json_writes_them(rows: list[list[tuple[Any, int]]]) -> None:
    column = {"list": {"struct": {"b": "string", "a": "int64"}}}
    plain = [[{"b": text, "a": number} for text, number in items] for items in rows]
    kind = pa.list_(pa.struct([("b", pa.string()), ("a", pa.int64())]))
    array = pa.array([[], *plain], kind).slice(1)
    assert canonical_values(array, column).to_pylist() == [canonical_json(p) for p in plain]


def test_equal_rows_have_equal_digests_and_others_do_not() -> None:
    class _Row:
        def __init__(self, a: str | None, b: str | None) -> None:
            self.a, self.b = a, b

    rows = [_Row("x", None), _Row("x", None), _Row("x", "null"), _Row(None, "x")]
    columns = {"a": "string", "b": "string"}
    digests = row_digests(table_of(rows, columns), columns)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


@given(st.lists(st.lists(st.lists(TEXT, max_size=2), max_size=3), min_size=1))
def test_lists_of_lists_are_written_as_json_writes_them(rows: list[list[list[Any]]]) -> None:
    column = {"list": {"struct": {"a": {"list": "string"}, "b": {"labels": ["é", "x"]}}}}
    plain = [[{"a": texts, "b": ("é", "x")[len(texts) % 2]} for texts in items] for items in rows]
    coded = [[{"a": texts, "b": len(texts) % 2} for texts in items] for items in rows]
    kind = pa.list_(pa.struct([("a", pa.list_(pa.string())), ("b", pa.int64())]))
    array = pa.array([[], *coded, None, []], kind).slice(1)
    wanted = [*(canonical_json(p) for p in plain), "null", "[]"]
    assert canonical_values(array, column).to_pylist() == wanted


@given(st.lists(st.one_of(st.none(), st.integers(-3, 3), st.integers()), min_size=1))
def test_any_integer_is_written_as_json_writes_it(numbers: list[int | None]) -> None:
    whole = [n if n is None else max(min(n, 2**63 - 1), -(2**63)) for n in numbers]
    found = canonical_values(pa.array(whole, pa.int64()), "int64").to_pylist()
    assert found == [canonical_json(number) for number in whole]


@given(st.lists(st.text(st.sampled_from('a"\\\n\té'), max_size=6) | st.none(), min_size=1))
def test_texts_of_marks_are_written_as_json_writes_them(texts: list[str | None]) -> None:
    array = pa.array(['"before"', *texts, "after\\"], pa.string()).slice(1, len(texts))
    assert canonical_values(array, "string").to_pylist() == [canonical_json(t) for t in texts]


def test_a_record_of_nulls_is_none_itself() -> None:
    column = {"list": {"struct": {"a": "string", "b": "int64"}}}
    kind = pa.list_(pa.struct([("a", pa.string()), ("b", pa.int64())]))
    array = pa.array([[{"a": None, "b": None}, None], [], [{"a": None, "b": None}]], kind)
    wanted = ['[{"a":null,"b":null},null]', "[]", '[{"a":null,"b":null}]']
    assert canonical_values(array, column).to_pylist() == wanted
    assert canonical_values(array.slice(2), column).to_pylist() == wanted[2:]
