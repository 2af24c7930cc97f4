"""Slices of many texts at once: positions in code points in, the bytes that lie there out.

The texts are joined, and a slice is a view of the joined bytes (Arrow's string view), so that
Arrow copies the slices; nothing is done text by text or slice by slice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from claimset.release.arrays import string_bytes
from claimset.release.texts import utf8_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Slices"]

_FIRST_GOING_ON = -64
"""Bytes of UTF-8 that go on with a code point, 0x80 to 0xBF, are the signed ones below this."""

_VIEW, _PREFIX, _INLINE = 16, 4, 12
"""Bytes of a string view, of the text's beginning in it, and of a text that stands in it whole."""

_MOST = np.iinfo(np.int32).max


class Slices:
    """Texts whose slices are asked for.

    Args:
        texts: Texts by name.
        names: The names to take; one without a text has the empty text.
    """

    def __init__(self, texts: Mapping[str, str], names: Sequence[str]) -> None:
        self.number = {name: number for number, name in enumerate(names)}
        """The number of each text by its name."""
        parts, sizes = utf8_parts(texts, names)
        # A view of the last text may be read to its full width.
        self._whole = b"".join([*parts, bytes(_INLINE)])
        self._ends: NDArray[np.int64] = np.cumsum(sizes)
        self._ascii = self._whole.isascii()
        going_on: NDArray[np.int64] = np.zeros(0, np.int64)
        if not self._ascii:
            marks = np.frombuffer(self._whole, np.int8)
            going_on = np.flatnonzero(marks < _FIRST_GOING_ON)
        self.lengths = sizes - np.diff(np.searchsorted(going_on, self._ends), prepend=0)
        """How many code points each text has."""
        self._first = np.cumsum(self.lengths) - self.lengths
        # The code point that each of these bytes belongs to: all other bytes begin one.
        self._owner = going_on - np.arange(1, len(going_on) + 1)

    def text(self, number: int) -> str:
        """A text by its number."""
        start = int(self._ends[number - 1]) if number else 0
        return self._whole[start : int(self._ends[number])].decode("utf-8")

    def bounds(
        self, texts: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where slices begin and end among the joined bytes.

        Args:
            texts: Number of the text of each slice.
            starts: Where each begins, in code points of its text.
            ends: Where each ends, not less than its start and not beyond its text.
        """
        first = self._first[texts]
        return self._bytes_before(first + starts), self._bytes_before(first + ends)

    def _bytes_before(self, points: NDArray[np.int64]) -> NDArray[np.int64]:
        if self._ascii:
            return points
        found: NDArray[np.int64] = points + np.searchsorted(self._owner, points, side="left")
        return found

    def cut(self, begin: NDArray[np.int64], stop: NDArray[np.int64]) -> pa.Buffer:
        """The bytes of slices by their bounds, one after the other."""
        if len(self._whole) > _MOST or int((stop - begin).sum()) > _MOST:
            pairs = zip(begin.tolist(), stop.tolist(), strict=True)
            return pa.py_buffer(b"".join([self._whole[a:b] for a, b in pairs]))
        widths = (stop - begin).astype(np.int32)
        views = np.zeros((len(begin), _VIEW), np.uint8)
        numbers = views.view(np.int32)
        marks = np.frombuffer(self._whole, np.uint8)
        numbers[:, 0] = widths
        views[:, 4:8] = _windows(marks, _PREFIX)[begin]
        numbers[:, 3] = begin
        short = np.flatnonzero(widths <= _INLINE)
        inside = np.arange(_INLINE) < widths[short, None]
        views[short, 4:] = _windows(marks, _INLINE)[begin[short]] * inside
        buffers = [None, pa.py_buffer(views), pa.py_buffer(self._whole)]
        made = pa.Array.from_buffers(pa.string_view(), len(begin), buffers).cast(pa.string())
        return pa.py_buffer(string_bytes(made))


def _windows(marks: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """The bytes from each place on, as many as the width."""
    return np.lib.stride_tricks.sliding_window_view(marks, width)
