"""Errors of the machine that are nobody's fault in the code: a full disk, a missing right."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from typing import TYPE_CHECKING

from claimset.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["machine_errors_explained"]

_FULL = "there is no room left on the disk"
_READ_ONLY = "the place may only be read"
_NO_RIGHT = "there is no right to read or write there"
_OF_SYSTEM = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
}
_OF_SQLITE = {sqlite3.SQLITE_FULL: _FULL, sqlite3.SQLITE_READONLY: _READ_ONLY}
_REMEDIES = {
    _FULL: "make room, then run the command again; what is there is whole",
    _READ_ONLY: "make it writable, or work in a copy that is",
    _NO_RIGHT: "run the command as who owns the files, or change their rights",
}


@contextlib.contextmanager
def machine_errors_explained() -> Iterator[None]:
    """Say in plain words that a disk is full or a right is missing.

    Raises:
        UsageError: In place of such an `OSError` or error of SQLite; any other passes.
    """
    try:
        yield
    except OSError as error:
        problem = _OF_SYSTEM.get(error.errno or 0)
        if problem is None:
            raise
        places = [str(place) for place in (error.filename, error.filename2) if place]
        where = " and ".join(places) or str(error)
        raise UsageError(problem, where=where, remedy=_REMEDIES[problem]) from error
    except sqlite3.OperationalError as error:
        problem = _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if problem is None:
            raise
        where = f"a database: {error}"
        raise UsageError(problem, where=where, remedy=_REMEDIES[problem]) from error
