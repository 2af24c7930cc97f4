"""Splits never leak, never move, and come out the same everywhere."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.models import Split
from claimset.release.splits import divide, less_protected

EVENTS = [f"event-{number}" for number in range(400)]
LINKS = st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from(EVENTS)), max_size=60)


def test_shares_come_out_as_wanted_and_do_not_depend_on_order() -> None:
    found = divide(EVENTS, [], {})
    counts = Counter(found.split_of.values())
    assert found.rule.divided
    assert 0.7 < counts[Split.TRAIN] / len(EVENTS) < 0.88
    assert all(counts[split] > 15 for split in Split)
    assert divide(EVENTS[::-1], [], {}).split_of == found.split_of


def test_too_few_groups_are_one_split() -> None:
    found = divide(EVENTS[:19], [], {})
    assert set(found.split_of.values()) == {Split.TRAIN}
    assert not found.rule.divided
    assert divide(EVENTS[:20], [], {}).rule.divided
    linked = divide(EVENTS[:20], [(EVENTS[0], EVENTS[1])], {})
    assert (linked.rule.groups, linked.rule.divided) == (19, False)


@given(LINKS)
def test_linked_events_share_a_split(links: list[tuple[str, str]]) -> None:
    found = divide(EVENTS, links, {}).split_of
    assert all(found[one] == found[other] for one, other in links)


@given(LINKS, LINKS, st.integers(20, 399))
def test_what_was_assigned_stays_whatever_is_added_and_linked(
    first: list[tuple[str, str]], second: list[tuple[str, str]], count: int
) -> None:
    before = divide(EVENTS[:count], first, {}).split_of
    after = divide(EVENTS, [*first, *second], before, shares={Split.TRAIN: 1.0}).split_of
    assert {event: after[event] for event in before} == before


def test_a_new_event_between_two_splits_joins_the_more_protected_one() -> None:
    before = {"a": Split.TRAIN, "b": Split.TEST}
    found = divide(["a", "b", "new"], [("a", "new"), ("new", "b")], before).split_of
    assert found == {"a": Split.TRAIN, "b": Split.TEST, "new": Split.TEST}


def test_events_after_the_cut_are_test_and_no_others() -> None:
    cut = date(2024, 1, 1)
    dates = {
        name: date(2023 + number % 2, 6, 1) if number % 5 else None
        for number, name in enumerate(EVENTS)
    }
    found = divide(EVENTS, [], {}, dates=dates, cut=cut).split_of
    late = {name for name, day in dates.items() if day is not None and day >= cut}
    assert {name for name, split in found.items() if split is Split.TEST} == late
    assert Split.VALIDATION in found.values()


@pytest.mark.parametrize(("one", "other"), [("train", "validation"), ("validation", "test")])
def test_the_less_protected_split_gives_way(one: str, other: str) -> None:
    assert less_protected(Split(one), Split(other))
    assert not less_protected(Split(other), Split(one))
