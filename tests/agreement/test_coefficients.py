"""Every figure is the published one, to its printed digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.agreement import (
    Coefficient,
    Rating,
    Ratings,
    figure_of,
    figures_of,
    label_agreement,
)
from claimset.errors import DataError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

FIVE_DIGITS = 5e-6
ALPHAS = {
    "nominal": Coefficient.ALPHA,
    "ordinal": Coefficient.ALPHA_ORDINAL,
    "interval": Coefficient.ALPHA_INTERVAL,
    "ratio": Coefficient.ALPHA_RATIO,
}
BOUNDED = [what for what in Coefficient if what not in set(list(ALPHAS.values())[1:])]


@pytest.mark.parametrize(
    ("metric", "printed", "digits"),
    [
        ("nominal", 0.743, 0.74342),
        ("ordinal", 0.815, 0.81539),
        ("interval", 0.849, 0.84911),
        ("ratio", 0.797, 0.79740),
    ],
)
def test_alpha_of_example_c_under_each_metric(
    krippendorff_c: list[Rating], metric: str, printed: float, digits: float
) -> None:
    """Krippendorff (2011) prints three digits; five were computed twice from the same table."""
    value = figure_of(krippendorff_c, ALPHAS[metric]).value
    assert value is not None
    assert round(value, 3) == printed
    assert value == pytest.approx(digits, abs=FIVE_DIGITS)


@pytest.mark.parametrize(
    ("what", "value"),
    [
        (Coefficient.PERCENT, 0.81818),
        (Coefficient.AC1, 0.77544),
        (Coefficient.FLEISS, 0.76117),
        (Coefficient.RANDOLPH, 0.77273),
    ],
)
def test_other_figures_of_example_c(
    krippendorff_c: list[Rating], what: Coefficient, value: float
) -> None:
    """As irrCAC has them; unit 12 has one rating and counts in the shares of labels."""
    assert figure_of(krippendorff_c, what).value == pytest.approx(value, abs=FIVE_DIGITS)


def test_fleiss_kappa_of_fleiss_1971(fleiss_1971: list[Rating]) -> None:
    """Fleiss (1971), doi:10.1037/h0031619, prints .430; the others were computed twice."""
    expected = {
        Coefficient.FLEISS: 0.43024,
        Coefficient.PERCENT: 0.55556,
        Coefficient.ALPHA: 0.43341,
        Coefficient.RANDOLPH: 0.44444,
    }
    figures = figures_of(fleiss_1971, expected)
    assert round(figures[0].value or 0, 3) == 0.430
    for figure, value in zip(figures, expected.values(), strict=True):
        assert figure.value == pytest.approx(value, abs=FIVE_DIGITS)


def test_fleiss_kappa_of_each_diagnosis(fleiss_1971: list[Rating]) -> None:
    """One diagnosis against the rest, as R's package irr prints them for these data."""
    printed = {
        "depression": 0.245,
        "personality_disorder": 0.245,
        "schizophrenia": 0.520,
        "neurosis": 0.471,
        "other": 0.566,
    }
    for label, kappa in printed.items():
        merged = [rating._replace(label=str(rating.label == label)) for rating in fleiss_1971]
        assert figure_of(merged, Coefficient.FLEISS).value == pytest.approx(kappa, abs=5e-4)


def test_alpha_and_fleiss_kappa_of_a_complete_table_are_tied(fleiss_1971: list[Rating]) -> None:
    """``alpha = 1 - (1 - kappa)(N - 1) / N``, also label by label."""
    total = len(fleiss_1971)
    kappa = figure_of(fleiss_1971, Coefficient.FLEISS).value or 0
    alpha = figure_of(fleiss_1971, Coefficient.ALPHA).value
    assert alpha == pytest.approx(1 - (1 - kappa) * (total - 1) / total, abs=1e-12)
    for found in label_agreement(Ratings.of(fleiss_1971)):
        merged = [rating._replace(label=str(rating.label == found.label)) for rating in fleiss_1971]
        kappa = figure_of(merged, Coefficient.FLEISS).value or 0
        expected = 1 - (1 - kappa) * (total - 1) / total
        assert found.alpha.value == pytest.approx(expected, abs=1e-12)
        assert found.ratings == sum(rating.label == found.label for rating in fleiss_1971)


