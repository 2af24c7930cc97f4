"""Prompts: versioned files of this package; a version that was used is never changed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from claimset.errors import UsageError
from claimset.identifiers import canonical_json, sha256_hex

if TYPE_CHECKING:
    from claimset.models import Article, Unit

__all__ = ["Passage", "Prompt", "load_prompt", "passage_of"]

_FOLDER = files("claimset.llm") / "prompts"
_DIGITS = 12


class Prompt(NamedTuple):
    """What the model is told.

    Attributes:
        version: Name of its file.
        text: The file.
        digest: Of the text: another text under the same name is another prompt.
    """

    version: str
    text: str
    digest: str


class Passage(NamedTuple):
    """A sentence with what stands around it: all that the model sees of an article.

    Attributes:
        sentence: The sentence.
        start: Its first code point.
        before: What stands before it.
        before_start: The first code point of that.
        after: What stands behind it.
        after_start: The first code point of that.
        title: The article's title.
        published_at: Day of publication, or empty.
    """

    sentence: str
    start: int
    before: str
    before_start: int
    after: str
    after_start: int
    title: str
    published_at: str

    @property
    def message(self) -> str:
        """The passage as one JSON object: no text in it can pass for anything but a value."""
        return canonical_json(
            {
                "title": self.title,
                "published_at": self.published_at,
                "before": self.before,
                "sentence": self.sentence,
                "after": self.after,
            }
        )


@cache
def load_prompt(version: str) -> Prompt:
    """A prompt of this package.

    Raises:
        UsageError: There is none of that version.
    """
    known = sorted(entry.name.removesuffix(".txt") for entry in _FOLDER.iterdir())
    if version not in known:
        raise UsageError(
            f"there is no prompt {version!r}",
            where="segmenter_settings, prompt",
            remedy=f"use one of: {', '.join(known)}",
        )
    text = (_FOLDER / f"{version}.txt").read_text("utf-8")
    return Prompt(version, text, sha256_hex(text.encode("utf-8"))[:_DIGITS])


def passage_of(article: Article, units: list[Unit], number: int, context: int) -> Passage:
    """A unit with its neighbours.

    Args:
        article: The article.
        units: Its units, in text order.
        number: Which of them.
        context: Units shown before it; one is shown behind it.
    """
    unit = units[number]
    first = units[max(0, number - context)].start
    last = units[min(len(units) - 1, number + (context > 0))].end
    day = article.published_at
    return Passage(
        sentence=unit.text,
        start=unit.start,
        before=article.text[first : unit.start],
        before_start=first,
        after=article.text[unit.end : max(last, unit.end)],
        after_start=unit.end,
        title=article.title,
        published_at="" if day is None else day.isoformat(),
    )
