"""Values that leave Arrow quickly are the values that `to_pylist` gives."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

from claimset.release.values import plain_batches, plain_values, shuffled_batches

SCALARS = {
    pa.string(): st.text(max_size=5),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.float32(): st.floats(width=32, allow_nan=False),
    pa.float64(): st.floats(allow_nan=False),
    pa.bool_(): st.booleans(),
}


@st.composite
def _columns(draw: st.DrawFn) -> pa.ChunkedArray:
    kind = draw(st.sampled_from(list(SCALARS)))
    values: st.SearchStrategy[Any] = SCALARS[kind]
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            values = values | st.none()
        match draw(st.sampled_from(["list", "fixed", "struct"])):
            case "list":
                kind, values = pa.list_(kind), st.lists(values, max_size=3)
            case "fixed":
                kind, values = pa.list_(kind, 2), st.lists(values, min_size=2, max_size=2)
            case _:
                fields = {"a": kind, "b": pa.string()}
                kind = pa.struct(list(fields.items()))
                values = st.fixed_dictionaries({"a": values, "b": st.none() | st.text(max_size=3)})
    if draw(st.booleans()):
        values = values | st.none()
    pieces = draw(st.lists(st.lists(values, max_size=6), max_size=3))
    return pa.chunked_array([pa.array(piece, kind) for piece in pieces], kind)


@given(column=_columns(), start=st.integers(0, 4), length=st.integers(0, 6))
def test_values_are_those_of_to_pylist(column: pa.ChunkedArray, start: int, length: int) -> None:
    assert plain_values(column) == column.to_pylist()
    part = column.slice(start, length)
    assert plain_values(part) == part.to_pylist()
    for chunk in part.chunks:
        assert [type(value) for value in plain_values(chunk)] == [
            type(value) for value in chunk.to_pylist()
        ]


def test_batches_hold_every_row_once_and_in_order() -> None:
    table = pa.table({"n": range(10), "word": list("abcdefghij")})
    found = list(plain_batches(table, 4))
    assert [len(batch["n"]) for batch in found] == [4, 4, 2]
    assert [n for batch in found for n in batch["n"]] == list(range(10))
    assert "".join(word for batch in found for word in batch["word"]) == "abcdefghij"


@pytest.mark.parametrize("size", [3, 4096, 5000, 20_000])
def test_a_seed_gives_every_row_once_in_an_order_of_its_own(size: int) -> None:
    table = pa.table({"n": range(10_000)})

    def order(seed: int) -> list[int]:
        return [n for batch in shuffled_batches(table, size, seed) for n in batch["n"]]

    assert sorted(order(1)) == list(range(10_000))
    assert order(1) == order(1)
    assert order(1) != order(2)
