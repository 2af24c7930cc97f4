"""Projects on a real Label Studio: a round has one, however often its making was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claimset import pipeline
from claimset.errors import LabelStudioError
from claimset.labelstudio import projects, transport
from claimset.labelstudio.client import LabelStudioClient, Project
from claimset.labelstudio.mark import RoundMark
from claimset.models import Selection
from claimset.settings import Settings
from claimset.storage.ledger import Ledger
from tests.labelstudio.fault_proxy import KINDS, FaultProxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio

CREATE = r"POST /api/projects/$"


class Site:
    """A workspace that reaches the shared server through a proxy."""

    def __init__(
        self, workspace: Workspace, studio: EmbeddedStudio, proxy: FaultProxy, name: str
    ) -> None:
        self.workspace = workspace
        self.proxy = proxy
        self.settings = Settings(
            label_studio_url=proxy.url,
            label_studio_api_key=studio.credentials.token,
            round=name,
            overlap=1,
        )
        self.client = LabelStudioClient(studio.url, studio.credentials.token)
        pipeline.segment(workspace, self.settings)

    def push(self) -> pipeline.PushResult:
        return pipeline.push(self.workspace, self.settings, selection=Selection(sample=5))

    def marked(self) -> list[Project]:
        return self.client.find_projects(RoundMark.prefix(self.settings.round))

    def double(self, **more: Any) -> int:
        """Make a further project as a request that was delivered a second time would."""
        first = self.marked()[0]
        return self.client.create_project(
            title=first.title,
            description=first.description,
            label_config=first.label_config,
            **more,
        )

    def lose_ledger(self) -> None:
        for path in self.workspace.state.glob("ledger.sqlite3*"):
            path.unlink()


@pytest.fixture
def site(
    workspace_copy: Workspace,
    studio: EmbeddedStudio,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    monkeypatch.setattr(transport, "TIMEOUT_S", 10.0)
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[-40:].strip("-")
    with FaultProxy(studio.url, delay=12.0) as proxy:
        found = Site(workspace_copy, studio, proxy, name)
        yield found
        found.client.close()


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"late", "delay"}))
def test_a_fault_while_the_project_is_made_leaves_one(site: Site, kind: str) -> None:
    """One push makes it in spite of the fault, or says so and the next one does."""
    site.proxy.order(kind, CREATE)
    try:
        pushed = site.push()
    except LabelStudioError as error:
        assert kind in {"drop before", "drop in", "503 before"}
        assert "run the command again" in error.remedy
        pushed = site.push()
    else:
        assert kind in {"drop after", "502 after", "twice", "cut"}
    assert site.proxy.faults == {kind: 1}
    (project,) = site.marked()
    assert (pushed.project_id, pushed.sent, project.tasks) == (project.project_id, 5, 5)
    assert len(pushed.doubled_projects) == (1 if kind == "twice" else 0)


def test_a_project_that_arrives_past_the_time_out_is_set_aside(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first request is delivered when the second push has made the project already."""
    monkeypatch.setattr(transport, "TIMEOUT_S", 2.0)
    monkeypatch.setattr(projects, "LOOKS_AFTER_S", (0.1,))
    site.proxy.order("late", CREATE)
    with pytest.raises(LabelStudioError, match="did not answer in time"):
        site.push()
    pushed = site.push()
    site.proxy.wait_until_quiet()
    assert len(site.marked()) == 2
    again = site.push()
    assert (again.unchanged, again.unresolved) == (5, ())
    (late,) = again.doubled_projects
    (project,) = site.marked()
    assert project.project_id == pushed.project_id
    aside = site.client.get_project(late)
    assert aside.title.startswith("Empty, can be deleted")
    assert f"project {pushed.project_id} holds round" in aside.description
    assert site.push().doubled_projects == ()


def test_without_a_ledger_the_project_with_the_tasks_is_the_rounds(site: Site) -> None:
    """An empty double before or behind it is not taken for it; a pull changes nothing."""
    pushed = site.push()
    double = site.double()
    site.lose_ledger()
    pulled = pipeline.pull(site.workspace, site.settings)
    assert pulled.tasks == 5
    assert [project.project_id for project in site.marked()] == [pushed.project_id, double]
    again = site.push()
    assert (again.project_id, again.unchanged) == (pushed.project_id, 5)
    assert again.doubled_projects == (double,)


def test_a_double_with_answers_is_never_set_aside(site: Site) -> None:
    """With the ledger the round goes on and the double is named; without it a person must tell."""
    pushed = site.push()
    double = site.double()
    data = {"claim": "x", "claim_label": "x", "facts": "x", "context_html": "x", "sources": []}
    (task,) = site.client.import_tasks(double, [{"data": data}])
    site.client.annotate(task, [])
    again = site.push()
    assert (again.project_id, again.unchanged, again.doubled_projects) == (pushed.project_id, 5, ())
    assert [f"project {double} carries the mark" in line for line in again.unresolved] == [True]
    site.lose_ledger()
    with pytest.raises(LabelStudioError, match="2 projects carry the mark") as caught:
        site.push()
    assert f"{pushed.project_id}, {double}" in caught.value.problem
    assert [project.tasks for project in site.marked()] == [5, 1]
    with Ledger(site.workspace.ledger) as ledger:
        assert ledger.rounds() == []
