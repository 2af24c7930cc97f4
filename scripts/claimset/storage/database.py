"""The ledger's SQLite file: its tables, and how it is opened."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

from claimset.errors import DataError
from claimset.storage.files import PRIVATE_MODE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["open_database", "transaction", "unusable"]

# The first entry makes a new ledger; each later one takes a ledger of the format before it one
# format further. So a new ledger runs all of them, an old one those it lacks, and an entry that
# was ever released is never edited.
_FORMATS = (
    """
CREATE TABLE round (
  name TEXT PRIMARY KEY,
  server_url TEXT NOT NULL,
  project_id INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  overlap INTEGER NOT NULL,
  label_schema_version TEXT NOT NULL,
  guidelines_version TEXT NOT NULL,
  config_sha256 TEXT NOT NULL,
  watermark TEXT
) STRICT;
CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  task_id INTEGER NOT NULL,
  round TEXT NOT NULL REFERENCES round (name),
  claim_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  deleted_at TEXT
) STRICT;
CREATE UNIQUE INDEX live_task ON task (round, task_id) WHERE deleted_at IS NULL;
CREATE INDEX task_of_claim ON task (round, claim_id);
CREATE TABLE annotation_version (
  version INTEGER PRIMARY KEY AUTOINCREMENT,
  annotation_id TEXT NOT NULL,
  task INTEGER NOT NULL REFERENCES task (id),
  status TEXT NOT NULL,
  payload TEXT NOT NULL,
  rejected_because TEXT,
  seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX version_of_annotation ON annotation_version (annotation_id, version);
CREATE INDEX version_of_task ON annotation_version (task);
CREATE TABLE author (
  round TEXT NOT NULL REFERENCES round (name),
  generation INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  annotator TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (round, generation, user_id)
) STRICT;
CREATE TABLE foreign_task (
  round TEXT NOT NULL REFERENCES round (name),
  generation INTEGER NOT NULL,
  task_id INTEGER NOT NULL,
  PRIMARY KEY (round, generation, task_id)
) STRICT;
CREATE TABLE release (
  version TEXT PRIMARY KEY,
  content_id TEXT NOT NULL,
  built_at TEXT NOT NULL
) STRICT;
""",
    # Rounds of several kinds with a selection; revisions and roles of tasks; answers that were
    # corrected or given back; known answers.
    """
ALTER TABLE round ADD COLUMN kind TEXT NOT NULL DEFAULT 'annotation';
ALTER TABLE round ADD COLUMN selection TEXT NOT NULL DEFAULT '{}';
ALTER TABLE task ADD COLUMN role TEXT NOT NULL DEFAULT 'claim';
ALTER TABLE task ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE task ADD COLUMN superseded_at TEXT;
ALTER TABLE annotation_version ADD COLUMN corrected TEXT;
CREATE TABLE returned (
  annotation_id TEXT PRIMARY KEY,
  task INTEGER NOT NULL REFERENCES task (id),
  annotator TEXT NOT NULL,
  reason TEXT NOT NULL,
  returned_at TEXT NOT NULL
) STRICT;
CREATE TABLE gold (
  round TEXT NOT NULL REFERENCES round (name),
  claim_id TEXT NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (round, claim_id)
) STRICT;
""",
    # Which version of each annotation is its latest, and how many answers a task has: a pull with
    # little news must not look at all that is there.
    """
CREATE TABLE standing (
  annotation_id TEXT PRIMARY KEY,
  round TEXT NOT NULL,
  task INTEGER NOT NULL REFERENCES task (id),
  version INTEGER NOT NULL REFERENCES annotation_version (version),
  status TEXT NOT NULL,
  annotator TEXT
) STRICT;
INSERT INTO standing SELECT annotation_id, round, task, version, status, payload ->> '$.annotator'
  FROM annotation_version JOIN task ON task.id = annotation_version.task WHERE version IN
  (SELECT max(version) FROM annotation_version GROUP BY annotation_id);
CREATE INDEX standing_by_annotator ON standing (round, status, annotator);
CREATE INDEX standing_of_task ON standing (task, status, annotator);
ALTER TABLE task ADD COLUMN submitted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN people INTEGER NOT NULL DEFAULT 0;
UPDATE task SET (submitted, people) = (SELECT count(*), count(DISTINCT annotator)
  FROM standing WHERE task = task.id AND status = 'submitted');
CREATE INDEX task_answered_twice ON task (round) WHERE submitted > people;
CREATE INDEX task_by_people ON task (round, people);
CREATE INDEX task_superseded ON task (round) WHERE superseded_at IS NOT NULL;
""",
    # Which tasks are there twice and which answers were corrected: neither is looked for among all.
    """
ALTER TABLE task ADD COLUMN doubled INTEGER NOT NULL DEFAULT 0;
UPDATE task SET doubled = 1 WHERE deleted_at IS NULL AND (round, claim_id, role, content_hash) IN
  (SELECT round, claim_id, role, content_hash FROM task WHERE deleted_at IS NULL
  GROUP BY 1, 2, 3, 4 HAVING count(*) > 1);
CREATE INDEX task_doubled ON task (round) WHERE doubled = 1;
CREATE INDEX version_corrected ON annotation_version (version) WHERE corrected IS NOT NULL;
""",
    # How many tasks and answers there are: counted as they come and go, whoever writes them. (A
    # statement ends with its line, so each trigger is one line.)
    """
CREATE TABLE task_count (round TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO task_count SELECT round, count(*) FROM task WHERE deleted_at IS NULL GROUP BY round;
CREATE TRIGGER task_comes AFTER INSERT ON task WHEN new.deleted_at IS NULL BEGIN \
INSERT INTO task_count VALUES (new.round, 1) \
ON CONFLICT DO UPDATE SET number = number + 1; END;
CREATE TRIGGER task_changes AFTER UPDATE OF deleted_at ON task \
WHEN (old.deleted_at IS NULL) != (new.deleted_at IS NULL) BEGIN \
UPDATE task_count SET number = number + iif(new.deleted_at IS NULL, 1, -1) \
WHERE round = new.round; END;
CREATE TABLE answer_count (
  round TEXT NOT NULL,
  status TEXT NOT NULL,
  annotator TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (round, status, annotator)
) STRICT, WITHOUT ROWID;
INSERT INTO answer_count SELECT round, status, annotator, count(*) FROM standing
  WHERE annotator IS NOT NULL GROUP BY round, status, annotator;
CREATE TRIGGER answer_comes AFTER INSERT ON standing WHEN new.annotator IS NOT NULL BEGIN \
INSERT INTO answer_count VALUES (new.round, new.status, new.annotator, 1) \
ON CONFLICT DO UPDATE SET number = number + 1; END;
CREATE TRIGGER answer_changes AFTER UPDATE ON standing BEGIN \
UPDATE answer_count SET number = number - 1 WHERE round = old.round \
AND status = old.status AND annotator = old.annotator; \
INSERT INTO answer_count SELECT new.round, new.status, new.annotator, 1 \
WHERE new.annotator IS NOT NULL ON CONFLICT DO UPDATE SET number = number + 1; END;
""",
    # What the last pull saw: whether the server is still the same is held against it.
    """
CREATE TABLE last_pull (
  round TEXT PRIMARY KEY REFERENCES round (name),
  project_id INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  newest_task INTEGER,
  newest_at TEXT,
  ahead_s REAL
) STRICT;
""",
)


def open_database(path: Path, *, patient: bool = False) -> sqlite3.Connection:
    """Open the ledger's file, or make it with mode 0600.

    Every commit is on disk before it returns (write-ahead log, ``synchronous = FULL``). A ledger
    of an earlier format is brought up to date, all of it or nothing.

    Args:
        path: The file.
        patient: Whether the disk is waited for once, when the ledger is closed. A power failure
            before takes the last commits back, whole and in their order; a kill takes nothing.

    Raises:
        DataError: The file is damaged, is no ledger, or was written by another version.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Annotations carry what people wrote; only the owner of the workspace reads them.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_MODE))
    database = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA synchronous = {'NORMAL' if patient else 'FULL'}")
        version = _version(database)
        tables = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        foreign = version == 0 and tables > 0
        if version < len(_FORMATS) and not foreign:
            with transaction(database):
                version = _version(database)  # another process may have been faster
                for statements in _FORMATS[version:]:
                    for statement in statements.split(";\n"):
                        database.execute(statement)
                database.execute(f"PRAGMA user_version = {len(_FORMATS)}")
            version = len(_FORMATS)
    except sqlite3.DatabaseError as error:
        database.close()
        raise unusable(path, error) from error
    if foreign:
        database.close()
        raise DataError(
            "the file is a database, but no ledger of claimset",
            where=str(path),
            remedy="move it away; the ledger is made anew",
        )
    if version > len(_FORMATS):
        database.close()
        raise DataError(
            f"the ledger has format {version}, this version of claimset writes {len(_FORMATS)}",
            where=str(path),
            remedy="use the version of claimset that wrote it",
        )
    return database


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def unusable(path: Path, error: sqlite3.DatabaseError) -> DataError:
    """What to tell the user when SQLite fails: a damaged file, a full disk, a lock."""
    return DataError(
        f"the ledger cannot be read or written: {error}",
        where=str(path),
        remedy="see that the disk is not full; if the file is damaged, restore it from a backup, "
        "or move it away and push and pull again: what stands in Label Studio is found there",
    )


@contextlib.contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back on any exception."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
