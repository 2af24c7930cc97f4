"""Client code in processes of its own: the libraries read their settings when imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.release.hub.state import WRITER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.release.hub.state import Hub

__all__ = ["Client", "client_environment", "run_command", "running_client"]

REPOSITORY = Path(__file__).parents[3]


def client_environment(hub: Hub, home: Path, *, token: str | None = WRITER) -> dict[str, str]:
    """The environment of a client of the double, with its caches under ``home``."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": hub.address,
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "PYTHONPATH": f"{REPOSITORY / 'scripts'}{os.pathsep}{REPOSITORY}",
    }
    if hub.xet is None:
        environment["HF_HUB_DISABLE_XET"] = "1"
    if token is not None:
        environment["HF_TOKEN"] = token
    return environment


@dataclass
class Client:
    """A client process that answers one call after the other."""

    process: subprocess.Popen[str]
    errors: Path

    def publish(
        self, folder: Path, repository: str, *, token: str | None = WRITER, **options: Any
    ) -> dict[str, Any]:
        """Publish a folder; see ``driver.py`` for the answer."""
        return self._call(
            "publish", folder=str(folder), repository=repository, token=token, **options
        )

    def download(self, repository: str, revision: str, folder: Path) -> dict[str, bytes]:
        """Every file of a revision, as a client without a cache receives it."""
        self._call("download", repository=repository, revision=revision, folder=str(folder))
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and ".cache" not in path.parts
        }

    def content(self, repository: str, revision: str) -> dict[str, Any]:
        """Content id and row counts of what ``load_dataset`` gives for a revision."""
        return self._call("content", repository=repository, revision=revision)

    def _call(self, name: str, **arguments: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": name, "with": arguments}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.errors.read_text("utf-8")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running_client(hub: Hub, home: Path) -> Iterator[Client]:
    """A client of the double for the length of the block; its caches begin empty."""
    errors = home / "client.log"
    with (
        errors.open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "tests.release.hub.driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=client_environment(hub, home),
        ) as process,
    ):
        yield Client(process, errors)


def run_command(
    hub: Hub, home: Path, *arguments: str, token: str | None = WRITER
) -> subprocess.CompletedProcess[str]:
    """Run the command ``claimset`` as a client of the double; nobody sits at its terminal."""
    return subprocess.run(
        [sys.executable, "-m", "claimset", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=client_environment(hub, home, token=token),
        stdin=subprocess.DEVNULL,
    )