def test_the_three_by_three_table_of_irrcac(three_by_three: list[Rating]) -> None:
    """AC1 .84933 and alpha .79726 by irrCAC; percent agreement .89 by counting."""
    expected = {Coefficient.PERCENT: 0.89, Coefficient.AC1: 0.84933, Coefficient.ALPHA: 0.79726}
    for figure, value in zip(figures_of(three_by_three, expected), expected.values(), strict=True):
        assert figure.value == pytest.approx(value, abs=FIVE_DIGITS)


def test_ac1_and_randolph_count_the_labels_of_the_scheme(krippendorff_c: list[Rating]) -> None:
    """A label that nobody used still is one that could have been given by chance."""
    wide = Ratings.of(krippendorff_c, labels=["1", "2", "3", "4", "5", "6"])
    for what in (Coefficient.AC1, Coefficient.RANDOLPH):
        narrow = figure_of(krippendorff_c, what).value
        assert (figure_of(wide, what).value or 0) > (narrow or 0)
    for what in (Coefficient.ALPHA, Coefficient.FLEISS, Coefficient.ALPHA_ORDINAL):
        assert figure_of(wide, what).value == pytest.approx(figure_of(krippendorff_c, what).value)


def test_ordinal_follows_the_order_of_the_labels() -> None:
    ratings = [
        Rating(f"u{number}", f"a{place}", label)
        for number, pair in enumerate([("low", "mid"), ("mid", "high"), ("low", "low")])
        for place, label in enumerate(pair)
    ]
    right = Ratings.of(ratings, labels=["low", "mid", "high"])
    wrong = Ratings.of(ratings, labels=["mid", "low", "high"])
    values = [figure_of(table, Coefficient.ALPHA_ORDINAL).value for table in (right, wrong)]
    assert values[0] != pytest.approx(values[1])


def test_a_metric_that_needs_numbers_says_which_label_is_none() -> None:
    ratings = [Rating("u", "a", "1"), Rating("u", "b", "two")]
    with pytest.raises(DataError, match="'two' is no number"):
        figure_of(ratings, Coefficient.ALPHA_INTERVAL)


@pytest.mark.parametrize("what", list(Coefficient))
@pytest.mark.parametrize(
    ("rows", "reason"),
    [([], "two ratings"), (["1", "2"], "two ratings"), (["11", "11"], "one label")],
)
def test_undefined_is_no_number_but_a_reason(
    what: Coefficient, rows: list[str], reason: str
) -> None:
    """0/0 is not full agreement; only what corrects for no chance is defined then."""
    figure = figure_of(_ratings(rows), what)
    if rows == ["11", "11"] and what is Coefficient.PERCENT:
        assert figure.value == 1
        return
    if rows == ["11", "11"] and what in (Coefficient.RANDOLPH, Coefficient.AC1):
        # With two labels in the scheme both are defined, for chance would still disagree.
        wide = figure_of(Ratings.of(_ratings(rows), labels=["1", "2"]), what)
        assert wide.value == 1
    assert figure.value is None
    assert reason in (figure.reason or "")


def _ratings(rows: list[str]) -> list[Rating]:
    return [
        Rating(f"u{number}", f"a{place}", label)
        for number, labels in enumerate(rows)
        for place, label in enumerate(labels)
        if label != "."
    ]


TABLES = st.lists(st.text("123.", min_size=1, max_size=5), max_size=8).map(_ratings)
SCHEME = ["1", "2", "3"]


@given(TABLES, st.randoms(use_true_random=False))
def test_order_and_names_of_units_and_annotators_change_nothing(
    ratings: list[Rating], chance: random.Random
) -> None:
    shuffled = [
        Rating(f"!{unit[::-1]}", f"x{annotator[::-1]}", label) for unit, annotator, label in ratings
    ]
    chance.shuffle(shuffled)
    before = figures_of(Ratings.of(ratings, labels=SCHEME), Coefficient)
    after = figures_of(Ratings.of(shuffled, labels=SCHEME), Coefficient)
    assert [figure.value for figure in after] == [pytest.approx(figure.value) for figure in before]


