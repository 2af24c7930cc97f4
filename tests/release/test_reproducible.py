"""The same input gives the same bytes, in any place, process and time zone."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from claimset.release.reader import read_release

REPOSITORY = Path(__file__).parents[2]

_SCRIPT = """
import sys
from pathlib import Path
from claimset.release.builder import build_release
from tests.release.corpora import Corpus
build_release(dataset_folder=Path(sys.argv[1]), **Corpus(range(30), open_license=True).input())
"""

SURROUNDINGS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "OMP_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "OMP_NUM_THREADS": "2", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "ARROW_IO_THREADS": "3"},
]


OTHER = os.environ.get("OTHER_PYARROW")
"""A folder that holds another pyarrow: `pip install --no-deps --target FOLDER pyarrow==21.0.0`."""


def _built(
    folder: Path, surroundings: dict[str, str], *, before: tuple[str, ...] = ()
) -> dict[str, str]:
    path = os.pathsep.join([*before, str(REPOSITORY / "scripts"), str(REPOSITORY)])
    subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(folder)],
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent), "PYTHONPATH": path}
        | surroundings,
        cwd=folder.parent,
        check=True,
    )
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _built(tmp_path_factory.mktemp("first") / "dataset", SURROUNDINGS[0])


@pytest.mark.parametrize("number", range(1, len(SURROUNDINGS)))
def test_other_surroundings_give_the_same_bytes(
    first: dict[str, str], tmp_path: Path, number: int
) -> None:
    assert len(first) > 20
    (tmp_path / "another place").mkdir()
    built = _built(tmp_path / "another place" / "other-name", SURROUNDINGS[number])
    assert built == first


@pytest.mark.skipif(OTHER is None, reason="OTHER_PYARROW names no folder with another pyarrow")
def test_another_pyarrow_gives_the_same_content_id(first: dict[str, str], tmp_path: Path) -> None:
    """Its files are other bytes, for they name what wrote them; their content is the same."""
    folder = tmp_path / "dataset"
    built = _built(folder, SURROUNDINGS[0], before=(str(OTHER),))
    metadata = json.loads((folder / "release.json").read_text("utf-8"))
    assert metadata["pyarrow_version"] != pa.__version__
    assert (
        built["claims/train-00000-of-00001.parquet"] != first["claims/train-00000-of-00001.parquet"]
    )
    own = tmp_path / "own"
    _built(own, SURROUNDINGS[0])
    assert metadata["content_id"] == json.loads((own / "release.json").read_text())["content_id"]
    release = read_release(folder)
    assert release is not None
    assert release.content_id() == metadata["content_id"]
