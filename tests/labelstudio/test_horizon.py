"""The horizon of a pull: clocks that were set back and servers that were restored.

What a restored backup looks like is made in the real server's own database.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from claimset import pipeline
from claimset.aggregation import label_of, votes_of_claims
from claimset.errors import ContractError
from claimset.labelstudio.migration import SQLITE
from claimset.models import AnnotationStatus, Selection
from claimset.settings import Settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.models import Annotation
    from claimset.storage.ledger import Round
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio

HOUR = timedelta(hours=1)
WATERMARK = "UPDATE round SET watermark = ? WHERE name = ?"
AHEAD = "UPDATE last_pull SET ahead_s = ? WHERE round = ?"
_NUMBERS = itertools.count(1)


class Site:
    """A round of three tasks on the real server, and the server's database."""

    def __init__(self, workspace: Workspace, studio: EmbeddedStudio, http: httpx.Client) -> None:
        pipeline.segment(workspace, Settings())
        self.workspace = workspace
        self.settings = Settings(
            label_studio_url=studio.url,
            label_studio_api_key=studio.credentials.token,
            round=f"horizon-{os.getpid()}-{next(_NUMBERS)}",
            all_mentions=True,
        )
        pushed = pipeline.push(workspace, self.settings, selection=Selection(sample=3))
        assert pushed.project_id is not None
        self._project = pushed.project_id
        self._http = http
        self._database = studio.workspace.studio / SQLITE
        self.tasks = sorted(int(task["id"]) for task in self.listed())

    def pull(self, *, full: bool = False) -> Any:
        return pipeline.pull(self.workspace, self.settings, full=full)

    def answer(self, task: int, choice: str = "opinion") -> int:
        body = {"result": _result(choice)}
        made = self._http.post(f"/api/tasks/{self.tasks[task]}/annotations/", json=body)
        return int(made.raise_for_status().json()["id"])

    def edit(self, annotation: int, choice: str) -> None:
        path = f"/api/annotations/{annotation}/"
        self._http.patch(path, json={"result": _result(choice)}).raise_for_status()

    def execute(self, statement: str, *values: Any) -> None:
        """Change the server's database behind its back."""
        database = sqlite3.connect(self._database, timeout=60)
        with contextlib.closing(database), database:
            database.execute(statement, values)

    def forget(self, annotation: int, task: int) -> None:
        """An answer is not there any more, and its task says nothing of it: a restored backup."""
        self.execute("DELETE FROM task_completion WHERE id = ?", annotation)
        self.execute(
            "UPDATE task SET total_annotations = 0, is_labeled = 0, updated_at = ? WHERE id = ?",
            _stored(datetime.now(UTC) - timedelta(minutes=10)),
            self.tasks[task],
        )

    def ledger_as_if(self, statement: str, value: Any) -> None:
        """What a pull under another clock would have left."""
        database = sqlite3.connect(self.workspace.ledger)
        with contextlib.closing(database), database:
            database.execute(statement, (value, self.settings.round))

    def imported_anew(self) -> int:
        """The project's export in another project, which has its description now."""
        path = f"/api/projects/{self._project}"
        query = {"exportType": "JSON", "download_all_tasks": "true"}
        tasks = self._http.get(f"{path}/export", params=query).raise_for_status().json()
        old = self._http.get(f"{path}/").raise_for_status().json()
        more = {key: old[key] for key in ("title", "description", "label_config")}
        made = int(self._http.post("/api/projects/", json=more).raise_for_status().json()["id"])
        kept = [
            {
                "data": task["data"],
                "annotations": [
                    {key: answer[key] for key in ("result", "completed_by")}
                    for answer in task["annotations"]
                ],
            }
            for task in tasks
        ]
        self._http.post(f"/api/projects/{made}/import", json=kept).raise_for_status()
        self._http.patch(f"{path}/", json={"description": "moved"}).raise_for_status()
        return made

    def arrive_late(self, task: int) -> int:
        """A task that comes with an answer, and whose making and change are ten minutes ago."""
        (found,) = [row for row in self.listed() if int(row["id"]) == self.tasks[task]]
        body = [{"data": found["data"], "annotations": [{"result": _result("opinion")}]}]
        self._http.post(f"/api/projects/{self._project}/import", json=body).raise_for_status()
        (made,) = {int(row["id"]) for row in self.listed()} - set(self.tasks)
        moment = _stored(datetime.now(UTC) - timedelta(minutes=10))
        self.execute("UPDATE task SET created_at = ?1, updated_at = ?1 WHERE id = ?2", moment, made)
        return made

    def listed(self) -> list[dict[str, Any]]:
        query = httpx.QueryParams(project=self._project, fields="all")
        return list(self._http.get("/api/tasks", params=query).raise_for_status().json()["tasks"])

    def votes(self) -> dict[tuple[str, str], Annotation]:
        with Ledger(self.workspace.ledger) as ledger:
            found = votes_of_claims(ledger.annotations())
        return {(claim, vote.annotator): vote for claim, some in found.items() for vote in some}

    def round(self) -> Round:
        with Ledger(self.workspace.ledger) as ledger:
            found = ledger.round(self.settings.round)
        assert found is not None
        return found

    def answers(self) -> dict[str, Annotation]:
        with Ledger(self.workspace.ledger) as ledger:
            return {item.annotation_id.split(":")[-1]: item for item in ledger.annotations()}


