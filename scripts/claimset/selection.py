"""Selection: which claims a round asks for, and in which order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol, TypeVar

from claimset.errors import UsageError
from claimset.identifiers import hash_json
from claimset.models import TaskOrder
from claimset.text_files import read_text_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from claimset.models import Selection, UnitKind

__all__ = ["Selectable", "hash_ids", "in_order", "read_ids", "select_claims"]


class Selectable(Protocol):
    """What a selection looks at: a claim, or a line about one."""

    @property
    def claim_id(self) -> str:
        """Id of the claim."""

    @property
    def event_id(self) -> str:
        """Its event."""

    @property
    def article_id(self) -> str:
        """Its article."""

    @property
    def kind(self) -> UnitKind:
        """What kind of unit it is."""

    @property
    def checkworthiness(self) -> float | None:
        """How much it is worth checking."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


_Claim = TypeVar("_Claim", bound=Selectable)


def read_ids(path: Path, known: Collection[str]) -> frozenset[str]:
    """Read a file of claim ids, one a line; empty lines and lines that begin with ``#`` are free.

    Args:
        path: The file.
        known: Ids of all claims of the workspace.

    Raises:
        UsageError: The file cannot be read, or holds an id that no claim has; names the line.
    """
    text = read_text_file(
        path, remedy="name a UTF-8 text file with one claim id a line", error=UsageError
    )
    ids = set()
    for number, line in enumerate(text.split("\n"), start=1):
        name = line.strip()
        if not name or name.startswith("#"):
            continue
        if name not in known:
            raise UsageError(
                f"no claim has the id {name[:40]!r}",
                where=f"{path}:{number}",
                remedy="list ids as they stand in .claimset/claims and in the dataset, "
                "one a line; run `claimset segment` first if the articles changed",
            )
        ids.add(name)
    return frozenset(ids)


def hash_ids(ids: Iterable[str]) -> str:
    """What a selection records of a file of ids: the same ids in any order give the same hash."""
    return hash_json(sorted(ids))


def select_claims(
    claims: Sequence[_Claim],
    selection: Selection,
    *,
    ids: Collection[str] | None = None,
    pushed: Collection[str] = (),
) -> list[_Claim]:
    """The claims that a round asks for, article by article, in the order of tasks.

    A sample is drawn by a hash of seed and claim id, so it is the same in every run and hardly
    moves when articles are added. Claims that have a task already come first into the sample:
    a round never asks for more people's time because a draw came out otherwise.

    Args:
        claims: All claims, article by article.
        selection: The conditions.
        ids: The listed ids, when the selection names a file of ids.
        pushed: Ids of the claims that have a task in the round.

    Raises:
        UsageError: An event or article is unknown, the file of ids is missing or another one, or
            no claim is left.
    """
    _check_names("event", selection.events, {claim.event_id for claim in claims})
    _check_names("article", selection.articles, {claim.article_id for claim in claims})
    if selection.ids_sha256 is not None and (ids is None or hash_ids(ids) != selection.ids_sha256):
        raise UsageError(
            "the round was selected by a file of claim ids"
            + (", and this one lists other ids" if ids is not None else ""),
            where="--ids",
            remedy="give the same ids again with --ids FILE, or begin a new --round NAME",
        )
    found = [claim for claim in claims if _fits(claim, selection, ids)]
    if selection.sample is not None:
        found = _draw(found, selection.sample, selection.seed, pushed)
    if not found:
        raise UsageError(
            "the selection leaves no claim",
            where=selection.compact(),
            remedy="loosen it; `claimset push --dry-run` shows how many claims would be sent",
        )
    return _ordered(found, selection.order)


def in_order(
    some: Iterable[_Claim], claims: Sequence[_Claim], selection: Selection
) -> list[_Claim]:
    """Claims in the order in which a round asks them.

    Args:
        some: The claims to order.
        claims: All claims, article by article.
        selection: Says which article comes first.
    """
    place = {claim.article_id: number for number, claim in enumerate(claims)}
    found = sorted(some, key=lambda claim: place[claim.article_id])
    return _ordered(found, selection.order)


def _check_names(what: str, wanted: Iterable[str], known: Collection[str]) -> None:
    for name in wanted:
        if name not in known:
            raise UsageError(
                f"no claim belongs to the {what} {name!r}",
                where=f"--{what}",
                remedy=f"name one of the {len(known)} that seeds/manifest.jsonl lists",
            )


def _fits(claim: Selectable, selection: Selection, ids: Collection[str] | None) -> bool:
    return (
        (ids is None or claim.claim_id in ids)
        and (not selection.events or claim.event_id in selection.events)
        and (not selection.articles or claim.article_id in selection.articles)
        and (not selection.kinds or claim.kind in selection.kinds)
        and _is_worth(claim, selection.min_worth)
    )


def _is_worth(claim: Selectable, least: float | None) -> bool:
    """A claim without a score, as in a language without rules for it, is not below any."""
    return least is None or claim.checkworthiness is None or claim.checkworthiness >= least


def _draw(claims: Sequence[_Claim], size: int, seed: int, pushed: Collection[str]) -> list[_Claim]:
    def lot(claim: Selectable) -> tuple[bool, bytes]:
        key = f"{seed}:{claim.claim_id}".encode()
        return claim.claim_id not in pushed, hashlib.sha256(key).digest()

    drawn = {claim.claim_id for claim in sorted(claims, key=lot)[:size]}
    return [claim for claim in claims if claim.claim_id in drawn]


def _ordered(claims: Sequence[_Claim], order: TaskOrder) -> list[_Claim]:
    by_article: dict[str, list[_Claim]] = {}
    for claim in claims:
        by_article.setdefault(claim.article_id, []).append(claim)
    articles = [
        sorted(found, key=lambda claim: (claim.start, claim.end)) for found in by_article.values()
    ]
    if order is TaskOrder.WORTH:
        articles.sort(key=lambda found: -max(claim.checkworthiness or 0 for claim in found))
    return [claim for found in articles for claim in found]
