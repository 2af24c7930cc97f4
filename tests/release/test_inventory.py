"""What would be published is checked against what was released."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from claimset.errors import DataError, UsageError
from claimset.release.inventory import read_inventory

if TYPE_CHECKING:
    from pathlib import Path


def test_every_file_has_gits_own_id_and_the_released_hash(released: Path) -> None:
    inventory = read_inventory(released)
    assert inventory.tag == "v0.1.0"
    files = {file.path: file for file in inventory.files}
    assert list(files) == sorted(files)
    for path, file in files.items():
        asked = subprocess.run(
            ["git", "hash-object", "--no-filters", str(released / path)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert file.git_id == asked.stdout.strip()
        assert file.bytes == (released / path).stat().st_size
    for table in inventory.metadata.files:
        assert files[table.path].sha256 == table.sha256


def test_the_hosts_own_files_are_no_part_of_it(released: Path) -> None:
    (released / ".gitattributes").write_text("*.parquet filter=lfs\n")
    assert ".gitattributes" not in {file.path for file in read_inventory(released).files}


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no release to publish"):
        read_inventory(tmp_path)


def test_a_file_of_somebody_elses_is_refused(released: Path) -> None:
    (released / "claims" / "extra.csv").write_text("a,b")
    with pytest.raises(UsageError, match=r"claims/extra\.csv is no file of the release"):
        read_inventory(released)


@pytest.mark.parametrize("name", ["README.md", "articles/train-00000-of-00001.parquet"])
def test_a_missing_file_is_named(released: Path, name: str) -> None:
    (released / name).unlink()
    with pytest.raises(DataError, match=f"lacks its file {name}"):
        read_inventory(released)


def test_a_damaged_table_is_refused(released: Path) -> None:
    with (released / "claims" / "train-00000-of-00001.parquet").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(DataError, match="not the one that was released"):
        read_inventory(released)


def test_a_release_without_a_croissant_description_is_whole(released: Path) -> None:
    """Releases that were made before there was one stay publishable."""
    (released / "croissant.json").unlink()
    assert "croissant.json" not in {file.path for file in read_inventory(released).files}


@pytest.mark.parametrize("damage", ["version", "sha256", "nonsense"])
def test_a_croissant_description_of_something_else_is_refused(released: Path, damage: str) -> None:
    path = released / "croissant.json"
    described = json.loads(path.read_text("utf-8"))
    if damage == "version":
        described["version"] = "0.0.9"
    elif damage == "sha256":
        described["distribution"][0]["sha256"] = "0" * 64
    else:
        del described["distribution"]
    path.write_text(json.dumps(described), "utf-8")
    with pytest.raises(DataError, match=r"not of release 0\.1\.0|no Croissant description"):
        read_inventory(released)


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_a_card_or_changelog_of_another_release_is_refused(released: Path, name: str) -> None:
    path = released / name
    path.write_text(path.read_text("utf-8").replace("0.1.0", "0.0.9"), "utf-8")
    with pytest.raises(DataError, match=r"not of release 0\.1\.0"):
        read_inventory(released)