def _result(choice: str) -> list[dict[str, Any]]:
    region = {"from_name": "checkability", "to_name": "article", "type": "choices"}
    return [region | {"value": {"choices": [choice]}}]


@pytest.fixture
def site(workspace_copy: Workspace, studio: EmbeddedStudio) -> Iterator[Site]:
    token = studio.credentials.token.get_secret_value()
    with httpx.Client(
        base_url=studio.url,
        headers={"Authorization": f"Token {token}"},
        trust_env=False,
        timeout=60,
    ) as http:
        yield Site(workspace_copy, studio, http)


def _stored(moment: datetime) -> str:
    """As Label Studio's SQLite holds it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def test_answers_under_a_clock_that_was_set_back_are_read(site: Site) -> None:
    """The last pull saw a clock that was an hour ahead: what is answered now is older for it."""
    site.answer(0)
    site.pull()
    site.ledger_as_if(WATERMARK, _text(datetime.now(UTC) + HOUR))
    site.answer(1)
    found = site.pull()
    assert found.new == 1
    assert "clock was set back" in found.reread
    watermark = site.round().watermark
    assert watermark is not None
    assert watermark < datetime.now(UTC) + timedelta(minutes=1)
    assert site.pull().reread is None


def test_a_clock_that_has_caught_up_again_hides_nothing(site: Site) -> None:
    """Set back by an hour and past its old time since: what came in that hour is read."""
    site.answer(0)
    site.pull()
    late = site.answer(1)
    made = datetime.now(UTC) - timedelta(minutes=50)
    moment = _stored(made)
    site.execute("UPDATE task_completion SET updated_at = ? WHERE id = ?", moment, late)
    site.execute("UPDATE task SET updated_at = ? WHERE id = ?", moment, site.tasks[1])
    assert site.pull().new == 0  # nothing tells that the clock went back
    site.ledger_as_if(AHEAD, HOUR.total_seconds())
    found = site.pull()
    assert found.new == 1
    assert re.search(r"by 36\d\d s", found.reread)
    assert site.pull().reread is None


def test_a_watermark_is_never_ahead_of_the_server(site: Site) -> None:
    """A task with a time to come is read again and again, and hides nothing."""
    site.answer(0)
    ahead = _stored(datetime.now(UTC) + HOUR)
    site.execute("UPDATE task SET updated_at = ? WHERE id = ?", ahead, site.tasks[0])
    assert site.pull().new == 1
    site.answer(1)
    found = site.pull()
    assert (found.new, found.reread) == (1, None)


def test_a_restored_server_is_named_before_anything_is_taken_from_it(site: Site) -> None:
    """Again at each pull; a full one takes the server's state, and history keeps what was said."""
    site.answer(0)
    last = site.answer(1)
    site.pull()
    before = site.answers()
    site.forget(last, 1)
    for _ in range(2):
        with pytest.raises(ContractError, match="set back to an earlier state") as caught:
            site.pull()
        assert "pull --full" in caught.value.remedy
        assert site.answers() == before
    found = site.pull(full=True)
    assert found.deleted == 1
    assert site.answers()[str(last)].status is AnnotationStatus.DELETED
    site.answer(1)
    assert site.pull().new == 1


