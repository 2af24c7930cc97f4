"""Start-up: waiting until our own Label Studio answers, and saying why it does not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from claimset.errors import LabelStudioError
from claimset.labelstudio.credentials import credentials_file
from claimset.labelstudio.process import exit_code

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from claimset.labelstudio.credentials import StudioCredentials
    from claimset.labelstudio.process import RunRecord
    from claimset.storage.workspace import Workspace

__all__ = ["PortLostError", "StartUp"]

_POLL_SECONDS = 0.2
_LOG_LINES = 15
_LOG_BYTES = 50_000
# What Label Studio says when it goes on to another port, and what Django says when it cannot.
_PORT_LOST = ("Trying to start at", "That port is already in use")


class PortLostError(LabelStudioError):
    """Another program took the port between the test and the use."""


class StartUp:
    """A server on its way to being ready.

    Args:
        workspace: Whose server it is.
        log: What the server says about itself.
        record: Its process.
        credentials: The account it must know.
        process: The child, when it is one of ours.
        seconds: How long to wait.
        say: Told what happens.
    """

    def __init__(
        self,
        workspace: Workspace,
        log: Path,
        record: RunRecord,
        credentials: StudioCredentials,
        *,
        process: subprocess.Popen[bytes] | None,
        seconds: float,
        say: Callable[[str, float | None], None],
    ) -> None:
        self._workspace = workspace
        self._log = log
        self._record = record
        self._credentials = credentials
        self._process = process
        self._seconds = seconds
        self._say = say

    def wait_until_up(self) -> None:
        """Wait for the health page, as long as the process lives and kept its port.

        Raises:
            PortLostError: Another program took the port.
            LabelStudioError: The process ended, or did not answer in time.
        """
        began = time.monotonic()
        with _client(self._record) as client:
            while True:
                self._check_port()
                if not self._record.alive:
                    code = exit_code(self._process)
                    how = "" if code is None else f" (exit code {code})"
                    raise self._failure(f"Label Studio ended{how} before it was ready")
                if self._listens() and _is_up(client):
                    return
                waited = time.monotonic() - began
                if waited > self._seconds:
                    raise self._failure(f"Label Studio did not answer within {self._seconds:.0f} s")
                self._say(f"waiting for Label Studio ({waited:.0f} s)", None)
                time.sleep(_POLL_SECONDS)

    def _check_port(self) -> None:
        """Notice that the port was taken after it was tested."""
        said = _part_of(self._log, first=True)
        if any(words in said for words in _PORT_LOST):
            raise self._failure(
                f"another program took port {self._record.port} while Label Studio started",
                PortLostError,
            )

    def _listens(self) -> bool:
        """Whether our own server has the port; until it does, another's may answer there.

        Its address stands in its log as soon as it listens.
        """
        return not self._log.exists() or f"{self._record.url}/" in _part_of(self._log, first=True)

    def check_account(self) -> None:
        """Make sure that what answers is this workspace's server: it knows the token.

        Raises:
            LabelStudioError: It is another server, or does not know the account.
        """
        path = "/api/current-user/whoami"
        headers = {"Authorization": f"Token {self._credentials.token.get_secret_value()}"}
        with _client(self._record) as client:
            try:
                answer = client.get(path, headers=headers)
                known = answer.is_success and answer.json().get("email") == self._credentials.email
            except (httpx.HTTPError, ValueError, AttributeError) as error:
                raise LabelStudioError(
                    f"Label Studio at {self._record.url} answers, but not as Label Studio does",
                    where=f"GET {path}, process {self._record.pid}",
                    remedy=f"end process {self._record.pid}, then run the command again",
                ) from error
        if not known:
            raise LabelStudioError(
                "the workspace's Label Studio does not accept the workspace's account",
                where=f"GET {path}, {credentials_file(self._workspace)}",
                remedy="restore studio.json from a backup; without it, move .claimset/studio "
                "aside to begin with an empty Label Studio",
                status=answer.status_code,
            )

    def _failure(
        self,
        problem: str,
        kind: type[LabelStudioError] = LabelStudioError,
    ) -> LabelStudioError:
        """An error that shows the end of the log, without secrets."""
        said = self._credentials.redact(_part_of(self._log, first=False))
        lines = said.splitlines()[-_LOG_LINES:]
        return kind(
            "\n    ".join([f"{problem}; its log ends:", *(lines or ["(nothing)"])]),
            where=str(self._log),
            remedy="mend what the log names and start again; when only time was short, "
            "starting again is enough",
        )


def _client(record: RunRecord) -> httpx.Client:
    """A client that goes to this machine directly, whatever proxies are set."""
    return httpx.Client(base_url=record.url, trust_env=False, timeout=30)


def _is_up(client: httpx.Client) -> bool:
    """Whether the health page says so."""
    try:
        answer = client.get("/health")
        return answer.is_success and answer.json() == {"status": "UP"}
    except (httpx.HTTPError, ValueError):
        return False


def _part_of(path: Path, *, first: bool) -> str:
    """The first or last part of a log that may be long or missing."""
    if not path.exists():
        return ""
    with path.open("rb") as stream:
        if not first:
            stream.seek(max(0, path.stat().st_size - _LOG_BYTES))
        return stream.read(_LOG_BYTES).decode("utf-8", errors="replace")
