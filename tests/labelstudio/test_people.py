"""People: names become accounts, passwords stay private, and nothing is lost in between."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest
from typer.testing import CliRunner

from claimset import pipeline
from claimset.cli import app
from claimset.errors import LabelStudioError, UsageError
from claimset.labelstudio import people
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.people import people_of, read_people, settle_people
from claimset.pipeline.annotators import add_annotators, list_annotators
from claimset.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.storage.workspace import Workspace


# Names


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("anna", "anna@claimset.invalid"),
        ("Anna", "anna@claimset.invalid"),
        ("lead", "lead@claimset.invalid"),
        ("A.b-c_9", "a.b-c_9@claimset.invalid"),
        (" Anna.B@Example.ORG ", "anna.b@example.org"),
    ],
)
def test_a_name_becomes_an_account(name: str, email: str) -> None:
    assert [person.email for person in people_of([name])] == [email]


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a b",
        "-x",
        "a@",
        "@b",
        "a@b@c",
        "x" * 41,
        "machine-a@machine.claimset.invalid",
        "é",
    ],
)
def test_what_can_be_no_account_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        people_of([name])
    assert caught.value.remedy


def test_a_damaged_file_is_named_and_its_content_is_not(tmp_path: Path) -> None:
    """The message says which file; a password in it appears nowhere."""
    path = tmp_path / "annotators.json"
    path.write_text('[{"name": "a", "password": "geheim-123"}]')
    path.chmod(0o644)
    with pytest.raises(UsageError) as caught:
        read_people(path)
    assert caught.value.where == str(path)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert path.stat().st_mode & 0o077 == 0


def test_nobody_is_listed_before_anybody_was_added(workspace_copy: Workspace) -> None:
    assert list_annotators(workspace_copy).annotators == ()
    result = CliRunner().invoke(app, ["annotators", "-w", str(workspace_copy.root)])
    assert result.exit_code == 0
    assert "claimset annotators add" in result.stderr
    assert CliRunner().invoke(app, ["annotators", "add"]).exit_code == 2


# Accounts on the real server


@pytest.fixture
def settings(studio: EmbeddedStudio) -> Settings:
    return Settings(
        label_studio_url=studio.url, label_studio_api_key=studio.credentials.token, round="people"
    )


@pytest.fixture
def client(studio: EmbeddedStudio) -> Iterator[LabelStudioClient]:
    found = LabelStudioClient(studio.url, studio.credentials.token)
    yield found
    found.close()


def logs_in(url: str, email: str, password: str) -> bool:
    """Whether Label Studio's log-in page lets somebody in."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as session:
        session.get("/user/login/")
        form = {
            "email": email,
            "password": password,
            "csrfmiddlewaretoken": session.cookies["csrftoken"],
        }
        return session.post("/user/login/", data=form, headers={"Referer": url}).status_code == 302


@pytest.mark.studio
def test_added_people_can_log_in(
    workspace_copy: Workspace, settings: Settings, studio: EmbeddedStudio
) -> None:
    """Accounts are made once, those that exist are taken over, and a second run changes nothing."""
    names = ["Petra", "paul@example.org", "lead@claimset.invalid"]
    outlook, nobody = add_annotators(workspace_copy, settings, names, dry_run=True)
    assert (outlook.made, outlook.taken) == (
        ("petra@claimset.invalid", "paul@example.org"),
        ("lead@claimset.invalid",),
    )
    assert nobody == []
    assert not workspace_copy.annotators.exists()
    result, made = add_annotators(workspace_copy, settings, names)
    assert (result.made, result.taken, result.before) == (outlook.made, outlook.taken, ())
    for person in made:
        assert person.password is not None
        password = person.password.get_secret_value()
        assert logs_in(studio.url, person.email, password)
        assert not logs_in(studio.url, person.email, password + "x")
        assert password not in repr(person) + result.model_dump_json()
    assert workspace_copy.annotators.stat().st_mode & 0o777 == 0o600
    stored = workspace_copy.annotators.read_bytes()
    again, nobody = add_annotators(workspace_copy, settings, names)
    assert again.before == (*result.made, *result.taken)
    assert (again.made, again.taken, nobody) == ((), (), [])
    assert workspace_copy.annotators.read_bytes() == stored


@pytest.mark.studio
def test_a_run_that_dies_before_the_account_loses_no_password(
    tmp_path: Path,
    client: LabelStudioClient,
    studio: EmbeddedStudio,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The password is kept before the account is made; the next run makes it with that one."""
    store = tmp_path / "annotators.json"
    wanted = people_of(["quinn"])

    def die(_client: LabelStudioClient, _person: people.Person) -> None:
        raise LabelStudioError("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(people, "_make", die)
        with pytest.raises(LabelStudioError):
            settle_people(client, wanted, store, advance=lambda _: None)
    (kept,) = read_people(store)
    made, _, _ = settle_people(client, wanted, store, advance=lambda _: None)
    assert made == [kept]
    assert kept.password is not None
    assert logs_in(studio.url, kept.email, kept.password.get_secret_value())


@pytest.mark.studio
def test_the_list_shows_names_pseudonyms_and_counts(
    workspace_copy: Workspace, settings: Settings, client: LabelStudioClient
) -> None:
    """Counts are the ledger's; the command prints no password, with or without --json."""
    add_annotators(workspace_copy, settings, ["rosa", "lead"])
    pipeline.segment(workspace_copy, settings)
    pushed = pipeline.push(workspace_copy, settings)
    tasks = sorted(client.task_ids(pushed.project_id or 0))
    opinion = {
        "from_name": "checkability",
        "to_name": "article",
        "type": "choices",
        "value": {"choices": ["opinion"]},
    }
    for task in tasks[:3]:
        client.annotate(task, [opinion])
    pipeline.pull(workspace_copy, settings)
    rows = {row.name: row for row in list_annotators(workspace_copy).annotators}
    assert rows["lead"].submitted == rows["lead"].rounds["people"] == 3
    assert rows["rosa"].submitted == 0
    assert rows["rosa"].last_answer is None
    assert len({row.annotator for row in rows.values()}) == 2
    secrets = [
        person.password.get_secret_value()
        for person in read_people(workspace_copy.annotators)
        if person.password
    ]
    assert len(secrets) == 1
    for more in ([], ["--json"]):
        shown = CliRunner().invoke(app, ["annotators", "-w", str(workspace_copy.root), *more])
        assert shown.exit_code == 0
        assert rows["lead"].annotator in shown.output
        assert all(secret not in shown.output for secret in secrets)
        if more:
            assert json.loads(shown.stdout)["annotators"][1]["email"] == "lead@claimset.invalid"