def test_two_saves_that_pass_each_other_are_no_restored_server(site: Site) -> None:
    """The time of a task may go back by the moment that a save waited for the database."""
    site.answer(0)
    site.pull()
    earlier = _stored(datetime.now(UTC) - timedelta(seconds=30))
    site.execute("UPDATE task SET updated_at = ? WHERE id = ?", earlier, site.tasks[0])
    assert not site.pull().changed


def test_an_answer_under_a_known_number_is_not_taken_for_an_edit(site: Site) -> None:
    """After a restored backup the server gives the numbers of lost answers to new ones."""
    first = site.answer(0)
    lost = site.answer(1)
    site.edit(first, "not_a_claim")  # the change that was seen last is still there
    site.pull()
    before = site.answers()
    site.forget(lost, 1)
    site.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'task_completion'", lost - 1)
    assert site.answer(2, "not_a_claim") == lost
    with pytest.raises(ContractError, match="another one than an earlier pull saw"):
        site.pull()
    assert site.answers() == before
    found = site.pull(full=True)
    assert (found.new, found.deleted) == (1, 1)
    now = site.answers()[str(lost)]
    assert now.claim_id != before[str(lost)].claim_id
    assert _history(site.workspace.ledger, f"{site.settings.round}:{lost}") == [
        "submitted",
        "deleted",
        "submitted",
    ]
    assert not site.pull().changed


def test_a_project_that_was_imported_anew_doubles_no_vote(site: Site) -> None:
    """Its answers have numbers of their own; each person still has one vote on a claim."""
    site.answer(0)
    site.answer(1, "not_a_claim")
    site.pull()
    before = {key: label_of(vote) for key, vote in site.votes().items()}
    other = site.imported_anew()
    found = site.pull()
    assert site.round().project_id == other
    assert (found.new, found.deleted) == (2, 0)
    assert {key: label_of(vote) for key, vote in site.votes().items()} == before
    assert not site.pull().changed


def test_answers_that_came_to_light_late_are_read(site: Site) -> None:
    """A long import shows its tasks when it is done, with the times of its beginning."""
    site.answer(0)
    site.pull()
    arrived = site.arrive_late(1)
    found = site.pull()
    assert (found.new, found.tasks) == (1, 4)
    with Ledger(site.workspace.ledger) as ledger:
        assert arrived in {task.task_id for task in ledger.tasks(site.settings.round)}
    assert not site.pull().changed


def test_a_last_change_that_was_deleted_is_no_restored_server(site: Site) -> None:
    site.answer(0)
    site.pull()
    site._http.delete(f"/api/tasks/{site.tasks[0]}/").raise_for_status()
    found = site.pull()
    assert found.deleted_tasks == (site.tasks[0],)
    assert not site.pull().changed


def _history(path: Path, annotation: str) -> list[str]:
    database = sqlite3.connect(path)
    with contextlib.closing(database):
        rows = database.execute(
            "SELECT status FROM annotation_version WHERE annotation_id LIKE ? ORDER BY version",
            (annotation.replace(":", "%:"),),
        )
        return [status for (status,) in rows]
