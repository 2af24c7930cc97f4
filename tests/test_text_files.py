"""Text files are read whole, or it is said why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.errors import ContractError, DataError
from claimset.text_files import read_text_file

if TYPE_CHECKING:
    from pathlib import Path

REMEDY = "put the file there"


def test_marks_and_line_ends_are_made_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthr\xc3\xa9e\n")
    assert read_text_file(path, remedy=REMEDY) == "one\ntwo\nthrée\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_byte_is_the_files_own(tmp_path: Path, mark: bytes) -> None:
    """Also far into a file, and behind a byte-order mark."""
    path = tmp_path / "a.txt"
    sound = mark + b"x" * 100_000
    path.write_bytes(sound + b"\xff")
    with pytest.raises(DataError) as caught:
        read_text_file(path, remedy=REMEDY)
    assert caught.value.problem == f"a.txt is not valid UTF-8 at byte {len(sound)}"


def test_a_missing_file_is_an_error_of_the_kind_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot be read") as caught:
        read_text_file(tmp_path / "none", remedy=REMEDY, error=ContractError)
    assert caught.value.remedy == REMEDY
