"""What the double remembers: repositories, stored large files, tokens and a quota."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.release.hub.exchange import Refusal
from tests.release.hub.faults import Faults, RequestLog

if TYPE_CHECKING:
    from tests.release.hub.exchange import Call
    from tests.release.hub.repository import Commit, Entry, Repository
    from tests.release.hub.xet import XetStore

__all__ = ["READER", "WRITER", "Hub"]

WRITER = "hf_writer_of_the_double"
READER = "hf_reader_of_the_double"
_RIGHTS: dict[str, frozenset[str]] = {WRITER: frozenset({"acme"}), READER: frozenset()}
"""The organisations that each known token may write to; reading needs any known token."""


@dataclass
class Hub:
    """The state of one double."""

    address: str = ""
    xet: XetStore | None = None
    repositories: dict[str, Repository] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    """Large files by SHA-256 (LFS mode)."""
    quota: int | None = None
    """Bytes of large files that may be stored; no limit when ``None``."""
    log: RequestLog = field(default_factory=RequestLog)
    faults: Faults = field(default_factory=Faults)

    def readable(self, call: Call, name: str) -> Repository:
        """The repository, if it is there and the token may see it."""
        self._known(call)
        repository = self.repositories.get(name)
        if repository is None or (repository.private and call.token is None):
            # The Hub does not tell a missing repository from a hidden one.
            raise Refusal(404 if call.token else 401, "Repository not found", "RepoNotFound")
        return repository

    def writable(self, call: Call, name: str) -> Repository:
        """The repository, if the token may write to it."""
        repository = self.readable(call, name)
        self.may_write(call, name.partition("/")[0])
        return repository

    def may_write(self, call: Call, owner: str) -> None:
        """Refuse a token without rights on the organisation."""
        self._known(call)
        if call.token is None:
            raise Refusal(401, "Invalid username or password.")
        if owner not in _RIGHTS[call.token]:
            message = f'You don\'t have the rights to write under the namespace "{owner}"'
            raise Refusal(403, message)

    def commit(self, repository: Repository, revision: str) -> Commit:
        """The commit of a revision."""
        found = repository.find(revision)
        if found is None:
            raise Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return found

    def has_room(self, size: int) -> None:
        """Refuse what would go over the quota."""
        if self.quota is not None and self.used + size > self.quota:
            raise Refusal(403, "Private repository storage limit reached")

    @property
    def used(self) -> int:
        """Bytes of large files that are stored."""
        if self.xet is not None:
            return self.xet.stored_bytes
        return sum(map(len, self.objects.values()))

    def bytes_of(self, entry: Entry) -> bytes:
        """The content of a file, wherever it is kept."""
        if entry.data is not None:
            return entry.data
        assert entry.sha256 is not None
        if entry.xet_hash is not None and self.xet is not None:
            return self.xet.read(entry.xet_hash, entry.size, entry.sha256)
        return self.objects[entry.sha256]

    def _known(self, call: Call) -> None:
        if call.token is not None and call.token not in _RIGHTS:
            raise Refusal(401, "Invalid credentials in Authorization header")
