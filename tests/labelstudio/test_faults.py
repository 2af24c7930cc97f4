"""Faults: whatever is lost, doubled, late or cut off on the way, the end is the same.

Processes push, answer, change and pull through a proxy that spoils a third of their requests, and
are killed at random moments. At the end the real server must hold, and the ledger must know,
exactly what a run without faults gives.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from claimset import pipeline
from claimset.labelstudio import pushing
from claimset.labelstudio.accounts import open_accounts
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.mark import RoundMark
from claimset.labelstudio.migration import SQLITE
from claimset.labelstudio.ports import is_free
from claimset.labelstudio.process import process_mark
from claimset.labelstudio.server import EmbeddedStudio
from claimset.settings import Settings
from claimset.storage.ledger import Ledger
from claimset.storage.workspace import Workspace
from tests.labelstudio.fault_proxy import KINDS, FaultProxy

pytestmark = pytest.mark.studio

CLIENT = Path(__file__).with_name("faulty_client.py")
REPOSITORY = Path(__file__).parents[2]
FAULTS = int(os.environ.get("FAULT_COUNT", "500"))
FAULTS_ON_POSTGRES = min(FAULTS, 200)
RATE = 0.33
LEAST_TIMEOUT_S = 1.5
PATIENT_S = 60.0
CLIENTS = 3
ROUNDS = 60
"""Names for each client; more than it comes to."""
SECONDS = 900


class Outcome(NamedTuple):
    """A round as a server and a ledger hold it, without what no two runs have in common."""

    tasks: Counter[tuple[str, str]]
    """Claim and content."""
    answers: Counter[tuple[str, str, str]]
    """Claim, annotator and answer."""


class Site:
    """One workspace with the people who work in it."""

    def __init__(self, workspace: Workspace, studio: EmbeddedStudio, keys: dict[str, str]) -> None:
        self.workspace = workspace
        self.studio = studio
        self.keys = keys
        self.file = workspace.state / "keys.json"
        self.file.write_text(json.dumps(keys), "utf-8")

    def run(
        self, url: str, names: list[str], timeout: float = PATIENT_S
    ) -> subprocess.Popen[bytes]:
        """Start the client, to work through the rounds that are not done."""
        with (self.workspace.state / "client.log").open("ab") as log:
            return subprocess.Popen(
                [
                    sys.executable,
                    str(CLIENT),
                    str(self.workspace.root),
                    url,
                    str(self.file),
                    *names,
                ],
                stderr=log,
                env=os.environ
                | {"PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'scripts'}"}
                | {"FAULT_TIMEOUT": str(timeout)},
            )

    def finish(self, names: list[str]) -> None:
        """Let the client work through the rounds with nothing in its way."""
        client = self.run(self.studio.url, names)
        assert client.wait(timeout=SECONDS) == 0

    def settle(self, name: str) -> None:
        """One more push and pull, as the next day would bring them."""
        settings = Settings(
            label_studio_url=self.studio.url,
            label_studio_api_key=self.studio.credentials.token,
            round=name,
            overlap=2,
            all_mentions=True,
        )
        pushed = pipeline.push(self.workspace, settings)
        assert (pushed.sent, pushed.unresolved) == (0, ())
        pulled = pipeline.pull(self.workspace, settings)
        assert (pulled.rejected, pulled.answered_twice, pulled.above_overlap) == ((), (), ())
        assert (pulled.foreign_tasks, pulled.doubled_tasks, pulled.superseded) == ((), (), 0)

    def held_by_server(self, client: LabelStudioClient, name: str) -> tuple[Outcome, set[int]]:
        """The round on the server, and the ids of its annotations."""
        (project,) = client.find_projects(RoundMark.prefix(name))
        held = list(client.tasks_by_id(project.project_id, sorted(client.task_ids(project[0]))))
        people = client.accounts()
        found = [(task, item) for task in held for item in task["annotations"]]
        return Outcome(
            Counter((t["data"]["claim_id"], t["data"]["content_hash"]) for t in held),
            Counter(
                (t["data"]["claim_id"], people[i["completed_by"]].partition("@")[0], _chosen(i))
                for t, i in found
            ),
        ), {int(item["id"]) for _, item in found}

    def known_to_ledger(self, name: str) -> tuple[Outcome, set[int]]:
        """The round in the ledger, deleted answers among its own, and the ids of the answers."""
        with Ledger(self.workspace.ledger) as ledger:
            tasks = ledger.tasks(name)
            answers = [item for item in ledger.annotations() if item.round == name]
        return Outcome(
            Counter((task.claim_id, task.content_hash) for task in tasks),
            Counter((i.claim_id, i.annotator, f"{i.status}: {i.checkability}") for i in answers),
        ), {int(item.annotation_id.rpartition(":")[2]) for item in answers}


def _chosen(item: dict[str, Any]) -> str:
    assert not item["was_cancelled"]
    (region,) = item["result"]
    return f"submitted: {region['value']['choices'][0]}"


def _sites(
    root: Path, workspace: Workspace, studio: EmbeddedStudio, count: int, tag: str
) -> list[Site]:
    lead = studio.credentials.token
    names = [f"fault-{tag}-a", f"fault-{tag}-b"]
    keys = open_accounts(studio.url, lead, names, workspace.accounts)
    tokens = {name: key.get_secret_value() for name, key in keys.items()}
    tokens["lead"] = lead.get_secret_value()
    pipeline.segment(workspace, Settings())
    found = [Site(workspace, studio, tokens)]
    for number in range(1, count):
        copy = Workspace(root / f"workspace-{number}")
        shutil.copytree(workspace.root, copy.root)
        found.append(Site(copy, studio, tokens))
    return found


def _without_faults(site: Site, client: LabelStudioClient, name: str) -> Outcome:
    """What a round comes to when nothing goes wrong."""
    site.finish([name])
    site.settle(name)
    expected, _ = site.held_by_server(client, name)
    assert set(expected.tasks.values()) == set(expected.answers.values()) == {1}
    assert (len(expected.tasks), len(expected.answers)) == (46, 16 + 12)
    return expected


def _enough(client: LabelStudioClient, name: str) -> float:
    """Seconds in which the server answers what takes it longest, also when three ask at once."""
    (project,) = client.find_projects(RoundMark.prefix(name))
    began = time.monotonic()
    list(client.tasks_by_id(project.project_id, sorted(client.task_ids(project.project_id))))
    return max(LEAST_TIMEOUT_S, 3 * (time.monotonic() - began))


def _hold_against(site: Site, client: LabelStudioClient, name: str, expected: Outcome) -> None:
    """Server and ledger hold exactly what is expected of a round."""
    site.settle(name)
    held, held_ids = site.held_by_server(client, name)
    known, known_ids = site.known_to_ledger(name)
    assert (name, held) == (name, expected)
    assert (name, known) == (name, expected)
    assert held_ids == known_ids


def test_faults_and_kills_change_nothing(
    workspace_copy: Workspace,
    either_studio: EmbeddedStudio,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At least 500 faults of all kinds, and kills: one task per claim, every answer once.

    ``FAULT_SEED`` repeats a plan, ``FAULT_COUNT`` sets how many faults there are.
    """
    studio = either_studio
    database = "SQLite" if (studio.workspace.studio / SQLITE).exists() else "PostgreSQL"
    faults = FAULTS if database == "SQLite" else FAULTS_ON_POSTGRES
    seed = int(os.environ.get("FAULT_SEED") or time.time_ns() % 10**9)
    chance = random.Random(seed)  # noqa: S311 - a plan, no secret
    began = time.monotonic()
    sites = _sites(tmp_path, workspace_copy, studio, CLIENTS, str(seed))
    studio_client = LabelStudioClient(studio.url, studio.credentials.token)
    expected = _without_faults(sites[0], studio_client, f"reference-{seed}")
    names = [[f"f{seed}-{place}-{n}" for n in range(ROUNDS)] for place in range(CLIENTS)]
    kills = 0
    timeout = _enough(studio_client, f"reference-{seed}")
    with FaultProxy(studio.url, seed=seed, rate=RATE, delay=timeout + 0.3) as proxy:
        running: list[tuple[subprocess.Popen[bytes], int] | None] = [None] * CLIENTS
        while proxy.faults.total() < faults and time.monotonic() - began < SECONDS:
            for place, site in enumerate(sites):
                current = running[place]
                if current is None:
                    client = site.run(proxy.url, names[place], timeout)
                    # By requests, so that a busy machine kills no more often than an idle one.
                    running[place] = client, proxy.requests + chance.randint(20, 300)
                elif current[0].poll() is not None:
                    assert current[0].returncode == 0, "the client failed; see client.log"
                    running[place] = None
                elif proxy.requests > current[1]:
                    kills += _kill(current[0])
                    running[place] = None
            time.sleep(0.05)
        for current in running:
            kills += _kill(current[0]) if current is not None else 0
        proxy.wait_until_quiet()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{database}, FAULT_SEED={seed}: {proxy.faults.total()} faults in "
            f"{proxy.requests} requests, {kills} kills, {time.monotonic() - began:.0f} s\n"
            + "".join(f"{proxy.faults[kind]:6} {kind}\n" for kind in KINDS)
        )
    begun = 0
    for site, mine in zip(sites, names, strict=True):
        rounds = [name for name in mine if studio_client.find_projects(RoundMark.prefix(name))]
        begun += len(rounds)
        site.finish(rounds)
        for name in rounds:
            _hold_against(site, studio_client, name, expected)
    studio_client.close()
    with capsys.disabled():
        sys.stdout.write(
            f"       {begun} rounds of {expected.tasks.total()} tasks and "
            f"{expected.answers.total()} answers are as without faults, "
            f"{time.monotonic() - began:.0f} s\n"
        )
    assert proxy.faults.total() >= faults
    assert set(proxy.faults) == set(KINDS)
    assert kills >= CLIENTS
    assert begun >= CLIENTS


