"""Ratings are coded once; what does not fit together is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.agreement import Coefficient, Rating, Ratings, figures_of
from claimset.agreement import patterns as folding
from claimset.errors import DataError


def test_a_label_outside_the_scheme_is_named() -> None:
    with pytest.raises(DataError, match="'maybe' is not in the label set"):
        Ratings.of([Rating("u", "a", "maybe")], labels=["yes", "no"])


@pytest.mark.parametrize(
    ("unit", "annotator", "label", "problem"),
    [
        ([0, 1], [0], [0, 0], "one length"),
        ([0, 1], [0, -1], [0, 0], "negative"),
        ([0, 1], [0, 0], [0, 2], "outside the label set"),
        ([0, 0], [1, 1], [0, 1], "rated the unit twice"),
    ],
)
def test_codes_that_do_not_fit_are_refused(
    unit: list[int], annotator: list[int], label: list[int], problem: str
) -> None:
    with pytest.raises(DataError, match=problem):
        Ratings.coded(unit, annotator, label, labels=["x", "y"])


def test_articles_need_one_code_for_each_unit() -> None:
    with pytest.raises(DataError, match="each of 2 units"):
        Ratings.coded([0, 1], [0, 0], [0, 0], labels=["x"], article=[0])


def test_doubles_are_found_also_where_a_table_would_be_too_large() -> None:
    """A hundred thousand annotators of a thousand units each rate a few."""
    chance = np.random.default_rng(0)
    unit, annotator = chance.integers(0, 1000, 5000), chance.integers(0, 100_000, 5000)
    pairs = np.unique(np.stack([unit, annotator]), axis=1)
    label = np.zeros(pairs.shape[1], dtype=int)
    Ratings.coded(pairs[0], pairs[1], label, labels=["x"])
    again = np.concatenate([pairs, pairs[:, [17]]], axis=1)
    with pytest.raises(DataError, match="rated the unit twice"):
        Ratings.coded(again[0], again[1], np.append(label, 0), labels=["x"])


@given(st.lists(st.text("12345.", min_size=1, max_size=6), min_size=1, max_size=12))
def test_both_ways_of_folding_give_the_same(rows: list[str]) -> None:
    """The table of counts for few labels, sorting for many: same rows, same figures."""
    ratings = Ratings.of(
        Rating(f"u{number:02}", f"a{place}", label)
        for number, row in enumerate(rows)
        for place, label in enumerate(row)
        if label != "."
    )
    per_unit = np.bincount(ratings.unit, minlength=ratings.n_units)
    k = len(ratings.labels)
    if not per_unit.size:
        return
    most = int(per_unit.max())
    table = folding._by_table(ratings, k, most)
    sorting = folding._by_sorting(ratings, k, per_unit)
    assert np.array_equal(table.counts[table.of_unit], sorting.counts[sorting.of_unit])
    assert sorted(table.multiplicity) == sorted(sorting.multiplicity)
    assert table.multiplicity.sum() == ratings.n_units


def test_coded_and_named_ratings_give_the_same_figures(krippendorff_c: list[Rating]) -> None:
    named = Ratings.of(krippendorff_c)
    coded = Ratings.coded(named.unit, named.annotator, named.label, labels=named.labels)
    assert figures_of(coded, Coefficient) == figures_of(named, Coefficient)
