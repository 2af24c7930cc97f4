"""The door of the input room: new articles come in together, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from claimset.storage.files import replace_file, sync_folder

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["SeedsDoor"]

_STAGING = ".incoming-"


class SeedsDoor:
    """Collects new files beside the room, and puts them in their place at the end.

    The lists of the room name the files, so they are replaced last: a kill before that leaves
    files that nothing names, and the next run writes the same ones.
    """

    def __init__(self, seeds: Path) -> None:
        self._seeds = seeds
        self._names: list[str] = []
        self._staging: Path | None = None

    def __enter__(self) -> Self:
        self._seeds.mkdir(parents=True, exist_ok=True)
        for left in self._seeds.glob(f"{_STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)  # of a run that was killed
        self._staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self._seeds))
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._staging is not None:
            shutil.rmtree(self._staging, ignore_errors=True)

    @property
    def staging(self) -> Path:
        """The folder that holds what was put so far.

        Raises:
            RuntimeError: The door is not open.
        """
        if self._staging is None:
            msg = "use the door as a context manager"
            raise RuntimeError(msg)
        return self._staging

    def put(self, name: str, data: bytes) -> None:
        """Take in a file; ``name`` is its path in the room, with ``/``."""
        path = self.staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self._names.append(name)

    def commit(self, lists: dict[str, bytes], corrected: dict[str, bytes] | None = None) -> None:
        """Put every file in its place, then lengthen the lists that name them.

        Args:
            lists: Lines to append, by the list's path in the room, in the order of writing.
            corrected: What a list is to hold before these lines, where not what it holds now.
        """
        for name in self._names:
            target = self._seeds / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.staging / name).replace(target)
        # One flush of everything, instead of one for each of what may be many thousands.
        os.sync()
        sync_folder(self._seeds)
        for name, lines in lists.items():
            path = self._seeds / name
            before = (corrected or {}).get(name)
            if before is None:
                before = path.read_bytes() if path.exists() else b""
            if before and not before.endswith(b"\n"):
                before += b"\n"
            replace_file(path, before + lines)
