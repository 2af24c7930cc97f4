"""The database under a workspace's Label Studio: its own SQLite file, or one in PostgreSQL."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from claimset.errors import UsageError
from claimset.labelstudio.migration import SQLITE, prepare_data, prepare_postgres
from claimset.labelstudio.postgres import keep_address, kept_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.labelstudio.credentials import StudioCredentials
    from claimset.labelstudio.postgres import PostgresAddress
    from claimset.labelstudio.process import RunRecord
    from claimset.storage.workspace import Workspace

    Progress = Callable[[str, float | None], None]

__all__ = ["StudioDatabase"]


class StudioDatabase:
    """Where a workspace's Label Studio keeps its data, and that it can.

    Args:
        workspace: The workspace.
        wanted: The PostgreSQL database to use from now on; ``None`` to go on as before.
        upgrade: Whether a PostgreSQL database of an earlier Label Studio is brought up to date.
    """

    def __init__(
        self, workspace: Workspace, wanted: PostgresAddress | None, *, upgrade: bool
    ) -> None:
        self._workspace = workspace
        self._wanted = wanted
        self._upgrade = upgrade

    def check_running(self, running: RunRecord) -> None:
        """See that a server that runs already is not asked to change its database.

        Raises:
            UsageError: It would have to.
        """
        kept = kept_address(self._workspace)
        if self._wanted is not None and (kept is None or kept.place != self._wanted.place):
            raise UsageError(
                f"this workspace's Label Studio already runs at {running.url}, with its data in "
                f"{'a SQLite file' if kept is None else kept.place}",
                where=f"process {running.pid}",
                remedy="end that process first, then start it with --postgres",
            )

    def prepare(
        self, credentials: StudioCredentials, say: Progress, log: IO[bytes]
    ) -> PostgresAddress | None:
        """Make the database if there is none yet; remember it once it is known to be usable.

        Returns:
            The PostgreSQL database; ``None`` for the SQLite file.

        Raises:
            UsageError: It cannot be used as it is; says why.
            LabelStudioError: It cannot be reached, or preparing it failed.
        """
        studio = self._workspace.studio
        if self._wanted is not None and (studio / SQLITE).exists():
            raise UsageError(
                "this workspace's Label Studio keeps its data in SQLite already",
                where=str(studio / SQLITE),
                remedy="run `claimset pull` for its rounds; then move .claimset/studio aside, "
                "start with --postgres, and push with --recreate: what was pulled stays in the "
                "ledger",
            )
        address = self._wanted or kept_address(self._workspace)
        if address is None:
            prepare_data(studio, say, log=log)
            return None
        prepare_postgres(studio, address, credentials, say, log=log, upgrade=self._upgrade)
        if self._wanted is not None:
            keep_address(self._workspace, self._wanted)
        return address
