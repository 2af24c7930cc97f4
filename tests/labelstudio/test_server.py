"""The embedded Label Studio, against real processes."""

from __future__ import annotations

import contextlib
import http.server
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from claimset.errors import LabelStudioError, UsageError
from claimset.labelstudio import ports, process
from claimset.labelstudio.credentials import credentials_file, load_or_create
from claimset.labelstudio.environment import studio_environment
from claimset.labelstudio.migration import prepare_data
from claimset.labelstudio.ports import is_free
from claimset.labelstudio.process import RunRecord, end_child, process_mark
from claimset.labelstudio.server import EmbeddedStudio
from claimset.labelstudio.startup import PortLostError
from claimset.storage.files import exclusive_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimset.labelstudio.credentials import StudioCredentials
    from claimset.storage.workspace import Workspace

SCRIPTS = Path(__file__).parents[2] / "scripts"

# Another claimset process: starts the workspace's server, says so, and stays until it is ended.
OWNER = """
import json, sys, time
from pathlib import Path
from claimset.labelstudio.server import EmbeddedStudio
from claimset.storage.workspace import Workspace
with EmbeddedStudio(Workspace(Path(sys.argv[1]))) as studio:
    print(json.dumps({"pid": studio.record.pid, "url": studio.url, "reused": studio.reused}))
    sys.stdout.flush()
    time.sleep(600)
"""
PREPARER = """
import sys
from pathlib import Path
from claimset.labelstudio.migration import prepare_data
with open(sys.argv[2], "wb") as log:
    prepare_data(Path(sys.argv[1]), lambda what, part: print(what, flush=True), log=log)
"""


def run_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python process that can import the package."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
    )


def first_line(process: subprocess.Popen[str]) -> str:
    """Wait for the first line of a process."""
    assert process.stdout is not None
    return process.stdout.readline()


def end(process: subprocess.Popen[str], number: signal.Signals) -> int:
    """Send a signal, wait for the end and close the pipe."""
    process.send_signal(number)
    code = process.wait(timeout=30)
    assert process.stdout is not None
    process.stdout.close()
    return code


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def command_lines(part: str) -> list[str]:
    """Command lines of live processes that hold ``part``."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            text = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if part in text:
                found.append(text)
    return found


def record_of(pid: int, create_time: str, port: int = 1) -> RunRecord:
    """A run record about some process."""
    return RunRecord(
        pid=pid,
        port=port,
        url=f"http://127.0.0.1:{port}",
        started_at=datetime.now(UTC),
        create_time=create_time,
    )


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process, and group, that has nothing to do with Label Studio."""
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Another program's open port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken


# The running server


@pytest.mark.studio
def test_the_server_answers_with_the_workspaces_account(studio: EmbeddedStudio) -> None:
    """Health is up, and the token is that of the lead."""
    token = studio.credentials.token.get_secret_value()
    with httpx.Client(base_url=studio.url, trust_env=False) as client:
        assert client.get("/health").json() == {"status": "UP"}
        answer = client.get("/api/current-user/whoami", headers={"Authorization": f"Token {token}"})
        assert client.get("/api/current-user/whoami").status_code == 401
    assert answer.json()["email"] == studio.credentials.email
    assert not studio.reused


@pytest.mark.studio
@pytest.mark.parametrize(("page", "status"), [("login", 302), ("signup", 403)])
def test_the_lead_can_log_in_and_nobody_can_sign_up(
    studio: EmbeddedStudio, page: str, status: int
) -> None:
    """Label Studio's form takes the lead's address; without an invitation no account is made."""
    person = {"login": studio.credentials.email, "signup": "somebody@claimset.invalid"}
    with httpx.Client(base_url=studio.url, trust_env=False) as client:
        client.get("/user/login/")
        form = {
            "email": person[page],
            "password": studio.credentials.password.get_secret_value(),
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
            "allow_newsletters": "false",
        }
        answer = client.post(f"/user/{page}/", data=form, headers={"Referer": studio.url})
    assert answer.status_code == status
    assert "CSRF" not in answer.text


