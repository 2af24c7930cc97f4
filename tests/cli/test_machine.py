"""A full disk and a missing right are told as such, not as faults of the program."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from claimset.cli import app
from claimset.cli.machine import machine_errors_explained
from claimset.errors import UsageError

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace


def test_a_full_disk_is_named() -> None:
    """/dev/full is a disk without room."""
    with (
        pytest.raises(UsageError, match="no room left on the disk") as raised,
        machine_errors_explained(),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    assert "make room" in raised.value.remedy


def test_a_full_database_is_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "some.sqlite3") as database:
        database.execute("CREATE TABLE words (word)")
        database.execute("PRAGMA max_page_count = 3")
        with pytest.raises(UsageError, match="no room left"), machine_errors_explained():
            database.execute("INSERT INTO words VALUES (zeroblob(1000000))")
    database.close()


def test_a_database_that_may_only_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some.sqlite3"
    sqlite3.connect(path).close()
    path.touch()
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with pytest.raises(UsageError, match="may only be read"), machine_errors_explained():
        database.execute("CREATE TABLE words (word)")
    database.close()


@pytest.mark.parametrize("error", [OSError("odd"), sqlite3.OperationalError("no such table")])
def test_what_is_no_matter_of_the_machine_passes(error: Exception) -> None:
    with pytest.raises(type(error)), machine_errors_explained():
        raise error


def test_a_command_says_where_it_may_not_write(
    workspace_copy: Workspace,
) -> None:
    """Nobody may make a file in /sys, not even root."""
    root = str(workspace_copy.root)
    runner = CliRunner()
    assert runner.invoke(app, ["segment", "-w", root, "-q"]).exit_code == 0
    assert runner.invoke(app, ["build", "-w", root, "-q"]).exit_code == 0
    export = ["export", "claimreview", "-w", root, "--output", "/sys/reviews.json", "--json"]
    result = runner.invoke(app, export)
    assert result.exit_code == 2, result.output
    error = json.loads(result.stdout)["error"]
    assert "no right" in error["problem"]
    assert "/sys/" in error["where"]
