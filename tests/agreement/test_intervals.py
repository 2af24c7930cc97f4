"""Intervals say what they rest on, and cover at the rate they name."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from claimset.agreement import Coefficient, IntervalPlan, Rating, Ratings, figure_of
from claimset.models import IntervalMethod, Resampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

JACKKNIFE = IntervalPlan()
ARTICLES = IntervalPlan(method=IntervalMethod.BOOTSTRAP)
UNITS = IntervalPlan(method=IntervalMethod.BOOTSTRAP, over=Resampled.UNITS)


def test_the_jackknife_by_hand() -> None:
    """Three articles, percent agreement 1/2, 1 and 0 of two units each; t(.975, 2) = 4.303.

    Leaving one out gives 1/2, 1/4 and 3/4: log(1 - x) is -.6931, -.2877 and -1.3863, their
    squared distances from -.7890 sum to .6173, so se^2 = 2/3 * .6173.
    """
    table = {"a1": "xx", "a2": "xy", "b1": "xx", "b2": "yy", "c1": "xy", "c2": "yx"}
    ratings = Ratings.of(
        [
            Rating(unit, str(place), label)
            for unit, row in table.items()
            for place, label in enumerate(row)
        ],
        articles={unit: unit[0] for unit in table},
    )
    interval = figure_of(ratings, Coefficient.PERCENT, plan=JACKKNIFE).interval
    assert interval is not None
    reach = 4.302653 * np.sqrt(2 / 3 * 0.617268)
    assert interval.low == pytest.approx(max(-1, 1 - 0.5 * np.exp(reach)), abs=1e-4)
    assert interval.high == pytest.approx(1 - 0.5 * np.exp(-reach), abs=1e-4)
    assert (interval.groups, interval.over, interval.method) == (3, "articles", "jackknife")


def test_the_item_bootstrap_of_fleiss_1971(fleiss_1971: list[Rating]) -> None:
    """.319 to .530, computed from the published table with another program."""
    interval = figure_of(fleiss_1971, Coefficient.ALPHA, plan=UNITS).interval
    assert interval is not None
    assert interval.low == pytest.approx(0.319, abs=0.006)
    assert interval.high == pytest.approx(0.530, abs=0.006)
    assert (interval.groups, interval.resamples, interval.seed) == (30, 10_000, 0)


def test_the_same_seed_gives_the_same_interval(fleiss_1971: list[Rating]) -> None:
    def ends(seed: int) -> tuple[float, float]:
        plan = IntervalPlan(IntervalMethod.BOOTSTRAP, Resampled.UNITS, seed=seed, resamples=500)
        interval = figure_of(fleiss_1971, Coefficient.ALPHA, plan=plan).interval
        assert interval is not None
        return interval.low, interval.high

    assert ends(7) == ends(7)
    assert ends(7) != ends(8)


def test_folding_equal_units_changes_no_jackknife(krippendorff_c: list[Rating]) -> None:
    """Leaving out units one by one is the same as one article for each unit."""
    own = {rating.unit: rating.unit for rating in krippendorff_c}
    folded = IntervalPlan(over=Resampled.UNITS)
    for what in Coefficient:
        one = figure_of(Ratings.of(krippendorff_c), what, plan=folded).interval
        other = figure_of(Ratings.of(krippendorff_c, articles=own), what, plan=JACKKNIFE).interval
        assert one is not None
        assert other is not None
        assert one.low == pytest.approx(other.low, abs=1e-9)
        assert one.high == pytest.approx(other.high, abs=1e-9)
        assert one.groups == other.groups == 11


def test_the_jackknife_where_one_article_holds_all_disagreement() -> None:
    """Leaving it out leaves full agreement, which has no logarithm: the interval is symmetric.

    Percent agreement 0, 1 and 1 of one unit each; leaving one out gives 1, 1/2 and 1/2, whose
    squared distances from 2/3 sum to 1/6, so se^2 = 2/3 * 1/6 = 1/9.
    """
    table = {"a": "xy", "b": "xx", "c": "yy"}
    ratings = Ratings.of(
        [
            Rating(unit, str(place), label)
            for unit, row in table.items()
            for place, label in enumerate(row)
        ],
        articles={unit: unit for unit in table},
    )
    interval = figure_of(ratings, Coefficient.PERCENT, plan=JACKKNIFE).interval
    assert interval is not None
    reach = 4.302653 / 3
    assert interval.low == pytest.approx(max(-1, 2 / 3 - reach), abs=1e-4)
    assert interval.high == pytest.approx(min(1, 2 / 3 + reach), abs=1e-4)


def test_the_bootstrap_draws_whole_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a loop that draws articles one by one; all samples count, in however many steps."""
    chance = np.random.default_rng(3)
    table = {
        f"{article}.{unit}": "xx" if chance.random() < share else "xy"
        for article, share in enumerate(chance.uniform(0.2, 0.9, size=12))
        for unit in range(1 + article % 4)
    }
    ratings = Ratings.of(
        [
            Rating(unit, str(place), label)
            for unit, row in table.items()
            for place, label in enumerate(row)
        ],
        articles={unit: unit.partition(".")[0] for unit in table},
    )
    agreed = np.zeros((12, 2))
    for unit, row in table.items():
        agreed[int(unit.partition(".")[0])] += (row == "xx", 1)
    drawn = [agreed[chance.integers(12, size=12)].sum(axis=0) for _ in range(20_000)]
    low, high = np.quantile([same / units for same, units in drawn], [0.025, 0.975])
    for at_once in (2**22, 12 * 700):  # 10,000 samples are no multiple of 700
        monkeypatch.setattr("claimset.agreement.intervals._AT_ONCE", at_once)
        interval = figure_of(ratings, Coefficient.PERCENT, plan=ARTICLES).interval
        assert interval is not None
        assert interval.low == pytest.approx(low, abs=0.01)
        assert interval.high == pytest.approx(high, abs=0.01)
        assert (interval.groups, interval.over, interval.resamples) == (12, "articles", 10_000)