@pytest.mark.studio
def test_no_secret_is_visible(studio: EmbeddedStudio) -> None:
    """Neither the process's arguments nor its log hold the password or the token."""
    arguments = Path(f"/proc/{studio.record.pid}/cmdline").read_text("utf-8")
    log = studio.log.read_text("utf-8")
    assert "label_studio" in arguments
    assert "Starting development server" in log
    for secret in (studio.credentials.password, studio.credentials.token):
        assert secret.get_secret_value() not in arguments
        assert secret.get_secret_value() not in log
    for path in (studio.log, studio.run_file):
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.studio
def test_the_server_is_one_process_on_this_machine_only(studio: EmbeddedStudio) -> None:
    """It listens on 127.0.0.1 alone, and leads a group in which it is alone."""
    host, port = "0100007F", f"{studio.record.port:04X}"
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    listening = [row[1] for row in sockets if row[3] == "0A" and row[1].endswith(f":{port}")]
    assert listening == [f"{host}:{port}"]
    groups = [
        path.read_text("utf-8", "replace").rpartition(")")[2].split()[2]
        for path in Path("/proc").glob("[0-9]*/stat")
        if path.exists()
    ]
    assert groups.count(str(studio.record.pid)) == 1


@pytest.mark.studio
def test_other_sites_are_kept_out(studio: EmbeddedStudio) -> None:
    """A page that resolves its own name to this machine gets nothing, nor does another origin."""
    with httpx.Client(base_url=studio.url, trust_env=False) as client:
        assert client.get("/user/login/", headers={"Host": "evil.example"}).status_code == 400
        answer = client.get("/health", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.studio
def test_a_reverse_proxy_may_show_it_under_another_name(
    workspace_copy: Workspace, studio_template: Path
) -> None:
    """People log in under the public address; every other name and origin stays out."""
    shutil.copytree(studio_template, workspace_copy.studio)
    public = "https://labels.example.org"
    with (
        EmbeddedStudio(workspace_copy, public_url=public) as shown,
        httpx.Client(base_url=shown.url, trust_env=False) as client,
    ):
        # What nginx passes on, as scripts/README.md describes it.
        client.headers.update({"Host": "labels.example.org", "X-Forwarded-Proto": "https"})
        page = client.get("/user/login/")
        form = {
            "email": shown.credentials.email,
            "password": shown.credentials.password.get_secret_value(),
            "csrfmiddlewaretoken": page.cookies["csrftoken"],
        }
        client.headers["Cookie"] = f"csrftoken={page.cookies['csrftoken']}"
        answers = {
            origin: client.post("/user/login/", data=form, headers={"Origin": origin}).status_code
            for origin in (public, "https://evil.example", "http://labels.example.org.evil.example")
        }
        assert answers == dict.fromkeys(answers, 403) | {public: 302}
        assert client.get("/health", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.studio
def test_a_prepared_folder_needs_no_migration(studio: EmbeddedStudio) -> None:
    """Label Studio itself finds nothing left to do in the folder that was made for it."""
    assert "Initializing database" not in studio.log.read_text("utf-8")


@pytest.mark.studio
def test_a_running_server_is_used_and_left_running(studio: EmbeddedStudio) -> None:
    """A second start finds the first server, and its stop does not end it."""
    heard: list[str] = []
    second = EmbeddedStudio(studio._workspace, progress=lambda what, _: heard.append(what))
    with second:
        assert second.reused
        assert second.record == studio.record
        assert second.credentials == studio.credentials
    assert studio.record.alive
    assert studio.run_file.exists()
    assert any(studio.url in what for what in heard)


@pytest.mark.studio
def test_another_port_than_the_running_one_is_refused(studio: EmbeddedStudio) -> None:
    """The message says where the workspace's server is."""
    with pytest.raises(UsageError, match="already runs") as caught:
        EmbeddedStudio(studio._workspace, port=studio.record.port + 1).start()
    assert studio.url in caught.value.problem
    assert studio.record.alive


@pytest.mark.studio
def test_a_server_that_does_not_know_the_account_is_refused(
    studio: EmbeddedStudio, workspace_copy: Workspace
) -> None:
    """With the credentials lost, the start fails and the server is left alone."""
    stranger = EmbeddedStudio(workspace_copy)
    load_or_create(workspace_copy)
    shutil.copy(studio.run_file, stranger.run_file)
    with pytest.raises(LabelStudioError, match="does not accept") as caught:
        stranger.start()
    assert caught.value.status == 401
    assert str(credentials_file(workspace_copy)) in caught.value.where
    assert studio.record.alive


# Starts and ends


@pytest.mark.studio
def test_two_starts_make_one_server_that_outlives_a_killed_owner(
    workspace_copy: Workspace, studio_template: Path
) -> None:
    """One start wins, the other uses its server; after ``kill -9`` the next start finds it."""
    shutil.copytree(studio_template, workspace_copy.studio)
    owners = [run_python(OWNER, workspace_copy.root) for _ in range(2)]
    answers = [json.loads(first_line(owner)) for owner in owners]
    pid = answers[0]["pid"]
    found = EmbeddedStudio(workspace_copy)
    try:
        assert sorted(answer["reused"] for answer in answers) == [False, True]
        assert answers[1]["pid"] == pid
        for owner in owners:
            end(owner, signal.SIGKILL)
        assert process_mark(pid) is not None
        found.start()
        assert found.reused
        assert found.record.pid == pid
    finally:
        found.start()
        found.stop(reused=True)
    assert process_mark(pid) is None
    assert not found.run_file.exists()


@pytest.mark.studio
def test_a_terminated_owner_stops_its_server(
    workspace_copy: Workspace, studio_template: Path
) -> None:
    """SIGTERM to the claimset process ends the server too, and the port is free again."""
    shutil.copytree(studio_template, workspace_copy.studio)
    owner = run_python(OWNER, workspace_copy.root)
    answer = json.loads(first_line(owner))
    assert process_mark(answer["pid"]) is not None
    assert end(owner, signal.SIGTERM) == 128 + signal.SIGTERM
    assert process_mark(answer["pid"]) is None
    assert not EmbeddedStudio(workspace_copy).run_file.exists()
    with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as client:
        client.get(answer["url"] + "/health")


@pytest.mark.studio
def test_a_server_that_dies_is_reported_with_its_log(
    workspace_copy: Workspace, free_port: int
) -> None:
    """The error shows the end of the log, and no run file stays."""
    workspace_copy.studio.mkdir(parents=True)
    (workspace_copy.studio / "label_studio.sqlite3").write_bytes(b"no database at all " * 100)
    studio = EmbeddedStudio(workspace_copy, port=_another(free_port))
    with pytest.raises(LabelStudioError, match=r"exit code 1\) before it was ready") as caught:
        studio.start()
    assert "file is not a database" in caught.value.problem
    assert str(studio.log) in caught.value.where
    assert not studio.run_file.exists()


@pytest.mark.studio
def test_a_port_lost_during_the_start_gives_no_secret_away(
    workspace_copy: Workspace, studio_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Label Studio moves on because the port is taken, the start fails unheard by others.

    Nothing is left running, and a start that may choose its port would take another one.
    """
    asked: list[str] = []

    class Stranger(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers}")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status": "UP"}')

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    shutil.copytree(studio_template, workspace_copy.studio)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        threading.Thread(target=stranger.serve_forever, daemon=True).start()
        monkeypatch.setattr(ports, "is_free", lambda _port: True)
        studio = EmbeddedStudio(workspace_copy, port=stranger.server_address[1], timeout=60)
        with pytest.raises(LabelStudioError, match="another program took port"):
            studio.start()
        stranger.shutdown()
    assert not [request for request in asked if "uthorization" in request]
    assert not studio.run_file.exists()
    assert not command_lines(f"--port {stranger.server_address[1]} ")


# Ports


def test_a_lost_port_is_given_up_when_any_will_do(
    workspace_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start without a port tries again, three times at most; one with a port fails at once."""
    credentials, _ = load_or_create(workspace_copy)
    tries: list[int | None] = []

    def lose(studio: EmbeddedStudio, _credentials: StudioCredentials) -> None:
        tries.append(studio._port)
        if len(tries) != 2:
            raise PortLostError("another program took the port")

    monkeypatch.setattr(EmbeddedStudio, "_launch", lose)
    EmbeddedStudio(workspace_copy)._launch_somewhere(credentials)
    assert tries == [None, None]
    with pytest.raises(LabelStudioError, match="took the port"):
        EmbeddedStudio(workspace_copy)._launch_somewhere(credentials)
    assert tries == [None] * 5
    with pytest.raises(LabelStudioError, match="took the port"):
        EmbeddedStudio(workspace_copy, port=9)._launch_somewhere(credentials)
    assert tries == [None] * 5 + [9]


def test_a_taken_port_is_named_before_any_work(
    workspace_copy: Workspace, listener: socket.socket
) -> None:
    """The message names the port and a way out, and no data folder is made for nothing."""
    port = listener.getsockname()[1]
    with pytest.raises(UsageError, match=f"port {port} cannot be used") as caught:
        EmbeddedStudio(workspace_copy, port=port).start()
    assert "another port" in caught.value.remedy
    assert not workspace_copy.studio.exists()


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(workspace_copy: Workspace, port: int) -> None:
    """It is answered like a port that cannot be used, not with a traceback."""
    with pytest.raises(UsageError, match="cannot be used"):
        EmbeddedStudio(workspace_copy, port=port).start()


def test_the_next_free_port_is_taken_and_said(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the first port taken, a later one is used and named; with none left, it is an error."""
    taken = listener.getsockname()[1]
    heard: list[str] = []
    monkeypatch.setattr(ports, "DEFAULT_PORTS", range(taken, taken + 20))
    port = ports.choose_port(None, lambda what, _: heard.append(what))
    assert taken < port < taken + 20
    assert heard == [f"port {taken} is taken, using {port}"]
    monkeypatch.setattr(ports, "DEFAULT_PORTS", range(taken, taken + 1))
    with pytest.raises(UsageError, match="no port from"):
        ports.choose_port(None, lambda what, _: heard.append(what))


def test_the_port_from_before_comes_first(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Links that annotators have stay good where the port is free, and the change is said."""
    taken = listener.getsockname()[1]
    heard: list[str] = []
    monkeypatch.setattr(ports, "DEFAULT_PORTS", range(taken + 1, taken + 20))

    def choose() -> int:
        before = ports.port_before(tmp_path)
        return ports.choose_port(None, lambda what, _: heard.append(what), before=before)

    first = choose()
    assert heard == ([] if first == taken + 1 else [f"port {taken + 1} is taken, using {first}"])
    later = next(port for port in range(first + 1, taken + 40) if ports.is_free(port))
    ports.keep_port(tmp_path, later)
    heard.clear()
    assert (choose(), heard) == (later, [])
    ports.keep_port(tmp_path, taken)
    assert (choose(), heard) == (first, [f"port {taken} is taken, using {first}"])
    (tmp_path / "studio.port").write_text("no number", "utf-8")
    assert ports.port_before(tmp_path) is None


# Processes


def test_only_one_start_works_at_a_time(workspace_copy: Workspace) -> None:
    """A start waits while another holds the lock, says so, and gives up when time is over."""
    heard: list[str] = []
    waiting = EmbeddedStudio(
        workspace_copy, progress=lambda what, _: heard.append(what), timeout=0.5
    )
    lock = workspace_copy.state / "studio.lock"
    with (
        exclusive_lock(lock, doing="starts Label Studio"),
        pytest.raises(UsageError, match=f"starts Label Studio .process {os.getpid()}"),
    ):
        waiting.start()
    assert set(heard) == {"waiting for another command that starts Label Studio"}
    assert not credentials_file(workspace_copy).exists()


def test_a_missing_label_studio_names_both_ways_out(
    workspace_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package, the message names the extra and the setting for a remote server."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="not installed") as caught:
        EmbeddedStudio(workspace_copy).start()
    assert "claimset[studio]" in caught.value.remedy
    assert "LABEL_STUDIO_URL" in caught.value.remedy
    assert not workspace_copy.state.exists()


def test_the_run_file_of_an_ended_process_is_removed(workspace_copy: Workspace) -> None:
    """A server that is gone is not waited for."""
    ended = subprocess.Popen(["sleep", "600"])
    mark = process_mark(ended.pid)
    assert mark is not None
    ended.kill()
    assert eventually(lambda: process_mark(ended.pid) is None)  # ended, though not collected
    ended.wait()
    studio = EmbeddedStudio(workspace_copy)
    studio.run_file.parent.mkdir(parents=True)
    studio.run_file.write_text(record_of(ended.pid, mark).model_dump_json())
    assert studio._find_running() is None
    assert not studio.run_file.exists()


def test_a_damaged_run_file_is_removed(workspace_copy: Workspace) -> None:
    """Half a file, or none of ours, does not stop the next start."""
    studio = EmbeddedStudio(workspace_copy)
    studio.run_file.parent.mkdir(parents=True)
    studio.run_file.write_text('{"pid": 1')
    assert studio._find_running() is None
    assert not studio.run_file.exists()


def test_a_process_that_got_the_number_is_neither_used_nor_stopped(
    workspace_copy: Workspace, sleeper: subprocess.Popen[bytes]
) -> None:
    """Another process with the recorded number, begun at another time, is left alone."""
    mark = process_mark(sleeper.pid)
    studio = EmbeddedStudio(workspace_copy)
    studio.run_file.parent.mkdir(parents=True)
    foreign = record_of(sleeper.pid, str(process_mark(os.getpid())))
    studio.run_file.write_text(foreign.model_dump_json())
    assert studio._find_running() is None
    studio._end(foreign)
    assert process_mark(sleeper.pid) == mark
    studio._end(record_of(sleeper.pid, str(mark)))  # and with the right time, it is ended
    assert process_mark(sleeper.pid) is None


def test_a_group_that_ignores_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stubborn server is ended after the grace period, and its children with it."""
    monkeypatch.setattr(process, "STOP_SECONDS", 0.5)
    stubborn = subprocess.Popen(
        ["sh", "-c", "trap '' TERM; sleep 600 & echo $!; wait; wait"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with stubborn:
        assert stubborn.stdout is not None
        child = int(stubborn.stdout.readline())
        end_child(stubborn)
        assert stubborn.returncode == -signal.SIGKILL
        assert eventually(lambda: process_mark(child) is None)


def test_nothing_of_the_callers_settings_reaches_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proxies and names that Label Studio reads as settings are not handed down."""
    foreign = {"HTTP_PROXY", "https_proxy", "HOST", "DEBUG", "USERNAME", "DATABASE_NAME", "PORT"}
    foreign |= {"LABEL_STUDIO_HOST", "HEARTEX_PORT", "DJANGO_DB", "HF_TOKEN", "SENTRY_DSN"}
    for name in foreign:
        monkeypatch.setenv(name, "x")
    environment = studio_environment(tmp_path)
    assert not foreign & environment.keys()
    assert environment["LABEL_STUDIO_SENTRY_DSN"] == ""
    assert environment["LABEL_STUDIO_BASE_DATA_DIR"] == str(tmp_path)


# Preparing the data folder


@pytest.mark.studio
def test_a_killed_preparation_leaves_nothing_half_made(tmp_path: Path) -> None:
    """No data folder appears, the migrating process ends too, and the leftovers are removed."""
    pytest.importorskip("django")
    data = tmp_path / "studio"
    process = run_python(PREPARER, data, tmp_path / "log")
    assert process.stdout is not None
    for line in process.stdout:
        if "step 3 of" in line:
            break
    end(process, signal.SIGKILL)
    leftover = tmp_path / f"studio.new-{process.pid}"
    assert leftover.is_dir()
    assert not data.exists()
    assert eventually(lambda: not command_lines(str(leftover)))
    data.mkdir()
    (data / "label_studio.sqlite3").touch()  # the next start finds a database and only cleans up
    with (tmp_path / "log").open("wb") as log:
        assert not prepare_data(data, lambda _what, _part: None, log=log)
    assert not leftover.exists()


def test_a_failing_preparation_is_reported_and_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the log, and neither the folder nor its working copy stays."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    data = tmp_path / "studio"
    with (
        (tmp_path / "log").open("wb") as log,
        pytest.raises(LabelStudioError, match="exit code 1") as caught,
    ):
        prepare_data(data, lambda _what, _part: None, log=log)
    assert str(tmp_path / "log") in caught.value.where
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_a_folder_with_other_files_is_not_taken(tmp_path: Path) -> None:
    """Files without a database may be what is left of one, so nothing is put over them."""
    data = tmp_path / "studio"
    data.mkdir()
    (data / ".env").write_text("SECRET_KEY=x")
    with (tmp_path / "log").open("wb") as log, pytest.raises(UsageError, match="no database"):
        prepare_data(data, lambda _what, _part: None, log=log)
    assert (data / ".env").exists()


def _another(port: int) -> int:
    """A free port that is not ``port``."""
    return next(other for other in range(port + 1, port + 50) if is_free(other))
