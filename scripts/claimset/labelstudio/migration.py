"""The embedded Label Studio's data folder: made whole in one go, or not at all.

Label Studio builds its database at its first start, one migration after another, and waits for
the disk after each: minutes on a slow disk, and a kill in between leaves half a database. Here
the same migrations run in a process of their own on a folder nobody uses yet, without waiting
for the disk; only the finished folder is flushed and renamed into place.

A PostgreSQL database is made by the same process, where it is; a mark in it says that it is not
complete yet.

Run as ``python -m claimset.labelstudio.migration FOLDER`` it is that process.
"""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from claimset.errors import LabelStudioError, UsageError
from claimset.labelstudio.beginning import begun
from claimset.labelstudio.environment import studio_environment
from claimset.labelstudio.fitness import Contents, examine
from claimset.storage.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.labelstudio.credentials import StudioCredentials
    from claimset.labelstudio.postgres import PostgresAddress

    Progress = Callable[[str, float | None], None]

__all__ = ["SQLITE", "prepare_data", "prepare_postgres", "remove_leftovers"]

SQLITE = "label_studio.sqlite3"
"""Label Studio's own database, in its data folder."""

_PLAN = "claimset: migrations to apply:"
_APPLYING = "  Applying "


def remove_leftovers(data: Path) -> None:
    """Remove what interrupted preparations left beside ``data``."""
    for leftover in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def prepare_data(data: Path, say: Progress, *, log: IO[bytes]) -> bool:
    """Make ``data`` a folder with a complete, empty Label Studio database.

    The caller makes sure that nobody else prepares the same folder.

    Args:
        data: The folder to make.
        say: Told what is being done, and which part of it is done.
        log: Takes what the process says about itself.

    Returns:
        Whether it was made; ``False`` when a database is there already.

    Raises:
        UsageError: The folder holds files, but no database.
        LabelStudioError: A migration failed.
    """
    remove_leftovers(data)
    if (data / SQLITE).is_file():
        return False
    if data.exists() and any(data.iterdir()):
        raise UsageError(
            "the folder for Label Studio's data holds files, but no database",
            where=str(data),
            remedy="restore it from a backup, or move it aside to begin with an empty one",
        )
    building = data.with_name(f"{data.name}.new-{os.getpid()}")
    building.mkdir(mode=0o700, parents=True)
    try:
        _run_migrations(building, say, log)
        _flush_tree(building)
        building.rename(data)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    sync_folder(data.parent)
    return True


def prepare_postgres(
    data: Path,
    postgres: PostgresAddress,
    credentials: StudioCredentials,
    say: Progress,
    *,
    log: IO[bytes],
    upgrade: bool = False,
) -> bool:
    """Make sure that the database holds this workspace's Label Studio, complete.

    Args:
        data: Folder for what Label Studio keeps beside its database.
        postgres: The database.
        credentials: The workspace's account: tells its Label Studio from that of others.
        say: Told what is being done, and which part of it is done.
        log: Takes what the process says about itself.
        upgrade: Whether a database of an earlier Label Studio is brought up to date.

    Returns:
        Whether anything was made.

    Raises:
        UsageError: The database cannot be used, or is of an earlier version.
        LabelStudioError: It cannot be reached, or a migration failed.
    """
    with examine(postgres, credentials) as (contents, connection):
        if contents is Contents.EARLIER and not upgrade:
            raise UsageError(
                "the PostgreSQL database was written by an earlier version of Label Studio",
                where=postgres.place,
                remedy="back it up with pg_dump, then run `claimset studio --upgrade`: there is "
                "no way back but the backup",
            )
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if contents is Contents.READY:
            return False
        # A database with answers in it never gets the mark.
        fresh = contents in (Contents.NOTHING, Contents.UNFINISHED)
        with begun(connection) if fresh else contextlib.nullcontext():
            _run_migrations(data, say, log, postgres)
        return True


def _run_migrations(
    building: Path, say: Progress, log: IO[bytes], postgres: PostgresAddress | None = None
) -> None:
    """Run this module as a process and turn its lines into progress."""
    say("preparing Label Studio's database (first start only)", 0.0)
    process = subprocess.Popen(
        [sys.executable, "-m", "claimset.labelstudio.migration", str(building)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        env=studio_environment(building, postgres),
        cwd=building,
        start_new_session=True,
        umask=0o077,
        text=True,
    )
    total = done = 0
    with process:
        try:
            for line in process.stdout or ():
                if line.startswith(_PLAN):
                    total = int(line.removeprefix(_PLAN))
                elif line.startswith(_APPLYING):
                    done += 1
                    part = done / total if total else None
                    say(f"preparing Label Studio's database: step {done} of {total}", part)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode != 0:
        raise LabelStudioError(
            f"preparing Label Studio's database failed (exit code {process.returncode}) "
            f"after {done} of {total} steps",
            where=log.name,
            remedy="the end of that log says why; mend that and start it again",
        )


def _flush_tree(folder: Path) -> None:
    """Flush every file and folder to disk, for the processes that did not."""
    for parent, _, names in os.walk(folder):
        for name in names:
            with (Path(parent) / name).open("rb") as stream:
                os.fsync(stream.fileno())
        sync_folder(Path(parent))


def _without_waiting(connection: Any, **_: Any) -> None:
    """Let SQLite answer before the disk does, and keep its journal in memory."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA journal_mode = MEMORY")


def _migrate(building: Path) -> None:
    """Apply every migration of Label Studio in this process, whose environment is set."""
    if (building / SQLITE).exists():
        msg = f"{building} has a database, and only a new one may be written unsafely"
        raise SystemExit(msg)
    import django  # noqa: PLC0415 - only this process needs it, and it comes with an extra
    import label_studio  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.backends.signals import connection_created  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    # Label Studio imports its own applications as top-level modules.
    sys.path.insert(0, str(Path(label_studio.__file__).parent))
    connection_created.connect(_without_waiting)
    django.setup()
    # Each step rebuilds hundreds of model classes: the default collector would walk over all of
    # the imported code again and again (15 % of the time).
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    sys.stdout.write(f"{_PLAN} {len(plan)}\n")
    call_command("migrate", interactive=False, no_color=True, verbosity=1)
    connection.close()


if __name__ == "__main__":
    _migrate(Path(sys.argv[1]))
