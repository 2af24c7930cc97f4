"""A folder is exchanged whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from claimset.release import exchange
from claimset.release.exchange import fresh_folder, recover

SCRIPTS = Path(__file__).parents[2] / "scripts"


def _fill(folder: Path, text: str) -> None:
    (folder / "file").write_text(text)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "dataset"
    folder.mkdir()
    _fill(folder, "old")
    return folder


@pytest.mark.parametrize("in_one_step", [True, False])
def test_the_new_folder_takes_the_place_of_the_old(
    old: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    if not in_one_step:
        monkeypatch.setattr(exchange, "_swap", lambda *_: False)
    with fresh_folder(old) as fresh:
        _fill(fresh, "new")
    assert (old / "file").read_text() == "new"
    assert _names(old.parent) == ["dataset"]


def test_a_first_folder_needs_no_old_one(tmp_path: Path) -> None:
    with fresh_folder(tmp_path / "a" / "dataset") as fresh:
        _fill(fresh, "new")
    assert (tmp_path / "a" / "dataset" / "file").read_text() == "new"


def test_an_error_leaves_the_old_folder(old: Path) -> None:
    def fail() -> None:
        with fresh_folder(old) as fresh:
            _fill(fresh, "half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (old / "file").read_text() == "old"
    assert _names(old.parent) == ["dataset"]


KILL = "os.kill(os.getpid(), 9)"
TWO_RENAMES = """
exchange._swap = lambda *_: False
rename = Path.rename
Path.rename = lambda a, b: (rename(a, b), os.kill(os.getpid(), 9))
"""


@pytest.mark.parametrize(
    "instant",
    [
        pytest.param("", id="while the new folder is being filled"),
        pytest.param(f"exchange._swap = lambda *_: {KILL}", id="just before the exchange"),
        pytest.param(TWO_RENAMES, id="between two renames"),
        pytest.param(f"exchange.shutil.rmtree = lambda *_, **__: {KILL}", id="after the exchange"),
    ],
)
def test_a_kill_at_any_instant_leaves_the_old_folder_or_the_new(old: Path, instant: str) -> None:
    script = (
        "import os; from pathlib import Path; from claimset.release import exchange\n"
        f"{instant}\n"
        f"with exchange.fresh_folder(Path({str(old)!r})) as fresh:\n"
        "    (fresh / 'file').write_text('new')\n"
        f"    {'pass' if instant else 'os.kill(os.getpid(), 9)'}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        check=False,
    )
    assert done.returncode == -9
    recover(old)
    assert (old / "file").read_text() in {"old", "new"}
    assert _names(old.parent) == ["dataset"]
