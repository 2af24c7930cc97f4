"""Published tables that figures are held against."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from claimset.agreement import Rating

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures"


def _krippendorff(example: str) -> list[Rating]:
    with (FIXTURES / "krippendorff2011.csv").open(encoding="utf-8", newline="") as stream:
        return [
            Rating(row["unit"], row["observer"], row["value"])
            for row in csv.DictReader(stream)
            if row["example"] == example
        ]


@pytest.fixture(params=["A", "B", "C"])
def example(request: pytest.FixtureRequest) -> str:
    """Name of a worked example of Krippendorff (2011)."""
    name: str = request.param
    return name


@pytest.fixture
def krippendorff_table(example: str) -> list[Rating]:
    """One of the examples of Krippendorff (2011)."""
    return _krippendorff(example)


@pytest.fixture
def krippendorff_c() -> list[Rating]:
    """Example C of Krippendorff (2011): four observers, missing ratings."""
    return _krippendorff("C")


@pytest.fixture
def fleiss_1971() -> list[Rating]:
    """Six psychiatrists, thirty patients, five diagnoses: Fleiss (1971), doi:10.1037/h0031619."""
    with (FIXTURES / "fleiss1971.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ratings = []
    for row in rows:
        given = [name for name in list(row)[1:] for _ in range(int(row[name]))]
        ratings += [
            Rating(row["patient"], f"psychiatrist {place}", name)
            for place, name in enumerate(given)
        ]
    return ratings


@pytest.fixture
def three_by_three() -> list[Rating]:
    """Two raters, 100 units: the 3 x 3 table in the vignette of R's package irrCAC."""
    table = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
    ratings = []
    unit = 0
    for one, row in enumerate(table):
        for other, count in enumerate(row):
            for _ in range(count):
                unit += 1
                ratings += [
                    Rating(f"u{unit}", "r1", str(one)),
                    Rating(f"u{unit}", "r2", str(other)),
                ]
    return ratings