@given(TABLES, st.permutations(SCHEME))
def test_names_of_labels_change_no_nominal_figure(ratings: list[Rating], names: list[str]) -> None:
    renamed = [rating._replace(label=names[SCHEME.index(rating.label)]) for rating in ratings]
    for what in BOUNDED:
        before = figure_of(Ratings.of(ratings, labels=SCHEME), what)
        after = figure_of(Ratings.of(renamed, labels=SCHEME), what)
        assert after.value == pytest.approx(before.value)
        assert after.reason == before.reason


@given(TABLES, st.sampled_from(SCHEME))
def test_a_unit_with_one_vote_adds_nothing_to_alpha(ratings: list[Rating], label: str) -> None:
    more = [*ratings, Rating("once", "somebody", label)]
    for what in (Coefficient.PERCENT, Coefficient.RANDOLPH, *ALPHAS.values()):
        before = figure_of(Ratings.of(ratings, labels=SCHEME), what)
        after = figure_of(Ratings.of(more, labels=SCHEME), what)
        assert after.value == pytest.approx(before.value)
        assert (after.units, after.ratings) == (before.units, before.ratings)


@given(TABLES)
def test_figures_are_bounded_and_one_exactly_when_unanimous(ratings: list[Rating]) -> None:
    labels: dict[str, set[str]] = {}
    for unit, _, label in ratings:
        labels.setdefault(unit, set()).add(label)
    unanimous = all(len(seen) == 1 for seen in labels.values())
    for figure in figures_of(Ratings.of(ratings, labels=SCHEME), Coefficient):
        if figure.value is not None:
            # Fleiss' shares of labels count units with one rating, so it has no lower bound.
            assert figure.name == Coefficient.FLEISS or figure.value >= -1
            assert figure.value <= 1
            assert (figure.value == 1) == unanimous


@given(st.lists(st.text("123.", min_size=1, max_size=6), min_size=1, max_size=12))
def test_alpha_from_sums_is_alpha_from_pairs(rows: list[str]) -> None:
    """The definition, pair by pair: observed over expected disagreement, every metric."""
    values = [[float(label) for label in row if label != "."] for row in rows]
    paired = [row for row in values if len(row) >= 2]
    pool = [value for row in paired for value in row]
    ranks = {v: sum(p < v for p in pool) + sum(p == v for p in pool) / 2 for v in set(pool)}
    distances: dict[str, Callable[[float, float], float]] = {
        "nominal": lambda c, k: float(c != k),
        "ordinal": lambda c, k: (ranks[c] - ranks[k]) ** 2,
        "interval": lambda c, k: (c - k) ** 2,
        "ratio": lambda c, k: ((c - k) / (c + k)) ** 2,
    }
    total = len(pool)
    for metric, distance in distances.items():
        figure = figure_of(Ratings.of(_ratings(rows), labels=SCHEME), ALPHAS[metric])
        expected = sum(distance(a, b) for a in pool for b in pool)
        if expected == 0:
            assert figure.value is None
            continue
        observed = sum(distance(a, b) / (len(row) - 1) for row in paired for a in row for b in row)
        assert figure.value == pytest.approx(1 - (total - 1) * observed / expected)


def test_alpha_is_that_of_the_package_krippendorff() -> None:
    """An independent implementation, on random tables with missing ratings."""
    oracle = pytest.importorskip("krippendorff", reason="the oracle is not installed")
    chance = np.random.default_rng(1)
    for _ in range(20):
        table = chance.integers(1, 6, size=(4, 30)).astype(float)
        table[chance.random(table.shape) < 0.3] = np.nan
        ratings = [
            Rating(f"{unit:02}", str(rater), str(int(table[rater, unit])))
            for rater in range(4)
            for unit in range(30)
            if not np.isnan(table[rater, unit])
        ]
        for metric, what in ALPHAS.items():
            expected = oracle.alpha(reliability_data=table, level_of_measurement=metric)
            assert figure_of(ratings, what).value == pytest.approx(expected, abs=1e-9)
