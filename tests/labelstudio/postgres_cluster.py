"""A PostgreSQL server of our own: made in a temporary folder, and stopped by its process."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["ADMIN_PASSWORD", "PostgresCluster", "postgres_programs"]

ADMIN_PASSWORD = "admin-\u2713-secret"
_RAM_DISK = Path("/dev/shm")  # noqa: S108 - only for a folder of our own
_START_S = 30


def postgres_programs() -> Path | None:
    """Folder of ``initdb`` and ``postgres``; Debian keeps them out of the search path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    found = shutil.which("initdb")
    if found is not None:
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def _version(folder: Path) -> int:
    number = folder.parent.name
    return int(number) if number.isdecimal() else 0


class PostgresCluster:
    """A server on a loopback port; its administrator is ``admin``.

    PostgreSQL refuses to run as root, so root runs it as another user.

    Args:
        durable: Whether commits wait for the disk, as they do in real life.
        folder: Where its folder is made.
    """

    def __init__(self, *, durable: bool = False, folder: Path | None = None) -> None:
        programs = postgres_programs()
        if programs is None:
            msg = "PostgreSQL's programs are not installed (Debian package postgresql)"
            raise RuntimeError(msg)
        self._programs = programs
        self._durable = durable
        self._parent = folder
        self._user = _unprivileged()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def __enter__(self) -> Self:
        parent = self._parent or (_RAM_DISK if os.access(_RAM_DISK, os.W_OK) else None)
        self.folder = Path(tempfile.mkdtemp(prefix="claimset-postgres-", dir=parent))
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        secret = self.folder / "password"
        secret.write_text(ADMIN_PASSWORD, "utf-8")
        secret.chmod(0o644)
        data = self.folder / "data"
        make: list[str | Path] = [
            self._programs / "initdb",
            "--pgdata",
            data,
            "--username",
            "admin",
        ]
        make += ["--auth", "scram-sha-256", "--pwfile", secret, "--encoding", "UTF8"]
        make += ["--locale", "C.UTF-8", "--no-sync"]
        subprocess.run(
            make, check=True, stdout=subprocess.DEVNULL, user=self._user, cwd=self.folder
        )
        secret.unlink()
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1"]
        settings += [f"unix_socket_directories={self.folder}", "max_connections=50"]
        if not self._durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            serve: list[str | Path] = [self._programs / "postgres", "-D", data]
            serve += [part for setting in settings for part in ("-c", setting)]
            self._process = subprocess.Popen(
                serve,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self.folder,
                start_new_session=True,
            )
        self._wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self) -> None:
        """End the server: it rolls back what is open and leaves its files whole."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=_START_S)

    def run(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements as the administrator; returns the rows of the last one."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user="admin",
            password=ADMIN_PASSWORD,
            autocommit=True,
        ) as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def make_database(self, name: str, password: str, **more: str) -> str:
        """A database with an owner of the same name; returns its address, without the password."""
        options = " ".join(f"{key} {value}" for key, value in more.items())
        self.run(
            f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{password}'",
            f'CREATE DATABASE "{name}" OWNER "{name}" {options}',
        )
        return f"postgresql://{name}@127.0.0.1:{self.port}/{name}"

    def _wait(self) -> None:
        import psycopg

        deadline = time.monotonic() + _START_S
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                self.run("SELECT 1")
                return
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.log.read_text("utf-8", "replace"))
            time.sleep(0.05)


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)
