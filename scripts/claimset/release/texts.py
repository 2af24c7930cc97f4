"""Texts that wait on disk, so that a release holds no more of them than it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Texts", "utf8_parts"]


class Texts(Mapping[str, str]):
    """Texts by name, in one file; each is read when it is asked for.

    A context manager, which closes the file.

    Args:
        path: The file, made anew; whoever gives it removes it.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, name: str, text: str) -> None:
        """Put a text under a name; all are put before the first is read."""
        data = text.encode("utf-8")
        self._file.write(data)
        self._places[name] = self._end, len(data)
        self._end += len(data)

    def utf8(self, name: str) -> bytes:
        """A text as it is stored.

        Raises:
            KeyError: There is no such text.
        """
        return self._read(*self._places[name])

    def parts(self, names: Iterable[str]) -> tuple[list[bytes], NDArray[np.int64]]:
        """See :func:`utf8_parts`."""
        places = [self._places.get(name, (-1, 0)) for name in names]
        runs: list[tuple[int, int]] = []
        for start, length in places:
            if length and runs and sum(runs[-1]) == start:
                runs[-1] = runs[-1][0], runs[-1][1] + length
            elif length:
                runs.append((start, length))
        return [self._read(*run) for run in runs], np.array([n for _, n in places], np.int64)

    def _read(self, start: int, length: int) -> bytes:
        self._file.seek(start)
        return self._file.read(length)

    def __getitem__(self, name: str) -> str:
        """A text."""
        return self.utf8(name).decode("utf-8")

    def __contains__(self, name: object) -> bool:
        """Whether there is a text of that name, without reading it."""
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        """The names in the order in which the texts came."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._places)


def utf8_parts(
    texts: Mapping[str, str], names: Iterable[str]
) -> tuple[list[bytes], NDArray[np.int64]]:
    """The UTF-8 bytes of texts, in pieces to be joined, and how many bytes each text has.

    A text that is not there counts as empty. Texts that lie side by side on disk are one piece.
    """
    if isinstance(texts, Texts):
        return texts.parts(names)
    parts = [texts[name].encode("utf-8") if name in texts else b"" for name in names]
    return parts, np.array([len(part) for part in parts], np.int64)
