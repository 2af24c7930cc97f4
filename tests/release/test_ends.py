"""A group ends behind a row that its own words choose."""

from __future__ import annotations

import pyarrow as pa
import pytest

from claimset.release.ends import group_end

WORDS = [f"row {number}" for number in range(200)]


@pytest.mark.parametrize(
    "column",
    [
        pa.array(WORDS),
        pa.array([[{"role": "user", "content": word}] for word in WORDS]),
        pa.array([word if number % 3 else None for number, word in enumerate(WORDS)]),
    ],
    ids=["flat", "nested", "nulls"],
)
def test_the_same_row_is_chosen_wherever_the_candidates_begin(column: pa.Array) -> None:
    table = pa.table({"words": column, "number": [1] * 200})
    if pa.types.is_string(column.type):
        table = table.append_column("dataset", pa.array(["same"] * 200))
    end = group_end(table)
    assert 1 <= end <= 200
    for start in (1, 7, end - 1):
        assert start + group_end(table.slice(start)) == end


def test_one_candidate_is_the_end() -> None:
    assert group_end(pa.table({"words": ["only"]})) == 1
