"""Hostile text shows as the text it is, and makes the browser fetch or run nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Room

pytestmark = [pytest.mark.studio, pytest.mark.browser]

# Each would set a mark on the window, open a dialog or fetch from outside if it came alive.
PAYLOADS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=2>",
    '<img src="http://outside.invalid/pixel.png">',
    '<a href="javascript:window.pwned=3">press</a>',
    '<svg onload=window.pwned=4><use href="http://outside.invalid/#a"></svg>',
    '<iframe src="http://outside.invalid/"></iframe>',
    "<style>@import 'http://outside.invalid/a.css';</style>",
    '<link rel=stylesheet href="http://outside.invalid/b.css">',
    "</mark></details><b onmouseover=alert(5)>bold</b>",
    "{{constructor.constructor('window.pwned=6')()}} {{idx}} $claim $sources[0].text ${7*7}",
    "'\"><body onload=alert(7)>",
    "&lt;b&gt; &amp;amp; &#60;",
)


def _payload_sentence(number: int, payload: str) -> str:
    return f"Speaker {number} told the court that {payload} was written there."


def test_hostile_text_shows_literally_and_fetches_nothing(open_room: Callable[..., Room]) -> None:
    """In claim, context, titles and sources: seen as written, nothing run, nothing fetched."""
    sentences = [_payload_sentence(n, payload) for n, payload in enumerate(PAYLOADS)]
    everything = " ".join(PAYLOADS)
    room = open_room(
        [
            {
                "article_id": "a",
                "text": "\n\n".join(sentences),
                "title": everything,
                "publisher": PAYLOADS[1],
                "roles": ["claims"],
            },
            {
                "article_id": "s",
                "text": "\n\n".join(reversed(sentences)),
                "title": everything,
                "publisher": PAYLOADS[0],
                "roles": ["evidence"],
            },
        ],
        overlap=1,
    )
    desk = room.sit_down("hostile")
    page = desk.page
    shown = set()
    for _ in range(len(room.claims())):
        desk.wait_for_task()
        claim = desk.claim()
        shown.add(claim)
        number = int(claim.split()[1])
        payload = PAYLOADS[number]
        assert payload in claim
        context = page.locator(".fc-ctx")
        for summary in context.locator("details:not(.fc-whole) summary").all():
            summary.click()
        for sentence in sentences:
            assert sentence in context.inner_text()
            assert sentence in page.locator(".fc-src").inner_text()
        assert PAYLOADS[0] in page.locator(".fc-title").inner_text()
        assert everything in page.locator(".fc-title").text_content()  # type: ignore[operator]
        assert page.locator("textarea[name=edited_claim]").input_value() == claim
        page.mouse.move(300, 400)
        desk.press("a", "3")
        desk.submit()
    assert len(shown) == len(room.claims())
    assert page.evaluate("window.pwned") is None
    assert desk.dialogs == []
    assert desk.strangers() == []
    answers = room.pulled()
    assert len(answers) == len(shown)
    assert all(answer.edited_claim is None for answer in answers)


def test_words_of_a_megabyte_leave_the_page_usable(open_room: Callable[..., Room]) -> None:
    """A word without end breaks no layout: the claim can still be read, answered and marked."""
    word = "x" * 1_000_000
    room = open_room(
        [
            {
                "article_id": "a",
                "text": f"The mayor said {word} to the council.\n\nThe mayor opened the library.",
                "title": "A title of " + "y" * 1_000_000,
                "roles": ["claims"],
            },
            {
                "article_id": "s",
                "text": f"He read out {word} again.\n\nThe mayor opened the library at noon.",
                "title": "Another of " + "z" * 1_000_000,
                "roles": ["evidence"],
            },
        ],
        overlap=1,
        candidates=0,
    )
    desk = room.sit_down("giant")
    for _ in range(len(room.claims())):
        desk.wait_for_task()
        width, height = desk.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert (width, height) == (1366, 768)
        desk.press("a", "1", "q")
        desk.drag_over("opened the library at noon")
        desk.submit()
    answers = room.pulled()
    assert len(answers) == len(room.claims())
    for answer in answers:
        assert [span.text for span in answer.evidence] == ["opened the library at noon"]
    assert desk.strangers() == []
