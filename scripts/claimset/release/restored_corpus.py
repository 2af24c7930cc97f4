"""The sentences to search in of a hydrated copy: those of a release of the texts at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import ArticleRole, ClaimStatus, TextPolicy
from claimset.release.arrays import parents_of
from claimset.release.corpus import Corpus, are_sentences, sentence_ids
from claimset.release.retrieval import sentence_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from claimset.release.reader import Release

__all__ = ["RestoredCorpus"]

_CLAIMS = list(ArticleRole).index(ArticleRole.CLAIMS)
_OFFSETS = list(TextPolicy).index(TextPolicy.OFFSETS)
_ACTIVE = list(ClaimStatus).index(ClaimStatus.ACTIVE)


class RestoredCorpus:
    """Finds sentences as a build does that may publish every text at hand as a whole.

    Args:
        release: The release.
        texts: Texts by article id, published and restored ones.
    """

    def __init__(self, release: Release, texts: Mapping[str, str]) -> None:
        articles = pa.concat_tables(release.batches("articles"))
        names = articles["article_id"].to_pylist()
        self.titles = dict(zip(names, articles["title"].to_pylist(), strict=True))
        """The title of each article."""
        self.corpus = Corpus({name: number for number, name in enumerate(names)})
        """The sentences, closed."""
        full = np.array([name in texts for name in names], bool)
        self.whole = self._add_units(articles, full, texts)
        """`corpus`: the sentences of whole texts that are no claims."""
        hidden = articles["text_policy"].to_numpy() == _OFFSETS
        for claims in release.batches("claims", _COLUMNS):
            self._add_claims(claims, full | ~hidden, names)
        self.corpus.close([conflict.withheld for conflict in release.metadata.split_conflicts])

    def _add_units(
        self, articles: pa.Table, full: NDArray[np.bool_], texts: Mapping[str, str]
    ) -> pa.Table:
        lists, roles = (articles[name].combine_chunks() for name in ("units", "roles"))
        claimed = np.zeros(articles.num_rows, bool)
        claimed[parents_of(roles)[roles.flatten().to_numpy() == _CLAIMS]] = True
        owner, units = parents_of(lists), lists.flatten()
        fields = {units.type.field(n).name: part for n, part in enumerate(units.flatten())}
        chosen = np.flatnonzero(
            are_sentences(fields["kind"].to_numpy(), full[owner], claimed[owner])
        )
        places = {name: fields[name].take(pa.array(chosen)) for name in ("start", "end")}
        own = articles["article_id"].combine_chunks().take(pa.array(owner[chosen]))
        spans = zip(own.to_pylist(), *(part.to_pylist() for part in places.values()), strict=True)
        words = pa.array([texts[name][start:end] for name, start, end in spans], pa.string())
        sentences = pa.table({"article_id": own, **places, "text": words})
        ids = sentence_ids(sentences)
        self.corpus.add(owner[chosen], places["start"].to_numpy(), places["end"].to_numpy(), ids)
        return self.view(ids, sentences)

    def _add_claims(self, claims: pa.Table, shown: NDArray[np.bool_], names: list[str]) -> None:
        # Only tombstones name an article that is not there.
        place = pc.index_in(claims["article_id"], pa.array(names, pa.string()))
        article = pc.fill_null(place, -1).to_numpy().astype(np.int64)
        keep = (article >= 0) & (claims["status"].to_numpy() == _ACTIVE)
        keep &= ~claims["derived"].to_numpy()
        keep[keep] = shown[article[keep]]
        chosen = claims.filter(pa.array(keep))
        self.corpus.add(
            article[keep],
            chosen["start"].to_numpy(),
            chosen["end"].to_numpy(),
            chosen["claim_id"].combine_chunks(),
        )

    def view(self, ids: pa.Array, sentences: pa.Table) -> pa.Table:
        """`corpus`: rows of sentences with article_id and text."""
        return sentence_view(ids, sentences, self.titles.__getitem__)


_COLUMNS = ["claim_id", "article_id", "start", "end", "derived", "status"]
