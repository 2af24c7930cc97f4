"""The views for retrieval: sentences to search in, claims to search for, and what was marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from claimset.release.views import evidence_of, query_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from claimset.release.corpus import Corpus
    from claimset.release.views import ViewInput

__all__ = ["RetrievalViews", "claim_sentences", "retrieval_views", "sentence_view"]


class RetrievalViews(NamedTuple):
    """Queries of a stretch of claims and what is relevant to them."""

    queries: pa.Table
    """`queries`: those to which a sentence is relevant."""
    qrels: pa.Table
    """`qrels`: a row per query and relevant sentence."""
    claims: NDArray[np.int64]
    """The number of the claim of each row of ``qrels``."""
    extra: pa.Table
    """Marked spans that touch no sentence, which are sentences of their own: with article_id,
    start, end, text and id."""


def retrieval_views(given: ViewInput, corpus: Corpus) -> RetrievalViews:
    """`queries` and `qrels` of some claims; evidence without text is left out.

    Args:
        given: Claims and answers.
        corpus: All sentences, closed.
    """
    queries, rows = query_view(given)
    spans, asked = evidence_of(given.claims, rows)
    shown = np.flatnonzero(spans["text"].is_valid().to_numpy(zero_copy_only=False))
    spans = {name: part.take(pa.array(shown)) for name, part in spans.items()}
    owner, sentences, extra = corpus.relevant(asked[shown], spans)
    qrels = {
        "query-id": queries["_id"].combine_chunks().take(pa.array(owner)),
        "corpus-id": sentences,
        "score": pa.array(np.ones(len(owner), np.int64)),
    }
    asking = queries.take(pa.array(np.unique(owner)))
    return RetrievalViews(asking, pa.table(qrels), rows[owner], extra)


def claim_sentences(given: ViewInput) -> pa.Table:
    """The claims that are sentences of the corpus: clauses of a sentence are not among them."""
    derived = given.claims["derived"].to_numpy(zero_copy_only=False)
    return given.claims.filter(pa.array(given.usable & ~derived))


def sentence_view(
    ids: pa.Array | pa.ChunkedArray, sentences: pa.Table, title_of: Callable[[str], str]
) -> pa.Table:
    """`corpus`: sentences under the titles of their articles.

    Args:
        ids: Id of each sentence.
        sentences: Their article_id and text.
        title_of: Gives the title of an article.
    """
    articles = sentences["article_id"].combine_chunks().dictionary_encode()
    titles = [title_of(name) for name in articles.dictionary.to_pylist()]
    columns = {
        "_id": ids,
        "title": pa.array(titles, pa.string()).take(articles.indices),
        "text": sentences["text"],
    }
    return pa.table(columns)
