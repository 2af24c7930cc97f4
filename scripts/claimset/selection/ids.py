"""Files of claim ids: read, and recorded by a hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.identifiers import hash_json
from claimset.text_files import read_text_file

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from pathlib import Path

__all__ = ["hash_ids", "read_ids"]


def read_ids(path: Path, known: Container[object]) -> frozenset[str]:
    """Read a file of claim ids, one a line; empty lines and lines that begin with ``#`` are free.

    Args:
        path: The file.
        known: Ids of all claims of the workspace.

    Raises:
        UsageError: The file cannot be read, or holds an id that no claim has; names the line.
    """
    text = read_text_file(
        path, remedy="name a UTF-8 text file with one claim id a line", error=UsageError
    )
    ids = set()
    for number, line in enumerate(text.split("\n"), start=1):
        name = line.strip()
        if not name or name.startswith("#"):
            continue
        if name not in known:
            raise UsageError(
                f"no claim has the id {name[:40]!r}",
                where=f"{path}:{number}",
                remedy="list ids as they stand in .claimset/claims and in the dataset, "
                "one a line; run `claimset segment` first if the articles changed",
            )
        ids.add(name)
    return frozenset(ids)


def hash_ids(ids: Iterable[str]) -> str:
    """What a selection records of a file of ids: the same ids in any order give the same hash."""
    return hash_json(sorted(ids))
