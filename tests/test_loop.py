"""The whole loop on a real Label Studio, and what can go wrong on the way."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyarrow.parquet as pq
import pytest
from pydantic import SecretStr

from claimset import pipeline
from claimset.errors import CheckFailed, LabelStudioError, UsageError
from claimset.labelstudio.accounts import _sign_up
from claimset.labelstudio.client import LabelStudioClient
from claimset.loading import load
from claimset.models import AVERITEC
from claimset.pipeline.opening import connect
from claimset.reporting.quickstart import print_quickstart
from claimset.seeds import read_adjudications, read_articles
from claimset.settings import Settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.pipeline import QuickstartResult
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio

REPOSITORY = Path(__file__).parents[1]


@dataclasses.dataclass(frozen=True)
class Site:
    """A workspace whose rounds live on the shared server."""

    workspace: Workspace
    settings: Settings
    client: LabelStudioClient

    def tasks(self) -> dict[str, int]:
        """Task id by claim id, as the ledger has them."""
        with Ledger(self.workspace.ledger) as ledger:
            return {task.claim_id: task.task_id for task in ledger.tasks(self.settings.round)}


@pytest.fixture
def site(
    workspace_copy: Workspace, studio: EmbeddedStudio, request: pytest.FixtureRequest
) -> Iterator[Site]:
    """A fresh workspace with a round of its own."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[:40].strip("-")
    settings = Settings(
        label_studio_url=studio.url,
        label_studio_api_key=studio.credentials.token,
        round=name,
        overlap=3,
        dataset_name="claimset-seeds",
    )
    client = LabelStudioClient(studio.url, studio.credentials.token)
    pipeline.segment(workspace_copy, settings)
    yield Site(workspace_copy, settings, client)
    client.close()


@pytest.fixture(scope="module")
def loop(studio: EmbeddedStudio) -> tuple[Workspace, QuickstartResult]:
    """The quickstart, run once on the shared server's own workspace."""
    workspace = studio.workspace
    settings = Settings(round="seeds", overlap=3, dataset_name="claimset-seeds")
    return workspace, pipeline.quickstart(workspace, settings)


def _choices(name: str, value: str) -> dict[str, Any]:
    return {
        "from_name": name,
        "to_name": "article",
        "type": "choices",
        "value": {"choices": [value]},
    }


def _bytes_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_counts_of_the_loop_add_up(loop: tuple[Workspace, QuickstartResult]) -> None:
    """58 units hold 46 claims, each is one task, and 3 annotators answer each claim once."""
    _, result = loop
    assert sum(sum(a.units.values()) for a in result.segment.articles) == result.segment.units == 58
    assert result.segment.claims == result.push.sent == 46
    assert result.replay is not None
    assert result.pull is not None
    assert result.build is not None
    assert result.replay.recorded == 174
    assert result.replay.submitted == 3 * 46
    assert result.replay.submitted + len(result.replay.left_out) == 174
    assert all(item.reason for item in result.replay.left_out)
    assert result.pull.submitted_by == {"machine-a": 46, "machine-b": 46, "machine-c": 46}
    assert result.pull.rejected == ()
    assert result.build.left_out == ()


