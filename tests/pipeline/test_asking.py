"""Items that measure, on a real Label Studio: unseen by annotators, and never a vote."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from claimset import pipeline
from claimset.errors import LabelStudioError, UsageError
from claimset.labelstudio import second_tasks
from claimset.labelstudio.access import OwnAccess
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.listing import StoredTask
from claimset.models import Selection, TaskRole
from claimset.pipeline.annotators import add_annotators
from claimset.settings import Settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio

KNOWN = 21
SHARE = 0.84


def choice(name: str, value: str) -> dict[str, Any]:
    control = {"from_name": name, "to_name": "article", "type": "choices"}
    return {**control, "value": {"choices": [value]}}


OPINION = [choice("checkability", "opinion")]
UNKNOWN = [choice("checkability", "factual"), choice("verdict", "not_enough_evidence")]


class Site:
    """A workspace whose round has known answers."""

    def __init__(self, workspace: Workspace, studio: EmbeddedStudio, name: str) -> None:
        self.workspace = workspace
        self.settings = Settings(
            label_studio_url=studio.url,
            label_studio_api_key=studio.credentials.token,
            round=name,
            overlap=2,
            min_votes=2,
            all_mentions=True,
        )
        self.client = LabelStudioClient(studio.url, studio.credentials.token)
        pipeline.segment(workspace, self.settings)
        self.claims = pipeline.read_segmented(workspace).claims
        self.gold = workspace.root / "gold.jsonl"
        self.known = [claim.claim_id for claim in self.claims[::2]][:KNOWN]
        self.gold.write_text(
            "\n".join(
                json.dumps({"claim_id": name, "checkability": "opinion"}) for name in self.known
            )
        )

    def push(self, **more: Any) -> pipeline.PushResult:
        return pipeline.push(self.workspace, self.settings, **more)

    def tasks(self) -> list[tuple[StoredTask, dict[str, Any]]]:
        """What the project holds, in the order of tasks."""
        with Ledger(self.workspace.ledger) as ledger:
            found = ledger.round(self.settings.round)
        assert found is not None
        ids = sorted(self.client.task_ids(found.project_id))
        rows = {int(row["id"]): row for row in self.client.tasks_by_id(found.project_id, ids)}
        stored = [(StoredTask.of(rows[number]), rows[number]["data"]) for number in ids]
        return [(task, data) for task, data in stored if task is not None]


@pytest.fixture
def site(
    workspace_copy: Workspace, studio: EmbeddedStudio, request: pytest.FixtureRequest
) -> Iterator[Site]:
    found = Site(workspace_copy, studio, request.node.name.removeprefix("test_")[:40])
    yield found
    found.client.close()


def test_known_and_repeated(site: Site, tmp_path: Path) -> None:
    """They look like all others, survive pushes and a lost ledger, and give figures but no vote."""
    outlook = site.push(gold=site.gold, repeat=SHARE, dry_run=True)
    asked = len(site.claims) - KNOWN
    assert (outlook.sent, outlook.known, outlook.repeated) == (len(site.claims) + 21, KNOWN, 21)
    first = site.push(gold=site.gold, repeat=SHARE)
    assert (first.sent, first.known, first.repeated) == (outlook.sent, KNOWN, 21)

    tasks = site.tasks()
    roles = [task.role for task, _ in tasks]
    assert roles[len(site.claims) :] == [TaskRole.REPEAT] * 21
    order = [claim.claim_id for claim in site.claims]
    assert [task.claim_id for task, _ in tasks[: len(order)]] == order  # known ones at their place
    shapes = {frozenset((key, type(value)) for key, value in data.items()) for _, data in tasks}
    assert len(shapes) == 1
    assert len({len(data["item"]) for _, data in tasks}) == 1
    assert "gold" not in json.dumps([data for _, data in tasks])

    # Nothing is taken for a double, neither by the ledger nor where it was lost.
    again = site.push()
    assert (again.sent, again.unchanged, again.doubled) == (0, len(tasks), ())
    for path in site.workspace.state.glob("ledger.sqlite3*"):
        path.unlink()
    lost = site.push()
    assert (lost.sent, lost.found, lost.known, lost.repeated) == (0, len(tasks), KNOWN, 21)
    assert len(site.tasks()) == len(tasks)
    site.push(gold=site.gold)  # the answers themselves were in the ledger alone

    for number, (task, _) in enumerate(tasks):
        right = task.role is TaskRole.GOLD or number % 3
        site.client.annotate(task.task_id, OPINION if right else UNKNOWN)
    pulled = pipeline.pull(site.workspace, site.settings)
    assert sum(pulled.submitted_by.values()) == len(tasks)
    with Ledger(site.workspace.ledger) as ledger:
        votes = ledger.annotations()
    assert len(votes) == asked
    assert not {vote.claim_id for vote in votes} & set(site.known)

    (found,) = pipeline.status(site.workspace).rounds
    assert (found.tasks, found.begun, found.complete) == (asked, asked, 0)
    assert (found.known_items, found.repeated_items) == (KNOWN, 21)
    (row,) = found.checks
    assert (row.known.value, row.known.n) == (1.0, KNOWN)
    assert row.again.n == 21
    assert row.again.value is not None
    assert 0 < row.again.value < 1
    page = tmp_path / "report.html"
    pipeline.report(site.workspace, site.settings, html=page)
    assert "right where known" in page.read_text("utf-8")
    built = pipeline.build(site.workspace, site.settings)
    assert built.counts["annotations"] == asked


def test_who_gets_the_second_task_alone_gives_a_vote(site: Site) -> None:
    """Until they answer the first one: then the second is held against it and counts no more."""
    site.push(repeat=0.01)
    *firsts, (second, _) = site.tasks()
    (first,) = [task for task, _ in firsts if task.claim_id == second.claim_id]

    def votes() -> list[str]:
        pipeline.pull(site.workspace, site.settings)
        with Ledger(site.workspace.ledger) as ledger:
            return [str(item.checkability) for item in ledger.annotations()]

    site.client.annotate(second.task_id, OPINION)
    assert votes() == ["opinion"]
    site.client.annotate(first.task_id, UNKNOWN)
    assert votes() == ["factual"]


def test_a_claim_cannot_give_votes_and_measure(site: Site) -> None:
    """Known answers for claims that the round asks for already are refused; nothing is sent."""
    site.push()
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="asks for votes on it already") as caught:
            site.push(gold=site.gold, dry_run=dry_run)
        assert caught.value.where == str(site.gold)
    assert site.push().known == 0


def test_second_tasks_are_kept_for_who_answered_the_first(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at once, while the first answer is remembered; then nobody else gets their places."""
    names = [f"{name}-again" for name in ("anna", "ben", "carl")]
    add_annotators(site.workspace, site.settings, names)
    users = {email: user for user, email in site.client.accounts().items()}
    with OwnAccess(site.client, site.workspace.annotators, site.workspace.accounts) as access:
        anna, ben, carl = (access.of(users[f"{name}@claimset.invalid"]) for name in names)
        assert anna is not None
        assert ben is not None
        assert carl is not None
        pushed = site.push(selection=Selection(sample=3), repeat=0.3)
        *firsts, (second, _) = site.tasks()
        for task, _ in firsts:
            anna.annotate(task.task_id, OPINION)
            ben.annotate(task.task_id, OPINION)
        pipeline.pull(site.workspace, site.settings)
        assert site.push().kept == 0
        monkeypatch.setattr(second_tasks, "DISTANCE", timedelta(0))
        assert site.push().kept == 2
        assert site.push().kept == 2  # renewed, not doubled

        def given(client: LabelStudioClient) -> int | None:
            path = f"/api/projects/{pushed.project_id}/next/"
            try:
                found = client._transport.call("GET", path, doing="next", missing="nothing left")
            except LabelStudioError as error:
                assert error.status == 404
                return None
            return int(found["id"])

        assert given(carl) is None
        assert given(anna) == given(ben) == second.task_id
        anna.annotate(second.task_id, UNKNOWN)
        pipeline.pull(site.workspace, site.settings)
        assert site.push().kept == 1
