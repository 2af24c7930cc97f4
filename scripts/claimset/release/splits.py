"""Splits that never leak and never move.

Events that are linked belong together: a group of them, with all articles, repetitions and
derived claims, is in one split. A group without a split gets one by a hash of its first event's
id, so the same events are divided in the same way everywhere and in every order. What an earlier
release assigned stays.

Two groups of different splits may turn out to be linked. Moving one would break the promise that
no claim ever changes its split, so both stay, a new event of the merged group joins the split
that needs the most protection (test before validation before train), and of two claims linked
across splits the one in the less protected split is withheld from the training views.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from claimset.models import Split, SplitRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

__all__ = ["DEFAULT_SHARES", "Division", "divide", "less_protected"]

DEFAULT_SHARES: dict[Split, float] = {Split.TRAIN: 0.8, Split.VALIDATION: 0.1, Split.TEST: 0.1}

_LEAST_GROUPS = 20
"""With fewer, a tenth of them would be one event or none, and a figure on it would say nothing."""

_PROTECTION = {Split.TRAIN: 0, Split.VALIDATION: 1, Split.TEST: 2}


class Division:
    """The split of every event, and the rule that made it."""

    def __init__(self, split_of: Mapping[str, Split], rule: SplitRule) -> None:
        self.split_of = dict(split_of)
        """Split by event id."""
        self.rule = rule
        """The rule, as it is released."""


def divide(
    events: Sequence[str],
    links: Iterable[tuple[str, str]],
    earlier: Mapping[str, Split],
    *,
    dates: Mapping[str, date | None] | None = None,
    shares: Mapping[Split, float] = DEFAULT_SHARES,
    cut: date | None = None,
) -> Division:
    """Give every event its split.

    Args:
        events: Ids of all events.
        links: Pairs of events that share a repetition or a derived claim.
        earlier: What an earlier release assigned.
        dates: The earliest publication among each event's articles, where it is known.
        shares: Wanted share of the groups in each split; they add up to 1.
        cut: Groups whose every event begins on or after this day become test groups, and no
            other group does; the remaining shares are scaled up to 1.
    """
    groups = _groups(events, links)
    divided = len(groups) >= _LEAST_GROUPS
    split_of: dict[str, Split] = {}
    for members in groups:
        known = {earlier[event] for event in members if event in earlier}
        if known:
            split = max(known, key=_PROTECTION.__getitem__)
        elif not divided:
            split = Split.TRAIN
        else:
            split = _assign(members, shares, dates or {}, cut)
        split_of |= {event: earlier.get(event, split) for event in members}
    rule = SplitRule(shares=dict(shares), cut=cut, groups=len(groups), divided=divided)
    return Division(split_of, rule)


def less_protected(one: Split, other: Split) -> bool:
    """Whether ``one`` gives way to ``other``: train to validation, both to test."""
    return _PROTECTION[one] < _PROTECTION[other]


def _assign(
    members: Sequence[str],
    shares: Mapping[Split, float],
    dates: Mapping[str, date | None],
    cut: date | None,
) -> Split:
    wanted = dict(shares)
    if cut is not None:
        found = [dates.get(event) for event in members]
        if all(day is not None and day >= cut for day in found):
            return Split.TEST
        wanted.pop(Split.TEST, None)
    return _by_hash(min(members), wanted)


def _by_hash(event: str, shares: Mapping[Split, float]) -> Split:
    digest = hashlib.sha256(f"split:{event}".encode()).digest()
    point = int.from_bytes(digest[:8], "big") / 2**64 * sum(shares.values())
    for split in Split:
        point -= shares.get(split, 0.0)
        if point < 0:
            return split
    return next(split for split in reversed(Split) if shares.get(split))


def _groups(events: Sequence[str], links: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Connected events, by union-find; groups in the order of their first event."""
    parent = {event: event for event in events}

    def root(event: str) -> str:
        while parent[event] != event:
            parent[event] = parent[parent[event]]
            event = parent[event]
        return event

    for one, other in links:
        if one in parent and other in parent:
            first, second = sorted((root(one), root(other)))
            parent[second] = first
    groups: dict[str, list[str]] = {}
    for event in events:
        groups.setdefault(root(event), []).append(event)
    return list(groups.values())
