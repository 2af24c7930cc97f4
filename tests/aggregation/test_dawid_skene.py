"""Dawid and Skene's model gives the published estimates, and beats the majority it weighs."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from claimset.aggregation import dawid_skene
from claimset.agreement import Rating, Ratings

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "tests" / "fixtures" / "dawid_skene1979.csv"
RTE = next(
    (
        path
        for folder in ROOT.parents
        if (path := folder / "shared" / "data" / "agreement" / "snow2008_rte.csv").is_file()
    ),
    None,
)


def _patients() -> Ratings:
    """Dawid and Skene (1979), doi:10.2307/2346806, table 1; observer 1 rated three times."""
    with PUBLISHED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    given = [
        (number, int(name[8]) - 1, int(value) - 1)
        for number, row in enumerate(rows)
        for name, value in row.items()
        if name != "patient"
    ]
    unit, annotator, label = np.array(given).T
    people = tuple(f"observer {number}" for number in range(1, 6))
    return Ratings(unit, annotator, label, ("1", "2", "3", "4"), people, len(rows))


def test_class_marginals_are_the_published_ones() -> None:
    """Printed: .40 .42 .11 .07. Log-likelihood and classes were computed twice."""
    found = dawid_skene(_patients(), prior=0)
    assert found.settled
    assert found.marginals.round(2).tolist() == [0.40, 0.42, 0.11, 0.07]
    assert found.log_likelihood == pytest.approx(-192.891, abs=0.001)
    classes = found.posterior.argmax(axis=1) + 1
    assert np.bincount(classes)[1:].tolist() == [18, 19, 5, 3]
    assert classes[[11, 1, 35]].tolist() == [3, 4, 4]


def test_error_rates_are_the_published_ones() -> None:
    """Rows are true classes 1 to 4, columns what was given; to within .01."""
    published = [
        "89 11 0 0  7 88 5 0  0 34 66 0  0 0 56 44",
        "83 17 0 0  5 63 31 0  0 0 100 0  0 0 0 100",
        "100 0 0 0  11 79 11 0  0 40 20 40  0 0 67 33",
        "94 6 0 0  5 84 10 0  0 0 80 20  0 0 33 67",
        "100 0 0 0  16 73 11 0  0 21 79 0  0 0 33 67",
    ]
    expected = np.array([line.split() for line in published], dtype=float).reshape(5, 4, 4) / 100
    assert np.abs(dawid_skene(_patients(), prior=0).errors - expected).max() <= 0.01


def test_recognising_textual_entailment() -> None:
    """Snow et al. (2008), D08-1027: majority .897 with ties drawn, here their expectation.

    .927 by Dawid and Skene is the figure of the later literature.
    """
    if RTE is None:
        pytest.skip("the data of Snow et al. (2008) has no licence to be kept here")
    with RTE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    gold = {row["item"]: int(row["gold"]) for row in rows}
    ratings = Ratings.of(
        [Rating(row["item"], row["worker"], row["label"]) for row in rows], labels=["0", "1"]
    )
    truth = np.array([gold[item] for item in sorted(gold)])
    share = np.bincount(ratings.unit, weights=ratings.label) / np.bincount(ratings.unit)
    right = np.where(share == 0.5, 0.5, (share > 0.5) == truth).mean()
    assert right == pytest.approx(0.8969, abs=5e-5)
    found = dawid_skene(ratings, prior=0).posterior.argmax(axis=1)
    assert (found == truth).mean() == pytest.approx(0.9275, abs=5e-5)


def test_a_label_that_nobody_met_says_nothing_about_anybody() -> None:
    """Without a prior its row begins even, not at zero, from which nothing could come back."""
    ratings = Ratings.of(
        [Rating(f"u{n}", who, "ab"[n % 2]) for n in range(6) for who in ("x", "y")],
        labels=["a", "b", "c"],
    )
    found = dawid_skene(ratings, prior=0, rounds=1)
    assert found.errors[:, 2, :] == pytest.approx(np.full((2, 3), 1 / 3))
    assert found.errors[:, 0, :] == pytest.approx(np.array([[1, 0, 0]] * 2))
    settled = dawid_skene(ratings, prior=0)
    assert 0 < settled.posterior[:, 2].max() < 1e-200


def _simulated(
    seed: int, claims: int, people: int, votes: int
) -> tuple[Ratings, NDArray[np.int64]]:
    """Skewed verdicts (as in AVeriTeC) and annotators with known error matrices, two guessing."""
    chance = np.random.default_rng(seed)
    truth = chance.choice(4, size=claims, p=[0.28, 0.57, 0.05, 0.10])
    skill = chance.uniform(0.65, 0.92, size=people)
    skill[:2] = 0
    bias = chance.dirichlet(np.ones(4), size=people)
    errors = skill[:, None, None] * np.eye(4) + (1 - skill)[:, None, None] * bias[:, None, :]
    who = np.argsort(chance.random((claims, people)), axis=1)[:, :votes]
    drawn = chance.random((claims, votes, 1))
    label = (drawn > errors[who, truth[:, None]].cumsum(axis=2)).sum(axis=2).clip(max=3)
    ratings = Ratings.coded(
        np.repeat(np.arange(claims), votes),
        who.reshape(-1),
        label.reshape(-1),
        labels=["supported", "refuted", "not_enough_evidence", "conflicting_evidence"],
    )
    return ratings, truth


def _majority(ratings: Ratings, truth: NDArray[np.int64]) -> float:
    """Accuracy of the majority, ties as their expectation under a random draw."""
    counts = np.zeros((ratings.n_units, 4))
    np.add.at(counts, (ratings.unit, ratings.label), 1)
    best = counts == counts.max(axis=1, keepdims=True)
    return float((best[np.arange(len(truth)), truth] / best.sum(axis=1)).mean())


def test_the_model_beats_the_majority_on_skewed_labels() -> None:
    """300 claims, 8 annotators of whom 2 guess, 3 votes each: better in every one of 20 sets."""
    gains, over_likelihood = [], []
    for seed in range(20):
        ratings, truth = _simulated(seed, 300, 8, 3)
        by_prior = (dawid_skene(ratings).posterior.argmax(axis=1) == truth).mean()
        plain = (dawid_skene(ratings, prior=0).posterior.argmax(axis=1) == truth).mean()
        gains.append(by_prior - _majority(ratings, truth))
        over_likelihood.append(by_prior - plain)
    assert min(gains) > 0
    assert np.mean(gains) > 0.04
    assert np.mean(over_likelihood) > 0


def test_posteriors_are_as_sure_as_they_are_right() -> None:
    """Of labels with a posterior of .95 and more, at least 93 in 100 are true."""
    ratings, truth = _simulated(99, 3000, 12, 3)
    posterior = dawid_skene(ratings).posterior
    sure = posterior.max(axis=1) >= 0.95
    assert sure.mean() > 0.5
    assert (posterior.argmax(axis=1) == truth)[sure].mean() >= 0.93
    assert posterior.sum(axis=1) == pytest.approx(1)


def test_shuffled_ratings_give_the_very_same_estimate() -> None:
    ratings, _ = _simulated(5, 200, 6, 3)
    order = np.random.default_rng(1).permutation(ratings.unit.size)
    shuffled = Ratings.coded(
        ratings.unit[order], ratings.annotator[order], ratings.label[order], labels=ratings.labels
    )
    assert np.array_equal(dawid_skene(shuffled).posterior, dawid_skene(ratings).posterior)


def test_no_ratings_give_no_estimate() -> None:
    found = dawid_skene(Ratings.of([], labels=["x", "y"]))
    assert found.posterior.shape == (0, 2)


@pytest.mark.filterwarnings("ignore:The (inplace|copy) keyword")  # the oracle's own
def test_labels_are_those_of_crowd_kit() -> None:
    """An independent implementation of the maximum likelihood version."""
    oracle = pytest.importorskip("crowdkit.aggregation", reason="the oracle is not installed")
    pandas = pytest.importorskip("pandas")
    ratings, _ = _simulated(11, 400, 8, 5)
    table = pandas.DataFrame(
        {"task": ratings.unit, "worker": ratings.annotator, "label": ratings.label}
    )
    theirs = oracle.DawidSkene(n_iter=1000, tol=1e-9).fit_predict(table).sort_index().to_numpy()
    ours = dawid_skene(ratings, prior=0).posterior.argmax(axis=1)
    assert (theirs == ours).mean() > 0.99
