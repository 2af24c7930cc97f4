"""A returned answer on the page: its annotator reads why, mends it by key, and the note is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.pipeline.returning import list_returns, send_returns

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Room

pytestmark = [pytest.mark.studio, pytest.mark.browser]


def test_a_returned_answer_is_mended_by_key(open_room: Callable[..., Room]) -> None:
    """It comes first, as it was left, with the reason on screen; another annotator sees none."""
    room = open_room(overlap=2)
    anna, ben = room.sit_down("anna"), room.sit_down("ben")
    claim = anna.claim()
    anna.press("a", "1", "9")
    anna.submit()  # the page takes a verdict without a mark
    room.pulled()
    (sent,) = send_returns(room.workspace, room.settings).broken
    assert sent.reason == "supported needs a span marked supports"

    anna.open_stream(room.project_id)
    assert anna.claim() == claim
    assert "[returned: supported needs a span marked supports]" in anna.whole_screen()
    assert len(anna.chosen()) == 3
    assert any(mark.label == "Candidate" for mark in anna.marks())
    assert "returned" not in ben.whole_screen() + ben.received()
    anna.press("Alt+.", "q")
    anna.submit()

    (answer,) = room.pulled()
    assert (answer.verdict, answer.justification, len(answer.evidence)) == ("supported", None, 1)
    left = list_returns(room.workspace, room.settings)
    assert (left.broken, left.waiting, left.mended) == ((), (), 1)
