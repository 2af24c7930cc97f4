"""Push and pull on a real server after tasks were changed, doubled, deleted or forgotten."""

from __future__ import annotations

import itertools
import json
import os
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from claimset import pipeline
from claimset.identifiers import hash_json
from claimset.labelstudio import listing, reconciling
from claimset.labelstudio.accounts import open_accounts
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.roles import item_key
from claimset.labelstudio.transport import Transport
from claimset.models import AnnotationStatus, Selection, TaskRole
from claimset.settings import Settings
from claimset.storage.ledger import Ledger, PushedTask
from tests.labelstudio.test_incremental import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio

PEOPLE = ("a", "b")
NUMBERS = itertools.count(1)


class Site:
    """A segmented workspace, its round on the shared server, and two people."""

    def __init__(self, workspace: Workspace, studio: EmbeddedStudio, name: str) -> None:
        self.workspace = workspace
        self.name = name
        self.settings = Settings(
            label_studio_url=studio.url,
            label_studio_api_key=studio.credentials.token,
            round=name,
            overlap=2,
            all_mentions=True,
        )
        self.lead = LabelStudioClient(studio.url, studio.credentials.token)
        people = [f"{name}-{person}" for person in PEOPLE]
        self.keys = open_accounts(studio.url, studio.credentials.token, people, workspace.accounts)
        self.people = {
            person[-1]: LabelStudioClient(studio.url, key) for person, key in self.keys.items()
        }
        pipeline.segment(workspace, self.settings)

    def push(self, **more: Any) -> pipeline.PushResult:
        return pipeline.push(self.workspace, self.settings, **more)

    def pull(self, **more: Any) -> pipeline.PullResult:
        return pipeline.pull(self.workspace, self.settings, **more)

    def tasks(self) -> list[PushedTask]:
        with Ledger(self.workspace.ledger) as ledger:
            return ledger.tasks(self.name)

    def answers(self, *, superseded: bool = False) -> list[tuple[str, str]]:
        """Claim and annotator of what stands."""
        with Ledger(self.workspace.ledger) as ledger:
            return sorted(
                (item.claim_id, item.annotator[-1])
                for item in ledger.annotations(superseded=superseded)
                if item.status is not AnnotationStatus.DELETED
            )

    @property
    def project(self) -> int:
        with Ledger(self.workspace.ledger) as ledger:
            found = ledger.round(self.name)
        assert found is not None
        return found.project_id

    def held(self) -> dict[int, dict[str, Any]]:
        """The tasks on the server, by id."""
        ids = sorted(self.lead.task_ids(self.project))
        return {int(task["id"]): task for task in self.lead.tasks_by_id(self.project, ids)}

    def answer(self, task_id: int, person: str, value: str = "opinion") -> None:
        region = {"from_name": "checkability", "to_name": "article", "type": "choices"}
        self.people[person].annotate(task_id, [region | {"value": {"choices": [value]}}])

    def stream(self, person: str) -> list[int]:
        """Skip through all that the labelling stream asks of somebody; returns the tasks."""
        key = next(key for name, key in self.keys.items() if name[-1] == person)
        headers = {"Authorization": f"Token {key.get_secret_value()}"}
        seen: list[int] = []
        with httpx.Client(
            base_url=self.lead.url, headers=headers, trust_env=False, timeout=60
        ) as http:
            while True:
                answer = http.get(f"/api/projects/{self.project}/next/")
                if answer.status_code == 404:
                    return seen
                seen.append(int(answer.raise_for_status().json()["id"]))
                self.answer(seen[-1], person)
                assert len(seen) < 100

    def retitle(self, old: str, new: str) -> None:
        """Change an article's title, which every task of its event shows."""
        rows = [json.loads(line) for line in self.workspace.manifest.read_text().splitlines()]
        changed = [row | {"title": row["title"].replace(old, new)} for row in rows]
        assert changed != rows
        self.workspace.manifest.write_text("".join(json.dumps(row) + "\n" for row in changed))
        pipeline.segment(self.workspace, self.settings)

    def lose_ledger(self) -> None:
        for path in self.workspace.state.glob("ledger.sqlite3*"):
            path.unlink()

    def close(self) -> None:
        for client in (self.lead, *self.people.values()):
            client.close()


@pytest.fixture
def site(workspace_copy: Workspace, studio: EmbeddedStudio) -> Iterator[Site]:
    found = Site(workspace_copy, studio, f"reconciling-{os.getpid()}-{next(NUMBERS)}")
    yield found
    found.close()