def _kill(client: subprocess.Popen[bytes]) -> int:
    """End a client as ``kill -9`` does; returns whether it was still at work."""
    working = client.poll() is None
    client.kill()
    client.wait()
    return int(working)


def test_a_killed_server_is_taken_up_again(
    workspace_copy: Workspace, studio_template: Path, fast_folder: Path, tmp_path: Path
) -> None:
    """``kill -9`` of the server while tasks arrive and while answers do: all is as without it."""
    home = Workspace(fast_folder / "killed")
    shutil.copytree(workspace_copy.root, home.root)
    shutil.copytree(studio_template, home.studio)
    studio = EmbeddedStudio(home)
    studio.start()
    port = studio.record.port
    working = None
    try:
        (site,) = _sites(tmp_path, workspace_copy, studio, 1, "server")
        client = LabelStudioClient(studio.url, studio.credentials.token)
        expected = _without_faults(site, client, "reference")
        name = "killed"
        working = site.run(studio.url, [name])

        def arrived() -> int:
            found = client.find_projects(RoundMark.prefix(name))
            return sum(project.tasks or 0 for project in found)

        def answered() -> int:
            (project,) = client.find_projects(RoundMark.prefix(name))
            return client.count_annotations(project.project_id)

        for count, enough in ((arrived, 8), (answered, 5)):
            while count() < enough:
                assert working.poll() is None
                time.sleep(0.01)
            os.kill(studio.record.pid, signal.SIGKILL)
            while process_mark(studio.record.pid) is not None or not is_free(port):
                time.sleep(0.01)
            assert working.poll() is None
            studio.stop()  # or it tries again when the interpreter ends, in a folder that is gone
            site.studio = studio = EmbeddedStudio(home, port=port)
            studio.start()
            assert not studio.reused
        assert working.wait(timeout=120) == 0
        _hold_against(site, client, name, expected)
        client.close()
    finally:
        if working is not None:
            _kill(working)
        studio.stop()


