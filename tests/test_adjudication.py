"""Adjudication all the way on a real Label Studio: sent, decided, refused, pulled, made gold."""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from claimset import pipeline
from claimset.cli import app
from claimset.errors import UsageError
from claimset.labelstudio.accounts import _sign_up, annotator_of
from claimset.labelstudio.client import LabelStudioClient
from claimset.settings import Settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.pipeline import AdjudicateResult, PullResult
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio

_NUMBERS = itertools.count(1)
NAMES = ("anna", "ben", "dora", "emma")


def choice(name: str, value: str) -> dict[str, Any]:
    return {
        "from_name": name,
        "to_name": "article",
        "type": "choices",
        "value": {"choices": [value]},
    }


OPINION = [choice("checkability", "opinion")]
NO_CLAIM = [choice("checkability", "not_a_claim")]
UNCLEAR = [choice("checkability", "factual"), choice("verdict", "not_enough_evidence")]


@dataclasses.dataclass(frozen=True)
class Court:
    """A workspace whose round has been voted on, on the shared server, and its people."""

    workspace: Workspace
    settings: Settings
    emails: dict[str, str]
    clients: dict[str, LabelStudioClient]
    lead: LabelStudioClient
    claims: list[str]
    """The first claims of the round; anna and ben differ on 0, 1 and 2 and agree on 3."""

    def pseudonym(self, name: str) -> str:
        return annotator_of(self.emails[name], self.workspace.pseudonym_secret()).annotator

    def adjudicate(self, *by: str, **options: Any) -> AdjudicateResult:
        accounts = [self.emails[name] for name in by]
        return pipeline.adjudicate(self.workspace, self.settings, by=accounts, **options)

    def pull(self, **options: Any) -> PullResult:
        pulled = pipeline.pull(self.workspace, self.settings, **options).adjudication
        assert pulled is not None
        return pulled

    def tasks(self, round_name: str | None = None) -> dict[str, int]:
        with Ledger(self.workspace.ledger) as ledger:
            tasks = ledger.tasks(round_name or f"{self.settings.round}-adjudication")
            return {task.claim_id: task.task_id for task in tasks if not task.superseded}

    def decide(self, name: str, claim: str, answer: list[dict[str, Any]]) -> int:
        category = choice("error_category", "guideline_unclear")
        made = self.clients[name].annotate(self.tasks()[claim], [*answer, category])
        assert made is not None
        return made

    def data(self, claim: str) -> dict[str, Any]:
        rows = self.lead.tasks_by_id(self.project(), [self.tasks()[claim]])
        return dict(next(iter(rows))["data"])

    def project(self) -> int:
        with Ledger(self.workspace.ledger) as ledger:
            found = ledger.round(f"{self.settings.round}-adjudication")
        assert found is not None
        return found.project_id


@pytest.fixture
def court(workspace_copy: Workspace, studio: EmbeddedStudio) -> Iterator[Court]:
    """Three claims in dispute and one that is not, of the seeds."""
    number = next(_NUMBERS)
    token = studio.credentials.token
    settings = Settings(
        label_studio_url=studio.url,
        label_studio_api_key=token,
        round=f"court-{number}",
        overlap=2,
        dataset_name="claimset-seeds",
    )
    pipeline.segment(workspace_copy, settings)
    pipeline.push(workspace_copy, settings)
    emails = {name: f"{name}-{number}@court.example" for name in NAMES}
    from pydantic import SecretStr

    clients = {
        name: LabelStudioClient(
            studio.url, SecretStr(_sign_up(studio.url, token, email, "a-long-password-1"))
        )
        for name, email in emails.items()
    }
    lead = LabelStudioClient(studio.url, token)
    with Ledger(workspace_copy.ledger) as ledger:
        tasks = ledger.tasks(settings.round)[:4]
    for place, task in enumerate(tasks):
        clients["anna"].annotate(task.task_id, OPINION)
        clients["ben"].annotate(task.task_id, OPINION if place == 3 else UNCLEAR)
    yield Court(workspace_copy, settings, emails, clients, lead, [task.claim_id for task in tasks])
    for client in (*clients.values(), lead):
        client.close()