def test_a_text_that_changed_under_answers_is_asked_anew(site: Site) -> None:
    """The old task stays with its answers, which are no votes; nobody is asked it any more."""
    site.push(selection=Selection(sample=6))
    first = site.tasks()
    answered = first[:2]
    for task in answered:
        site.answer(task.task_id, "a")
    site.answer(answered[0].task_id, "b")  # one has all its answers, and is finished already
    given = sorted([*((task.claim_id, "a") for task in answered), (answered[0].claim_id, "b")])
    site.pull()
    assert site.answers() == given
    claims = {task.claim_id for task in answered}
    site.retitle("", "New: ")
    outlook = site.push(dry_run=True)
    assert (outlook.sent, len(outlook.changed), set(outlook.revised)) == (6, 6, claims)
    assert site.tasks() == first
    pushed = site.push()
    assert (pushed.sent, len(pushed.changed), set(pushed.revised)) == (6, 6, claims)
    held = site.held()
    old = {task.task_id for task in answered}
    assert len(held) == 6 + 2
    assert old < held.keys()
    assert {task.task_id: (task.revision, task.superseded) for task in site.tasks()} == {
        number: (1, True) if number in old else (2, False) for number in held
    }
    assert all(held[number]["is_labeled"] for number in old)
    pulled = site.pull()
    assert (pulled.superseded, pulled.changed) == (3, False)
    assert site.answers() == []
    assert site.answers(superseded=True) == given
    for person in PEOPLE:
        assert set(site.stream(person)) == held.keys() - old
    site.pull()
    assert len(site.answers()) == 12
    again = site.push()
    assert (again.sent, again.unchanged, again.revised, again.doubled) == (0, 6, (), ())
    # What a new ledger finds is the same.
    before = state_of(site.workspace, site.name)
    site.lose_ledger()
    assert site.pull(full=True).superseded == 3
    assert state_of(site.workspace, site.name) == before


def test_a_text_that_changed_back_is_asked_on(site: Site) -> None:
    """The answered task is the current one again, and whoever was still to answer it is asked."""
    site.push(selection=Selection(sample=4))
    first = site.tasks()
    site.answer(first[0].task_id, "a")
    site.pull()
    site.retitle("", "New: ")
    site.push()
    assert len(site.held()) == 5
    site.retitle("New: ", "")
    back = site.push()
    assert set(back.changed) == {task.claim_id for task in first}
    current = {task.claim_id: task for task in site.tasks()}
    assert len(current) == len(site.tasks()) == len(site.held()) == 4
    assert current[first[0].claim_id].task_id == first[0].task_id
    assert not any(task.superseded for task in current.values())
    site.pull()
    assert site.answers() == [(first[0].claim_id, "a")]
    everything = {task.task_id for task in current.values()}
    assert set(site.stream("b")) == everything
    assert set(site.stream("a")) == everything - {first[0].task_id}
    assert site.push().unchanged == 4


def test_a_text_that_changed_back_after_both_were_answered_gets_a_third_task(site: Site) -> None:
    """Answers to the text as it is now count, those in between do not, and it stays like that."""
    site.push(selection=Selection(sample=1))
    (first,) = site.tasks()
    site.answer(first.task_id, "a")
    site.retitle("", "New: ")
    site.push()
    between = max(site.held())
    site.answer(between, "b", "not_a_claim")
    site.pull()
    site.retitle("New: ", "")
    assert site.push().sent == 1
    site.pull()
    assert site.answers() == [(first.claim_id, "a")]
    assert site.answers(superseded=True) == [(first.claim_id, "b")]
    third = max(site.held())
    assert site.held().keys() == {first.task_id, between, third}
    assert site.stream("b") == [third]
    again = site.push()
    assert (again.sent, again.unchanged, again.doubled, again.unresolved) == (0, 1, (), ())
    state = state_of(site.workspace, site.name)
    site.lose_ledger()
    site.pull(full=True)
    assert len(state_of(site.workspace, site.name)["answers"]) == len(state["answers"]) + 1


def test_doubled_tasks_are_removed_unless_both_have_answers(site: Site) -> None:
    """A pull only names them; a push keeps the one with answers, else the first."""
    site.push(selection=Selection(sample=4))
    held = site.held()
    plain, second, both, single = sorted(held)
    copies = site.lead.import_tasks(
        site.project, [{"data": held[task]["data"]} for task in (plain, second, both)]
    )
    site.answer(copies[1], "a")
    site.answer(both, "a")
    site.answer(copies[2], "b")
    # As a push leaves it that was about to remove it when the answer came.
    site.lead.update_task(copies[1], is_labeled=True, overlap=1)
    pulled = site.pull()
    assert len(pulled.doubled_tasks) == 3
    assert len(site.held()) == 7
    pushed = site.push()
    assert set(pushed.doubled) == {copies[0], second}
    assert len(pushed.unresolved) == 1
    assert f"tasks {both}, {copies[2]} of claim" in pushed.unresolved[0]
    assert site.held().keys() == {plain, single, copies[1], both, copies[2]}
    assert {task.task_id for task in site.tasks()} == site.held().keys()
    site.pull()
    assert len(site.answers()) == 3
    assert site.push().unresolved == pushed.unresolved
    assert copies[1] in site.stream("b")


def _made_up(number: int) -> dict[str, Any]:
    shown = {
        "claim_id": f"c_{number:016x}",
        "article_id": "made-up",
        "claim": f"Claim {number} is made up.",
        "claim_label": "made up",
        "facts": "",
        "context_html": "",
        "sources": [],
    }
    data = shown | {"content_hash": hash_json(shown)}
    return data | {"item": item_key(data, TaskRole.CLAIM)}


