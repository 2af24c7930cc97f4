"""Choice: the claims that fulfil every condition of a selection, in the order of tasks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from claimset.errors import UsageError
from claimset.models import TaskOrder
from claimset.selection.ids import hash_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from claimset.models import Selection
    from claimset.selection.lines import ClaimLines

__all__ = ["drawn", "in_order", "select_claims"]

_LOT = 32  # bytes of a SHA-256


def select_claims(
    claims: ClaimLines,
    selection: Selection,
    *,
    ids: Collection[str] | None = None,
    pushed: NDArray[np.bool_] | None = None,
    without: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """The claims that a round asks for, article by article, in the order of tasks.

    A sample is drawn by a hash of seed and claim id, so it is the same in every run and hardly
    moves when articles are added. Claims that have a task already come first into the sample:
    a round never asks for more people's time because a draw came out otherwise.

    Args:
        claims: All claims, article by article.
        selection: The conditions.
        ids: The listed ids, when the selection names a file of ids.
        pushed: For each claim whether it has a task in the round; default: none has.
        without: For each claim whether it is left out whatever the selection says.

    Returns:
        Rows of ``claims``.

    Raises:
        UsageError: An event or article is unknown, the file of ids is missing or another one, or
            no claim is left.
    """
    left = np.ones(len(claims), dtype=np.bool_) if without is None else ~without
    _check_names("event", selection.events, claims.events, claims.event[left])
    _check_names("article", selection.articles, claims.articles, claims.article[left])
    if selection.ids_sha256 is not None and (ids is None or hash_ids(ids) != selection.ids_sha256):
        raise UsageError(
            "the round was selected by a file of claim ids"
            + (", and this one lists other ids" if ids is not None else ""),
            where="--ids",
            remedy="give the same ids again with --ids FILE, or begin a new --round NAME",
        )
    found = np.flatnonzero(left & _fits(claims, selection, ids))
    if selection.sample is not None:
        first = np.zeros(len(claims), dtype=np.bool_) if pushed is None else pushed
        found = drawn(claims, found, selection.sample, f"{selection.seed}:", first)
    if not len(found):
        raise UsageError(
            "the selection leaves no claim",
            where=selection.compact(),
            remedy="loosen it; `claimset push --dry-run` shows how many claims would be sent",
        )
    return in_order(found, claims, selection)


def in_order(
    rows: NDArray[np.int64], claims: ClaimLines, selection: Selection
) -> NDArray[np.int64]:
    """Claims in the order in which a round asks them, those of an article together.

    Args:
        rows: The claims to order.
        claims: All claims, article by article.
        selection: Says which article comes first.
    """
    article = claims.article[rows]
    keys: list[NDArray[Any]] = [claims.end[rows], claims.start[rows], article]
    if selection.order is TaskOrder.WORTH:
        best = np.zeros(len(claims.articles))
        np.maximum.at(best, article, np.nan_to_num(claims.worth[rows], nan=0.0))
        keys.append(-best[article])
    ordered: NDArray[np.int64] = rows[np.lexsort(keys)]
    return ordered


def drawn(
    claims: ClaimLines,
    rows: NDArray[np.int64],
    size: int,
    salt: str,
    first: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """A draw by the SHA-256 of salt and claim id, in the order of ``rows``.

    Args:
        claims: All claims.
        rows: Those to draw from.
        size: How many are drawn at most.
        salt: Stands before the id.
        first: For each claim whether it comes before the others.
    """
    if size >= len(rows):
        return rows
    lots = np.fromiter(
        (hashlib.sha256(f"{salt}{claims.id_of(row)}".encode()).digest() for row in rows.tolist()),
        dtype=f"S{_LOT}",
        count=len(rows),
    )
    # The last key comes first; a text of bytes loses nothing but zeros at its end.
    won = np.lexsort([lots, ~first[rows]])[:size]
    winners: NDArray[np.int64] = rows[np.sort(won)]
    return winners


def _check_names(
    what: str, wanted: Iterable[str], known: dict[str, int], there: NDArray[np.int32]
) -> None:
    for name in wanted:
        if name not in known or known[name] not in there:
            raise UsageError(
                f"no claim belongs to the {what} {name!r}",
                where=f"--{what}",
                remedy=f"name one of the {len(np.unique(there))} that seeds/manifest.jsonl lists",
            )


def _fits(
    claims: ClaimLines, selection: Selection, ids: Collection[str] | None
) -> NDArray[np.bool_]:
    fits = np.ones(len(claims), dtype=np.bool_) if ids is None else claims.mask_of(ids)
    if selection.events:
        fits &= np.isin(claims.event, [claims.events[name] for name in selection.events])
    if selection.articles:
        fits &= np.isin(claims.article, [claims.articles[name] for name in selection.articles])
    if selection.kinds:
        fits &= claims.is_of(selection.kinds)
    if selection.min_worth is not None:
        # A claim without a score, as in a language without rules for it, is not below any.
        fits &= ~(claims.worth < selection.min_worth)
    return fits
