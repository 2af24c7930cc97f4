"""Ratings: long-form (unit, annotator, label), coded as integers once and for all.

Long-form ratings cannot be passed the wrong way round as a table can, and missing ratings need no
marker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from claimset.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Rating", "Ratings", "without_gaps"]

_DENSE_CELLS = 50_000_000
"""Up to this many cells (unit, annotator), doubles are found with a table instead of by sorting."""


class Rating(NamedTuple):
    """One annotator's label for one unit."""

    unit: str
    annotator: str
    label: str


@dataclass(frozen=True)
class Ratings:
    """Coded ratings: three integer arrays of one length, and what the integers stand for."""

    unit: NDArray[np.int64]
    """Code of the unit that was rated, shape (ratings,), each from 0 to ``n_units - 1``."""
    annotator: NDArray[np.int64]
    """Code of who rated it, shape (ratings,)."""
    label: NDArray[np.int64]
    """Code of the label given, shape (ratings,)."""
    labels: tuple[str, ...]
    """The label set of the scheme, in its order; codes count along it."""
    annotators: tuple[str, ...]
    """Names of the annotators."""
    n_units: int
    """Units with at least one rating."""
    article: NDArray[np.int64] | None = None
    """Code of the article each unit stands in, shape (n_units,)."""

    @classmethod
    def of(
        cls,
        ratings: Iterable[Rating],
        *,
        labels: Sequence[str] | None = None,
        articles: Mapping[str, str] | None = None,
    ) -> Ratings:
        """Code ratings; the order they come in changes nothing.

        Args:
            ratings: Ratings in any order, one per unit and annotator.
            labels: The label set of the scheme, in its order: AC1 and Randolph's kappa depend on
                its size, also on labels that nobody used. Without it: the labels used, sorted.
            articles: The article of each unit.

        Raises:
            DataError: An annotator rated a unit twice, or a label is not in the label set.
        """
        units: dict[str, int] = {}
        people: dict[str, int] = {}
        words: dict[str, int] = {} if labels is None else {name: k for k, name in enumerate(labels)}
        scheme = len(words)
        coded = [
            (
                units.setdefault(unit, len(units)),
                people.setdefault(person, len(people)),
                words.setdefault(label, len(words)),
            )
            for unit, person, label in ratings
        ]
        if labels is not None and len(words) > scheme:
            stranger = list(words)[scheme]
            raise DataError(
                f"the label {stranger!r} is not in the label set",
                where=f"label {stranger!r}",
                remedy=f"use one of: {', '.join(labels)}",
            )
        table = np.array(coded, dtype=np.int64).reshape(-1, 3)
        unit_names, unit = _sorted_codes(units, table[:, 0])
        person_names, annotator = _sorted_codes(people, table[:, 1])
        label_names, label = tuple(words), table[:, 2]
        if labels is None:
            label_names, label = _sorted_codes(words, label)
        article = None
        if articles is not None:
            _, article = np.unique(
                np.array([articles[name] for name in unit_names], dtype=object),
                return_inverse=True,
            )
        found = cls(unit, annotator, label, label_names, person_names, len(unit_names), article)
        found.refuse_doubles(unit_names)
        return found

    @classmethod
    def coded(
        cls,
        unit: ArrayLike,
        annotator: ArrayLike,
        label: ArrayLike,
        *,
        labels: Sequence[str],
        article: ArrayLike | None = None,
    ) -> Ratings:
        """Take over ratings that are integers already: the fast way for millions of them.

        Args:
            unit: Code of the unit, from 0 without gaps, shape (ratings,).
            annotator: Code of the annotator, from 0, shape (ratings,).
            label: Code of the label, an index into ``labels``, shape (ratings,).
            labels: The label set of the scheme.
            article: Code of the article of each unit, shape (units,).

        Raises:
            DataError: The arrays do not fit together, or an annotator rated a unit twice.
        """
        arrays = [np.asarray(values, dtype=np.int64) for values in (unit, annotator, label)]
        sizes = {values.shape for values in arrays}
        if len(sizes) != 1 or arrays[0].ndim != 1:
            raise _misfit("unit, annotator and label are not arrays of one length")
        if arrays[0].size and min(int(values.min()) for values in arrays) < 0:
            raise _misfit("a code is negative")
        if arrays[2].size and int(arrays[2].max()) >= len(labels):
            raise _misfit("a label code lies outside the label set")
        n_units = int(arrays[0].max()) + 1 if arrays[0].size else 0
        places = None if article is None else np.asarray(article, dtype=np.int64)
        if places is not None and places.shape != (n_units,):
            raise _misfit(f"article has not one code for each of {n_units} units")
        people = int(arrays[1].max()) + 1 if arrays[1].size else 0
        names = tuple(str(number) for number in range(people))
        found = cls(arrays[0], arrays[1], arrays[2], tuple(labels), names, n_units, places)
        found.refuse_doubles(())
        return found

    def refuse_doubles(self, unit_names: Sequence[str]) -> None:
        """Refuse two ratings of one annotator for one unit.

        Raises:
            DataError: There are; names the first such unit.
        """
        width = max(1, len(self.annotators))
        cells = self.unit * width + self.annotator
        total = self.n_units * width
        if total <= _DENSE_CELLS:
            seen = np.zeros(total, dtype=np.bool_)
            seen[cells] = True
            if int(np.count_nonzero(seen)) == cells.size:
                return
        ordered = np.sort(cells)
        doubles = ordered[1:][ordered[1:] == ordered[:-1]]
        if not doubles.size:
            return
        unit, annotator = divmod(int(doubles[0]), width)
        raise DataError(
            f"annotator {self.annotators[annotator]!r} rated the unit twice",
            where=f"unit {unit_names[unit] if unit_names else unit!r}",
            remedy="keep one rating per unit and annotator, for example the latest",
        )


def without_gaps(codes: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Codes counted from 0 without gaps in their order, and the distinct ones; no sorting.

    Args:
        codes: Codes from 0, of a range that fits in memory.
    """
    present = np.zeros(int(codes.max(initial=-1)) + 1, np.bool_)
    present[codes] = True
    place = np.cumsum(present) - 1
    return place[codes], np.flatnonzero(present)


def _sorted_codes(
    codes: dict[str, int], column: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Renumber codes along the sorted names, so that the order of input leaves no trace."""
    names = sorted(codes)
    renumbered = np.empty(len(names), dtype=np.int64)
    for place, name in enumerate(names):
        renumbered[codes[name]] = place
    return tuple(names), renumbered[column]


def _misfit(problem: str) -> DataError:
    return DataError(
        problem,
        where="coded ratings",
        remedy="give one integer per rating in each array, counted from 0",
    )
