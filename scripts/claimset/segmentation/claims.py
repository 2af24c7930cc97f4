"""Claims: the units that are verified, named so that they are found again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimset.identifiers import claim_id
from claimset.models import Article, Claim, Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CONTEXT_WIDTH", "SEGMENTER_VERSION", "claims_of"]

SEGMENTER_VERSION = "1.0"
"""Changes whenever the rules may give other units or claims for the same article."""

CONTEXT_WIDTH = 32
"""Code points kept before and after a claim, to find it again when its article changes."""


def claims_of(article: Article, units: Iterable[Unit]) -> list[Claim]:
    """The claims among an article's units, in text order.

    Args:
        article: The article.
        units: Its units in text order; the order fixes the occurrence number among equal texts.
    """
    occurrences: Counter[str] = Counter()
    claims = []
    for unit in units:
        if unit.kind is not UnitKind.CLAIM:
            continue
        claims.append(
            Claim(
                claim_id=claim_id(article.article_id, unit.text, occurrences[unit.text]),
                article_id=article.article_id,
                event_id=article.event_id,
                start=unit.start,
                end=unit.end,
                text=unit.text,
                prefix=article.text[max(0, unit.start - CONTEXT_WIDTH) : unit.start],
                suffix=article.text[unit.end : unit.end + CONTEXT_WIDTH],
                kind=unit.kind,
                rule=unit.reason,
                segmenter_version=SEGMENTER_VERSION,
            )
        )
        occurrences[unit.text] += 1
    return claims
