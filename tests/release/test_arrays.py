"""What is made of many rows at once is what would be made of each."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from claimset.release.arrays import distinct_rows

ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 3) | st.just(10**9), min_size=width, max_size=width), min_size=1
    )
)


@given(ROWS)
def test_distinct_rows_make_the_rows_again(rows: list[list[int]]) -> None:
    """Large counts, too, which do not fit in one number together."""
    counts = np.array(rows, np.int64)
    distinct, place = distinct_rows(counts)
    assert (distinct[place] == counts).all()
    assert np.array_equal(distinct, np.unique(counts, axis=0))
