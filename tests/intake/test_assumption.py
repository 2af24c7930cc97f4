"""Assumption: English rules are kept away from texts that are plainly something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.intake.assumption import assumed_language
from claimset.seeds import read_articles

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

GERMAN = (
    "Die Stadt hat die Brücke am Sonntag gesperrt, weil zwei Risse gefunden wurden. Wann sie "
    "wieder offen ist, weiß niemand. Der Rat tagt am Montag und will dann über die Kosten "
    "beraten, die in der Stadt seit Wochen ein Thema sind."
)
DUTCH = (
    "De brug is zondag gesloten omdat er twee scheuren zijn gevonden. Niemand weet wanneer ze weer "
    "open gaat. De raad vergadert op maandag en wil dan over de kosten praten, want die zijn in de "
    "stad al weken een onderwerp van gesprek."
)


@pytest.mark.parametrize(
    "text", [GERMAN, DUTCH, "橋は日曜日に閉鎖された。", "Мост закрыт.", "12 3"]
)
def test_what_is_plainly_not_english_is_not_known(text: str) -> None:
    assert assumed_language(text) == "und"


def test_the_seeds_look_english(workspace_copy: Workspace) -> None:
    assert {assumed_language(a.text) for a in read_articles(workspace_copy.seeds)} == {"en"}
