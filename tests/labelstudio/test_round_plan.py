"""Round plans: a round that was begun keeps its terms, and its answers their meaning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import ContractError, UsageError
from claimset.labelstudio.client import Project
from claimset.labelstudio.config import Guidelines, read_labeling_config
from claimset.labelstudio.fingerprint import fingerprint_of
from claimset.labelstudio.mark import RoundMark
from claimset.labelstudio.round_plan import RoundPlan, check_change, check_new_page, check_terms
from claimset.models import AVERITEC, RoundKind, Selection
from claimset.storage.ledger import Ledger, Round

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = read_labeling_config(
    Path(__file__).parents[2] / "schemas" / "labeling_config.xml", AVERITEC
)
GUIDELINES = Guidelines("<p>Read.</p>", "0.3")
PROJECT = Project(7, "claimset · pilot", "", CONFIG.xml, None)
MARK = RoundMark(
    round="pilot",
    generation=1,
    overlap=2,
    label_schema="1.0",
    guidelines="0.3",
    answers="aa",
    wording="bb",
    selection=Selection(events=("e",)),
)


def plan(**changes: Any) -> RoundPlan:
    return RoundPlan("pilot", 2, CONFIG, GUIDELINES)._replace(**changes)


@pytest.mark.parametrize("selection", [None, MARK.selection])
def test_the_terms_a_round_was_begun_under_are_kept(selection: Selection | None) -> None:
    """Without a selection the round's own is meant."""
    check_terms(PROJECT, MARK, plan(selection=selection))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"overlap": 3}, "overlap 2 and kind annotation; now they are 0.3, 3, annotation"),
        ({"guidelines": Guidelines("", "0.4")}, "begun with guidelines 0.3"),
        ({"kind": RoundKind.ADJUDICATION}, "now they are 0.3, 2, adjudication"),
        ({"selection": Selection()}, "begun with the selection"),
        ({"selection": Selection(events=("f",))}, "begun with the selection"),
    ],
)
def test_other_terms_need_another_round(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_terms(PROJECT, MARK, plan(**changes))
    assert words in caught.value.problem
    assert "claimset · pilot" in caught.value.where
    assert "--round NAME" in caught.value.remedy


@pytest.mark.parametrize("reworded", [False, True])
def test_other_choices_never_reach_answers(*, reworded: bool) -> None:
    """Not even when the lead says that the wording means the same."""
    wanted = MARK.model_copy(update={"answers": "ab"})
    with pytest.raises(ContractError, match="other controls or choices"):
        check_change(PROJECT, MARK, wanted, reworded=reworded)


def test_another_wording_needs_the_leads_word() -> None:
    wanted = MARK.model_copy(update={"wording": "bc"})
    with pytest.raises(ContractError, match="no longer what was read") as caught:
        check_change(PROJECT, MARK, wanted, reworded=False)
    assert "--reworded" in caught.value.remedy
    check_change(PROJECT, MARK, wanted, reworded=True)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite3") as found:
        yield found


def test_only_a_page_that_the_project_lacks_is_looked_at(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Label Studio's parser takes half a second to load, so a known page is not shown to it."""
    looked: list[str] = []
    monkeypatch.setattr(
        "claimset.labelstudio.round_plan.check_page",
        lambda config, where: looked.append(f"{where} {config.sha256}"),
    )
    own = CONFIG._replace(xml=CONFIG.xml + " ")
    check_new_page(ledger, plan(config=own))
    page = fingerprint_of(own.xml, GUIDELINES.html).page
    ledger.save_round(Round("pilot", "http://127.0.0.1:8080", 7, 1, 2, "1.0", "0.3", page))
    assert len(looked) == 1
    check_new_page(ledger, plan(config=own))
    assert len(looked) == 1
    check_new_page(ledger, plan(config=own, guidelines=Guidelines("<p>Skim.</p>", "0.3")))
    check_new_page(ledger, plan(config=own._replace(xml=own.xml + " ")))
    check_new_page(ledger, plan(config=own, name="second"))
    assert looked == [f"schemas/labeling_config.xml {CONFIG.sha256}"] * 4
    check_new_page(ledger, plan(name="third"))  # the page that comes with claimset
    assert len(looked) == 4
