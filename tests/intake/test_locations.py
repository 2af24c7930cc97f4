"""Locations: what a person may write after `claimset add`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fsspec
import pytest

from claimset.errors import DataError, UsageError
from claimset.intake.locations import Format, Location, find_locations

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file of each kind, one in a folder of its own, one hidden, one unknown."""
    (tmp_path / "sub").mkdir()
    for name in ("b.TXT", "a.html", "sub/c.md", ".hidden.txt", "picture.png"):
        (tmp_path / name).write_text("text")
    return tmp_path


def test_a_folder_gives_what_can_be_read(folder: Path) -> None:
    found, ignored = find_locations(str(folder))
    assert [(item.name, item.format) for item in found] == [
        ("a.html", Format.HTML),
        ("b.TXT", Format.TEXT),
        ("c.md", Format.MARKDOWN),
    ]
    assert ignored == ["picture.png"]


def test_a_pattern_gives_its_files(folder: Path) -> None:
    found, _ = find_locations(str(folder / "*.[Th]*"))
    assert [item.name for item in found] == ["a.html", "b.TXT"]
    assert found[1].read() == b"text"
    assert found[1].stem == "b"


def test_names_hold_no_folder(folder: Path) -> None:
    """Records are committed: they must not say where on somebody's disk a file lay."""
    found, _ = find_locations(str(folder / "sub" / "c.md"))
    assert found[0].name == "c.md"


def test_an_address_is_read_through_its_file_system() -> None:
    with fsspec.open("memory://news/one.jsonl", "wb") as stream:
        stream.write(b"{}")
    found, _ = find_locations("memory://news/*.jsonl")
    assert [(item.name, item.format) for item in found] == [("one.jsonl", Format.JSON_LINES)]
    assert found[0].read() == b"{}"


def test_the_address_of_a_folder_gives_its_files() -> None:
    for name in ("a.html", "deep/b.csv", "logo.svg"):
        with fsspec.open(f"memory://archive/{name}", "wb") as stream:
            stream.write(b"x")
    found, ignored = find_locations("memory://archive")
    assert [(item.name, item.format) for item in found] == [
        ("a.html", Format.HTML),
        ("b.csv", Format.CSV),
    ]
    assert found[1].read() == b"x"
    assert ignored == ["logo.svg"]
    with fsspec.open("memory://pictures/logo.svg", "wb") as stream:
        stream.write(b"x")
    with pytest.raises(UsageError, match="no file that can be read: memory://pictures"):
        find_locations("memory://pictures")


def test_a_dataset_is_named_with_its_prefix() -> None:
    assert find_locations("hf:org/news") == (
        [Location("org/news", Format.DATASET, "org/news")],
        [],
    )


def test_a_dataset_on_this_disk_is_named_without_its_place(folder: Path) -> None:
    """No record tells where on somebody's disk it lay."""
    ((found,), _) = find_locations(f"hf:{folder}")
    assert found == Location(folder.name, Format.DATASET, str(folder))


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("{0}/none.txt", "no such file"),
        ("{0}/*.pdf", "no such file"),
        ("{0}/picture.png", "cannot be told from its ending"),
        ("memory://nothing/*.csv", "nothing is there"),
        ("nosuch://bucket/a.csv", "cannot be opened"),
    ],
)
def test_what_is_not_there_is_said(folder: Path, asked: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        find_locations(asked.format(folder))


@pytest.mark.parametrize(
    "asked", ["ftp://me:s3cr3t@127.0.0.1:9/a.csv", "nosuch://127.0.0.1/a.csv?token=s3cr3t"]
)
def test_a_secret_in_an_address_is_not_repeated(asked: str) -> None:
    """A message may end up in a log; host and path are enough to find the fault."""
    with pytest.raises(UsageError) as caught:
        find_locations(asked)
    assert "s3cr3t" not in str(caught.value)
    assert "me:" not in str(caught.value)
    assert "127.0.0.1" in caught.value.where
    secret = Location("a.csv", Format.CSV, "nosuch://127.0.0.1/a.csv?Protocol")
    with pytest.raises(DataError, match="what is secret in the address"):
        secret.read()


def test_a_folder_without_articles_is_said(folder: Path) -> None:
    (folder / "sub" / "c.md").unlink()
    with pytest.raises(UsageError, match="no file that can be read"):
        find_locations(str(folder / "sub"))


def test_a_file_that_vanishes_is_a_fault(folder: Path) -> None:
    found, _ = find_locations(str(folder / "a.html"))
    (folder / "a.html").unlink()
    with pytest.raises(DataError, match="cannot be read"):
        found[0].read()
