"""The order of a release: articles, the stretches they are built in, and where each claim stands.

Articles that the last release held keep their order in each split, new ones follow in that of the
manifest. So a release that only grows has its new rows at the end, which costs little to upload,
and a manifest that was put into another order makes no new release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.errors import DataError, SpanError
from claimset.release.arrays import string_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["ArticleOrder", "ClaimIndex", "claim_numbers", "known_claim_numbers"]

_PREFIX, _WIDTH = 2, 18
_HEX = b"0123456789abcdef"
_IS_HEX = np.isin(np.arange(256), list(_HEX))
_STRETCH = 2_500_000
"""Code points of the articles of a stretch: some fifteen thousand sentences."""


class ArticleOrder:
    """The articles in release order.

    Args:
        articles: Lengths of the articles in code points by id, in the order of the manifest.
        released: Ids of each split in the order of the last release; empty when there is none.
    """

    def __init__(self, articles: Mapping[str, int], released: Iterable[Sequence[str]] = ()) -> None:
        orders = [[name for name in order if name in articles] for order in released]
        seen = {name for order in orders for name in order}
        known = [name for name in articles if name in seen]
        if not _keeps(known, orders):
            known = [name for order in orders for name in order]
        self.ids = [*known, *(name for name in articles if name not in seen)]
        """Article ids in release order."""
        self.number = {name: number for number, name in enumerate(self.ids)}
        """Place of each article."""
        lengths = np.array([articles[name] for name in self.ids], np.int64)
        # An article is never divided: repetitions inherit labels within it.
        self.stretch_of = (np.cumsum(lengths) - lengths) // _STRETCH
        """The stretch of each article."""

    @property
    def stretches(self) -> int:
        """How many stretches there are."""
        return int(self.stretch_of[-1]) + 1 if self.ids else 0

    def numbers(self, names: pa.Array | pa.ChunkedArray, *, noun: str) -> NDArray[np.int64]:
        """The place of each named article.

        Raises:
            SpanError: One is not among the articles.
        """
        if isinstance(names, pa.ChunkedArray):
            names = names.combine_chunks()
        codes = names.dictionary_encode()
        places = [self.number.get(name, -1) for name in codes.dictionary.to_pylist()]
        if -1 in places:
            missing = codes.dictionary[places.index(-1)].as_py()
            raise SpanError(
                f"the {noun} lies in article {missing!r}, which is not among the articles",
                where=f"article {missing}",
                remedy="put the article back into the manifest, or segment again",
            )
        found: NDArray[np.int64] = np.array(places, np.int64)[codes.indices.to_numpy()]
        return found


def _keeps(names: Sequence[str], orders: Iterable[Sequence[str]]) -> bool:
    """Whether each order is kept among the names."""
    place = {name: number for number, name in enumerate(names)}
    places = ([place[name] for name in order] for order in orders)
    return all(found == sorted(found) for found in places)


def claim_numbers(ids: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """Claim ids as numbers: the 16 hex digits behind ``c_``.

    Raises:
        DataError: An id is no claim id.
    """
    if isinstance(ids, pa.ChunkedArray):
        ids = ids.combine_chunks()
    wrong = _odd_ids(ids)
    if wrong.any():
        name = ids[int(np.flatnonzero(wrong)[0])].as_py()
        raise DataError(
            f"{name!r} is no claim id: c_ and 16 hex digits",
            where=f"claim {name}",
            remedy="run the step again that made the row",
        )
    return _numbers(ids)


def _numbers(ids: pa.Array) -> NDArray[np.uint64]:
    digits = np.frombuffer(string_bytes(ids), np.uint8).reshape(-1, _WIDTH)[:, _PREFIX:]
    return np.frombuffer(bytes.fromhex(digits.tobytes().decode()), ">u8").astype(np.uint64)


def known_claim_numbers(ids: pa.ChunkedArray) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Claim ids as numbers, and which of them are no claim ids at all: those have any number."""
    whole = ids.combine_chunks()
    odd = _odd_ids(whole)
    if odd.any():
        whole = pc.if_else(pa.array(odd), "c_" + "0" * 16, whole)
    return _numbers(whole), odd


def _odd_ids(ids: pa.Array) -> NDArray[np.bool_]:
    """Which strings are not ``c_`` and 16 hex digits."""
    widths = pc.fill_null(pc.binary_length(ids), 0).to_numpy(zero_copy_only=False)
    odd: NDArray[np.bool_] = widths != _WIDTH
    if odd.any():
        fit = np.flatnonzero(~odd)
        odd[fit] = _odd_ids(ids.take(pa.array(fit)))
        return odd
    data = bytes(string_bytes(ids))
    marks = np.frombuffer(data, np.uint8).reshape(-1, _WIDTH)
    if data.translate(None, _HEX) == b"_" * len(ids) and (marks[:, 0] == ord("c")).all():
        # There are as many `_` as ids, and nothing else that is no hex digit.
        odd[:] = marks[:, 1] != ord("_")
        return odd
    begun = (marks[:, :_PREFIX] == np.frombuffer(b"c_", np.uint8)).all(axis=1)
    odd[:] = ~(begun & _IS_HEX[marks[:, _PREFIX:]].all(axis=1))
    return odd


class ClaimIndex:
    """Where each claim stands in the release: compact, for it is held as a whole."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.uint64]] = []
        self._owners: list[NDArray[np.int64]] = []

    def add(self, numbers: NDArray[np.uint64], articles: NDArray[np.int64]) -> None:
        """Take in claims by number and article."""
        self._parts.append(numbers)
        self._owners.append(articles)

    def close(self) -> None:
        """Make the claims ready to be looked up; no more are added.

        Raises:
            DataError: A claim stands twice.
        """
        numbers = np.concatenate([np.zeros(0, np.uint64), *self._parts])
        owners = np.concatenate([np.zeros(0, np.int64), *self._owners])
        order = np.argsort(numbers, kind="stable")
        self.numbers, self.articles = numbers[order], owners[order]
        double = np.flatnonzero(self.numbers[1:] == self.numbers[:-1])
        if len(double):
            name = f"c_{int(self.numbers[double[0]]):016x}"
            raise DataError(
                f"the claim {name!r} is given twice",
                where=f"claim {name}",
                remedy="give each claim once; run the step that made it again",
            )
        self._parts, self._owners = [], []

    def find(self, numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The article of each claim; -1 for one that is not in the release."""
        if not len(self.numbers) or not len(numbers):
            return np.full(len(numbers), -1)
        # The answers to a claim stand together, and what is looked up in order is found sooner.
        run = np.concatenate([[0], np.cumsum(numbers[1:] != numbers[:-1])])
        wanted = numbers[np.searchsorted(run, np.arange(run[-1] + 1))]
        order = np.argsort(wanted)
        place = np.searchsorted(self.numbers, wanted[order])
        place = np.minimum(place, len(self.numbers) - 1)
        known = np.empty(len(wanted), np.int64)
        known[order] = np.where(self.numbers[place] == wanted[order], self.articles[place], -1)
        found: NDArray[np.int64] = known[run]
        return found
