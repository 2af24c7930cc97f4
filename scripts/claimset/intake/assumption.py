"""Assumption: the language of a text that nobody declared, English or not known.

No detector of languages: it only keeps English rules away from a text that is plainly something
else. Whatever comes out is said to who adds the text.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["assumed_language"]

_READ: Final = 20_000
_WORD: Final = re.compile(r"[^\W\d_]+")
_ENGLISH: Final = frozenset(
    """the and of to in a is that for it was on with as he be at by his have from are this not but
    they which has had were their an or will would been who more said there when if out about up
    what one all can we you your our its after than into other some could no she her him so only
    also over new people first two because how most""".split()  # noqa: SIM905 - words read better as words
)
_SURE: Final = frozenset(
    """the and of that with this which were their would been there could they from have your what
    after than other people because""".split()  # noqa: SIM905 - words read better as words
)
_ENOUGH: Final = 25
_LEAST_SHARE: Final = 0.2
_LEAST_SURE: Final = 0.03
_MOST_FOREIGN: Final = 0.3


def assumed_language(text: str) -> str:
    """`en`, or `und` for a text that is plainly not English.

    A short text in Latin letters is taken for English: a few words do not tell.

    >>> assumed_language("The bridge is open again."), assumed_language("桥又通车了。")
    ('en', 'und')

    Args:
        text: The article.
    """
    words = _WORD.findall(text[:_READ].lower())
    if not words:
        return "und"
    foreign = sum(not word[0].isascii() for word in words) / len(words)
    if foreign > _MOST_FOREIGN:
        return "und"
    if len(words) < _ENOUGH:
        return "en"
    share = sum(word in _ENGLISH for word in words) / len(words)
    sure = sum(word in _SURE for word in words) / len(words)
    return "en" if share >= _LEAST_SHARE and sure >= _LEAST_SURE else "und"
