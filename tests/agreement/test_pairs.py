"""Two annotators at a time, over what both rated."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.agreement import Rating, Ratings, pair_agreement
from claimset.agreement.pairs import pair_tables


def test_cohens_kappa_of_the_three_by_three_table(three_by_three: list[Rating]) -> None:
    """.79641: printed in the vignette of R's package irrCAC."""
    (pair,) = pair_agreement(Ratings.of(three_by_three))
    assert pair.kappa == pytest.approx(0.79641, abs=5e-6)
    assert (pair.first, pair.second, pair.overlap, pair.percent) == ("r1", "r2", 100, 0.89)


def test_a_small_overlap_gives_no_figure_but_its_size() -> None:
    ratings = [Rating(f"u{n}", who, "x") for n in range(19) for who in ("a", "b")]
    (pair,) = pair_agreement(Ratings.of(ratings))
    assert (pair.overlap, pair.percent, pair.kappa) == (19, None, None)
    assert "fewer than 20" in (pair.reason or "")


def test_one_label_on_both_sides_is_undefined() -> None:
    ratings = [Rating(f"u{n}", who, "x") for n in range(30) for who in ("a", "b")]
    (pair,) = pair_agreement(Ratings.of(ratings))
    assert (pair.percent, pair.kappa) == (1, None)
    assert "one label" in (pair.reason or "")


@given(st.lists(st.text("xyz.", min_size=1, max_size=5), max_size=10))
def test_tables_count_every_pair_once(rows: list[str]) -> None:
    ratings = [
        Rating(f"u{number}", f"a{place}", label)
        for number, row in enumerate(rows)
        for place, label in enumerate(row)
        if label != "."
    ]
    coded = Ratings.of(ratings, labels=["x", "y", "z"])
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows:
        for (one, left), (other, right) in combinations(enumerate(row), 2):
            if "." not in (left, right):
                expected[f"a{one}", f"a{other}", left, right] += 1
    found = {
        (coded.annotators[first], coded.annotators[second], coded.labels[i], coded.labels[j]): int(
            table[i, j]
        )
        for first, second, table in zip(*pair_tables(coded), strict=True)
        for i in range(3)
        for j in range(3)
        if table[i, j]
    }
    assert found == expected
