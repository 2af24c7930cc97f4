"""Rounds on a real Label Studio: terms that are kept, and changes that are refused or followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claimset import pipeline
from claimset.errors import ContractError, UsageError
from claimset.labelstudio.client import LabelStudioClient
from claimset.models import Selection, TaskOrder
from claimset.settings import Settings
from claimset.storage.ledger import Ledger, Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio


class Site:
    """A workspace whose rounds live on the shared server."""

    def __init__(self, workspace: Workspace, studio: EmbeddedStudio, name: str) -> None:
        self.workspace = workspace
        self.settings = Settings(
            label_studio_url=studio.url,
            label_studio_api_key=studio.credentials.token,
            round=name,
            overlap=2,
            all_mentions=True,
        )
        self.client = LabelStudioClient(studio.url, studio.credentials.token)

    def push(self, **more: Any) -> pipeline.PushResult:
        return pipeline.push(self.workspace, self.settings, **more)

    def round(self) -> Round:
        with Ledger(self.workspace.ledger) as ledger:
            found = ledger.round(self.settings.round)
        assert found is not None
        return found

    def lose_ledger(self) -> None:
        for path in self.workspace.state.glob("ledger.sqlite3*"):
            path.unlink()

    def answer(self) -> None:
        """Let somebody answer the first task."""
        with Ledger(self.workspace.ledger) as ledger:
            task = ledger.tasks(self.settings.round)[0]
        choice = {"choices": ["opinion"]}
        self.client.annotate(
            task.task_id,
            [
                {
                    "from_name": "checkability",
                    "to_name": "article",
                    "type": "choices",
                    "value": choice,
                }
            ],
        )


@pytest.fixture
def site(
    workspace_copy: Workspace, studio: EmbeddedStudio, request: pytest.FixtureRequest
) -> Iterator[Site]:
    """A segmented workspace with a round of its own."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[-40:].strip("-")
    found = Site(workspace_copy, studio, name)
    pipeline.segment(workspace_copy, found.settings)
    yield found
    found.client.close()


def test_a_round_keeps_its_selection_also_when_the_ledger_is_lost(site: Site) -> None:
    """Selection and order stand in ledger and mark; a later push needs no flags."""
    chosen = Selection(min_worth=0.3, sample=7, order=TaskOrder.WORTH)
    assert site.push(selection=chosen).sent == 7
    assert site.round().selection == chosen
    assert site.push().unchanged == 7
    site.lose_ledger()
    outlook = site.push()
    assert (outlook.sent, outlook.found) == (0, 7)
    assert site.round().selection == chosen
    with pytest.raises(UsageError, match="was begun with the selection"):
        site.push(selection=Selection(min_worth=0.2))


def test_tasks_come_by_article_and_worth(site: Site) -> None:
    """Label Studio holds them article by article, the one most worth checking first."""
    site.push(selection=Selection(order=TaskOrder.WORTH))
    claims = {claim.claim_id: claim for claim in pipeline.read_segmented(site.workspace).claims}
    with Ledger(site.workspace.ledger) as ledger:
        order = [claims[task.claim_id] for task in ledger.tasks(site.settings.round)]
    articles = list(dict.fromkeys(claim.article_id for claim in order))
    assert len(articles) == 3
    best = [
        max(claim.checkworthiness or 0 for claim in order if claim.article_id == name)
        for name in articles
    ]
    assert best == sorted(best, reverse=True)
    assert order == sorted(order, key=lambda c: (articles.index(c.article_id), c.start))


def test_a_file_of_ids_selects_and_is_asked_for_again(site: Site) -> None:
    claims = pipeline.read_segmented(site.workspace).claims
    path = site.workspace.root / "ids.txt"
    path.write_text("\n".join(claim.claim_id for claim in claims[:3]), "utf-8")
    assert site.push(ids=path).sent == 3
    assert site.push(ids=path).unchanged == 3
    with pytest.raises(UsageError, match="by a file of claim ids"):
        site.push()


def _replace(path: Any, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


CHANGES: dict[str, tuple[str, Callable[[Workspace], Any], str, str]] = {
    "looks": ("free", lambda w: w.labeling_config, "gap:8px", "gap:9px"),
    "words": (
        "reworded",
        lambda w: w.labeling_config,
        'value="Not a claim"',
        'value="No claim at all"',
    ),
    "guidelines": ("reworded", lambda w: w.guidelines, "\n## ", "\n## On "),
    "controls": ("never", lambda w: w.labeling_config, 'required="true"', 'required="false"'),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_the_page_is_taken_or_refused_by_what_it_means(site: Site, what: str) -> None:
    """Before the first answer all is free; then looks are, words on request, controls never."""
    allowed, file, old, new = CHANGES[what]
    site.push()
    if what == "controls":
        _replace(file(site.workspace), 'maxSubmissions="1"', 'maxSubmissions="2"')
        site.push()  # nobody has answered
    site.answer()
    before = site.client.get_project(site.round().project_id)
    _replace(file(site.workspace), old, new)
    if allowed != "free":
        with pytest.raises(ContractError, match="has answers") as caught:
            site.push()
        assert "--round NAME" in caught.value.remedy
        assert site.client.get_project(site.round().project_id) == before
    if allowed == "never":
        with pytest.raises(ContractError, match="other controls"):
            site.push(reworded=True)
        return
    assert site.push(reworded=allowed == "reworded").unchanged == 46
    after = site.client.get_project(site.round().project_id)
    assert (after.label_config != before.label_config) is (what != "guidelines")
    assert (after.description != before.description) is (what != "looks")
    assert site.push().unchanged == 46


def test_a_round_of_version_0_1_is_taken_over(site: Site) -> None:
    """Its mark says nothing of page and selection: the next push writes it anew."""
    site.push()
    found = site.round()
    project = site.client.get_project(found.project_id)
    old = (
        f"[claimset round={found.name} generation=1 overlap=2 label_schema=1.0 "
        f"guidelines={found.guidelines_version}]"
    )
    site.client.update_project(found.project_id, description=f"Claims to verify. {old}")
    site.answer()
    assert site.push().unchanged == 46
    renewed = site.client.get_project(found.project_id).description
    assert renewed.startswith("Claims to verify. ")
    assert project.description.endswith(renewed.removeprefix("Claims to verify. "))