def gold_of(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Released claims by id, labels by name."""
    from claimset.loading import load

    rows = load(workspace.dataset)
    named = ("gold_source", "gold_verdict", "gold_checkability", "error_category")
    return {
        row["claim_id"]: row
        | {
            name: None if row[name] is None else rows.features[name].int2str(row[name])
            for name in named
        }
        for row in rows
    }


def test_disagreements_are_sent_decided_and_become_gold(court: Court) -> None:
    """Sent once to somebody who did not vote; decided; gold with pedigree and own evidence."""
    first, second, third, agreed = court.claims
    unsent = court.adjudicate()
    assert [item.claim_id for item in unsent.disputes] == [first, second, third]
    assert {item.state for item in unsent.disputes} == {"unsent"}
    assert (unsent.sent, unsent.project_id) == (0, None)

    sent = court.adjudicate("anna", "dora")
    assert (sent.sent, sent.unchanged, sent.unassigned) == (3, 0, ())
    assert {item.adjudicator for item in sent.disputes} == {court.pseudonym("dora")}
    assert set(court.tasks()) == {first, second, third}
    assert [docket.url is None for docket in sent.dockets] == [True, False]
    again = court.adjudicate("anna", "dora")
    assert (again.sent, again.unchanged, again.project_id) == (0, 3, sent.project_id)
    assert court.lead.count_tasks(court.project()) == 3

    source = court.data(first)["sources"][0]
    span = {
        "from_name": "evidence_0",
        "to_name": "source_0",
        "type": "labels",
        "value": {"start": 0, "end": 12, "text": source["text"][:12], "labels": ["refutes"]},
    }
    refuted = [choice("checkability", "factual"), choice("verdict", "refuted"), span]
    court.decide("dora", first, refuted)
    court.decide("dora", second, [choice("checkability", "cannot_be_decided")])
    after = court.adjudicate()
    assert [str(item.state) for item in after.disputes] == ["decided", "cannot_be_decided", "open"]
    assert after.pulled is not None
    assert after.pulled.adjudication is not None
    assert (after.pulled.adjudication.new, after.pulled.adjudication.rejected) == (2, ())
    status = pipeline.status(court.workspace)
    assert status.open_disputes == 1
    assert {found.round: found.adjudicated for found in status.rounds}[court.settings.round] == 2

    pipeline.build(court.workspace, court.settings)
    gold = gold_of(court.workspace)
    assert gold[first]["gold_source"] == "adjudicated"
    assert gold[first]["gold_verdict"] == "refuted"
    assert gold[first]["adjudicator"] == court.pseudonym("dora")
    assert gold[first]["error_category"] == "guideline_unclear"
    (evidence,) = gold[first]["evidence_sets"]
    assert evidence["annotator"] == court.pseudonym("dora")
    assert [(item["start"], item["end"]) for item in evidence["spans"]] == [(0, 12)]
    assert gold[first]["n_annotations"] == 2
    assert (gold[second]["gold_source"], gold[second]["gold_verdict"]) == ("unresolved", None)
    assert gold[second]["adjudicator"] == court.pseudonym("dora")
    assert gold[third]["gold_source"] == "unresolved"
    assert gold[agreed]["gold_source"] == "unanimous"
    rows = pq.read_table(next((court.workspace.dataset / "annotations").glob("*.parquet")))
    assert rows.num_rows == 8 + 2
    everything = b"".join(
        path.read_bytes() for path in court.workspace.dataset.rglob("*") if path.is_file()
    )
    assert b"court.example" not in everything


def test_decisions_of_others_are_refused_by_name(court: Court) -> None:
    """A voter's and a second adjudicator's: listed with who and why, and never gold."""
    first, second, third, _ = court.claims
    court.adjudicate("dora")
    court.decide("anna", first, NO_CLAIM)
    court.decide("emma", second, NO_CLAIM)
    court.decide("dora", third, NO_CLAIM)
    pulled = court.pull()
    assert (pulled.new, len(pulled.rejected), pulled.returnable) == (1, 2, 0)
    (voter,) = [line for line in pulled.rejected if first in line]
    (stranger,) = [line for line in pulled.rejected if second in line]
    assert f"{court.pseudonym('anna')} voted on the claim" in voter
    assert f"{court.pseudonym('emma')} is a second adjudicator" in stranger
    assert court.pseudonym("dora") in stranger
    states = {item.claim_id: str(item.state) for item in court.adjudicate().disputes}
    assert states == {first: "open", second: "open", third: "decided"}
    court.decide("dora", second, OPINION)  # what emma said does not stand in her way
    states = {item.claim_id: str(item.state) for item in court.adjudicate().disputes}
    assert states[second] == "decided"


def test_a_lost_ledger_finds_the_decisions_again(court: Court) -> None:
    """`pull --full` reads votes, then decisions; nothing is sent twice afterwards."""
    court.adjudicate("dora")
    court.decide("dora", court.claims[0], NO_CLAIM)
    court.decide("anna", court.claims[1], NO_CLAIM)
    before = court.adjudicate("dora")
    for path in court.workspace.state.glob("ledger.sqlite3*"):
        path.unlink()
    pulled = court.pull(full=True)
    assert (pulled.new, len(pulled.rejected)) == (1, 1)
    after = court.adjudicate("dora")
    assert after.disputes == before.disputes
    assert (after.sent, after.unchanged) == (0, 2)
    assert court.lead.count_tasks(court.project()) == 3


def test_a_dry_run_needs_no_server_and_sends_nothing(court: Court) -> None:
    """It says what would be sent and to whom."""
    court.adjudicate()
    offline = court.settings.model_copy(update={"label_studio_url": "http://127.0.0.1:9"})
    accounts = [court.emails["dora"]]
    outlook = pipeline.adjudicate(court.workspace, offline, by=accounts, dry_run=True)
    assert (outlook.sent, outlook.dry_run, outlook.project_id) == (3, True, None)
    assert {item.adjudicator for item in outlook.disputes} == {court.pseudonym("dora")}
    assert {item.state for item in outlook.disputes} == {"unsent"}
    assert court.adjudicate("dora").sent == 3


def test_a_claim_that_all_named_voted_on_is_listed_and_not_sent(court: Court) -> None:
    """Exit code 1 with each reason; an unknown account is a usage error."""
    arguments = ["adjudicate", "-w", str(court.workspace.root), "--json"]
    environment = {
        "LABEL_STUDIO_URL": court.lead.url,
        "LABEL_STUDIO_API_KEY": str(
            court.settings.label_studio_api_key.get_secret_value()
            if court.settings.label_studio_api_key
            else ""
        ),
        "CLAIMSET_ROUND": court.settings.round,
    }
    run = CliRunner().invoke(
        app,
        [*arguments, "--by", court.emails["anna"], "--by", court.emails["ben"]],
        env=environment,
    )
    assert run.exit_code == 1, run.output
    result = json.loads(run.stdout)
    assert (result["sent"], result["project_id"]) == (0, None)
    for item in result["disputes"]:
        assert len(item["refused"]) == 2
        assert court.pseudonym("anna") in item["refused"][0]
    with pytest.raises(UsageError, match="no account"):
        pipeline.adjudicate(court.workspace, court.settings, by=["nobody@court.example"])
    run = CliRunner().invoke(app, [*arguments, "--by", "machine-x@machine.claimset.invalid"])
    assert run.exit_code == 2


def test_what_changed_meanwhile_is_asked_anew(court: Court) -> None:
    """A changed vote changes the open task; votes that agree now are named; a decision stays."""
    first, second, third, _ = court.claims
    court.adjudicate("dora")
    court.decide("dora", first, NO_CLAIM)
    before = court.tasks()
    votes = court.tasks(court.settings.round)
    court.clients["ben"].annotate(votes[first], NO_CLAIM)
    court.clients["ben"].annotate(votes[second], NO_CLAIM)
    court.clients["ben"].annotate(votes[third], OPINION)
    result = court.adjudicate("dora")
    assert [item.claim_id for item in result.disputes] == [first, second]
    assert [str(item.state) for item in result.disputes] == ["decided", "open"]
    assert result.agreed == (third,)
    assert (result.sent, result.unchanged) == (1, 0)
    after = court.tasks()
    assert (after[first], after[third]) == (before[first], before[third])
    assert after[second] != before[second]
    assert "not a claim" in court.data(second)["answers_html"]


def test_naming_others_moves_the_open_ones(court: Court) -> None:
    """The first adjudicator is not asked any more; a decision that was given stays."""
    first, second, third, _ = court.claims
    court.adjudicate("dora")
    court.decide("dora", first, NO_CLAIM)
    moved = court.adjudicate("emma")
    assert (moved.sent, court.lead.count_tasks(court.project())) == (2, 3)
    assert court.data(second)["adjudicator"] == court.emails["emma"]
    court.decide("dora", third, NO_CLAIM)
    pulled = court.pull()
    assert len(pulled.rejected) == 1
    states = {item.claim_id: item for item in court.adjudicate().disputes}
    assert states[first].adjudicator == court.pseudonym("dora")
    assert str(states[third].state) == "open"


def test_a_vote_after_the_decision_takes_it_back(court: Court) -> None:
    """Who decides must not also vote: the decision does not count, and somebody else is asked."""
    first = court.claims[0]
    court.adjudicate("dora")
    court.decide("dora", first, NO_CLAIM)
    assert str(court.adjudicate().disputes[0].state) == "decided"
    court.clients["dora"].annotate(court.tasks(court.settings.round)[first], UNCLEAR)
    result = court.adjudicate("emma")
    assert str(result.disputes[0].state) == "open"
    assert result.disputes[0].adjudicator == court.pseudonym("emma")
    court.decide("emma", first, OPINION)
    court.adjudicate()
    pipeline.build(court.workspace, court.settings)
    assert gold_of(court.workspace)[first]["adjudicator"] == court.pseudonym("emma")


def test_another_round_of_that_name_is_left_alone(court: Court) -> None:
    """A round of annotation that is called so is neither read as decisions nor written into."""
    taken = court.settings.model_copy(update={"round": f"{court.settings.round}-adjudication"})
    pipeline.push(court.workspace, taken)
    assert pipeline.pull(court.workspace, court.settings).adjudication is None
    with pytest.raises(UsageError, match="was begun with"):
        court.adjudicate("dora")


def test_without_a_round_there_is_nothing_to_adjudicate(workspace_copy: Workspace) -> None:
    """The error names the step that is missing."""
    settings = Settings(round="none")
    pipeline.segment(workspace_copy, settings)
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="there is no round none"):
            pipeline.adjudicate(workspace_copy, settings, dry_run=dry_run)