def test_the_readme_shows_what_the_quickstart_prints(
    loop: tuple[Workspace, QuickstartResult],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Word for word, from the table of articles to the decided disagreements."""
    monkeypatch.setenv("COLUMNS", "110")
    print_quickstart(*loop, first=False)
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    (block,) = re.findall(
        r"^```console\n(segmented 3 articles.*?)^```$",
        (REPOSITORY / "README.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    shown = block.splitlines()
    # The repository holds the release already, which the last lines say; here it is made.
    ends = [
        next(number for number, line in enumerate(lines) if line.startswith("dataset/"))
        for lines in (printed, shown)
    ]
    assert printed[: ends[0]] == shown[shown.index(printed[0]) : ends[1]]


def test_the_disagreements_are_decided_as_recorded(
    loop: tuple[Workspace, QuickstartResult],
) -> None:
    """The five sentences in dispute are sent, answered, pulled, and are gold with pedigree."""
    workspace, result = loop
    assert result.decide is not None
    assert result.adjudicate is not None
    assert (result.decide.recorded, result.decide.submitted, result.decide.left_out) == (5, 5, ())
    assert result.adjudicate.adjudication == "seeds-adjudication"
    assert result.adjudicate.sent == len(result.adjudicate.disputes) == 5
    assert {item.state for item in result.adjudicate.disputes} == {"decided"}
    recorded = {
        (item.article_id, item.start): item
        for _, item in read_adjudications(workspace.reference_adjudications, AVERITEC)
    }
    claims = load(workspace.dataset)
    rows = [row for row in claims if row["adjudicator"] is not None]
    assert {(row["article_id"], row["start"]) for row in rows} == set(recorded)
    for row in rows:
        said = recorded[row["article_id"], row["start"]]
        named = {
            name: None if row[name] is None else claims.features[name].int2str(row[name])
            for name in ("gold_source", "gold_verdict", "gold_checkability", "error_category")
        }
        assert named == {
            "gold_source": "adjudicated",
            "gold_verdict": said.verdict,
            "gold_checkability": said.checkability,
            "error_category": said.error_category,
        }
        assert row["adjudicator"] == "machine-d"
        assert row["n_annotations"] == 3
        assert row["evidence_sets"] == []  # the adjudicator marked none; the voters' do not stay
    votes = load(workspace.dataset, view="annotations")
    roles = Counter(votes.features["role"].int2str(role) for role in votes["role"])
    assert roles == {"vote": 138, "adjudication": 5}


def test_loop_rebuilds_the_committed_dataset(loop: tuple[Workspace, QuickstartResult]) -> None:
    """The dataset in the repository is what the loop makes: same version, same content."""
    workspace, _ = loop
    committed = json.loads((REPOSITORY / "dataset" / "release.json").read_text("utf-8"))
    made = json.loads((workspace.dataset / "release.json").read_text("utf-8"))
    assert made["version"] == committed["version"]
    assert made["content_id"] == committed["content_id"]
    assert made["counts"] == committed["counts"]


def test_second_run_changes_nothing(loop: tuple[Workspace, QuickstartResult]) -> None:
    """Running the loop again sends, submits and builds nothing."""
    workspace, _ = loop
    before = _bytes_below(workspace.dataset)
    settings = Settings(round="seeds", overlap=3, dataset_name="claimset-seeds")
    again = pipeline.quickstart(workspace, settings)
    assert not again.changed
    assert again.replay is not None
    assert (again.push.sent, again.replay.submitted, again.replay.already_there) == (0, 0, 138)
    assert again.decide is not None
    assert again.adjudicate is not None
    assert (again.decide.submitted, again.decide.already_there) == (0, 5)
    assert (again.adjudicate.sent, len(again.adjudicate.disputes)) == (0, 5)
    assert _bytes_below(workspace.dataset) == before


def test_every_span_of_the_dataset_is_its_slice(loop: tuple[Workspace, QuickstartResult]) -> None:
    """``text[start:end]`` is the stored text for every span in every table, however deep."""
    workspace, _ = loop
    texts = {article.article_id: article.text for article in read_articles(workspace.seeds)}
    checked: Counter[str] = Counter()

    def walk(table: str, value: Any, article_id: str | None) -> None:
        if isinstance(value, list):
            for item in value:
                walk(table, item, article_id)
        elif isinstance(value, dict):
            article_id = value.get("article_id", article_id)
            if value.get("text") is not None and value.get("start") is not None:
                assert article_id is not None
                assert texts[article_id][value["start"] : value["end"]] == value["text"]
                checked[table] += 1
            for item in value.values():
                walk(table, item, article_id)

    for path in workspace.dataset.rglob("*.parquet"):
        walk(path.parent.name, pq.read_table(path).to_pylist(), None)
    assert checked["claims"] > 46
    assert checked["annotations"] > 50


def test_no_account_and_no_secret_leaves_the_state_folder(
    loop: tuple[Workspace, QuickstartResult], studio: EmbeddedStudio
) -> None:
    """Outside .claimset there is no e-mail address, password or token; nor in the log."""
    workspace, _ = loop
    secrets = [
        studio.credentials.password.get_secret_value(),
        studio.credentials.token.get_secret_value(),
        workspace.pseudonym_secret().hex(),
    ]
    accounts = json.loads(workspace.accounts.read_text("utf-8"))
    secrets += [value for entry in accounts.values() for value in entry.values()]
    published = b"".join(_bytes_below(workspace.dataset).values())
    assert b"@machine.claimset.invalid" not in published
    log = studio.log.read_bytes()
    for secret in secrets:
        assert secret.encode() not in published
        assert secret.encode() not in log
    for private in (workspace.accounts, workspace.ledger, workspace.state / "studio.json"):
        assert private.stat().st_mode & 0o077 == 0


def test_label_studios_own_client_finds_what_the_ledger_holds(
    loop: tuple[Workspace, QuickstartResult], studio: EmbeddedStudio
) -> None:
    """The SDK, a second reader written by others: same page, tasks, answers, spans and times."""
    from label_studio_sdk import LabelStudio

    workspace, _ = loop
    with Ledger(workspace.ledger) as ledger:
        round_ = ledger.round("seeds")
        assert round_ is not None
        tasks = {task.task_id: task.claim_id for task in ledger.tasks("seeds")}
        held = {
            (item.annotation_id, item.created_at, item.updated_at): (
                item.claim_id,
                *(str(word) for word in (item.checkability, item.verdict, item.confidence) if word),
                item.justification,
                *sorted((span.start, span.end, span.text, span.stance) for span in item.evidence),
            )
            for item in ledger.annotations()
            if item.round == "seeds"
        }
    token = studio.credentials.token.get_secret_value()
    found = {}
    read: dict[tuple[str, datetime, datetime], tuple[Any, ...]] = {}
    with httpx.Client(trust_env=False, timeout=60) as http:
        client = LabelStudio(base_url=studio.url, api_key=token, httpx_client=http)
        page = client.projects.get(id=round_.project_id).label_config or ""
        task: Any  # the SDK says of a list's items that they may be nothing
        for task in client.tasks.list(project=round_.project_id, fields="all", page_size=100):
            found[task.id] = task.data["claim_id"]
            for answer in task.annotations:
                made = datetime.fromisoformat(answer["created_at"])
                edited = datetime.fromisoformat(answer["updated_at"])
                values = [region["value"] for region in answer["result"]]
                spans = {
                    (value["start"], value["end"], value["text"], value["labels"][0])
                    for value in values
                    if "labels" in value
                }
                read[f"seeds:{answer['id']}", made, edited] = (
                    task.data["claim_id"],
                    *(value["choices"][0] for value in values if "choices" in value),
                    *(value["text"][0] for value in values if isinstance(value.get("text"), list)),
                    *sorted(spans),
                )
    assert page.strip() == workspace.labeling_config.read_text("utf-8").strip()
    assert found == tasks
    assert len(read) == 138
    assert read == held


def test_recorded_answers_keep_their_own_guidelines(
    loop: tuple[Workspace, QuickstartResult],
) -> None:
    """A replayed answer says which guidelines it was given under, not which the round shows."""
    workspace, _ = loop
    with Ledger(workspace.ledger) as ledger:
        assert {item.guidelines_version for item in ledger.annotations()} == {"0.1"}
        assert {item.annotator_kind for item in ledger.annotations()} == {"machine"}


def test_second_push_sends_nothing(site: Site) -> None:
    """Also when the ledger was lost in between: the project is found by its mark."""
    assert pipeline.push(site.workspace, site.settings).sent == 46
    again = pipeline.push(site.workspace, site.settings)
    assert (again.sent, again.unchanged) == (0, 46)
    for path in site.workspace.state.glob("ledger.sqlite3*"):
        path.unlink()
    lost = pipeline.push(site.workspace, site.settings)
    assert (lost.sent, lost.found, lost.project_id) == (0, 46, again.project_id)
    assert site.client.count_tasks(again.project_id or 0) == 46


def test_dry_run_says_what_a_push_would_send(site: Site) -> None:
    """Nothing is sent, and no server is needed."""
    offline = site.settings.model_copy(update={"label_studio_url": "http://127.0.0.1:9"})
    outlook = pipeline.push(site.workspace, offline, dry_run=True)
    assert (outlook.sent, outlook.dry_run, outlook.project_id) == (46, True, None)
    pipeline.push(site.workspace, site.settings)
    outlook = pipeline.push(site.workspace, offline, dry_run=True)
    assert (outlook.sent, outlook.unchanged) == (0, 46)


def test_history_follows_new_edited_deleted_and_skipped(site: Site) -> None:
    """Every change in Label Studio arrives once, and a deletion leaves a tombstone."""
    pipeline.push(site.workspace, site.settings)
    tasks = list(site.tasks().values())
    opinion, claimless = (
        _choices("checkability", "opinion"),
        _choices("checkability", "not_a_claim"),
    )
    kept = site.client.annotate(tasks[0], [opinion])
    gone = site.client.annotate(tasks[1], [opinion])
    first = pipeline.pull(site.workspace, site.settings)
    assert (first.new, first.edited, first.deleted) == (2, 0, 0)

    url, token = site.client.url, site.settings.label_studio_api_key
    assert token is not None
    headers = {"Authorization": f"Token {token.get_secret_value()}"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=60) as raw:
        raw.patch(f"/api/annotations/{kept}/", json={"result": [claimless]}).raise_for_status()
        raw.delete(f"/api/annotations/{gone}/").raise_for_status()
        raw.post(
            f"/api/tasks/{tasks[2]}/annotations/", json={"result": [], "was_cancelled": True}
        ).raise_for_status()
    second = pipeline.pull(site.workspace, site.settings)
    assert (second.new, second.edited, second.deleted, second.skipped) == (1, 1, 1, 1)
    third = pipeline.pull(site.workspace, site.settings)
    assert (third.new, third.edited, third.deleted) == (0, 0, 0)

    with Ledger(site.workspace.ledger) as ledger:
        states = {item.annotation_id: item for item in ledger.annotations()}
    assert states[f"{site.settings.round}:{kept}"].checkability == "not_a_claim"
    assert states[f"{site.settings.round}:{gone}"].status == "deleted"
    person = states[f"{site.settings.round}:{kept}"].annotator
    assert person.startswith("p_")
    assert "lead" not in person


def test_unusable_answers_are_named_and_never_counted(site: Site) -> None:
    """A wrong span, an unknown choice, an unknown control and a missing verdict: each by name."""
    pipeline.push(site.workspace, site.settings)
    tasks = list(site.tasks().values())
    factual = _choices("checkability", "factual")
    shifted = {
        "from_name": "evidence_0",
        "to_name": "source_0",
        "type": "labels",
        "value": {"start": 3, "end": 9, "text": "absent", "labels": ["supports"]},
    }
    for task, result in zip(
        tasks,
        (
            [factual, _choices("verdict", "supported"), shifted],
            [factual, _choices("verdict", "maybe")],
            [factual, _choices("mood", "supported")],
            [factual],
        ),
        strict=False,
    ):
        site.client.annotate(task, result)
    pulled = pipeline.pull(site.workspace, site.settings)
    reasons = "\n".join(pulled.rejected)
    assert len(pulled.rejected) == 4
    for words in ("does not hold its stored text", "'maybe'", "'mood'", "needs a verdict"):
        assert words in reasons
    assert pulled.submitted_by == {}
    assert pipeline.pull(site.workspace, site.settings).rejected == pulled.rejected


def test_tasks_deleted_in_label_studio_are_noticed(site: Site) -> None:
    """A deleted task is named, its annotations get tombstones, and a push brings it back."""
    pipeline.push(site.workspace, site.settings)
    task = next(iter(site.tasks().values()))
    site.client.annotate(task, [_choices("checkability", "opinion")])
    pipeline.pull(site.workspace, site.settings)
    assert site.settings.label_studio_api_key is not None
    token = site.settings.label_studio_api_key.get_secret_value()
    httpx.delete(
        f"{site.client.url}/api/tasks/{task}/",
        headers={"Authorization": f"Token {token}"},
        trust_env=False,
        timeout=60,
    ).raise_for_status()
    pulled = pipeline.pull(site.workspace, site.settings)
    assert pulled.deleted_tasks == (task,)
    assert pulled.submitted_by == {}
    assert pipeline.push(site.workspace, site.settings).sent == 1


def test_wrong_token_is_a_remote_error_that_keeps_the_secret(site: Site) -> None:
    """Exit code 3, what to do, and not a character of the token."""
    wrong = site.settings.model_copy(update={"label_studio_api_key": SecretStr("f" * 40)})
    with pytest.raises(LabelStudioError, match="does not accept the access token") as caught:
        pipeline.push(site.workspace, wrong)
    assert caught.value.exit_code == 3
    assert "f" * 8 not in str(caught.value)
    assert pipeline.push(site.workspace, site.settings).sent == 46


def test_server_down_is_a_remote_error(site: Site) -> None:
    """Nothing is lost, and the next run goes on."""
    down = site.settings.model_copy(update={"label_studio_url": "http://127.0.0.1:9"})
    with pytest.raises(LabelStudioError, match="cannot be reached") as caught:
        pipeline.push(site.workspace, down)
    assert caught.value.exit_code == 3
    assert pipeline.push(site.workspace, site.settings).sent == 46
    with pytest.raises(LabelStudioError, match="cannot be reached"):
        pipeline.pull(site.workspace, down)
    assert pipeline.pull(site.workspace, site.settings).tasks == 46


def test_token_without_address_and_address_without_token(site: Site) -> None:
    """An address alone is a usage error that names the missing variable."""
    half = site.settings.model_copy(update={"label_studio_api_key": None})
    with (
        pytest.raises(UsageError, match="LABEL_STUDIO_API_KEY"),
        connect(site.workspace, half),
    ):
        pass


def test_deleted_project_is_a_remote_error_and_can_be_made_anew(site: Site) -> None:
    """Pulled annotations stay; the project is only made anew when asked."""
    pushed = pipeline.push(site.workspace, site.settings)
    site.client.annotate(next(iter(site.tasks().values())), [_choices("checkability", "opinion")])
    pipeline.pull(site.workspace, site.settings)
    assert site.settings.label_studio_api_key is not None
    token = site.settings.label_studio_api_key.get_secret_value()
    httpx.delete(
        f"{site.client.url}/api/projects/{pushed.project_id}/",
        headers={"Authorization": f"Token {token}"},
        trust_env=False,
        timeout=60,
    ).raise_for_status()
    for step in (pipeline.push, pipeline.pull):
        with pytest.raises(LabelStudioError, match="is gone") as caught:
            step(site.workspace, site.settings)
        assert caught.value.exit_code == 3
        assert "--recreate" in caught.value.remedy
    again = pipeline.push(site.workspace, site.settings, recreate=True)
    assert again.sent == 46
    assert again.project_id != pushed.project_id
    pulled = pipeline.pull(site.workspace, site.settings)
    assert sum(pulled.submitted_by.values()) == 1


def test_another_command_at_work_is_named(site: Site) -> None:
    """Two pushes at once: the second is turned away and says why."""
    from claimset.storage.files import exclusive_lock

    with (
        exclusive_lock(site.workspace.lock, doing="claimset push"),
        pytest.raises(UsageError, match="another claimset command"),
    ):
        pipeline.push(site.workspace, site.settings)


def _person(site: Site, name: str) -> tuple[LabelStudioClient, int]:
    """A person's own account on the shared server: their client and user id."""
    assert site.settings.label_studio_api_key is not None
    email = f"{name}@example.org"
    token = _sign_up(site.client.url, site.settings.label_studio_api_key, email, "pass-word-123")
    user = {address: number for number, address in site.client.accounts().items()}[email]
    return LabelStudioClient(site.client.url, SecretStr(token)), user


def _call(site: Site, method: str, path: str, **content: Any) -> httpx.Response:
    assert site.settings.label_studio_api_key is not None
    token = site.settings.label_studio_api_key.get_secret_value()
    answer = httpx.request(
        method,
        f"{site.client.url}{path}",
        headers={"Authorization": f"Token {token}"},
        trust_env=False,
        timeout=60,
        **content,
    )
    answer.raise_for_status()
    return answer


def test_people_who_were_removed_stay_who_they_were(site: Site) -> None:
    """Label Studio forgets the address of a removed member; answers and pseudonyms stay apart."""
    pipeline.push(site.workspace, site.settings)
    task = next(iter(site.tasks().values()))
    users = []
    for name, choice in (("anna", "opinion"), ("bert", "not_a_claim")):
        person, user = _person(site, f"{name}-{site.settings.round}"[:40])
        person.annotate(task, [_choices("checkability", choice)])
        person.close()
        users.append(user)
    before = pipeline.pull(site.workspace, site.settings)
    assert sorted(before.submitted_by.values()) == [1, 1]
    for user in users:
        _call(site, "DELETE", f"/api/organizations/1/memberships/{user}/")
    after = pipeline.pull(site.workspace, site.settings, full=True)
    assert after.submitted_by == before.submitted_by
    assert after.rejected == ()
    _call(site, "DELETE", f"/api/users/{users[0]}/")
    gone = pipeline.pull(site.workspace, site.settings, full=True)
    assert set(gone.submitted_by) <= set(before.submitted_by)
    assert gone.rejected == ()


def test_tasks_of_others_are_named_and_hide_no_deletion(site: Site) -> None:
    """A task that claimset did not make is left alone, also by a later pull that misses one."""
    pushed = pipeline.push(site.workspace, site.settings)
    tasks = list(site.tasks().values())
    data = _call(site, "GET", f"/api/tasks/{tasks[0]}/").json()["data"]
    del data["claim_id"]
    path = f"/api/projects/{pushed.project_id}/import"
    _call(site, "POST", path, json=[{"data": data}])
    pulled = pipeline.pull(site.workspace, site.settings)
    (foreign,) = pulled.foreign_tasks
    site.client.annotate(tasks[1], [_choices("checkability", "opinion")])
    pipeline.pull(site.workspace, site.settings)
    _call(site, "DELETE", f"/api/tasks/{tasks[1]}/")
    pulled = pipeline.pull(site.workspace, site.settings)
    assert (pulled.deleted_tasks, pulled.foreign_tasks) == ((tasks[1],), (foreign,))
    assert pulled.deleted == 1


def test_a_build_never_loses_released_answers_unseen(
    loop: tuple[Workspace, QuickstartResult], site: Site
) -> None:
    """Where the ledger never saw the released answers, a build stops and says how to go on."""
    workspace, _ = loop
    shutil.copytree(workspace.dataset, site.workspace.dataset)
    before = _bytes_below(site.workspace.dataset)
    with pytest.raises(CheckFailed, match="143 answers") as caught:
        pipeline.build(site.workspace, site.settings)
    assert "--drop-unseen" in caught.value.remedy
    assert _bytes_below(site.workspace.dataset) == before
    assert pipeline.build(site.workspace, site.settings, drop_unseen=True).version == "0.2.0"
