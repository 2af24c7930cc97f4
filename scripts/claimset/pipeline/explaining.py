"""Explain: one article with its units, their kinds and the reasons, as a page and on screen."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from claimset.errors import DataError, SpanError, UsageError
from claimset.models import Article, Claim, Clause, Granularity, Model, Unit
from claimset.pipeline.eventwise import segment_article
from claimset.pipeline.proposing import connected
from claimset.pipeline.segmented_rows import SegmentedRows
from claimset.pipeline.terms import terms_of
from claimset.reporting.explain import Explanation, explain
from claimset.reporting.explain_page import render_page
from claimset.seeds import ArticleTexts
from claimset.segmentation.clauses import clauses_of
from claimset.storage.files import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.pipeline.eventwise import SegmentTerms
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["ExplainResult", "explain_article"]

_NAMED = 5


class ExplainResult(Model):
    """What was explained, and where the page lies."""

    article_id: str
    """The article."""
    html: str
    """Path of the page."""
    units: tuple[Unit, ...]
    """Its units, in text order."""
    claims: tuple[Claim, ...]
    """Its claims, in text order."""
    clauses: tuple[Clause, ...]
    """The clauses derived from them, where they were asked for."""


def explain_article(
    workspace: Workspace,
    article_id: str,
    settings: Settings,
    *,
    html: Path | None = None,
    exact: bool = False,
) -> tuple[ExplainResult, Explanation]:
    """Explain one article and write the page; the tables of segmentation stay as they are.

    What the last run stored is shown, with its links to other articles; where it is missing, stale
    or made in another way than asked for, the article is segmented afresh in memory.

    Args:
        workspace: Holds the article.
        article_id: Its name in the manifest.
        settings: What cuts it and how, where nothing is stored.
        html: Where the page goes; default ``.claimset/explain/ARTICLE.html``.
        exact: Whether what is stored must have been made as the settings say.

    Raises:
        DataError: The manifest or an article is not as it must be.
        UsageError: The manifest has no such article, the page cannot be written, or an extra is
            not installed.
    """
    texts = ArticleTexts(workspace.seeds)
    if article_id not in texts:
        near = get_close_matches(article_id, texts, n=_NAMED, cutoff=0) or ["none"]
        raise UsageError(
            f"no article is called {article_id!r}",
            where=str(workspace.manifest),
            remedy=f"name one of the manifest's articles, such as {', '.join(near)}",
        )
    article = texts.article(article_id)
    with connected(workspace, settings, None):
        terms = terms_of(settings)
        version = terms.version if exact else None
        units, claims, clauses = _stored(workspace, article, version) or _fresh(article, terms)
    if settings.granularity is Granularity.CLAUSE and not clauses:
        clauses = clauses_of(claims)
    explanation = explain(article, units, claims, clauses)
    path = html or workspace.state / "explain" / f"{article_id}.html"
    try:
        replace_file(path, render_page(explanation).encode("utf-8"))
    except OSError as error:
        raise UsageError(
            f"the page cannot be written: {error.strerror or error}",
            where=str(path),
            remedy="name a file in a folder that you may write to with --html",
        ) from error
    result = ExplainResult(
        article_id=article_id,
        html=str(path),
        units=tuple(units),
        claims=tuple(claims),
        clauses=tuple(clauses),
    )
    return result, explanation


_Parts = tuple[list[Unit], list[Claim], list[Clause]]


def _stored(workspace: Workspace, article: Article, version: str | None) -> _Parts | None:
    mine = [article.article_id]
    try:
        found = SegmentedRows(workspace)
        units = list(found.rows_of(Unit, "article_id", mine))
        claims = list(found.rows_of(Claim, "article_id", mine))
        clauses = list(found.rows_of(Clause, "article_id", mine))
    except (UsageError, DataError, SpanError):
        return None
    made_by = {claim.segmenter_version for claim in claims}
    if not units or (version is not None and made_by != {version}):
        return None
    return units, claims, clauses


def _fresh(article: Article, terms: SegmentTerms) -> _Parts:
    units, claims, clauses = segment_article(article, terms)
    return list(units), claims, clauses
