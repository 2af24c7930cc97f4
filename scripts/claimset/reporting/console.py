"""The console: all that people read in a terminal passes here, and hostile text stays text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment

__all__ = ["TextConsole", "closing", "printable", "stderr", "stdout"]

# What a terminal or a browser would obey instead of showing: control characters, marks that turn
# the direction of the text around them, and halves of surrogate pairs.
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""The text with every character that commands a screen shown as "�", same length.

    >>> printable("a\x1b[2Jb")
    'a�[2Jb'
    """
    return _OBEYED.sub("�", text)


class TextConsole(Console):
    """Rich's console for text of others: titles, articles and answers cannot command the terminal.

    Rich passes escape sequences on as they stand. Its own are made after this, from styles.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render with every character of content printable."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))


def stdout() -> TextConsole:
    """The console for results."""
    return TextConsole(highlight=False)


def stderr() -> TextConsole:
    """The console for progress and messages."""
    return TextConsole(stderr=True, highlight=False)


def closing(text: str) -> None:
    """Say on stderr how a step ended, in one line however long."""
    stderr().print(text, markup=False, soft_wrap=True)
