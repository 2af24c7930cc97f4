"""The exchange of a whole folder: a reader finds the old release or the new one, never a mixture.

On Linux the two folders change places in one step (renameat2 with RENAME_EXCHANGE). Where the
system or file system cannot, the old folder is renamed away first; a kill between the two renames
leaves it under a known name, and the next build puts it back.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from claimset.storage.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Discard", "fresh_folder", "recover"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class Discard(Exception):  # noqa: N818 - no error: it ends a block
    """Raised inside :func:`fresh_folder` to leave the folder as it is."""


@contextmanager
def fresh_folder(folder: Path) -> Iterator[Path]:
    """An empty folder beside ``folder`` that takes its place when the block ends without error.

    After an error, :class:`Discard` or a kill, ``folder`` is as it was.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
    try:
        yield fresh
        fresh.chmod(0o755)
        for path in (fresh, *fresh.rglob("*")):
            if path.is_dir():
                sync_folder(path)
        _exchange(fresh, folder)
    except Discard:
        pass
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def recover(folder: Path) -> None:
    """Clear up what a killed build left: put the old release back, remove half-made ones.

    Call it only while no other build can be running.
    """
    parked = _parked(folder)
    if parked.exists():
        if folder.exists():
            shutil.rmtree(parked)
        else:
            parked.rename(folder)
    for left in folder.parent.glob(f".{folder.name}.new-*"):
        shutil.rmtree(left, ignore_errors=True)


def _parked(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _exchange(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
    elif not _swap(fresh, folder):
        folder.rename(_parked(folder))
        fresh.rename(folder)
        shutil.rmtree(_parked(folder), ignore_errors=True)
    sync_folder(folder.parent)


def _swap(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; ``False`` where that cannot be done."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    names = os.fsencode(one), os.fsencode(other)
    done: int = renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    return done == 0