def test_a_second_push_in_a_workspace_is_turned_away(
    workspace_copy: Workspace, studio: EmbeddedStudio, tmp_path: Path
) -> None:
    """The message says who is at work; when that one has ended, the next push finds all done."""
    tag = str(time.time_ns() % 10**9)
    (site,) = _sites(tmp_path, workspace_copy, studio, 1, tag)
    with FaultProxy(studio.url, delay=20) as proxy:
        proxy.order("delay", r"POST /api/projects/\d+/import")
        command = [sys.executable, "-m", "claimset", "push", "--all-mentions", "--round", tag]
        environment = os.environ | {
            "PYTHONPATH": str(REPOSITORY / "scripts"),
            "LABEL_STUDIO_API_KEY": site.keys["lead"],
        }
        first = subprocess.Popen(
            command,
            cwd=workspace_copy.root,
            env=environment | {"LABEL_STUDIO_URL": proxy.url},
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        while not proxy.faults:
            assert first.poll() is None
            time.sleep(0.02)
        second = subprocess.run(
            command,
            cwd=workspace_copy.root,
            env=environment | {"LABEL_STUDIO_URL": studio.url},
            check=False,
            capture_output=True,
            text=True,
        )
        assert second.returncode == 2
        said = " ".join(second.stderr.split())
        assert "another claimset command is at work in this workspace" in said
        assert f"claimset push (process {first.pid})" in said
        assert "wait until it has ended" in said
        assert first.poll() is None
        _kill(first)
        proxy.wait_until_quiet()
    third = subprocess.run(
        [*command, "--json"],
        cwd=workspace_copy.root,
        env=environment | {"LABEL_STUDIO_URL": studio.url},
        check=True,
        capture_output=True,
        text=True,
    )
    result = json.loads(third.stdout)
    assert (result["found"], result["sent"], result["doubled"]) == (46, 0, [])


def test_two_workspaces_that_push_a_round_at_once_end_with_one_task_per_claim(
    workspace_copy: Workspace,
    either_studio: EmbeddedStudio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No lock holds between two machines: the project's own count tells, and doubles go."""
    studio = either_studio
    name = f"both-{time.time_ns() % 10**9}"
    monkeypatch.setattr(pushing, "BATCH_SIZE", 4)
    sites = _sites(tmp_path, workspace_copy, studio, 2, name)
    client = LabelStudioClient(studio.url, studio.credentials.token)
    settings = Settings(
        label_studio_url=studio.url,
        label_studio_api_key=studio.credentials.token,
        round=name,
        overlap=2,
        all_mentions=True,
    )
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda site: pipeline.push(site.workspace, settings), sites))
    for site in sites:
        pipeline.push(site.workspace, settings)
    for site in sites:
        site.settle(name)
        held, _ = site.held_by_server(client, name)
        assert set(held.tasks.values()) == {1}
        assert len(held.tasks) == 46
        assert site.known_to_ledger(name)[0] == held
    client.close()
