"""Files that are either wholly there or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from claimset.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

__all__ = [
    "PRIVATE_MODE",
    "exclusive_lock",
    "patient_lock",
    "replace_file",
    "replacing",
    "sync_folder",
]

PRIVATE_MODE = 0o600
"""Permission bits of what only the owner of the workspace may read."""

_POLL_SECONDS = 0.2


def replace_file(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write ``data`` to ``path`` so that a reader sees the old file or the new one.

    The bytes go to a temporary file in the same folder, are flushed to disk, and the file is
    renamed over ``path``; then the folder's entry is flushed too.

    Args:
        path: The file to make or replace; its folder is made when missing.
        data: The whole content.
        mode: Permission bits; default: those of the file that is replaced, else 0644.
    """
    with replacing(path, mode=mode) as stream:
        stream.write(data)


@contextlib.contextmanager
def replacing(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """Write a file piece by piece as :func:`replace_file` does at once.

    Args:
        path: The file to make or replace; its folder is made when missing.
        mode: Permission bits; default: those of the file that is replaced, else 0644.

    Yields:
        Where to write. After an error ``path`` is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if mode is None:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries, so that a rename survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def exclusive_lock(path: Path, *, doing: str) -> Iterator[None]:
    """Hold a lock that the kernel releases when the process ends, however it ends.

    Args:
        path: The lock file; made when missing, never removed.
        doing: What the holder does, for the message to the one who is turned away.

    Raises:
        UsageError: Another process holds the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read().strip() or "another process"
            raise UsageError(
                f"another claimset command is at work in this workspace: {holder}",
                where=str(path),
                remedy="wait until it has ended, then run this command again",
            ) from error
        stream.seek(0)
        stream.truncate()
        stream.write(f"{doing} (process {os.getpid()})")
        stream.flush()
        try:
            yield
        finally:
            stream.seek(0)
            stream.truncate()


@contextlib.contextmanager
def patient_lock(
    path: Path, *, doing: str, seconds: float, waiting: Callable[[], None]
) -> Iterator[None]:
    """Hold a lock as :func:`exclusive_lock` does, but wait for whoever holds it.

    Args:
        path: The lock file.
        doing: What the holder does.
        seconds: How long to wait.
        waiting: Called now and then while waiting.

    Raises:
        UsageError: Another process still holds the lock after that time.
    """
    deadline = time.monotonic() + seconds
    with contextlib.ExitStack() as stack:
        while True:
            try:
                stack.enter_context(exclusive_lock(path, doing=doing))
                break
            except UsageError:
                if time.monotonic() > deadline:
                    raise
                waiting()
                time.sleep(_POLL_SECONDS)
        yield
