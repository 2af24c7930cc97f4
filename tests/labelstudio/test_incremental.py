"""Incremental pulls: whatever people do on the server, they end where a full pull ends."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from claimset import pipeline
from claimset.labelstudio import horizon
from claimset.labelstudio.accounts import open_accounts
from claimset.labelstudio.migration import SQLITE
from claimset.models import AnnotationStatus, Selection, TaskRole
from claimset.settings import Settings
from claimset.storage.ledger import Ledger
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.labelstudio.server import EmbeddedStudio

pytestmark = pytest.mark.studio

REPOSITORY = Path(__file__).parents[2]
TASKS = 8
ANSWERED = 6
EXAMPLES = int(os.environ.get("INCREMENTAL_EXAMPLES", "20"))

ANSWERS = {"create": "opinion", "break a rule": "factual", "nonsense": "purple"}
DEEDS = (
    *("create", "create", "edit", "edit", "edit", "skip", "break a rule", "nonsense", "draft"),
    *("ground truth", "delete", "bulk delete", "task delete", "bulk task delete", "re-create"),
    *("data change", "data damage", "double", "answered double", "foreign"),
)

Deed = tuple[str, int, int]


def _result(choice: str) -> list[dict[str, Any]]:
    region = {"from_name": "checkability", "to_name": "article", "type": "choices"}
    return [region | {"value": {"choices": [choice]}}]


class Field:
    """A round of a few tasks, and people who do to it whatever the server lets them do."""

    def __init__(self, lead: httpx.Client, people: list[httpx.Client], project: int) -> None:
        self._lead = lead
        self._people = people
        self._project = project
        self.done: Counter[str] = Counter()

    def tasks(self) -> list[dict[str, Any]]:
        answer = self._lead.get(
            "/api/tasks", params={"project": self._project, "fields": "all", "page_size": 1000}
        )
        found: list[dict[str, Any]] = answer.raise_for_status().json()["tasks"]
        return sorted(found, key=lambda task: int(task["id"]))

    def act(self, what: str, which: int, who: int) -> None:
        """One deed on the server; where nothing fits it, nothing happens."""
        tasks = self.tasks()
        task = tasks[which % len(tasks)] if tasks else None
        some = None
        if what in ("edit", "ground truth", "delete", "bulk delete"):  # only what was answered
            tasks = [task for task in tasks if task["annotations"]]
            task = tasks[which % len(tasks)] if tasks else None
            some = task["annotations"][who % len(task["annotations"])] if task else None
        if task is None:
            return
        self.done[what] += 1
        path = f"/api/tasks/{task['id']}/"
        person = self._people[who % len(self._people)]
        if what in ANSWERS:
            answer = person.post(f"{path}annotations/", json={"result": _result(ANSWERS[what])})
        elif what == "skip":
            answer = person.post(f"{path}annotations/", json={"result": [], "was_cancelled": True})
        elif what == "draft":
            answer = person.post(f"{path}drafts", json={"result": _result("opinion")})
        elif some is not None:
            answer = self._act_on_answer(what, task, some, which, person)
        else:
            answer = self._act_on_task(what, task, path, which)
        answer.raise_for_status()

    def _act_on_answer(
        self, what: str, task: dict[str, Any], some: dict[str, Any], which: int, who: httpx.Client
    ) -> httpx.Response:
        path = f"/api/annotations/{some['id']}/"
        if what == "edit":
            value = ("opinion", "not_a_claim")[which % 2]
            return who.patch(path, json={"result": _result(value)})
        if what == "ground truth":
            return self._lead.patch(path, json={"ground_truth": which % 2 == 0})
        if what == "delete":
            return self._lead.delete(path)
        return self._action("delete_tasks_annotations", task)

    def _act_on_task(
        self, what: str, task: dict[str, Any], path: str, which: int
    ) -> httpx.Response:
        data = task["data"]
        if what == "task delete":
            return self._lead.delete(path)
        if what == "bulk task delete":
            return self._action("delete_tasks", task)
        if what == "re-create":
            self._lead.delete(path).raise_for_status()
            return self._import(data)
        if what == "data change":  # another text, as version 0.1 would have written it
            changed = {key: value for key, value in data.items() if key != "item"}
            return self._lead.patch(
                path, json={"data": changed | {"content_hash": f"{which:064x}"}}
            )
        if what == "data damage":
            return self._lead.patch(path, json={"data": data | {"item": "0" * 16}})
        if what == "double":
            return self._import(data)
        if what == "answered double":
            return self._import(data, annotations=[{"result": _result("not_a_claim")}])
        return self._import({key: value for key, value in data.items() if key != "claim_id"})

    def _action(self, name: str, task: dict[str, Any]) -> httpx.Response:
        return self._lead.post(
            "/api/dm/actions/",
            params={"id": name, "project": self._project},
            json={"selectedItems": {"all": False, "included": [task["id"]]}},
        )

    def _import(self, data: dict[str, Any], **more: Any) -> httpx.Response:
        body = [{"data": data, **more}]
        return self._lead.post(f"/api/projects/{self._project}/import", json=body)


class Yard:
    """A workspace, one beside it whose ledger is always new, and what was counted."""

    def __init__(self, root: Path, studio: EmbeddedStudio) -> None:
        self._studio = studio
        on_file = (studio.workspace.studio / SQLITE).exists()
        self.database = "SQLite" if on_file else "PostgreSQL"
        self.examples = EXAMPLES if on_file else -(-EXAMPLES // 5)
        self._numbers = itertools.count(1)
        self.counts: Counter[str] = Counter()
        self.workspace = Workspace(root / "workspace")
        for name in ("seeds", "schemas"):
            shutil.copytree(REPOSITORY / name, self.workspace.root / name)
        pipeline.segment(self.workspace, Settings())
        key = studio.credentials.token
        names = [f"inc-{os.getpid()}-{letter}" for letter in "ab"]
        keys = open_accounts(studio.url, key, names, self.workspace.accounts)
        self.http = [
            httpx.Client(
                base_url=studio.url,
                headers={"Authorization": f"Token {token.get_secret_value()}"},
                trust_env=False,
                timeout=60,
            )
            for token in (key, *keys.values())
        ]
        self.workspace.pseudonym_secret()
        self.other = Workspace(root / "other")
        shutil.copytree(self.workspace.root, self.other.root)

    def begin(self) -> tuple[Settings, Field]:
        """A new round, and the people in it."""
        found = Settings(
            label_studio_url=self._studio.url,
            label_studio_api_key=self._studio.credentials.token,
            round=f"inc-{os.getpid()}-{next(self._numbers)}",
            overlap=2,
            all_mentions=True,
        )
        pushed = pipeline.push(self.workspace, found, selection=Selection(sample=TASKS))
        assert pushed.project_id is not None
        return found, Field(self.http[0], self.http[1:], pushed.project_id)

    def pull_anew(self, settings: Settings) -> None:
        """A full pull into a ledger that knows nothing."""
        for path in self.other.state.glob("ledger.sqlite3*"):
            path.unlink()
        pipeline.pull(self.other, settings, full=True)


def state_of(workspace: Workspace, name: str) -> dict[str, Any]:
    """All that a ledger says of what stands in Label Studio."""
    with Ledger(workspace.ledger) as ledger:
        found = ledger.round(name)
        assert found is not None
        return {
            "answers": [
                (superseded, role, item)
                for role in TaskRole
                for superseded in (False, True)
                for item in ledger.annotations(role=role, superseded=superseded)
                if item.round == name and item.status is not AnnotationStatus.DELETED
            ],
            "rejections": ledger.rejections(name),
            # Revisions count what a new ledger cannot know any more.
            "tasks": [task._replace(revision=0) for task in ledger.tasks(name)],
            "foreign": ledger.foreign_tasks(found),
            "twice": ledger.answered_twice(name),
            "above": ledger.above_overlap(name, found.overlap),
            "doubled": sorted(ledger.doubled_tasks(name)),
            "superseded": ledger.count_superseded(name),
            "by annotator": [
                ledger.count_by_annotator(name, status)
                for status in (AnnotationStatus.SUBMITTED, AnnotationStatus.SKIPPED)
            ],
        }


@pytest.fixture(scope="module")
def yard(
    either_studio: EmbeddedStudio, fast_folder: Path, request: pytest.FixtureRequest
) -> Iterator[Yard]:
    found = Yard(fast_folder / "incremental", either_studio)
    yield found
    for client in found.http:
        client.close()
    shutil.rmtree(fast_folder / "incremental")
    capture = request.config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        counts = ", ".join(f"{count} {what}" for what, count in sorted(found.counts.items()))
        sys.stdout.write(f"\nincremental = full on {found.database}: {counts}\n")


_DEED = st.tuples(st.sampled_from(DEEDS), st.integers(0, 99), st.integers(0, 9))


def test_incremental_pulls_end_where_a_full_pull_ends(yard: Yard) -> None:
    """After any deeds: the same tasks, standing answers and faults as in a new ledger.

    The overlap is taken away, so that what only a second look would find comes to light.
    ``INCREMENTAL_EXAMPLES`` sets how many sequences are tried; on PostgreSQL a fifth of them is.
    """

    @settings(
        deadline=None,
        max_examples=yard.examples,
        phases=(Phase.explicit, Phase.generate),  # each example takes seconds on the server
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.lists(_DEED, min_size=1, max_size=8), min_size=2, max_size=4), st.booleans())
    def they_do(steps: list[list[Deed]], push: bool) -> None:
        _pull_after(yard, steps, push=push)

    they_do()


def _pull_after(yard: Yard, steps: list[list[Deed]], *, push: bool) -> None:
    config, field = yard.begin()
    for number in range(ANSWERED):
        field.act("create", number, number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(horizon, "_OVERLAP", timedelta(0))
        for step in steps:
            for deed in step:
                field.act(*deed)
            note(f"{config.round}: pull")
            pipeline.pull(yard.workspace, config)
        yard.pull_anew(config)
        there = state_of(yard.other, config.round)
        assert state_of(yard.workspace, config.round) == there
        again = pipeline.pull(yard.workspace, config, full=True)
    assert not again.changed
    assert state_of(yard.workspace, config.round) == there
    assert len(there["tasks"]) + len(there["foreign"]) == len(field.tasks())
    yard.counts.update(field.done)
    yard.counts += Counter(
        {"sequences": 1, "pulls": len(steps) + 2, "answers compared": len(there["answers"])}
    )
    yard.counts["rejections compared"] += len(there["rejections"])
    if push:
        _push_mends(yard, config, field)


def _push_mends(yard: Yard, config: Settings, field: Field) -> None:
    """After one more push every claim has a current task again; the next finds nothing to do."""
    pipeline.push(yard.workspace, config)
    with Ledger(yard.workspace.ledger) as ledger:
        current = [task for task in ledger.tasks(config.round) if not task.superseded]
    idle = {int(task["id"]) for task in field.tasks() if not task["annotations"]}
    assert len({task.claim_id for task in current}) == TASKS
    waiting = Counter(task.claim_id for task in current if task.task_id in idle)
    assert set(waiting.values()) <= {1}
    again = pipeline.push(yard.workspace, config)
    assert (again.sent, again.changed, again.doubled, again.revised) == (0, (), (), ())
    yard.counts["pushes"] += 2
