"""Articles without their texts, which wait on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import DataError
from claimset.models import Article

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimset.release.texts import Texts

__all__ = ["bare_articles"]


def bare_articles(
    articles: Iterable[Article], texts: Texts
) -> tuple[dict[str, Article], dict[str, int]]:
    """Articles without their texts by id, and their lengths; the texts go to disk."""
    found: dict[str, Article] = {}
    lengths: dict[str, int] = {}
    for article in articles:
        if article.article_id in found:
            raise DataError(
                f"the article {article.article_id!r} is given twice",
                where=f"article {article.article_id}",
                remedy="give each article once",
            )
        texts.add(article.article_id, article.text)
        lengths[article.article_id] = len(article.text)
        found[article.article_id] = Article.trusted(article.__dict__ | {"text": ""})
    return found, lengths
