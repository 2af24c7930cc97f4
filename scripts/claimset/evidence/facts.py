"""Facts about a claim's text, found before anybody reads: quoted words, unseen names, numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from claimset.evidence.mentions import Mentions
from claimset.evidence.reading import Words
from claimset.evidence.sources import Sources, is_mark
from claimset.evidence.unseen import unseen_spans
from claimset.evidence.verbatim import check_quotes
from claimset.models import Article, ArticleRole, Claim, QuoteCheck, QuoteType, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["with_text_facts"]


def with_text_facts(articles: Iterable[Article], claims: Iterable[Claim]) -> list[Claim]:
    """Fill ``quote_checks`` and ``unseen`` of each claim from the event's other articles.

    Args:
        articles: All articles; those with the role ``evidence`` are the sources.
        claims: The claims, with their attributions.

    Returns:
        The claims in the same order. A claim whose event has no other source keeps both empty:
        where nothing can be looked for, nothing is missing.
    """
    sources_of: dict[str, list[Article]] = defaultdict(list)
    texts: dict[str, str] = {}
    for article in articles:
        texts[article.article_id] = article.text
        if ArticleRole.EVIDENCE in article.roles:
            sources_of[article.event_id].append(article)
    claims = list(claims)
    waiting = Counter(claim.event_id for claim in claims)
    laid_out: dict[str, tuple[Sources, Mentions]] = {}
    filled = []
    for claim in claims:
        event = claim.event_id
        if any(source.article_id != claim.article_id for source in sources_of[event][:2]):
            if event not in laid_out:
                sources = Sources(sources_of[event])
                laid_out[event] = sources, Mentions(sources)
            filled.append(_with_facts(claim, *laid_out[event], texts[claim.article_id]))
        else:
            filled.append(_filled(claim, (), ()))
        waiting[event] -= 1
        if not waiting[event]:
            laid_out.pop(event, None)
    return filled


def _with_facts(claim: Claim, sources: Sources, mentions: Mentions, text: str) -> Claim:
    own = sources.number_of(claim.article_id)
    checks = check_quotes(_quoted(claim, text), sources, without=claim.article_id)
    words = Words(claim.text) if own is None else sources.words[own].part(claim.start, claim.end)
    unseen = unseen_spans(words, claim.start, mentions, without=own)
    return _filled(claim, checks, unseen)


def _filled(claim: Claim, checks: tuple[QuoteCheck, ...], unseen: tuple[Span, ...]) -> Claim:
    return type(claim).trusted({**claim.__dict__, "quote_checks": checks, "unseen": unseen})


def _quoted(claim: Claim, text: str) -> list[Span]:
    """The spans of a claim that stand in quotation marks, each once.

    Indirect speech gives no one's words, so it is not compared word for word.
    """
    spans = [
        span
        for attribution in claim.attributions
        for span in attribution.quote_spans
        if attribution.quote_type is QuoteType.DIRECT
        or (attribution.quote_type is QuoteType.MIXED and _is_marked(span, text))
    ]
    return list(dict.fromkeys(spans))


def _is_marked(span: Span, text: str) -> bool:
    return is_mark(text[max(0, span.start - 1) : span.start]) or is_mark(text[span.start])
