"""Speed and peak memory of agreement and aggregation, beside ``krippendorff`` and ``crowd-kit``.

Run with ``python tests/benchmarks/agreement.py [--ratings 100000 1000000]``. Ratings are made with
a fixed seed: 20 annotators with errors of their own, three ratings a claim, four skewed verdicts,
20 claims an article. Each line runs in a fresh process; seconds are processor time on one core,
making the ratings not counted; the ratio is to our own line of the same work. A peer that is not
installed is left out, and said so.
"""

# ruff: noqa: T201 - a table on the terminal is what it is for

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

LABELS = ("supported", "refuted", "not_enough_evidence", "conflicting_evidence")
VOTES = 3
PEOPLE = 20
MEGABYTE = 1_000_000

Columns = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]


def ratings(number: int) -> Columns:
    """Unit, annotator and label of each rating."""
    import numpy as np

    chance = np.random.default_rng(0)
    units = number // VOTES
    truth = chance.choice(4, size=units, p=[0.28, 0.57, 0.05, 0.10])
    skill = chance.uniform(0.65, 0.92, size=PEOPLE)
    who = np.argsort(chance.random((units, PEOPLE)), axis=1)[:, :VOTES]
    guess = chance.choice(4, size=(units, VOTES), p=[0.28, 0.57, 0.05, 0.10])
    label = np.where(chance.random((units, VOTES)) < skill[who], truth[:, None], guess)
    return np.repeat(np.arange(units), VOTES), who.reshape(-1), label.reshape(-1)


def _ours(what: str, columns: Columns) -> Callable[[], Any]:
    import numpy as np

    from claimset.aggregation import dawid_skene
    from claimset.agreement import IntervalPlan, Rating, Ratings, krippendorff_alpha, summarise
    from claimset.models import IntervalMethod, Resampled

    unit, annotator, label = columns
    article = np.arange(int(unit.max()) + 1) // 20
    plans = {
        "alpha + 10,000 item-bootstrap samples": IntervalPlan(
            IntervalMethod.BOOTSTRAP, Resampled.UNITS
        ),
        "alpha + article jackknife": IntervalPlan(),
        "alpha + 1,000 article-bootstrap samples": IntervalPlan(
            IntervalMethod.BOOTSTRAP, Resampled.ARTICLES, resamples=1000
        ),
    }

    def coded() -> Ratings:
        return Ratings.coded(unit, annotator, label, labels=LABELS, article=article)

    if what == "Dawid-Skene":
        return lambda: dawid_skene(coded())
    if what == "everything `agree` prints":
        return lambda: summarise(coded())
    if what == "names to codes":
        named = [
            Rating(f"claim {u}", f"annotator {a}", LABELS[k])
            for u, a, k in zip(unit.tolist(), annotator.tolist(), label.tolist(), strict=True)
        ]
        return lambda: Ratings.of(named, labels=LABELS)
    return lambda: krippendorff_alpha(coded(), plan=plans.get(what))


def _theirs(what: str, columns: Columns) -> Callable[[], Any]:
    import warnings

    import numpy as np

    warnings.simplefilter("ignore")
    unit, annotator, label = columns
    if what == "alpha, krippendorff":
        import krippendorff

        def alpha() -> float:
            # It takes a table, so making one is part of the work.
            table = np.full((PEOPLE, int(unit.max()) + 1), np.nan)
            table[annotator, unit] = label
            value: float = krippendorff.alpha(
                reliability_data=table, level_of_measurement="nominal"
            )
            return value

        return alpha
    frame: Any = importlib.import_module("pandas").DataFrame
    table = frame({"task": unit, "worker": annotator, "label": label})
    if what == "alpha, crowd-kit":
        from crowdkit.metrics.data import alpha_krippendorff

        return lambda: alpha_krippendorff(table)
    from crowdkit.aggregation import DawidSkene

    return lambda: DawidSkene(n_iter=100, tol=1e-5).fit_predict(table)


OURS = (
    "alpha",
    "alpha + 10,000 item-bootstrap samples",
    "alpha + article jackknife",
    "alpha + 1,000 article-bootstrap samples",
    "everything `agree` prints",
    "names to codes",
    "Dawid-Skene",
)
THEIRS = {
    "alpha, krippendorff": ("krippendorff", "alpha"),
    "alpha, crowd-kit": ("crowdkit", "alpha"),
    "Dawid-Skene, crowd-kit": ("crowdkit", "Dawid-Skene"),
}


def measure(what: str, number: int) -> dict[str, float]:
    """Seconds of processor time and added peak memory of one piece of work."""
    columns = ratings(number)
    make = _theirs if what in THEIRS else _ours
    make(what, ratings(300))()  # imports and first calls
    run = make(what, columns)
    before = _peak()
    started = time.process_time()
    run()
    return {"seconds": time.process_time() - started, "megabytes": _peak() - before}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def _in_fresh_process(what: str, number: int) -> dict[str, float]:
    one_core = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, __file__, "--one", what, str(number)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **one_core},
    )
    if done.returncode:
        sys.exit(f"{what}: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ratings", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one[0], int(arguments.one[1]))))
        return
    print(f"{'ratings':>9}  {'work':<42}{'seconds':>9}{'ratings/s':>13}{'peak MB':>9}{'ratio':>8}")
    for number in arguments.ratings:
        own: dict[str, float] = {}
        for what in (*OURS, *THEIRS):
            module, base = THEIRS.get(what, ("", what))
            if module and importlib.util.find_spec(module) is None:
                print(f"{number:>9,}  {what:<42}not installed")
                continue
            found = _in_fresh_process(what, number)
            seconds = found["seconds"]
            own.setdefault(what, seconds)
            ratio = f"{seconds / own[base]:.1f}" if module else ""
            print(
                f"{number:>9,}  {what:<42}{seconds:>9.3f}{number / seconds:>13,.0f}"
                f"{found['megabytes']:>9.0f}{ratio:>8}"
            )


if __name__ == "__main__":
    main()
