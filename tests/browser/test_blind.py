"""Two annotators at work at the same time: neither is shown the other's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.identifiers import annotator_pseudonym
from claimset.labelstudio.people import read_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Room
    from tests.browser.desk import Desk

pytestmark = [pytest.mark.studio, pytest.mark.browser]

SENTENCES = ("The mayor opened the library.", "The bridge was closed.", "The school burned down.")
CLAIMS = len(SENTENCES)


def _articles() -> list[dict[str, object]]:
    return [
        {"article_id": "a", "text": "\n\n".join(SENTENCES), "roles": ["claims"]},
        {"article_id": "s", "text": " ".join(reversed(SENTENCES)), "roles": ["evidence"]},
    ]


def _answer(desk: Desk, verdict: str, reason: str) -> str:
    claim = desk.claim()
    desk.press("a", verdict, "Alt+.", {"1": "q", "2": "w"}[verdict], "Alt+j", "Tab")
    desk.page.keyboard.type(reason)
    desk.press("Tab", "Tab")
    desk.submit()
    return claim


def test_annotators_in_parallel_are_blind_to_each_other(open_room: Callable[..., Room]) -> None:
    """Both get every claim once; in the stream the server itself gives neither the other's work."""
    room = open_room(_articles(), overlap=2)
    anna, ben = room.sit_down("anna"), room.sit_down("ben")
    seen: dict[str, list[str]] = {"anna": [], "ben": []}
    for number in range(CLAIMS):
        seen["anna"].append(_answer(anna, "1", f"ANNA-REASON-{number}"))
        assert ben.chosen() == []
        assert {mark.label for mark in ben.marks()} <= {"Candidate"}
        assert ben.page.locator(".lsf-annotations-carousel").count() == 0
        assert "ANNA-REASON" not in ben.whole_screen()
        seen["ben"].append(_answer(ben, "2", f"BEN-REASON-{number}"))
        if number < CLAIMS - 1:
            anna.wait_for_task()
            ben.wait_for_task()
    assert sorted(seen["anna"]) == sorted(seen["ben"])
    assert len(set(seen["anna"])) == CLAIMS
    for desk, other in ((anna, "BEN-REASON"), (ben, "ANNA-REASON")):
        received = desk.received()
        assert "library" in received
        assert other not in received

    answers = room.pulled()
    secret = room.workspace.pseudonym_secret()
    names = [
        annotator_pseudonym(person.email, secret)
        for person in read_people(room.workspace.annotators)
    ]
    for name, reason in zip(names, ("ANNA-REASON", "BEN-REASON"), strict=True):
        own = [answer for answer in answers if answer.annotator == name]
        assert len({answer.claim_id for answer in own}) == len(own) == CLAIMS
        assert all((answer.justification or "").startswith(reason) for answer in own)
    assert len(answers) == 2 * CLAIMS


def test_each_claim_goes_to_as_many_people_as_asked(open_room: Callable[..., Room]) -> None:
    """With an overlap of one, what one person has on screen is given to nobody else."""
    room = open_room(_articles(), overlap=1)
    first, second = room.sit_down("first"), room.sit_down("second")
    claims = []
    for desk in (first, second):
        claims.append(desk.claim())
        desk.press("d")
        desk.submit()
    assert len(set(claims)) == 2
    answers = room.pulled()
    assert len({answer.claim_id for answer in answers}) == len(answers) == 2


def test_the_link_gives_everybody_the_claims_in_their_order(
    open_room: Callable[..., Room],
) -> None:
    """Where everybody judges everything, the link to the stream goes article by article."""
    room = open_room(_articles(), overlap=2)
    orders = []
    for who in ("first", "second"):
        desk = room.sit_down(who, by_link=True)
        seen = []
        for number in range(CLAIMS):
            seen.append(desk.claim())
            desk.press("d")
            desk.submit()
            if number < CLAIMS - 1:
                desk.wait_for_task()
        orders.append(seen)
    assert orders[0] == orders[1] == list(SENTENCES)
