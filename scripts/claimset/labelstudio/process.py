"""The process that serves a workspace: known for good, followed, and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from claimset.labelstudio.environment import studio_environment
from claimset.labelstudio.ports import HOST
from claimset.models.base import Model
from claimset.storage.files import PRIVATE_MODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.labelstudio.credentials import StudioCredentials
    from claimset.labelstudio.postgres import PostgresAddress

__all__ = [
    "STOP_SECONDS",
    "RunRecord",
    "end_child",
    "end_other",
    "exit_code",
    "launch",
    "private_log",
    "process_mark",
]

STOP_SECONDS = 10.0


class RunRecord(Model):
    """The process that serves a workspace."""

    pid: int
    """Process id; also the id of its process group."""

    port: int
    """Port on 127.0.0.1."""

    url: str
    """Where to open it."""

    started_at: datetime
    """When it was started, UTC."""

    create_time: str
    """What the kernel says about when the process began; see :func:`process_mark`."""

    @classmethod
    def of(cls, pid: int, port: int) -> RunRecord:
        """The record of a process that was started just now."""
        return cls(
            pid=pid,
            port=port,
            url=f"http://{HOST}:{port}",
            started_at=datetime.now(UTC),
            create_time=process_mark(pid) or "",
        )

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return process_mark(self.pid) == self.create_time


def launch(
    data: Path,
    credentials: StudioCredentials,
    port: int,
    log: IO[bytes],
    postgres: PostgresAddress | None = None,
    public_url: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a Label Studio in a session of its own, on this machine's loopback only.

    Args:
        data: Its data folder, prepared.
        credentials: The account it makes at its first start.
        port: Where it listens.
        log: Takes what it prints.
        postgres: Its database, when that is not the file in its data folder.
        public_url: Where a reverse proxy shows it to people elsewhere.
    """
    arguments = f"start --no-browser --internal-host {HOST} --port {port}".split()
    # Not among the arguments: those can be read by every user of the machine.
    secrets = {
        "LABEL_STUDIO_USERNAME": credentials.email,
        "LABEL_STUDIO_PASSWORD": credentials.password.get_secret_value(),
        "LABEL_STUDIO_USER_TOKEN": credentials.token.get_secret_value(),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "label_studio.server", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=studio_environment(data, postgres, public_url) | secrets,
        cwd=data,
        start_new_session=True,  # Ctrl+C in the terminal is for us to handle
        umask=0o077,
    )


def private_log(path: Path) -> IO[bytes]:
    """An empty log that only this user can read."""
    path.touch(mode=PRIVATE_MODE)
    path.chmod(PRIVATE_MODE)
    path.write_bytes(b"")
    return path.open("ab")


def process_mark(pid: int) -> str | None:
    """When a process began, as told by the kernel; ``None`` when there is no such process.

    Together with the number this names one process for good, because numbers are used again.
    The text can only be compared. A process that has ended but was not collected counts as gone.
    """
    if Path("/proc/self/stat").exists():
        try:
            # The name in parentheses may hold spaces and parentheses itself.
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2]
        except OSError:
            return None
        state, began = fields.split()[0], fields.split()[19]
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return None if state in "ZX" else f"{boot} {began}"
    answer = subprocess.run(  # macOS and BSD have no /proc
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, began = answer.stdout.strip().partition(" ")
    return None if not began or state.startswith("Z") else began.strip()


def end_child(process: subprocess.Popen[bytes]) -> None:
    """Stop a child and its group, and collect it last: until then its number stays ours."""
    try:
        if not _exited(process):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGTERM)
            _wait(lambda: _exited(process), STOP_SECONDS)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def exit_code(process: subprocess.Popen[bytes] | None) -> int | None:
    """The exit code of a child that ends; its threads may outlive its main thread a little."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(STOP_SECONDS) if process else None
    return None


def _exited(process: subprocess.Popen[bytes]) -> bool:
    """Whether a child has ended, without collecting it."""
    if process.returncode is not None:
        return True
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, options) is not None


def end_other(record: RunRecord) -> None:
    """Stop a server that another process started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not record.alive:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(record.pid, number)
        _wait(lambda: not record.alive, STOP_SECONDS)


def _wait(done: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so, or the time is over."""
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
