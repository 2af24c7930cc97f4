"""Every span survives browser, Label Studio and pull exactly, whatever stands before or in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from claimset.models import Stance

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Room

pytestmark = [pytest.mark.studio, pytest.mark.browser]

CLAIM = "The mayor opened the new library on Monday."


class Spot(NamedTuple):
    """A target for the mouse, in a line of its own with what stands around it."""

    line: str
    target: str


# What breaks offset arithmetic stands in the lines, so every later line has all of it before it.
SPOTS = (
    Spot("The plain words come first.", "plain words"),
    Spot("A firefighter 👩‍🚒 saved everybody there.", "saved everybody"),
    Spot("Then 👨‍👩‍👧‍👦 families cheered loudly.", "families cheered"),
    Spot("Flags 🇩🇪🇫🇷 waved outside.", "waved"),
    Spot("The cafe\u0301 re\u0301sume\u0301 was accented twice.", "cafe\u0301 re\u0301sume\u0301"),
    Spot("Precomposed café comes after it.", "café comes"),
    Spot("In Hebrew שלום עולם is a greeting.", "greeting"),
    Spot("Right to left: היה כאן אתמול", "כאן"),
    Spot("In Arabic مرحبا بالعالم they replied.", "they replied"),
    Spot("Isolates \u2067אבג\u2069 hide in between.", "hide in between"),
    Spot("No\u00a0break\u00a0space\u00a0here stays whole.", "stays whole"),
    Spot("Twenty\u00a0percent is one thing.", "Twenty\u00a0percent"),
    Spot("Two  spaces and\ta tab follow.", "tab follow"),
    Spot("Again  two spaces\tthen a tab.", "Again  two spaces\tthen"),
    Spot("Zero\u200bwidth\u200bspaces vanish from view.", "vanish"),
    Spot("A line\u2028separator sits inside.", "separator sits"),
    Spot("An ampersand &amp; a <b>tag</b> stay literal.", "stay literal"),
    Spot("Quotes “curly” and ‘single’ close.", "“curly” and ‘single’"),
    Spot("Mathematics 𝒳 + 𝒴 beyond the plane.", "beyond the plane"),
    Spot("Skin tone 👍🏽 approved it.", "approved"),
    Spot("CJK 市长打开了图书馆 at last.", "at last"),
    Spot("The last words end it all.", "last words end"),
)


def _article(name: str, text: str, **more: object) -> dict[str, object]:
    return {"article_id": name, "text": text, **more}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_mouse_selections_come_back_exactly(open_room: Callable[..., Room], newline: str) -> None:
    """Each target is marked with the mouse; the ledger holds its code points, all of them."""
    text = newline.join(spot.line for spot in SPOTS) + newline
    room = open_room(
        [
            _article("a", CLAIM, roles=["claims"]),
            _article("s", text.encode("utf-8"), roles=["evidence"]),  # type: ignore[arg-type]
        ],
        overlap=1,
        candidates=0,
    )
    desk = room.sit_down("mouse")
    desk.press("a", "4")
    for number, spot in enumerate(SPOTS):
        desk.press("qwe"[number % 3])
        desk.drag_over(spot.target)
    desk.submit()
    (answer,) = room.pulled()
    whole = "\n".join(spot.line for spot in SPOTS) + "\n"
    stances = (Stance.SUPPORTS, Stance.REFUTES, Stance.CONTEXT)
    expected = [
        (whole.index(spot.target), spot.target, stances[number % 3])
        for number, spot in enumerate(SPOTS)
    ]
    found = sorted((span.start, span.text, span.stance) for span in answer.evidence)
    assert found == sorted(expected)
    assert all(whole[span.start : span.end] == span.text for span in answer.evidence)


def test_a_selection_over_paragraphs_and_a_fold_comes_back_exactly(
    open_room: Callable[..., Room],
) -> None:
    """Line breaks count one each, and text that is folded away still counts."""
    filler = [f"The committee met for the {number}th time." for number in range(40)]
    lines = [
        *filler[:20],
        "The mayor of the town opened the new library on Monday 👩‍🚒.",
        *filler[20:],
    ]
    text = "\n\n".join(lines) + "\n"
    room = open_room(
        [_article("a", CLAIM, roles=["claims"]), _article("s", text, roles=["evidence"])],
        overlap=1,
        candidates=1,
    )
    desk = room.sit_down("folds")
    folded = desk.page.get_by_text(filler[5], exact=True)
    assert folded.is_hidden()
    pane = desk.page.locator(".fc-src")
    assert pane.evaluate("pane => pane.scrollHeight - pane.clientHeight") == 0
    desk.press("a", "1", "Alt+.", "q", "Escape", "w")
    desk.drag_over(f"{filler[19]}{lines[20]}")
    desk.press("Alt+o", "e")
    desk.drag_over(filler[30])
    desk.press("Alt+o", "Escape", "e")
    desk.drag_over("".join(lines[21:31]))  # from before the fold to behind it
    desk.press("Alt+o")
    assert folded.is_visible()
    desk.press("e")
    desk.drag_over(f"{filler[0]}{filler[1]}")
    desk.submit()
    (answer,) = room.pulled()
    assert [(span.stance, span.text) for span in answer.evidence] == [
        (Stance.CONTEXT, f"{filler[0]}\n\n{filler[1]}"),
        (Stance.REFUTES, f"{filler[19]}\n\n{lines[20]}"),
        (Stance.SUPPORTS, lines[20]),
        (Stance.CONTEXT, "\n\n".join(lines[21:31])),
        (Stance.CONTEXT, filler[30]),
    ]
    assert all(text[span.start : span.end] == span.text for span in answer.evidence)
