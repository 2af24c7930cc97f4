"""A label set of one's own on the page: its words, its keys, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.labelstudio.verdict_page import config_for, guidelines_for
from claimset.models import LabelSet
from claimset.models.labels import FREE_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.storage.workspace import Workspace
    from tests.browser.conftest import Room

pytestmark = [pytest.mark.studio, pytest.mark.browser]

FIVE = LabelSet.model_validate(
    {
        "name": "press",
        "not_enough_evidence": "unproven",
        "verdicts": [
            {"name": "right", "title": "Right", "hotkey": "1", "evidence": ["supports"]},
            {"name": "mostly", "title": "Right in the main", "hotkey": "2"},
            {"name": "misleading", "title": "Misleading", "hotkey": "m", "hint": "Right in words"},
            {"name": "wrong", "title": "Wrong <b>", "hotkey": "f", "evidence": ["refutes"]},
            {"name": "unproven", "title": "Unproven", "hotkey": "n"},
        ],
    }
)
EVERY_KEY = LabelSet.model_validate(
    {
        "name": "every-key",
        "verdicts": [
            {"name": f"verdict_{key}", "title": f"V {key}", "hotkey": key} for key in FREE_KEYS
        ],
    }
)


def _give(workspace: Workspace, labels: LabelSet) -> None:
    """Page and guidelines of a label set, as ``claimset init`` makes them."""
    for path, made in (
        (workspace.labeling_config, config_for),
        (workspace.guidelines, guidelines_for),
    ):
        path.write_text(made(path.read_text("utf-8"), labels), "utf-8")


def test_a_verdict_of_ones_own_is_given_by_its_key(
    open_room: Callable[..., Room], workspace_copy: Workspace
) -> None:
    _give(workspace_copy, FIVE)
    room = open_room(overlap=1, labels=FIVE)
    desk = room.sit_down("press")
    desk.press("a", "m")
    desk.page.screenshot(path=str(workspace_copy.root / "own-labels.png"))
    assert desk.chosen() == ["Factual", "Misleading"]
    shown = desk.page.locator(".fc-claim").inner_text()
    for verdict in FIVE.verdicts:
        assert verdict.title in shown
    desk.press("f")
    assert desk.chosen() == ["Factual", "Wrong <b>"]
    desk.press("n")
    desk.submit()
    desk.wait_for_task()
    (answer,) = room.pulled()
    assert (answer.verdict, answer.label_schema_version) == ("unproven", f"1.0+press.{FIVE.digest}")


def test_every_key_that_is_called_free_chooses_its_verdict_and_nothing_else(
    open_room: Callable[..., Room], workspace_copy: Workspace
) -> None:
    """Label Studio has keys of its own; none of them may be offered."""
    _give(workspace_copy, EVERY_KEY)
    room = open_room(overlap=1, labels=EVERY_KEY)
    desk = room.sit_down("keys")
    claim, marks = desk.claim(), desk.marks()
    desk.press("a")
    for verdict in EVERY_KEY.verdicts:
        desk.press(verdict.hotkey)
        assert desk.chosen() == ["Factual", verdict.title]
    assert (desk.claim(), desk.marks()) == (claim, marks)
