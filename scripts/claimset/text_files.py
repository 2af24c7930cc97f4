"""Text files: one read whole, or an error that says why it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.errors import ClaimsetError

__all__ = ["read_text_file"]

_BOM = "\ufeff"


def read_text_file(path: Path, *, remedy: str, error: type[ClaimsetError] = DataError) -> str:
    """The text of a UTF-8 file, without a byte-order mark and with LF at the end of each line.

    Args:
        path: The file.
        remedy: What the reader can do when it cannot be read at all.
        error: The kind of error that is raised.

    Raises:
        ClaimsetError: The file cannot be read, or is not valid UTF-8; names the byte.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as fault:
        raise error(
            f"{path.name} cannot be read ({fault.strerror})", where=str(path), remedy=remedy
        ) from fault
    except UnicodeDecodeError as fault:
        raise error(
            f"{path.name} is not valid UTF-8 at byte {fault.start}",
            where=str(path),
            remedy="save the file as UTF-8",
        ) from fault
    return text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
