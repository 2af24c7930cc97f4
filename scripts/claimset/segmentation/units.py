"""Units: every sentence or line of an article, with its kind and the reason for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import SpanError
from claimset.models import Article, Unit, UnitKind
from claimset.segmentation.furniture import sentence_furniture
from claimset.segmentation.languages import language_of
from claimset.segmentation.layout import find_blocks
from claimset.segmentation.lines import CLOSERS
from claimset.segmentation.neutral import neutral_units
from claimset.segmentation.sentences import sentence_spans

if TYPE_CHECKING:
    from claimset.segmentation.languages import Language

__all__ = ["find_units", "uncovered_position"]

_LONGEST_EXCLAMATION = 24
_REASONS = {"running text": "a sentence of running text"}


def find_units(article: Article) -> list[Unit]:
    """Cut an article into units; nothing is dropped.

    Every character of the article belongs to exactly one unit or is white space, and
    ``article.text[unit.start:unit.end] == unit.text`` for each. An article in English is cut by
    all rules, one in another language by those that hold in any; its claims' reasons say so.

    Raises:
        SpanError: A character that is not white space lies in no unit (a fault of this package).
    """
    language = language_of(article.language)
    units = _english_units(article) if language.is_english else _other_units(article, language)
    position = uncovered_position(article.text, units)
    if position is not None:
        raise SpanError(
            f"segmentation lost the character at code point {position}",
            where=f"article {article.article_id}",
            remedy="this is a fault of claimset; please report it with the article",
        )
    return units


def _other_units(article: Article, language: Language) -> list[Unit]:
    text, article_id = article.text, article.article_id
    return [
        Unit.trusted(
            {
                "start": start,
                "end": end,
                "text": text[start:end],
                "article_id": article_id,
                "kind": kind,
                "reason": reason,
            }
        )
        for start, end, kind, reason in neutral_units(text, language)
    ]


def _english_units(article: Article) -> list[Unit]:
    units: list[Unit] = []
    text, article_id = article.text, article.article_id
    for block in find_blocks(text):
        kind, reason = block.kind, block.reason
        runs = kind is UnitKind.CLAIM
        ordinary = _REASONS.get(reason, reason)
        for start, end in sentence_spans(text, block.start, block.end):
            sentence = text[start:end]
            if runs:
                kind, why = _kind_of_sentence(sentence, suspect=block.suspect)
                reason = why or ordinary
            units.append(
                Unit.trusted(
                    {
                        "start": start,
                        "end": end,
                        "text": sentence,
                        "article_id": article_id,
                        "kind": kind,
                        "reason": reason,
                    }
                )
            )
    return units


def _kind_of_sentence(text: str, *, suspect: bool) -> tuple[UnitKind, str]:
    """Kind and reason of a sentence of running text; no reason if it is an ordinary one."""
    if text[-1] == "?" or text.rstrip(CLOSERS).endswith("?"):
        return UnitKind.QUESTION, "ends with a question mark"
    if " " not in text:
        if not any(map(str.isalnum, text)):
            return UnitKind.FRAGMENT, "holds no letter or digit"
        # Scripts without small letters write whole sentences without a space.
        if len(text) <= _LONGEST_EXCLAMATION and text.lower() != text.upper():
            return UnitKind.FRAGMENT, "a single word"
    if suspect:
        furniture = sentence_furniture(text)
        if furniture:
            return furniture
    if not (text[0].isalpha() or any(map(str.isalnum, text))):
        return UnitKind.FRAGMENT, "holds no letter or digit"
    return UnitKind.CLAIM, ""


def uncovered_position(text: str, units: list[Unit]) -> int | None:
    """First code point that is neither white space nor in exactly one unit; ``None`` if none.

    Args:
        text: The article's text.
        units: Its units in text order.
    """
    position = 0
    for unit in units:
        if unit.start < position:
            return unit.start
        gap = text[position : unit.start]
        if gap.strip():
            return position + len(gap) - len(gap.lstrip())
        position = unit.end
    rest = text[position:]
    return position + len(rest) - len(rest.lstrip()) if rest.strip() else None
