"""The intake of a release: rows taken in any order, placed, indexed, and divided into splits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import (
    AnnotationStatus,
    Article,
    ArticleRole,
    Claim,
    Split,
    SplitConflict,
    TextPolicy,
    Unit,
)
from claimset.release.bare_articles import bare_articles
from claimset.release.columns import columns_of, core_columns
from claimset.release.corpus import Corpus, are_sentences, sentence_ids
from claimset.release.left_out import LeftOut, left_out
from claimset.release.links import Links, conflicts_of
from claimset.release.order import ArticleOrder, ClaimIndex, claim_numbers, known_claim_numbers
from claimset.release.positions import Sources
from claimset.release.splits import divide
from claimset.release.staging import Stage, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from claimset.aggregation import GoldRules
    from claimset.models import Annotation
    from claimset.release.rights import Withdrawn
    from claimset.release.splits import Division
    from claimset.release.texts import Texts

__all__ = ["Intake", "Rules"]

_DELETED = list(AnnotationStatus).index(AnnotationStatus.DELETED)


class Rules(NamedTuple):
    """What the publisher decides."""

    name: str
    """Name of the dataset."""
    gold: GoldRules
    """When answers make gold."""
    shares: Mapping[Split, float]
    """Wanted share of the events in each split."""
    cut: date | None
    """First day of test events; ``None`` for no cut."""


class Intake:
    """The rows of a release, placed and waiting.

    Args:
        articles: All articles, in the order of the manifest; each is held for a moment only.
        rules: What the publisher decides.
        withdrawn: What was withdrawn, now or before.
        stage: A folder where rows may wait.
        texts: Where the texts of the articles may wait; empty.
        released: Ids of the articles of each split of the last release, in its order.
        earlier: Splits by event id that earlier releases assigned.
    """

    def __init__(
        self,
        articles: Iterable[Article],
        rules: Rules,
        withdrawn: Withdrawn,
        stage: Path,
        texts: Texts,
        *,
        released: Sequence[Sequence[str]] = (),
        earlier: Mapping[str, Split] | None = None,
    ) -> None:
        self.rules, self.withdrawn, self.earlier = rules, withdrawn, earlier or {}
        self.texts = texts
        """The texts of the articles, by id."""
        by_id, lengths = bare_articles(articles, self.texts)
        self.order = ArticleOrder(lengths, released)
        self.articles = [by_id[name] for name in self.order.ids]
        """The articles in release order, each without its text, which is in :attr:`texts`."""
        self.sources = Sources(self.texts, lengths)
        self.index = ClaimIndex()
        self.claims = Stage(stage, "claims")
        self.annotations = Stage(stage, "annotations")
        self.units = Stage(stage, "units")
        self._links = Links()
        self.left_out: list[LeftOut] = []
        """Annotations that are not in the release."""
        self.conflicts: tuple[SplitConflict, ...] = ()
        """Linked claims whose splits differ."""
        self.division: Division
        """The split of every event."""
        self.full = np.array(
            [
                a.published_text is TextPolicy.FULL and a.article_id not in withdrawn.articles
                for a in self.articles
            ],
            bool,
        )
        self.shown = np.array([self._shows(article) for article in self.articles], bool)
        self.claimed = np.array([ArticleRole.CLAIMS in a.roles for a in self.articles], bool)
        self.withheld: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self.corpus = Corpus(self.order.number)

    def take_claims(self, claims: Iterable[Claim] | Iterable[pa.Table]) -> int:
        """Take in the claims and give every event its split; returns how many claims there are.

        Raises:
            DataError: A claim stands twice.
            SpanError: A claim lies in no article.
        """
        columns = {
            name: column
            for name, column in core_columns(self.rules.gold.labels)["claims"].items()
            if name in Claim.model_fields
        }
        total = 0
        for table in tables_of(claims, columns):
            numbers = claim_numbers(table["claim_id"])
            articles = self.order.numbers(table["article_id"], noun="claim")
            self.index.add(numbers, articles)
            self._links.add(table, numbers)
            self._index_sentences(table, articles)
            placed = table.append_column("_article", pa.array(articles))
            self.claims.add(placed, self.order.stretch_of[articles])
            total += table.num_rows
        self.index.close()
        self._divide()
        return total

    def _index_sentences(self, claims: pa.Table, articles: NDArray[np.int64]) -> None:
        """Let published claims be found as sentences; clauses of a sentence are not among them."""
        keep = (
            self.shown[articles]
            & ~claims["derived"].to_numpy()
            & ~self.withdrawn.tombstones(claims)
        )
        chosen = claims.select(["claim_id", "start", "end"]).filter(pa.array(keep))
        self.corpus.add(
            articles[keep],
            chosen["start"].to_numpy(),
            chosen["end"].to_numpy(),
            chosen["claim_id"].combine_chunks(),
        )

    def _shows(self, article: Article) -> bool:
        withdrawn = article.article_id in self.withdrawn.articles
        return article.published_text is not TextPolicy.OFFSETS and not withdrawn

    def _divide(self) -> None:
        """Give every event its split, and find claims that are linked across splits."""
        event_of = [article.event_id for article in self.articles]
        dates: dict[str, date | None] = {}
        for article in self.articles:
            known = dates.get(article.event_id, article.published_at)
            day = article.published_at
            dates[article.event_id] = min(known, day) if known and day else None
        across = self._links.across(event_of, self.index)
        self.division = divide(
            list(dict.fromkeys(event_of)),
            [(link.event, link.other_event) for link in across],
            self.earlier,
            dates=dates,
            shares=self.rules.shares,
            cut=self.rules.cut,
        )
        self.withheld, self.conflicts = conflicts_of(across, self.division)

    def take_annotations(self, annotations: Iterable[Annotation] | Iterable[pa.Table]) -> None:
        """Take in annotations with all their history; :meth:`take_claims` comes first."""
        for given in tables_of(annotations, core_columns(self.rules.gold.labels)["annotations"]):
            table, gone = self.withdrawn.of_annotators(given)
            numbers, odd = known_claim_numbers(table["claim_id"])
            articles = self.index.find(numbers)
            articles[odd] = -1
            deleted = table["status"].to_numpy() == _DELETED
            self.leave_out(given, deleted, lambda _: "it was deleted")
            self.leave_out(given, gone & ~deleted, lambda _: "its annotator was withdrawn")
            unknown = (articles < 0) & ~deleted & ~gone
            self.leave_out(
                given, unknown, lambda row: f"its claim {row['claim_id']} is not in this release"
            )
            keep = np.flatnonzero((articles >= 0) & ~deleted & ~gone)
            placed = table.append_column("_claim", pa.array(numbers))
            if len(keep) < len(articles):
                placed = placed.take(pa.array(keep))
            self.annotations.add(placed, self.order.stretch_of[articles[keep]])

    def take_units(self, units: Iterable[Unit] | Iterable[pa.Table]) -> None:
        """Take in the units; those of articles that are not released are not needed."""
        columns = columns_of(Unit)
        for table in tables_of(units, columns):
            known = pc.is_in(table["article_id"], pa.array(self.order.ids, pa.string()))
            mine = table.filter(known)
            articles = self.order.numbers(mine["article_id"], noun="unit")
            self._index_units(mine, articles)
            placed = mine.append_column("_article", pa.array(articles))
            self.units.add(placed, self.order.stretch_of[articles])

    def _index_units(self, units: pa.Table, articles: NDArray[np.int64]) -> None:
        """Let sentences of full texts be found that are no claims, as in a source only."""
        keep = self.is_sentence(units, articles)
        chosen = units.filter(pa.array(keep))
        self.corpus.add(
            articles[keep],
            chosen["start"].to_numpy(),
            chosen["end"].to_numpy(),
            sentence_ids(chosen),
        )

    def leave_out(self, table: pa.Table, which: NDArray[np.bool_], reason: Any) -> None:
        """Note which annotations are not released, and why: ``reason`` is asked for each row."""
        self.left_out += left_out(table, which, reason)

    def is_sentence(self, units: pa.Table, articles: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which units are sentences of a full text that are no claims of the release."""
        kinds = units["kind"].to_numpy()
        return are_sentences(kinds, self.full[articles], self.claimed[articles])
