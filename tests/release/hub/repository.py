"""A dataset repository of the double: commits with whole trees, branches, tags, pull requests."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ATTRIBUTES", "Commit", "Entry", "Repository", "git_blob_id"]

ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n*.arrow filter=lfs -text\n"
"""What the Hub puts into a new repository as `.gitattributes`."""

MAIN = "refs/heads/main"


def git_blob_id(data: bytes) -> str:
    """The id git gives a file: SHA-1 over a header with its length, and its bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One file of a tree: its bytes if regular, its hash and size if kept in LFS or Xet."""

    size: int
    data: bytes | None = None
    sha256: str | None = None
    xet_hash: str | None = None

    @property
    def oid(self) -> str:
        """The git id: of the bytes, or of the pointer text that stands for them."""
        if self.data is not None:
            return git_blob_id(self.data)
        return git_blob_id(self.pointer)

    @property
    def pointer(self) -> bytes:
        """The text that git keeps in place of a large file."""
        return (
            "version https://git-lfs.github.com/spec/v1\n"
            f"oid sha256:{self.sha256}\nsize {self.size}\n"
        ).encode()


@dataclass(frozen=True)
class Commit:
    """One commit: the whole tree after it."""

    sha: str
    title: str
    message: str
    date: datetime
    parent: str | None
    tree: Mapping[str, Entry]


@dataclass
class Repository:
    """Refs and commits of one dataset repository."""

    name: str
    private: bool
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    proposals: dict[int, str] = field(default_factory=dict)
    """Titles of the open pull requests, by number."""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        first = {".gitattributes": Entry(len(ATTRIBUTES), data=ATTRIBUTES)}
        self.refs[MAIN] = self.commit("initial commit", "", None, first).sha

    def commit(
        self, title: str, message: str, parent: str | None, tree: Mapping[str, Entry]
    ) -> Commit:
        """Add a commit; whoever calls moves the ref."""
        seed = f"{self.name}\0{len(self.commits)}\0{title}\0{parent}"
        sha = hashlib.sha1(seed.encode(), usedforsecurity=False).hexdigest()
        made = Commit(sha, title, message, datetime.now(UTC), parent, dict(tree))
        self.commits[sha] = made
        return made

    def find(self, revision: str) -> Commit | None:
        """Resolve a branch, a tag, a full ref or a commit, in this order."""
        for ref in (f"refs/heads/{revision}", f"refs/tags/{revision}", revision):
            if ref in self.refs:
                return self.commits[self.refs[ref]]
        return self.commits.get(revision)

    def history(self, revision: str) -> list[Commit]:
        """The commits behind a revision, newest first."""
        found, commit = [], self.find(revision)
        while commit is not None:
            found.append(commit)
            commit = self.commits[commit.parent] if commit.parent else None
        return found

    def tags(self) -> dict[str, str]:
        """Commits by the name of the tag."""
        return _named(self.refs, "refs/tags/")

    def branches(self) -> dict[str, str]:
        """Commits by the name of the branch."""
        return _named(self.refs, "refs/heads/")

    def merge(self, number: int) -> None:
        """Accept a pull request, as a person does on the Hub's page."""
        self.refs[MAIN] = self.refs[f"refs/pr/{number}"]
        del self.proposals[number]


def _named(refs: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {ref.removeprefix(prefix): sha for ref, sha in refs.items() if ref.startswith(prefix)}