@pytest.mark.parametrize(
    ("rows", "articles", "reason"),
    [
        ({"u": "xy", "v": "xx"}, {"u": "a", "v": "a"}, "only 1 article"),
        ({"u": "xx", "v": "yy"}, {"u": "a", "v": "b"}, "full agreement"),
        ({"u": "xy", "v": "xx"}, {"u": "a", "v": "b"}, "without one article"),
        ({"u": "xy", "v": "xx"}, None, "not known"),
    ],
)
def test_no_interval_has_a_reason(
    rows: dict[str, str], articles: dict[str, str] | None, reason: str
) -> None:
    ratings = Ratings.of(
        [
            Rating(unit, str(place), label)
            for unit, row in rows.items()
            for place, label in enumerate(row)
        ],
        articles=articles,
    )
    figure = figure_of(ratings, Coefficient.ALPHA, plan=JACKKNIFE)
    assert figure.value is not None
    assert figure.interval is None
    assert reason in (figure.interval_reason or "")


def test_an_article_without_a_second_rating_is_not_counted() -> None:
    """Adding units with one vote, in articles of their own, changes no interval."""
    rows = {"u": "xy", "v": "xx", "w": "yy", "x": "yy", "y": "xy"}
    ratings = [
        Rating(unit, str(place), label)
        for unit, row in rows.items()
        for place, label in enumerate(row)
    ]
    articles = {unit: unit for unit in rows} | {"once": "lonely"}
    plan = JACKKNIFE
    before = figure_of(Ratings.of(ratings, articles=articles), Coefficient.ALPHA, plan=plan)
    more = [*ratings, Rating("once", "0", "x")]
    after = figure_of(Ratings.of(more, articles=articles), Coefficient.ALPHA, plan=plan)
    assert after.interval is not None
    assert before.interval is not None
    assert after.interval.groups == before.interval.groups == 5
    assert after.interval.low == pytest.approx(before.interval.low)


def _clustered(
    chance: np.random.Generator, articles: int, claims: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labels (units, 3) of articles that differ in difficulty and in the mix of verdicts."""
    shares = chance.dirichlet(np.array([2.8, 5.7, 0.5, 1.0]), size=articles)
    known = chance.beta(8, 3, size=articles)
    units = articles * claims
    place = np.repeat(np.arange(articles), claims)
    cumulative = shares.cumsum(axis=1)
    truth = (chance.random(units)[:, None] > cumulative[place]).sum(axis=1).clip(max=3)
    guess = chance.choice(4, size=(units, 3), p=[0.28, 0.57, 0.05, 0.10])
    given = np.where(chance.random((units, 3)) < known[place][:, None], truth[:, None], guess)
    return given, place


def _alpha_with_interval(
    given: NDArray[np.int64], place: NDArray[np.int64], plan: IntervalPlan | None
) -> tuple[float, float, float]:
    units = len(given)
    ratings = Ratings.coded(
        np.repeat(np.arange(units), 3),
        np.tile(np.arange(3), units),
        given.reshape(-1),
        labels=["s", "r", "n", "c"],
        article=place,
    )
    figure = figure_of(ratings, Coefficient.ALPHA, plan=plan)
    assert figure.value is not None
    if plan is None:
        return figure.value, 0, 0
    assert figure.interval is not None
    return figure.value, figure.interval.low, figure.interval.high


def test_the_jackknife_covers_at_its_rate_and_the_item_bootstrap_does_not() -> None:
    """400 data sets of 20 articles with 10 claims; alpha of a million claims is the truth.

    A rate of .95 over 400 data sets has a standard error of .011: between .92 and .98 it holds.
    """
    chance = np.random.default_rng(2026)
    truth, _, _ = _alpha_with_interval(*_clustered(chance, 20_000, 10), None)
    item = IntervalPlan(IntervalMethod.BOOTSTRAP, Resampled.UNITS, resamples=400)
    covered = {"jackknife": 0, "item": 0}
    for _ in range(400):
        given, place = _clustered(chance, 20, 10)
        for name, plan in (("jackknife", JACKKNIFE), ("item", item)):
            _, low, high = _alpha_with_interval(given, place, plan)
            covered[name] += low <= truth <= high
    assert 0.92 <= covered["jackknife"] / 400 <= 0.98
    assert covered["item"] / 400 < 0.90


def test_more_articles_make_a_narrower_interval() -> None:
    chance = np.random.default_rng(3)
    widths = []
    for articles in (10, 40, 160, 640):
        _, low, high = _alpha_with_interval(*_clustered(chance, articles, 10), JACKKNIFE)
        widths.append(high - low)
    assert all(wide > narrow for wide, narrow in pairwise(widths))
