"""A repository on the Hub as publishing sees it: its head, its files, its tags, its release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.models import Model

if TYPE_CHECKING:
    from claimset.release.inventory import ReleaseFile

__all__ = ["HubFile", "PublishedRelease", "RepositoryState"]


class HubFile(Model):
    """A file on the Hub."""

    bytes: int
    """Its size."""
    identity: str
    """SHA-256 for a large file, git's id for a small one."""

    def is_same(self, file: ReleaseFile) -> bool:
        """Whether it has the same bytes as a local file."""
        return self.identity in (file.sha256, file.git_id)


class PublishedRelease(Model):
    """The release on a branch, as far as publishing the next one must know it."""

    name: str
    """Name of the dataset."""
    version: str
    """Its version."""
    content_id: str
    """Its content id."""


class RepositoryState(Model):
    """A repository as it is now."""

    private: bool
    """Whether only its members see it."""
    head: str
    """The commit that `main` points to."""
    files: dict[str, HubFile]
    """The files of that commit."""
    tags: dict[str, str]
    """Commits by tag."""
    release: PublishedRelease | None
    """The release on `main`; null when there is none."""