@pytest.mark.parametrize("annotated_import", [False, True])
def test_deletions_and_many_changes_are_found_among_thousands(
    site: Site, monkeypatch: pytest.MonkeyPatch, annotated_import: bool
) -> None:
    """Halving ranges of ids finds what is gone; a pull of many changes leaves none out."""
    site.push(selection=Selection(sample=1))
    choice = {"from_name": "checkability", "to_name": "article", "type": "choices"}
    result = [choice | {"value": {"choices": ["opinion"]}}]
    more = 2600  # a range of ids is halved from 2000 on
    tasks: list[dict[str, Any]] = [{"data": _made_up(number)} for number in range(more)]
    if annotated_import:  # as an export of another server would be taken over
        for task in tasks[::20]:
            task["annotations"] = [{"result": result}]
        expected = len(tasks[::20])
    ids = [
        made
        for first in range(0, more, 1300)
        for made in site.lead.import_tasks(site.project, tasks[first : first + 1300])
    ]
    if annotated_import:
        # A push comes first and makes the tasks known; their answers must be read nevertheless.
        site.push()
        assert len(site.tasks()) == more + 1
    else:
        assert site.pull().tasks == more + 1
        for task_id in ids[:: more // 130]:
            site.answer(task_id, "a")
        expected = len(ids[:: more // 130])
    assert expected > listing._FEW
    pulled = site.pull()
    assert (pulled.new, len(site.answers())) == (expected, expected)
    assert site.pull().new == 0
    gone = {ids[0], ids[7], ids[2222], ids[2223], ids[-2]}
    for task_id in gone:
        site.lead.delete_task(task_id)
    extra = site.lead.import_tasks(site.project, [{"data": _made_up(more)}])
    looked: list[tuple[int, int] | None] = []
    count = LabelStudioClient.count_tasks

    def counting(
        client: LabelStudioClient, project_id: int, ids: tuple[int, int] | None = None
    ) -> int:
        looked.append(ids)
        return count(client, project_id, ids)

    monkeypatch.setattr(LabelStudioClient, "count_tasks", counting)
    before = len(site.answers())
    pulled = site.pull()
    assert set(pulled.deleted_tasks) == gone
    assert {task.task_id for task in site.tasks()} >= {*extra} | (set(ids) - gone)
    assert pulled.deleted == before - len(site.answers())
    assert 3 <= len(looked) < 20
    assert any(ids is not None and ids[1] - ids[0] < reconciling._RANGE for ids in looked)
    monkeypatch.undo()
    assert site.pull().deleted_tasks == ()
    state = state_of(site.workspace, site.name)
    site.lose_ledger()
    assert site.pull(full=True).new == len(site.answers())
    assert state_of(site.workspace, site.name) == state


def test_a_pull_of_little_needs_two_requests(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is looked at and its tasks counted while the server looks for what changed."""
    site.push(selection=Selection(sample=3))
    site.pull()
    site.answer(site.tasks()[0].task_id, "a")
    site.pull()
    asked: list[str] = []
    call = Transport.call

    def listening(transport: Transport, method: str, path: str, **more: Any) -> Any:
        asked.append(more["doing"].split(" of ")[0])
        return call(transport, method, path, **more)

    monkeypatch.setattr(Transport, "call", listening)
    site.answer(site.tasks()[1].task_id, "a")
    asked.clear()
    pulled = site.pull()
    assert (pulled.new, pulled.tasks) == (1, 3)
    assert sorted(asked) == [f"opening project {site.project}", "reading tasks"]
    gone = site.tasks()[2].task_id
    site.lead.delete_task(gone)
    assert site.pull().deleted_tasks == (gone,)


def test_a_lost_ledger_is_found_again_by_the_marks(site: Site) -> None:
    """Rounds with their terms, tasks and every standing answer; what was deleted is not there."""
    site.push(selection=Selection(sample=5, min_worth=0.1))
    numbers = [task.task_id for task in site.tasks()]
    for task_id in numbers[:3]:
        site.answer(task_id, "a")
        site.answer(task_id, "b", "not_a_claim")
    site.answer(numbers[3], "a", "factual")  # breaks a rule
    site.pull()
    with Ledger(site.workspace.ledger) as ledger:
        before = ledger.round(site.name)
    state = state_of(site.workspace, site.name)
    site.lose_ledger()
    pulled = site.pull(full=True)
    assert (pulled.new, len(pulled.rejected), pulled.tasks) == (6, 1, 5)
    assert state_of(site.workspace, site.name) == state
    with Ledger(site.workspace.ledger) as ledger:
        after = ledger.round(site.name)
    assert before is not None
    assert after is not None
    # Only the hash of the page is not in the mark: the next push gives the page again.
    assert after == before._replace(config_sha256="", watermark=after.watermark)
    pushed = site.push()
    assert (pushed.sent, pushed.unchanged) == (0, 5)
