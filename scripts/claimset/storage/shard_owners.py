"""Owners of shards: which workspace needs which shards of a folder that several may share."""

from __future__ import annotations

import fcntl
import json
import platform
import secrets
from typing import TYPE_CHECKING, Self

from claimset.identifiers import sha256_hex
from claimset.storage.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["ShardOwner"]

_MARK = ".owner"
_LOCK = ".owners.lock"
_DIGITS = 16
_TOKEN_BYTES = 16


class ShardOwner:
    """A workspace that keeps shards in a folder, perhaps beside others.

    Each leaves a mark in the folder with the keys it needs. A shard is removed only when no mark
    names it, and, where others have left a mark or may do so, only when this workspace had needed
    it before. While another workspace is at work nothing is removed; the next run does it.

    Used as a context manager for the whole of a run: the kernel ends its hold with the process.

    Args:
        folder: The folder of the shards; made when missing.
        state: Working state of the workspace, for a token that tells it from all others.
        alone: Whether the folder is the workspace's own: then what nobody names is removed, too.
    """

    def __init__(self, folder: Path, state: Path, *, alone: bool) -> None:
        self._folder = folder
        self._alone = alone
        self._mark = folder / f"{_name(state)}{_MARK}"

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self._folder / _LOCK).open("a+")
        fcntl.flock(self._lock, fcntl.LOCK_SH)  # waits for somebody who is clearing up
        if not self._mark.exists():
            self._write(set(), set())
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def release(self, needed: Collection[str]) -> None:
        """Say which shards are needed from now on, and remove those that nobody needs."""
        before = _keys(self._mark) or set()
        stale = before - set(needed)
        # The old keys stay ours until they are gone: a kill in between forgets none.
        self._write(set(needed), stale)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else is at work and may be about to need one
        others: set[str] = set()
        marks = [path for path in self._folder.glob(f"*{_MARK}") if path != self._mark]
        for path in marks:
            theirs = _keys(path)
            if theirs is None:
                return  # a mark that cannot be read may name anything
            others |= theirs
        anything = self._alone and not marks
        for path in self._folder.iterdir():
            key = path.name.lstrip(".").split(".", 1)[0]
            if path.name == _LOCK or path == self._mark or key in needed or key in others:
                continue
            if anything or key in stale:
                path.unlink(missing_ok=True)
        self._write(set(needed), set())

    def _write(self, needed: set[str], stale: set[str]) -> None:
        content = {"needed": sorted(needed), "stale": sorted(stale)}
        replace_file(self._mark, json.dumps(content).encode("ascii"))


def _keys(mark: Path) -> set[str] | None:
    """All keys that a mark names; ``None`` when it cannot be read."""
    try:
        content = json.loads(mark.read_bytes())
        return {str(key) for name in ("needed", "stale") for key in content[name]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _name(state: Path) -> str:
    """What tells this workspace from every other one, copies of it among them."""
    path = state / "owner"
    if not path.exists():
        replace_file(path, secrets.token_hex(_TOKEN_BYTES).encode("ascii"))
    parts = (path.read_bytes().hex(), platform.node(), str(state.resolve()))
    return sha256_hex("\n".join(parts).encode("utf-8", "surrogatepass"))[:_DIGITS]
