"""Following a round on a real Label Studio, as a user does: a process that ends on a signal."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from claimset import pipeline
from claimset.labelstudio import process
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.environment import studio_environment
from claimset.labelstudio.server import EmbeddedStudio
from claimset.models import Selection
from claimset.settings import Settings
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.studio

OPINION = {
    "from_name": "checkability",
    "to_name": "article",
    "type": "choices",
    "value": {"choices": ["opinion"]},
}
PATIENCE_S = 60
_NUMBERS = itertools.count(1)  # the server is shared, so are its projects


class Watcher:
    """A running ``claimset pull --watch``."""

    def __init__(self, workspace: Workspace, url: str, token: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "claimset", "pull", "--watch"),
                *("-w", str(workspace.root)),
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ) | {"LABEL_STUDIO_URL": url, "LABEL_STUDIO_API_KEY": token},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._passed: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(stream,), daemon=True)
            for stream in (self._process.stdout, self._process.stderr)
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: Any) -> None:
        with stream:
            for line in stream:
                self._lines.put(line.rstrip())

    def line(self, part: str) -> str:
        """The next line that holds a part; two streams are read, so lines may pass each other."""
        for number, passed in enumerate(self._passed):
            if part in passed:
                return self._passed.pop(number)
        while True:
            found = self._lines.get(timeout=PATIENCE_S)
            assert "Traceback" not in found
            if part in found:
                return found
            self._passed.append(found)

    def end(self, number: int) -> int:
        """Send a signal; the exit code."""
        self._process.send_signal(number)
        return self._process.wait(PATIENCE_S)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join(PATIENCE_S)


@contextlib.contextmanager
def watching(*arguments: Any) -> Iterator[Watcher]:
    watcher = Watcher(*arguments)
    try:
        yield watcher
    finally:
        watcher.kill()


class Relay:
    """A door to the server that can be shut, as if the server were away."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.open = True
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                inner, _ = self._listener.accept()
                if not self.open:
                    inner.close()
                    continue
                threading.Thread(target=self._pass, args=(inner,), daemon=True).start()

    def _pass(self, inner: socket.socket) -> None:
        """Carry one request, and the answer until its end; each has a connection of its own."""
        with inner, socket.create_connection(("127.0.0.1", self._target)) as outer:
            back = threading.Thread(target=self._copy, args=(outer, inner), daemon=True)
            back.start()
            self._copy(inner, outer)
            back.join()

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class Site:
    """A pushed round of four claims."""

    def __init__(self, workspace: Workspace, studio: EmbeddedStudio, name: str) -> None:
        self.workspace = workspace
        self.round = name
        self.token = studio.credentials.token.get_secret_value()
        settings = Settings(
            label_studio_url=studio.url, label_studio_api_key=studio.credentials.token, round=name
        )
        self.client = LabelStudioClient(studio.url, studio.credentials.token)
        pipeline.segment(workspace, settings)
        pushed = pipeline.push(workspace, settings, selection=Selection(sample=4))
        self.project = pushed.project_id or 0
        self.tasks = sorted(self.client.task_ids(self.project))

    def answer(self, number: int) -> None:
        self.client.annotate(self.tasks[number], [OPINION])


@pytest.fixture
def site(workspace_copy: Workspace, studio: EmbeddedStudio) -> Iterator[Site]:
    found = Site(workspace_copy, studio, f"followed-{next(_NUMBERS)}")
    yield found
    found.client.close()


def test_it_follows_waits_for_the_server_and_ends_in_order(
    site: Site, studio: EmbeddedStudio
) -> None:
    """A server that is away is named once, without a traceback, and made up for when it is back."""
    relay = Relay(studio.record.port)
    more = ("--round", site.round, "--interval", "1")
    with watching(site.workspace, relay.url, site.token, *more) as watcher:
        watcher.line("watching")
        site.answer(0)
        watcher.line("1 new; 1 submitted")
        relay.open = False
        watcher.line("cannot be reached")
        site.answer(1)
        relay.open = True
        watcher.line("is back")
        watcher.line("1 new; 2 submitted")
        assert watcher.end(signal.SIGTERM) == 0
        watcher.line("everything pulled is in the ledger")
    with watching(site.workspace, relay.url, site.token, "--json", *more) as watcher:
        assert json.loads(watcher.line("submitted_by"))["tasks"] == 4
        site.answer(2)
        assert json.loads(watcher.line("submitted_by"))["new"] == 1
        assert watcher.end(signal.SIGINT) == 0
    relay.close()


def test_a_token_that_is_not_accepted_ends_it(site: Site, studio: EmbeddedStudio) -> None:
    with watching(site.workspace, studio.url, "0" * 40, "--round", site.round) as watcher:
        watcher.line("does not accept the access token")
        assert watcher.end(0) == 3


@pytest.fixture
def calling_studio(
    studio_template: Path, fast_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EmbeddedStudio]:
    """A Label Studio that may call addresses of this machine, as a server of one's own can."""

    def environment(*of: Any) -> dict[str, str]:
        return studio_environment(*of) | {"SSRF_PROTECTION_ENABLED": "False"}

    monkeypatch.setattr(process, "studio_environment", environment)
    root = fast_folder / "calling"
    workspace = Workspace(root)
    shutil.copytree(studio_template, workspace.studio)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = EmbeddedStudio(workspace, port=port)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(root)


def hooks(client: LabelStudioClient, project: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client._transport.call(
        "GET", "/api/webhooks/", doing="listing", params={"project": project}
    )
    return found


def test_a_webhook_wakes_it_and_is_taken_away_again(
    workspace_copy: Workspace, calling_studio: EmbeddedStudio
) -> None:
    """With an interval of an hour an answer is there at once; a killed run's hook is taken over."""
    site = Site(workspace_copy, calling_studio, "called")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    more = ("--round", "called", "--interval", "3600", "--webhook", port)
    with watching(workspace_copy, calling_studio.url, site.token, *more) as watcher:
        watcher.line("watching")
        site.answer(0)
        watcher.line("1 new; 1 submitted")
    (left,) = hooks(site.client, site.project)
    assert left["send_payload"] is False
    with watching(workspace_copy, calling_studio.url, site.token, *more) as watcher:
        watcher.line("watching")
        (taken,) = hooks(site.client, site.project)
        assert taken["id"] == left["id"]
        assert taken["headers"] != left["headers"]
        site.answer(1)
        watcher.line("1 new; 2 submitted")
        assert watcher.end(signal.SIGTERM) == 0
    assert hooks(site.client, site.project) == []
    site.client.close()


def test_an_address_that_label_studio_may_not_call_is_refused(
    site: Site, studio: EmbeddedStudio
) -> None:
    """The embedded studio calls nobody on this machine; that is said, not passed over."""
    more = ("--round", site.round, "--webhook", "8398")
    with watching(site.workspace, studio.url, site.token, *more) as watcher:
        watcher.line("SSRF_PROTECTION_ENABLED")
        assert watcher.end(0) == 2
