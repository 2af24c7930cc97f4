"""The ledger's file: ledgers of earlier formats are brought up to date, all or nothing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from claimset.errors import DataError
from claimset.models import AnnotationStatus, RoundKind, Selection, TaskRole
from claimset.storage import database as module
from claimset.storage.database import open_database
from claimset.storage.ledger import Ledger, PushedTask

if TYPE_CHECKING:
    from pathlib import Path

# As version 0.1 of claimset wrote it, with one round, one task and one answer.
FORMAT_1 = """
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
INSERT INTO round VALUES ('r', 'http://127.0.0.1:1', 7, 1, 3, '1.0', '0.2', 'ff', NULL);
INSERT INTO task VALUES (1, 11, 'r', 'c', 'h', '2026-01-01T00:00:00.000000+00:00', NULL);
INSERT INTO annotation_version VALUES (1, 'r:5', 1, 'submitted', '{
  "annotation_id": "r:5", "claim_id": "c_0000000000000000", "round": "r", "annotator": "p_1",
  "annotator_kind": "human", "checkability": "opinion", "created_at": "2026-01-01T00:00:00Z",
  "updated_at": "2026-01-01T00:00:00Z", "status": "submitted", "label_schema_version": "1.0",
  "guidelines_version": "0.2"}', NULL, '2026-01-01T00:00:00.000000+00:00');
PRAGMA user_version = 1;
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite3"
    database = sqlite3.connect(path)
    database.executescript(FORMAT_1)
    database.close()
    return path


def _schema(path: Path) -> dict[str, list[str]]:
    database = sqlite3.connect(path)
    names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    found = {
        name: sorted(row[1] for row in database.execute(f"PRAGMA table_info({name})"))
        for (name,) in names
    }
    database.close()
    return found


def test_a_ledger_of_the_first_format_keeps_everything(old: Path) -> None:
    """Rounds become annotation rounds of all claims, tasks first revisions, answers stay."""
    with Ledger(old) as ledger:
        (found,) = ledger.rounds()
        assert (found.name, found.kind) == ("r", RoundKind.ANNOTATION)
        assert found.selection == Selection()
        assert ledger.tasks("r") == [PushedTask(11, "c", "h", TaskRole.CLAIM, 1, superseded=False)]
        assert [item.annotation_id for item in ledger.annotations()] == ["r:5"]
        assert ledger.count_tasks(found) == 1
        assert ledger.count_by_annotator("r", AnnotationStatus.SUBMITTED) == {"p_1": 1}


def test_an_updated_ledger_is_like_a_new_one(old: Path, tmp_path: Path) -> None:
    with Ledger(old):
        pass
    with Ledger(tmp_path / "new.sqlite3"):
        pass
    assert _schema(old) == _schema(tmp_path / "new.sqlite3")


def test_an_update_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All steps are one transaction: the ledger keeps the format it had."""
    before = _schema(old)
    broken = (*module._FORMATS, "CREATE TABLE extra (x TEXT) STRICT;\nnonsense")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_FORMATS", broken)
        with pytest.raises(DataError, match="nonsense"):
            open_database(old)
    assert _schema(old) == before
    with Ledger(old) as ledger:
        assert len(ledger.annotations()) == 1
