"""A person's path through the page with the keyboard alone, on the seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.models import Checkability, Confidence, Stance, Verdict
from claimset.seeds import read_articles

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Room

pytestmark = [pytest.mark.studio, pytest.mark.browser]

REASON = "The source says so. Keys like q, w, 1 and 4 are letters here."


def test_a_claim_is_answered_with_the_keyboard_alone(  # noqa: PLR0915 - one path, told in order
    open_room: Callable[..., Room],
) -> None:
    """Open, read, choose, mark evidence, give a reason, submit, next; the ledger has it exactly."""
    room = open_room(overlap=1)
    desk = room.sit_down("keys")
    first = desk.claim()
    assert desk.chosen() == []
    assert {mark.label for mark in desk.marks()} == {"Candidate"}

    desk.press("a", "1", "0")  # factual, supported, sure
    assert desk.chosen() == ["Factual", "High", "Supported"]
    desk.press("Alt+.", "q", "Alt+.", "e")  # the first candidate supports, the second is context
    by_label = {mark.label: mark.text for mark in desk.marks()}
    supports, context = by_label["Supports"], by_label["Context"]
    assert desk.keys == 7
    desk.submit()
    assert desk.keys == 8, "a factual claim with two marks takes eight keys"

    desk.wait_for_task()
    second = desk.claim()
    assert second != first
    assert desk.chosen() == []
    desk.press("Alt+ArrowRight")  # look into the other source, and back
    assert "2 of 2" in desk.page.locator(".lsf-pagination").inner_text()
    desk.press("Alt+ArrowLeft")
    assert "1 of 2" in desk.page.locator(".lsf-pagination").inner_text()
    desk.press("Alt+j", "Tab")
    assert desk.focus() == "justification"
    desk.page.keyboard.type(REASON)
    desk.press("Tab", "Tab")
    assert desk.focus() == "fc-src"
    desk.press("PageDown")  # the source has the focus: it scrolls, and hotkeys work again
    assert desk.page.locator(".fc-src").evaluate("pane => pane.scrollTop") > 0
    desk.press("s", "9")
    assert desk.chosen() == ["Opinion", "Medium"]
    desk.submit()

    desk.wait_for_task()
    third = desk.claim()
    with desk.page.expect_response(lambda answer: "/annotations" in answer.url):
        desk.press("Control+Space")
    desk.wait_for_task()
    assert desk.claim() not in (first, second, third)

    claims = {claim.claim_id: claim.text for claim in room.claims()}
    answers = {claims[answer.claim_id]: answer for answer in room.pulled()}
    assert set(answers) == {first, second, third}
    texts = {article.article_id: article.text for article in read_articles(room.workspace.seeds)}
    for span in answers[first].evidence:
        assert texts[span.article_id][span.start : span.end] == span.text
    assert {(span.stance, span.text) for span in answers[first].evidence} == {
        (Stance.SUPPORTS, supports),
        (Stance.CONTEXT, context),
    }
    assert answers[first].verdict == Verdict.SUPPORTED
    assert answers[first].confidence is Confidence.HIGH
    assert answers[second].checkability is Checkability.OPINION
    assert answers[second].verdict is None
    assert answers[second].justification == REASON
    assert answers[second].evidence == ()  # candidates left grey count for nothing
    assert answers[third].status == "skipped"


def test_a_factual_claim_without_a_verdict_is_held_back(open_room: Callable[..., Room]) -> None:
    """The page says what is missing, closes with Escape, and one more key completes the answer."""
    desk = open_room(overlap=1).sit_down("held")
    desk.press("a", "Control+Enter")
    message = desk.page.get_by_text("A factual claim needs a verdict: Esc, then 1 to 4")
    message.wait_for()
    desk.press("Escape")
    message.wait_for(state="hidden")
    desk.press("3")
    desk.submit()


@pytest.mark.parametrize("size", [(1366, 768), (1440, 900)])
def test_the_page_fits_a_laptop(open_room: Callable[..., Room], size: tuple[int, int]) -> None:
    """Nothing but the panes scrolls, nothing is cut off, and the claim is in view."""
    room = open_room(overlap=1)
    desk = room.sit_down("eyes", size)
    for _ in range(4):
        width, height = size
        page = desk.page.evaluate(
            """() => {
              const main = document.querySelector('.lsf-main-view');
              const root = document.documentElement;
              return [root.scrollWidth, root.scrollHeight, main.scrollHeight - main.clientHeight];
            }"""
        )
        assert page == [width, height, 0]
        for part in (".fc-claim", ".fc-ctx mark", ".fc-srcs", ".fc-write", ".fc-help"):
            box = desk.page.locator(f".fc {part}").first.bounding_box()
            assert box is not None
            assert box["x"] >= 0, part
            assert box["x"] + box["width"] <= width, part
            assert box["y"] >= 0, part
            assert box["y"] + box["height"] <= height, part
        desk.press("d")
        desk.submit()
        desk.wait_for_task()
