"""Returns on a real Label Studio: to their own annotator, with the reason, and once."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from claimset import pipeline
from claimset.cli import app
from claimset.labelstudio.access import OwnAccess
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.failures import UnclearError
from claimset.labelstudio.returning import ReturnWay
from claimset.models import Selection
from claimset.pipeline.annotators import add_annotators
from claimset.pipeline.returning import ReturnsResult, list_returns, send_returns
from claimset.settings import Settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.labelstudio.transport import Transport
    from claimset.models import Annotation
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio

_NUMBERS = itertools.count(1)


def choice(name: str, value: str) -> dict[str, Any]:
    return {
        "id": name,
        "from_name": name,
        "to_name": "article",
        "type": "choices",
        "value": {"choices": [value]},
    }


def reason(text: str) -> dict[str, Any]:
    return {
        "id": "justification",
        "from_name": "justification",
        "to_name": "article",
        "type": "textarea",
        "value": {"text": [text]},
    }


FACTUAL = choice("checkability", "factual")
NO_VERDICT = [FACTUAL, reason("He says so.")]
NO_SPAN = [FACTUAL, choice("verdict", "supported"), reason("He says so.")]
GOOD = [FACTUAL, choice("verdict", "not_enough_evidence")]


class Desk:
    """A round with annotators, each with an account of their own."""

    def __init__(self, workspace: Workspace, studio: EmbeddedStudio) -> None:
        number = next(_NUMBERS)
        self.workspace = workspace
        self.settings = Settings(
            label_studio_url=studio.url,
            label_studio_api_key=studio.credentials.token,
            round=f"returns-{number}",
            overlap=2,
        )
        self.lead = LabelStudioClient(studio.url, studio.credentials.token)
        names = [f"{name}-returns-{number}" for name in ("anna", "ben", "carl")]
        add_annotators(workspace, self.settings, names)
        users = {email: user for user, email in self.lead.accounts().items()}
        self.access = OwnAccess(self.lead, workspace.annotators, workspace.accounts)
        self.people: dict[str, LabelStudioClient] = {}
        for name in names:
            found = self.access.of(users[f"{name}@claimset.invalid"])
            assert found is not None
            self.people[name.partition("-")[0]] = found
        pipeline.segment(workspace, self.settings)
        pushed = pipeline.push(workspace, self.settings, selection=Selection(sample=4))
        self.project = pushed.project_id or 0
        self.tasks = sorted(self.lead.task_ids(self.project))

    def email_of(self, name: str) -> str:
        number = self.settings.round.rpartition("-")[2]
        return f"{name}-returns-{number}@claimset.invalid"

    def next_of(self, name: str) -> dict[str, Any] | None:
        """What the labelling stream gives somebody."""
        transport: Transport = self.people[name]._transport
        found = transport.call("GET", f"/api/projects/{self.project}/next/", doing="next task")
        return dict(found) if found else None

    def lock_out(self, name: str) -> None:
        """Make an account one whose password is not known here."""
        store = self.workspace.annotators
        rows = json.loads(store.read_bytes())
        for row in rows:
            if row["name"].startswith(name):
                row["password"] = None
        store.write_text(json.dumps(rows))

    def pulled(self) -> list[Annotation]:
        pipeline.pull(self.workspace, self.settings)
        with Ledger(self.workspace.ledger) as ledger:
            return ledger.annotations()

    def listed(self) -> list[str]:
        """Reasons of what breaks a rule."""
        return [row.reason for row in list_returns(self.workspace, self.settings).broken]


@pytest.fixture
def desk(workspace_copy: Workspace, studio: EmbeddedStudio) -> Iterator[Desk]:
    found = Desk(workspace_copy, studio)
    with found.access:
        yield found
    found.lead.close()


def test_an_answer_goes_back_to_its_own_annotator_with_the_reason(desk: Desk) -> None:
    """They get it first, as they left it, nobody else gets it, and a mended one leaves the list."""
    task = desk.tasks[2]
    desk.people["anna"].annotate(task, NO_SPAN)
    desk.people["ben"].annotate(task, GOOD)
    assert [item.status for item in desk.pulled()] == ["submitted"]
    assert desk.listed() == ["supported needs a span marked supports"]

    result = send_returns(desk.workspace, desk.settings)
    assert [(row.task_id, row.sent) for row in result.broken] == [(task, ReturnWay.DRAFT)]
    assert desk.listed() == []
    for other in ("ben", "carl"):
        shown = desk.next_of(other)
        assert shown is not None
        assert shown["id"] != task
    shown = desk.next_of("anna")
    assert shown is not None
    assert shown["id"] == task
    (draft,) = shown["drafts"]
    text = draft["result"][-1]["value"]["text"]
    assert text == ["[returned: supported needs a span marked supports]\nHe says so."]
    assert draft["result"][:2] == NO_SPAN[:2]

    again = send_returns(desk.workspace, desk.settings)
    assert (again.broken, len(again.waiting), again.mended) == ((), 1, 0)
    desk.people["anna"].annotate(task, [*GOOD, draft["result"][-1]])
    (mended,) = [item for item in desk.pulled() if item.justification]
    assert mended.justification == "He says so."  # the note is no part of the answer
    after = list_returns(desk.workspace, desk.settings)
    assert (after.broken, after.waiting, after.mended) == ((), (), 1)


def test_an_account_that_cannot_be_entered_gets_the_task_blank(desk: Desk) -> None:
    """Also where others have filled its places meanwhile, the task is asked once more."""
    task = desk.tasks[0]
    desk.people["anna"].annotate(task, NO_VERDICT)
    desk.people["ben"].annotate(task, GOOD)
    desk.people["carl"].annotate(task, GOOD)
    desk.lock_out("anna")
    desk.pulled()
    (row,) = send_returns(desk.workspace, desk.settings).broken
    assert row.sent is ReturnWay.BLANK
    (stored,) = desk.lead.tasks_by_id(desk.project, [task])
    assert not stored["is_labeled"]
    shown = desk.next_of("anna")
    assert shown is not None
    assert (shown["id"], shown["drafts"]) == (task, [])
    with Ledger(desk.workspace.ledger) as ledger:
        (waiting,) = ledger.waiting_returns(desk.settings.round)
    assert waiting.reason == "a factual claim needs a verdict"


def test_a_lost_mark_is_taken_off_and_named(desk: Desk) -> None:
    """A mark that is not the slice of its source would show elsewhere: it does not come back."""
    task = desk.tasks[0]
    (stored,) = desk.lead.tasks_by_id(desk.project, [task])
    text = stored["data"]["sources"][0]["text"]

    def mark(start: int, end: int, words: str) -> dict[str, Any]:
        value = {"start": start, "end": end, "text": words, "labels": ["supports"]}
        control = {"from_name": "evidence_0", "to_name": "source_0", "type": "labels"}
        return {"id": f"mark-{start}", **control, "value": value}

    held, lost = mark(0, 9, text[:9]), mark(20, 29, "no such words")
    desk.people["ben"].annotate(task, [FACTUAL, choice("verdict", "supported"), held, lost])
    desk.pulled()
    send_returns(desk.workspace, desk.settings)
    shown = desk.next_of("ben")
    assert shown is not None
    (draft,) = shown["drafts"]
    assert [item["id"] for item in draft["result"]] == [
        "checkability",
        "verdict",
        "mark-0",
        "justification",
    ]
    assert "mark them again" in draft["result"][-1]["value"]["text"][0]


@pytest.mark.parametrize("done", [False, True], ids=["not-done", "done"])
def test_a_return_that_breaks_off_is_made_up_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, done: bool
) -> None:
    """Whether the server had done it or not, the next run ends with one draft and one return."""
    task = desk.tasks[1]
    desk.people["anna"].annotate(task, NO_SPAN)
    desk.pulled()
    real: Callable[..., None] = LabelStudioClient.convert_to_draft

    def broken(self: LabelStudioClient, annotation: int) -> None:
        if done:
            real(self, annotation)
        raise UnclearError("no answer came")

    with monkeypatch.context() as patch:
        patch.setattr(LabelStudioClient, "convert_to_draft", broken)
        with pytest.raises(UnclearError):
            send_returns(desk.workspace, desk.settings)
    result = send_returns(desk.workspace, desk.settings)
    assert len(result.broken) == (0 if done else 1)
    shown = desk.next_of("anna")
    assert shown is not None
    assert shown["id"] == task
    (draft,) = shown["drafts"]
    (line,) = draft["result"][-1]["value"]["text"]
    assert line.count("[returned:") == 1
    with Ledger(desk.workspace.ledger) as ledger:
        assert len(ledger.waiting_returns(desk.settings.round)) == 1


def test_the_command_lists_by_annotator_and_sends_nothing_unasked(desk: Desk) -> None:
    """Listing and a dry run leave Label Studio as it is; --json gives each answer."""
    for task in desk.tasks[:2]:
        desk.people["anna"].annotate(task, NO_SPAN)
    desk.pulled()
    where = ["returns", "-w", str(desk.workspace.root), "--round", desk.settings.round]
    for more in ([], ["--send", "--dry-run"]):
        shown = CliRunner().invoke(app, [*where, *more], env={"COLUMNS": "120"})
        assert shown.exit_code == 0
        assert "anna" in shown.stdout
        assert f"{desk.tasks[0]}, {desk.tasks[1]}" in shown.stdout
    assert desk.lead.count_annotations(desk.project) == 2
    answer = json.loads(CliRunner().invoke(app, [*where, "--json"]).stdout)
    assert [row["task_id"] for row in answer["broken"]] == desk.tasks[:2]
    assert answer["broken"][0]["link"].endswith(f"?task={desk.tasks[0]}")


@pytest.mark.parametrize("named", ["the round", "its adjudication"])
def test_a_decision_goes_back_to_its_adjudicator(desk: Desk, named: str) -> None:
    """Listed with the votes of its round, or by its own; mended, it is a decision."""
    task = desk.tasks[0]
    desk.people["anna"].annotate(task, GOOD)
    desk.people["ben"].annotate(task, [choice("checkability", "opinion")])
    desk.people["anna"].annotate(desk.tasks[1], NO_SPAN)
    sent = pipeline.adjudicate(desk.workspace, desk.settings, by=[desk.email_of("carl")])
    (asked,) = desk.lead.task_ids(sent.project_id or 0)
    unexplained = [choice("checkability", "cannot_be_decided")]
    desk.people["carl"].annotate(asked, unexplained)
    settings = desk.settings
    if named == "its adjudication":
        settings = settings.model_copy(update={"round": sent.adjudication})
    pipeline.pull(desk.workspace, desk.settings)

    def decisions(result: ReturnsResult) -> ReturnsResult:
        found = result if named == "its adjudication" else result.adjudication
        assert found is not None
        return found

    (row,) = decisions(list_returns(desk.workspace, settings)).broken
    assert row.reason.startswith("no error category was chosen")
    result = send_returns(desk.workspace, settings)
    (row,) = decisions(result).broken
    assert (row.task_id, row.sent) == (asked, ReturnWay.DRAFT)
    if named == "the round":  # one run returns both
        assert [(row.task_id, row.sent) for row in result.broken] == [
            (desk.tasks[1], ReturnWay.DRAFT)
        ]
    (stored,) = desk.lead.tasks_by_id(sent.project_id or 0, [asked])
    assert stored["annotations"] == []

    shown = CliRunner().invoke(
        app, ["returns", "-w", str(desk.workspace.root), "--round", settings.round]
    )
    assert ("adjudication:" in shown.stdout) == (named == "the round")
    assert "1 returned before and not answered yet:" in shown.stdout
    desk.people["carl"].annotate(asked, [*unexplained, choice("error_category", "slip")])
    (dispute,) = pipeline.adjudicate(desk.workspace, desk.settings).disputes
    assert str(dispute.state) == "cannot_be_decided"
    after = decisions(list_returns(desk.workspace, settings))
    assert (after.broken, after.waiting, after.mended) == ((), (), 1)


def test_a_returned_decision_outlives_its_task(desk: Desk) -> None:
    """Another vote makes the dispute a new task: the draft stays at the old one, and is named."""
    task = desk.tasks[0]
    desk.people["anna"].annotate(task, GOOD)
    desk.people["ben"].annotate(task, [choice("checkability", "opinion")])
    carl = desk.email_of("carl")
    sent = pipeline.adjudicate(desk.workspace, desk.settings, by=[carl])
    project = sent.project_id or 0
    (asked,) = desk.lead.task_ids(project)
    desk.people["carl"].annotate(asked, [choice("checkability", "cannot_be_decided")])
    send_returns(desk.workspace, desk.settings)
    assert _draft_of(desk.people["carl"], asked)
    (vote,) = (item for item in desk.pulled() if item.checkability == "opinion")
    number = int(vote.annotation_id.rpartition(":")[2])
    desk.people["ben"].update_annotation(number, [choice("checkability", "not_a_claim")])
    again = pipeline.adjudicate(desk.workspace, desk.settings, by=[carl])
    assert again.sent == 1
    for _ in range(2):  # a later run does not take it away either
        stored = {row["id"]: row for row in desk.lead.tasks_by_id(project, [asked])}
        assert stored[asked]["is_labeled"]  # nobody is asked the old text
        assert _draft_of(desk.people["carl"], asked)
        found = list_returns(desk.workspace, desk.settings).adjudication
        assert found is not None
        assert found.waiting == ()
        assert [row.task_id for row in found.replaced] == [asked]
        pipeline.adjudicate(desk.workspace, desk.settings, by=[carl])
    shown = CliRunner().invoke(
        app, ["returns", "-w", str(desk.workspace.root), "--round", desk.settings.round]
    )
    assert "1 returned, then replaced by a new text; the draft stays" in shown.stdout


def _draft_of(person: LabelStudioClient, task: int) -> list[Any]:
    found = person._transport.call("GET", f"/api/tasks/{task}/drafts", doing="own drafts")
    return list(found)
