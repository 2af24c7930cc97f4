"""Units: every sentence or line of an article, with its kind and the reason for it."""

from __future__ import annotations

from claimset.errors import SpanError
from claimset.models import Article, Unit, UnitKind
from claimset.segmentation.layout import Block, find_blocks
from claimset.segmentation.sentences import sentence_spans

__all__ = ["find_units", "uncovered_position"]

_CLOSERS = "\"'”’»›)]}"


def find_units(article: Article) -> list[Unit]:
    """Cut an article into units; nothing is dropped.

    Every character of the article belongs to exactly one unit or is white space, and
    ``article.text[unit.start:unit.end] == unit.text`` for each.

    Raises:
        SpanError: A character that is not white space lies in no unit (a fault of this package).
    """
    units = [
        _unit(article, span, block)
        for block in find_blocks(article.text)
        for span in sentence_spans(article.text, block.start, block.end)
    ]
    position = uncovered_position(article.text, units)
    if position is not None:
        raise SpanError(
            f"segmentation lost the character at code point {position}",
            where=f"article {article.article_id}",
            remedy="this is a fault of claimset; please report it with the article",
        )
    return units


def _unit(article: Article, span: tuple[int, int], block: Block) -> Unit:
    start, end = span
    text = article.text[start:end]
    kind, reason = block.kind, block.reason
    if kind is UnitKind.CLAIM:
        kind, reason = _kind_of_sentence(text)
    return Unit(
        article_id=article.article_id, start=start, end=end, text=text, kind=kind, reason=reason
    )


def _kind_of_sentence(text: str) -> tuple[UnitKind, str]:
    if text.rstrip(_CLOSERS).endswith("?"):
        return UnitKind.QUESTION, "ends with a question mark"
    if not any(character.isalnum() for character in text):
        return UnitKind.FRAGMENT, "holds no letter or digit"
    return UnitKind.CLAIM, "a sentence of running text"


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
