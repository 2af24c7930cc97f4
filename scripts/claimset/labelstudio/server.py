"""The embedded Label Studio: one server per workspace, started, found again and stopped.

A run file beside the data says which process serves the workspace and when that process began.
A server whose owner was killed keeps running and is found by the next start; a process that
merely got the same number is never taken for it, sent the token, or stopped.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
from typing import TYPE_CHECKING, Self

from pydantic import ValidationError

from claimset.errors import UsageError
from claimset.labelstudio.credentials import StudioCredentials, load_or_create
from claimset.labelstudio.database import StudioDatabase
from claimset.labelstudio.ports import HOST, choose_port, keep_port, port_before
from claimset.labelstudio.process import (
    STOP_SECONDS,
    RunRecord,
    end_child,
    end_other,
    launch,
    private_log,
)
from claimset.labelstudio.signals import OrderlyExit
from claimset.labelstudio.startup import PortLostError, StartUp
from claimset.storage.files import PRIVATE_MODE, patient_lock, replace_file

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from claimset.labelstudio.postgres import PostgresAddress
    from claimset.storage.workspace import Workspace

    Progress = Callable[[str, float | None], None]

__all__ = ["EmbeddedStudio"]

_START_SECONDS = 300.0
_LAUNCHES = 3


class EmbeddedStudio:
    """A Label Studio of the workspace's own, on this machine only.

    As a context manager it is stopped at the end, also when the process is asked to end
    (SIGTERM, SIGHUP) or interrupted. One that ran already is used and left running.

    Args:
        workspace: Its ``.claimset/`` holds data, account, log and run file.
        port: The port to listen on; default: the first free one from 8080 to 8099.
        postgres: From now on the workspace's data is kept in this database; default: where it was
            kept before, at first in a SQLite file.
        upgrade: Whether a PostgreSQL database of an earlier Label Studio is brought up to date.
        public_url: Where a reverse proxy on this machine shows it to people elsewhere.
        progress: Told what happens, and which part of it is done where that is known.
        timeout: Seconds to wait for the server to answer, and for another start to end.
    """

    def __init__(
        self,
        workspace: Workspace,
        port: int | None = None,
        *,
        postgres: PostgresAddress | None = None,
        upgrade: bool = False,
        public_url: str | None = None,
        progress: Progress | None = None,
        timeout: float = _START_SECONDS,
    ) -> None:
        self._workspace = workspace
        self._port = port
        self._public_url = public_url
        self._database = StudioDatabase(workspace, postgres, upgrade=upgrade)
        self._say: Progress = progress or _silent
        self._timeout = timeout
        self._record: RunRecord | None = None
        self._credentials: StudioCredentials | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._signals = OrderlyExit()
        self.reused = False
        """Whether the server ran before this object found it."""

    @property
    def workspace(self) -> Workspace:
        """The workspace it serves."""
        return self._workspace

    @property
    def url(self) -> str:
        """Where the server answers, without a slash at the end."""
        return self.record.url

    @property
    def record(self) -> RunRecord:
        """The process that serves the workspace."""
        if self._record is None:
            raise RuntimeError("the embedded Label Studio is not started")
        return self._record

    @property
    def credentials(self) -> StudioCredentials:
        """The lead's account."""
        if self._credentials is None:
            raise RuntimeError("the embedded Label Studio is not started")
        return self._credentials

    @property
    def log(self) -> Path:
        """What the server says about itself; mode 0600."""
        return self._workspace.state / "studio.log"

    @property
    def run_file(self) -> Path:
        """Which process serves the workspace."""
        return self._workspace.state / "studio.run.json"

    @property
    def runs(self) -> bool:
        """Whether the workspace's server runs already."""
        return self._find_running() is not None

    def start(self, progress: Progress | None = None) -> None:
        """Start the server, or find the one that runs, and wait until it answers.

        Raises:
            UsageError: Label Studio is not installed, the port is taken, or the server of this
                workspace runs on another port.
            LabelStudioError: The server did not come up; says what its log says.
        """
        self._say = progress or self._say
        if self._record is not None and self._record.alive:
            return
        if importlib.util.find_spec("label_studio") is None:
            raise UsageError(
                "Label Studio is not installed here",
                remedy="pip install 'claimset[studio]', or set LABEL_STUDIO_URL and "
                "LABEL_STUDIO_API_KEY to use a Label Studio that runs elsewhere",
            )
        with self._turn(self._timeout):
            self._credentials, _ = load_or_create(self._workspace)
            running = self._find_running()
            if running is None:
                self._launch_somewhere(self._credentials)
            else:
                self._reuse(running, self._credentials)

    def stop(self, *, reused: bool = False) -> None:
        """Stop the server that this object started; does nothing when there is none.

        Args:
            reused: Stop it also when it ran before.
        """
        record, self._record = self._record, None
        atexit.unregister(self._stop_at_exit)
        if record is None or (self.reused and not reused):
            return
        with contextlib.ExitStack() as stack:
            # Nobody shall take up the server while it ends; but it has to end, also when the
            # lock is held for long or somebody presses Ctrl+C.
            try:
                with contextlib.suppress(UsageError):
                    stack.enter_context(self._turn(STOP_SECONDS))
            finally:
                self._end(record)

    def __enter__(self) -> Self:
        self._signals.take()
        try:
            self.start()
        except BaseException:
            self._signals.give_back()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._signals.ignore()  # already on the way out
        try:
            self.stop()
        finally:
            self._signals.give_back()

    def _find_running(self) -> RunRecord | None:
        """The workspace's live server; a run file without one is removed."""
        try:
            record = RunRecord.model_validate_json(self.run_file.read_bytes())
        except (FileNotFoundError, ValidationError):
            record = None
        if record is None or not record.alive:
            self.run_file.unlink(missing_ok=True)
            return None
        return record

    def _reuse(self, record: RunRecord, credentials: StudioCredentials) -> None:
        """Take up the server that runs."""
        if self._port not in (None, record.port):
            raise UsageError(
                f"this workspace's Label Studio already runs at {record.url}",
                where=f"process {record.pid}, {self.run_file}",
                remedy=f"use port {record.port} or name none; to move it, end that process first",
            )
        self._database.check_running(record)
        self._say(f"Label Studio already runs at {record.url}", None)
        self._wait(record, credentials)
        self._record, self.reused = record, True

    def _launch_somewhere(self, credentials: StudioCredentials) -> None:
        """Start a server of our own; when its port is lost meanwhile, try the next free one."""
        for attempt in range(1, _LAUNCHES + 1):
            try:
                self._launch(credentials)
            except PortLostError as error:
                if self._port is not None or attempt == _LAUNCHES:
                    raise
                self._say(error.problem.partition("\n")[0], None)
            else:
                return

    def _launch(self, credentials: StudioCredentials) -> None:
        """Start a server of our own."""
        if self._port is not None:
            # A taken port shall not come to light only after the preparation.
            choose_port(self._port, self._say)
        with private_log(self.log) as log:
            postgres = self._database.prepare(credentials, self._say, log)
            port = choose_port(self._port, self._say, before=port_before(self._workspace.state))
            self._say(f"starting Label Studio at http://{HOST}:{port}", None)
            studio = self._workspace.studio
            process = launch(studio, credentials, port, log, postgres, self._public_url)
        record = RunRecord.of(process.pid, port)
        self._process, self.reused = process, False
        try:
            replace_file(self.run_file, record.model_dump_json().encode(), mode=PRIVATE_MODE)
            keep_port(self._workspace.state, port)
            self._wait(record, credentials)
        except BaseException:
            self._end(record)
            raise
        self._record = record
        atexit.register(self._stop_at_exit, os.getpid())

    def _wait(self, record: RunRecord, credentials: StudioCredentials) -> None:
        """Wait until the server answers, and see that it is this workspace's."""
        startup = StartUp(
            self._workspace,
            self.log,
            record,
            credentials,
            process=self._process,
            seconds=self._timeout,
            say=self._say,
        )
        startup.wait_until_up()
        startup.check_account()

    def _end(self, record: RunRecord) -> None:
        """Stop the process and remove its run file."""
        try:
            if self._process is not None and self._process.pid == record.pid:
                end_child(self._process)
            else:
                end_other(record)
        finally:
            self._process = None
            self._find_running()  # removes the run file of a process that has ended

    def _turn(self, seconds: float) -> contextlib.AbstractContextManager[None]:
        """Hold the workspace's start lock; wait for whoever holds it."""
        return patient_lock(
            self._workspace.state / "studio.lock",
            doing="starts Label Studio",
            seconds=seconds,
            waiting=lambda: self._say("waiting for another command that starts Label Studio", None),
        )

    def _stop_at_exit(self, owner: int) -> None:
        """Leave no server behind when nobody called ``stop``; forked children do not own it."""
        if os.getpid() == owner:
            self.stop()


def _silent(_what: str, _part: float | None) -> None:
    """Say nothing."""
