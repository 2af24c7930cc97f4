"""Texts that wait on disk, so that a release holds no more of them than it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Texts", "utf8_of"]


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
        start, length = self._places[name]
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


def utf8_of(texts: Mapping[str, str], name: str) -> bytes:
    """The UTF-8 bytes of a text, nothing for one that is not there."""
    if name not in texts:
        return b""
    return texts.utf8(name) if isinstance(texts, Texts) else texts[name].encode("utf-8")
