"""What the annotator is told of a claim's text: facts that a search found, never a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.models import Article, Claim, QuoteCheck, QuoteOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["facts_of"]

NO_FACTS = "Nothing quoted, and no name or number that is missing from the sources."
NO_SOURCES = "No other article to compare with."
_QUOTE_WIDTH = 60
_FOUND_WIDTH = 90
_NAME_WIDTH = 40
_NAMES = 8


def facts_of(claim: Claim, sources: Sequence[Article]) -> str:
    """One line: where the quoted words stand, and which names and numbers stand in no source.

    Args:
        claim: The claim with its quote checks and unseen spans.
        sources: The articles shown beside it.

    Returns:
        Plain text. It is shown as text, so nothing in it can act as markup.
    """
    if not sources:
        return NO_SOURCES
    names = {
        source.article_id: _short(source.publisher or source.title, _NAME_WIDTH)
        for source in sources
    }
    facts = [_quote_fact(check, names) for check in claim.quote_checks]
    if claim.unseen:
        unseen = list(dict.fromkeys(" ".join(span.text.split()) for span in claim.unseen))
        more = f" and {len(unseen) - _NAMES} more" if len(unseen) > _NAMES else ""
        facts.append(f"In no source: {', '.join(unseen[:_NAMES])}{more}")
    return " · ".join(facts) or NO_FACTS


def _quote_fact(check: QuoteCheck, names: dict[str, str]) -> str:
    quote = f"“{_short(check.quote.text, _QUOTE_WIDTH)}”"
    if check.found is None or check.outcome is QuoteOutcome.NOT_FOUND:
        return f"{quote} stands in no source"
    where = names.get(check.found.article_id, check.found.article_id)
    if check.outcome is QuoteOutcome.EXACT:
        return f"{quote} stands word for word in {where}"
    nearest = f"“{_short(check.found.text, _FOUND_WIDTH)}”"
    return f"{quote}: nearest words in {where}: {nearest} ({check.difference})"


def _short(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
