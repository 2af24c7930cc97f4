"""Agreement gives the published figures, and no figure where there is none."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.agreement import (
    Rating,
    Ratings,
    krippendorff_alpha,
    label_agreement,
    percent_agreement,
)
from claimset.errors import DataError
from claimset.models import AVERITEC
from claimset.seeds import read_reference

if TYPE_CHECKING:
    import random

FIXTURES = Path(__file__).parents[1] / "fixtures"
REFERENCE = Path(__file__).parents[2] / "seeds" / "reference" / "seed-annotations.jsonl"


def _krippendorff_2011(example: str) -> list[Rating]:
    with (FIXTURES / "krippendorff2011.csv").open(encoding="utf-8", newline="") as stream:
        return [
            Rating(row["unit"], row["observer"], row["value"])
            for row in csv.DictReader(stream)
            if row["example"] == example
        ]


def _ratings(table: dict[str, str]) -> list[Rating]:
    """One unit per entry, one annotator per letter, a dot for a missing rating."""
    return [
        Rating(unit, f"annotator {place}", label)
        for unit, labels in table.items()
        for place, label in enumerate(labels)
        if label != "."
    ]


@pytest.mark.parametrize(
    ("example", "alpha"),
    [("A", 0.09524), ("B", 0.69196), ("C", 0.74342)],
)
def test_alpha_is_the_published_one(example: str, alpha: float) -> None:
    """Krippendorff (2011), https://repository.upenn.edu/asc_papers/43, sections A to C."""
    assert krippendorff_alpha(_krippendorff_2011(example)).value == pytest.approx(alpha, abs=5e-6)


def test_a_unit_with_one_rating_is_not_counted() -> None:
    """Unit 12 of example C has one rating: 11 units and 40 ratings are left (ibid., section C)."""
    figure = krippendorff_alpha(_krippendorff_2011("C"))
    assert (figure.units, figure.ratings) == (11, 40)


def test_percent_agreement_is_the_mean_over_units() -> None:
    """By hand: (1 + 1/3 + 0) / 3, for three alike, two of three alike, and two different."""
    figure = percent_agreement(_ratings({"u": "aaa", "v": "aab", "w": "ab.", "x": "a.."}))
    assert figure.value == pytest.approx(4 / 9)
    assert (figure.units, figure.ratings) == (3, 8)


def test_percent_agreement_of_krippendorffs_example_c() -> None:
    """.81818: computed from the published table, confirmed with irrCAC 0.4.4."""
    assert percent_agreement(_krippendorff_2011("C")).value == pytest.approx(0.81818, abs=5e-6)


def test_alpha_by_hand() -> None:
    """Two units "aa" and "ab": D_o = 2/4, D_e = (16 - 9 - 1) / (4 * 3) = 1/2, alpha = 0."""
    assert krippendorff_alpha(_ratings({"u": "aa", "v": "ab"})).value == pytest.approx(0)


def test_reference_annotations_give_the_recorded_figures() -> None:
    """Alpha .9088 over all 58 sentences with the combined label, .9215 over verdicts alone."""
    combined, verdicts = [], []
    for _, row in read_reference(REFERENCE, AVERITEC):
        unit = f"{row.article_id}:{row.start}"
        combined.append(Rating(unit, row.annotator, row.verdict or row.checkability))
        if row.verdict is not None:
            verdicts.append(Rating(unit, row.annotator, row.verdict))
    figure = krippendorff_alpha(combined)
    assert figure.value == pytest.approx(0.9088, abs=5e-5)
    assert (figure.units, figure.ratings) == (58, 174)
    assert krippendorff_alpha(verdicts).value == pytest.approx(0.9215, abs=5e-5)


@pytest.mark.parametrize(
    ("table", "reason"),
    [({}, "two ratings"), ({"u": "a", "v": "b"}, "two ratings"), ({"u": "aa"}, "one label")],
)
def test_an_undefined_alpha_is_no_number_and_says_why(table: dict[str, str], reason: str) -> None:
    figure = krippendorff_alpha(_ratings(table))
    assert figure.value is None
    assert reason in (figure.reason or "")


def test_percent_agreement_needs_a_unit_with_two_ratings() -> None:
    figure = percent_agreement(_ratings({"u": "a"}))
    assert figure.value is None
    assert figure.reason


def test_two_ratings_of_one_annotator_for_one_unit_are_refused() -> None:
    with pytest.raises(DataError, match="rated the unit twice"):
        krippendorff_alpha([Rating("u", "a", "yes"), Rating("u", "a", "no")])


TABLES = st.dictionaries(
    st.text("uvwxyz", min_size=1, max_size=3), st.text("abc.", min_size=1, max_size=5), max_size=8
).map(_ratings)


@given(TABLES, st.randoms())
def test_order_of_ratings_changes_nothing(ratings: list[Rating], chance: random.Random) -> None:
    shuffled = ratings.copy()
    chance.shuffle(shuffled)
    assert krippendorff_alpha(shuffled) == krippendorff_alpha(ratings)
    assert percent_agreement(shuffled) == percent_agreement(ratings)


@given(TABLES, st.permutations("abc"))
def test_names_of_units_annotators_and_labels_change_nothing(
    ratings: list[Rating], labels: list[str]
) -> None:
    renamed = [
        Rating(unit[::-1] + "!", f"x{annotator[::-1]}", labels["abc".index(label)])
        for unit, annotator, label in ratings
    ]
    for measure in (krippendorff_alpha, percent_agreement):
        before, after = measure(ratings), measure(renamed)
        assert after.value == pytest.approx(before.value)
        assert after.reason == before.reason


@given(TABLES, st.sampled_from("abcd"))
def test_a_unit_rated_once_adds_nothing(ratings: list[Rating], label: str) -> None:
    more = [*ratings, Rating("rated once", "somebody", label)]
    for measure in (krippendorff_alpha, percent_agreement):
        before, after = measure(ratings), measure(more)
        assert after.value == pytest.approx(before.value)
        assert after.model_copy(update={"value": before.value}) == before


@given(TABLES)
def test_alpha_is_one_at_most_and_one_only_for_full_agreement(ratings: list[Rating]) -> None:
    labels = defaultdict(set)
    for unit, _, label in ratings:
        labels[unit].add(label)
    unanimous = all(len(seen) == 1 for seen in labels.values())
    value = krippendorff_alpha(ratings).value
    if value is not None:
        assert value <= 1
        assert (value == pytest.approx(1)) == unanimous


def test_shares_of_labels_are_of_the_ratings_that_can_be_compared() -> None:
    """A unit with two ratings counts, one with one does not; unused labels have no rating."""
    table = {"u": "xx", "v": "xy", "w": "yyy", "z": "y."}
    ratings = Ratings.of(_ratings(table), labels=["x", "y", "z"])
    found = {row.label: (row.ratings, row.share) for row in label_agreement(ratings)}
    assert found == {"x": (3, 3 / 7), "y": (4, 4 / 7), "z": (0, 0.0)}
    alone = Ratings.of(_ratings({"u": "x."}), labels=["x", "y"])
    assert [(row.ratings, row.share) for row in label_agreement(alone)] == [(0, None)] * 2
