"""Files that are either wholly there or not at all, and a lock that dies with its holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from claimset.errors import UsageError
from claimset.storage.files import exclusive_lock, replace_file

SCRIPTS = Path(__file__).parents[2] / "scripts"
HOLDER = """
import sys, time
from pathlib import Path
from claimset.storage.files import exclusive_lock
with exclusive_lock(Path(sys.argv[1]), doing="claimset holder"):
    print("held", flush=True)
    time.sleep(60)
"""


def fail(*_: object, **__: object) -> NoReturn:
    raise OSError(28, "No space left on device")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_made_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.txt"
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(path.parent) == ["c.txt"]


@pytest.mark.parametrize("step", ["fsync", "fchmod", "rename", "write"])
def test_a_failure_in_the_middle_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever step fails: the old bytes and mode stand, and no temporary file is left."""
    path = tmp_path / "c.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    if step == "rename":
        monkeypatch.setattr(Path, "replace", fail)
    elif step == "write":
        monkeypatch.setattr(os, "fdopen", fail)
    else:
        monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["c.txt"]


def test_an_interrupt_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C is no ``Exception``, and is cleaned up after all the same."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    path = tmp_path / "c.txt"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["c.txt"]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """A file that was open before the exchange still holds the old bytes to the end."""
    path = tmp_path / "c.txt"
    replace_file(path, b"old")
    with path.open("rb") as reader:
        replace_file(path, b"newer and longer")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"newer and longer"


@pytest.mark.parametrize(
    ("before", "given", "after"),
    [
        (None, None, 0o644),
        (None, 0o600, 0o600),
        (0o600, None, 0o600),
        (0o755, None, 0o755),
        (0o644, 0o600, 0o600),
    ],
)
def test_the_mode_is_kept_or_set(
    tmp_path: Path, before: int | None, given: int | None, after: int
) -> None:
    """A secret that is written again stays secret; a new file is readable."""
    path = tmp_path / "c.txt"
    if before is not None:
        path.touch()
        path.chmod(before)
    replace_file(path, b"new", mode=given)
    assert path.stat().st_mode & 0o777 == after


def hold(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_second_process_is_turned_away(tmp_path: Path) -> None:
    """The message names what the holder does and its process; killing it frees the lock."""
    path = tmp_path / "state" / "lock"
    with hold(path) as holder:
        try:
            with pytest.raises(UsageError) as caught, exclusive_lock(path, doing="claimset me"):
                pytest.fail("the lock was given twice")
            assert f"claimset holder (process {holder.pid})" in caught.value.problem
            assert caught.value.where == str(path)
        finally:
            holder.send_signal(signal.SIGKILL)
    with exclusive_lock(path, doing="claimset me"):
        assert path.read_text() == f"claimset me (process {os.getpid()})"


def test_the_lock_is_given_back(tmp_path: Path) -> None:
    """After the block, and after a failure in it; the file stays, empty."""
    path = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), exclusive_lock(path, doing="one"):
        _ = 1 // 0
    with (
        exclusive_lock(path, doing="two"),
        pytest.raises(UsageError, match=r"two \(process"),
        exclusive_lock(path, doing="three"),
    ):
        pytest.fail("the lock was given twice")
    assert path.read_text() == ""


def test_being_turned_away_does_not_wipe_the_holders_name(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with exclusive_lock(path, doing="one"):
        for _ in range(2):
            with pytest.raises(UsageError, match=r": one \(process"):
                exclusive_lock(path, doing="two").__enter__()
