"""Lines: what a selection needs to know of every claim, kept as columns.

A round may choose among hundreds of thousands of claims. As objects they would take most of a
push's memory; as columns a claim takes some fifty bytes.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from claimset.models import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

__all__ = ["ClaimLine", "ClaimLines"]

_ID = re.compile(r"c_[0-9a-f]{16}")
_KINDS = tuple(UnitKind)
_KIND_CODES = {kind.value: code for code, kind in enumerate(_KINDS)}
_NOBODY = -1


class ClaimLine(NamedTuple):
    """What a selection needs to know of a claim."""

    claim_id: str
    article_id: str
    event_id: str
    kind: UnitKind
    checkworthiness: float | None
    start: int
    end: int
    repeats: str | None
    """The claim whose words it repeats, if it does so word for word."""


class ClaimLines(Sequence[ClaimLine]):
    """The lines of all claims in the order of the table, article by article.

    A row is the number of a claim in that order, from 0.
    """

    def __init__(self) -> None:
        self.articles: dict[str, int] = {}
        """Number of each article, in the order of their first claims."""
        self.events: dict[str, int] = {}
        """Number of each event, likewise."""
        self._ids = array("Q")
        self._article = array("i")
        self._event_of_article = array("i")
        self._kind = array("B")
        self._worth = array("d")
        self._start = array("q")
        self._end = array("q")
        self._repeats = array("Q")

    def add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Add claims behind those that are there.

        Args:
            columns: The fields of :class:`ClaimLine` by name, one value for each claim.

        Raises:
            ValueError: A claim id or a kind is none.
        """
        number_of = self.articles
        for article_id, event_id in zip(columns["article_id"], columns["event_id"], strict=True):
            if article_id not in number_of:
                number_of[article_id] = len(number_of)
                self._event_of_article.append(self.events.setdefault(event_id, len(self.events)))
        self._ids.extend(map(number_of_id, columns["claim_id"]))
        self._article.extend(number_of[article_id] for article_id in columns["article_id"])
        self._kind.extend(_kind_code(kind) for kind in columns["kind"])
        self._worth.extend(
            float("nan") if worth is None else worth for worth in columns["checkworthiness"]
        )
        self._start.extend(columns["start"])
        self._end.extend(columns["end"])
        # No claim is the repetition of the one whose number is 0: a hash of 64 bits.
        self._repeats.extend(
            0 if found is None else number_of_id(found) for found in columns["repeats"]
        )

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, row: int) -> ClaimLine: ...

    @overload
    def __getitem__(self, row: slice) -> list[ClaimLine]: ...

    def __getitem__(self, row: int | slice) -> ClaimLine | list[ClaimLine]:
        if isinstance(row, slice):
            return [self[number] for number in range(*row.indices(len(self)))]
        article, worth, repeats = self._article[row], self._worth[row], self._repeats[row]
        return ClaimLine(
            self.id_of(row),
            self._article_names[article],
            self._event_names[self._event_of_article[article]],
            _KINDS[self._kind[row]],
            None if worth != worth else worth,  # noqa: PLR0124 - not a number
            self._start[row],
            self._end[row],
            id_of_number(repeats) if repeats else None,
        )

    def __contains__(self, claim_id: object) -> bool:
        return isinstance(claim_id, str) and self.row_of(claim_id) is not None

    def id_of(self, row: int) -> str:
        """Id of a claim."""
        return id_of_number(self._ids[row])

    def row_of(self, claim_id: str) -> int | None:
        """Number of a claim; ``None`` when there is none with the id."""
        if not _ID.fullmatch(claim_id):
            return None
        row = int(self._find(np.array([number_of_id(claim_id)], dtype=np.uint64))[0])
        return None if row == _NOBODY else row

    def rows_of(self, claim_ids: Iterable[str]) -> NDArray[np.int64]:
        """Numbers of claims in the order of the ids; those that are not there are left out."""
        numbers = array("Q", (number_of_id(name) for name in claim_ids if _ID.fullmatch(name)))
        found = self._find(np.frombuffer(numbers, dtype=np.uint64))
        there: NDArray[np.int64] = found[found != _NOBODY]
        return there

    def mask_of(self, claim_ids: Iterable[str]) -> NDArray[np.bool_]:
        """For each claim whether it is among those with the ids."""
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[self.rows_of(claim_ids)] = True
        return mask

    def claims_of_articles(self) -> list[tuple[str, int]]:
        """How many claims each article has."""
        counts = np.bincount(self.article, minlength=len(self.articles))
        return list(zip(self.articles, counts.tolist(), strict=True))

    def event_of_article(self, article_id: str) -> str:
        """Id of an article's event."""
        return self._event_names[self._event_of_article[self.articles[article_id]]]

    def event_of(self, row: int) -> int:
        """Number of a claim's event."""
        return self._event_of_article[self._article[row]]

    def events_of(self, claim_ids: Iterable[str]) -> NDArray[np.int64]:
        """Number of the event of each claim; -1 for one that is not there."""
        numbers = np.fromiter(map(number_of_id, claim_ids), dtype=np.uint64)
        rows = self._find(numbers)
        return np.where(rows == _NOBODY, _NOBODY, self.event[rows])

    # Columns, one value for each claim

    @property
    def article(self) -> NDArray[np.int32]:
        """Number of the article."""
        return np.frombuffer(self._article, dtype=np.int32)

    @property
    def event(self) -> NDArray[np.int32]:
        """Number of the event."""
        return np.frombuffer(self._event_of_article, dtype=np.int32)[self.article]

    @property
    def worth(self) -> NDArray[np.float64]:
        """Check-worthiness; not a number where there is none."""
        return np.frombuffer(self._worth, dtype=np.float64)

    @property
    def start(self) -> NDArray[np.int64]:
        """Where it begins."""
        return np.frombuffer(self._start, dtype=np.int64)

    @property
    def end(self) -> NDArray[np.int64]:
        """Where it ends."""
        return np.frombuffer(self._end, dtype=np.int64)

    @property
    def original(self) -> NDArray[np.int64]:
        """Number of the claim whose words it repeats; -1 for none."""
        repeats = np.frombuffer(self._repeats, dtype=np.uint64)
        return np.where(repeats == 0, _NOBODY, self._find(repeats))

    def is_of(self, kinds: Iterable[UnitKind]) -> NDArray[np.bool_]:
        """Whether it is of one of the kinds."""
        codes = [_KIND_CODES[kind.value] for kind in kinds]
        return np.isin(np.frombuffer(self._kind, dtype=np.uint8), codes)

    def _find(self, numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
        if not len(self):
            return np.full(len(numbers), _NOBODY)
        order, ordered = self._order
        places = np.minimum(np.searchsorted(ordered, numbers), len(self) - 1)
        return np.where(ordered[places] == numbers, order[places], _NOBODY)

    @cached_property
    def _order(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        ids = np.frombuffer(self._ids, dtype=np.uint64)
        order = np.argsort(ids, kind="stable")
        return order, ids[order]

    @cached_property
    def _article_names(self) -> list[str]:
        return list(self.articles)

    @cached_property
    def _event_names(self) -> list[str]:
        return list(self.events)


def number_of_id(claim_id: str) -> int:
    """A claim id as the number that it writes.

    >>> number_of_id("c_00000000000000ff")
    255
    """
    if not _ID.fullmatch(claim_id):
        msg = f"{claim_id[:40]!r} is no claim id"
        raise ValueError(msg)
    return int(f"0x{claim_id[2:]}", 0)


def id_of_number(number: int) -> str:
    """The claim id of a number; see :func:`number_of_id`."""
    return f"c_{number:016x}"


def _kind_code(kind: str | UnitKind) -> int:
    return _KIND_CODES[kind.value if isinstance(kind, UnitKind) else kind]
