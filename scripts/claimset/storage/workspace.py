"""The rooms of a workspace: where each kind of file lies."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.storage.files import PRIVATE_MODE, replace_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Workspace"]

_SECRET_BYTES = 32


@dataclass(frozen=True)
class Workspace:
    """A folder with ``seeds/``, ``schemas/`` and ``dataset/``.

    >>> from pathlib import Path
    >>> from pathlib import Path
    >>> Workspace(Path("w")).manifest.as_posix()
    'w/seeds/manifest.jsonl'
    """

    root: Path

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """Open an existing workspace.

        Raises:
            UsageError: The folder is no workspace; says which part is missing.
        """
        workspace = cls(root.resolve())
        for part in (workspace.manifest, workspace.labeling_config, workspace.guidelines):
            if not part.is_file():
                raise UsageError(
                    f"{workspace.root} is not a claimset workspace: "
                    f"{part.relative_to(workspace.root)} is missing",
                    where=str(part),
                    remedy="run the command in a workspace, or name one with --workspace; "
                    "`claimset init DIR` makes one",
                )
        return workspace

    @property
    def seeds(self) -> Path:
        """Input articles and their manifest."""
        return self.root / "seeds"

    @property
    def manifest(self) -> Path:
        """One line per article."""
        return self.seeds / "manifest.jsonl"

    @property
    def reference(self) -> Path:
        """Recorded annotations that ``quickstart`` can replay."""
        return self.seeds / "reference" / "seed-annotations.jsonl"

    @property
    def reference_adjudications(self) -> Path:
        """Recorded decisions on the claims whose recorded annotations differ."""
        return self.seeds / "reference" / "seed-adjudications.jsonl"

    @property
    def recording(self) -> Path:
        """How the recorded annotations came about."""
        return self.seeds / "reference" / "recording.json"

    @property
    def schemas(self) -> Path:
        """The contract: JSON Schemas, labelling config, guidelines."""
        return self.root / "schemas"

    @property
    def labeling_config(self) -> Path:
        """The page that annotators see, in Label Studio's XML."""
        return self.schemas / "labeling_config.xml"

    @property
    def guidelines(self) -> Path:
        """What annotators are told, in Markdown."""
        return self.schemas / "guidelines.md"

    @property
    def dataset(self) -> Path:
        """The released dataset, exactly as published."""
        return self.root / "dataset"

    @property
    def state(self) -> Path:
        """Working state, never committed: ``.claimset/``."""
        return self.root / ".claimset"

    @property
    def units(self) -> Path:
        """Parquet shards of every unit."""
        return self.state / "units"

    @property
    def claims(self) -> Path:
        """Parquet shards of the claims."""
        return self.state / "claims"

    @property
    def evidence(self) -> Path:
        """Parquet shards of the evidence candidates."""
        return self.state / "evidence"

    @property
    def clauses(self) -> Path:
        """Parquet shards of the clauses, empty where only sentences were asked for."""
        return self.state / "clauses"

    @property
    def segmentation(self) -> Path:
        """What the tables were made from; written when all of them are whole."""
        return self.state / "segmentation.json"

    @property
    def shards(self) -> Path:
        """What segmentation made of some articles each, by the hash of all it depends on."""
        return self.state / "shards"

    @property
    def quarantine(self) -> Path:
        """Articles that could not be segmented and were left out, as was asked for."""
        return self.state / "quarantine.jsonl"

    @property
    def ledger(self) -> Path:
        """SQLite file of pushed tasks and every annotation version seen."""
        return self.state / "ledger.sqlite3"

    @property
    def studio(self) -> Path:
        """Data of the embedded Label Studio."""
        return self.state / "studio"

    @property
    def accounts(self) -> Path:
        """Passwords and tokens of machine annotators' accounts; mode 0600."""
        return self.state / "accounts.json"

    @property
    def annotators(self) -> Path:
        """Who annotates: names, accounts and first passwords; mode 0600."""
        return self.state / "annotators.json"

    @property
    def lock(self) -> Path:
        """Held by the one command that writes state."""
        return self.state / "lock"

    def pseudonym_secret(self) -> bytes:
        """The secret that keys annotators' pseudonyms; made at first use, mode 0600.

        Keep it with the ledger: without it the same person gets another pseudonym.

        Raises:
            UsageError: The secret file exists but is damaged.
        """
        path = self.state / "pseudonym.secret"
        if not path.exists():
            replace_file(path, secrets.token_hex(_SECRET_BYTES).encode(), mode=PRIVATE_MODE)
        try:
            secret = bytes.fromhex(path.read_text("ascii").strip())
        except ValueError:
            secret = b""
        if len(secret) != _SECRET_BYTES:
            raise UsageError(
                "the workspace's pseudonym secret is damaged",
                where=str(path),
                remedy="restore it from a backup; a new one would give every annotator a new name",
            )
        return secret
