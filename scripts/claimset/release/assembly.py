"""The assembly of a release: rows checked and in order; files, content id and figures out.

Articles are worked through stretch by stretch, so memory holds one stretch, the texts of the
articles, and a few numbers per claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import Split, TextPolicy, Unit, UnitPosition
from claimset.models.article import ManifestRow
from claimset.release.annotator_model import ask_model
from claimset.release.answers import in_order
from claimset.release.arrays import list_of, struct_of, table_of, with_columns
from claimset.release.columns import CORE, columns_of
from claimset.release.corpus import sentence_ids
from claimset.release.gold import ModelLabels, gold_columns, votes_of
from claimset.release.order import claim_numbers
from claimset.release.output import Output
from claimset.release.positions import check_spans
from claimset.release.retrieval import claim_sentences, retrieval_views, sentence_view
from claimset.release.rights import TextRights, bury
from claimset.release.summary import Summary
from claimset.release.views import (
    ViewInput,
    attribution_view,
    pair_views,
    soft_view,
    usable,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.release.compare import Comparison
    from claimset.release.intake import Intake
    from claimset.release.writer import ReleaseWriter

__all__ = ["Assembly"]


class Assembly:
    """A release in the making.

    Args:
        intake: The rows, all of them taken in.
    """

    def __init__(self, intake: Intake) -> None:
        self._in, self._labels = intake, intake.rules.gold.labels
        published = [a for a in intake.articles if a.article_id not in intake.withdrawn.articles]
        # What others quote from a withdrawn article goes with it.
        withdrawn = dict.fromkeys(intake.withdrawn.articles, TextPolicy.OFFSETS)
        self._rights = TextRights({a.article_id: a.published_text for a in published} | withdrawn)
        self._model: ModelLabels | None = None
        self.summary = Summary(published, intake.rules.gold.labels)
        """The figures, complete once everything was written."""

    def write(
        self,
        writer: ReleaseWriter,
        *,
        version: str,
        comparison: Comparison | None,
    ) -> None:
        """Work through the stretches and write every table.

        Args:
            writer: Takes the rows of every config.
            version: Version of the release, for rows that are new or changed.
            comparison: Takes the rows of the core tables, when there is a release before.

        Raises:
            SpanError: A span differs from its article.
        """
        # They are in no view, so nothing may refer to them there.
        self._in.corpus.close([conflict.withheld for conflict in self._in.conflicts])
        self._model = self._ask_model() if self._in.rules.gold.model_gold else None
        out = Output(writer, version, comparison)
        for stretch in range(self._in.order.stretches):
            self._write_articles(stretch, out)
            claims = self._in.claims.take(stretch)
            answers = self._in.annotations.take(stretch)
            if claims is not None:
                self._write_claims(claims, answers, out)

    def _ask_model(self) -> ModelLabels:
        """What the annotator model makes of all votes together; they wait once more for it."""
        claims, annotators, labels, humans = [], [], [], []
        names: dict[str, int] = {}
        for stretch in range(self._in.order.stretches):
            answers = self._in.annotations.take(stretch)
            if answers is None:
                continue
            self._in.annotations.add(answers, np.full(answers.num_rows, stretch))
            numbers = np.unique(answers["_claim"].to_numpy())
            alive = np.zeros(len(numbers), bool)
            table, owner = in_order(answers, numbers, alive, lambda *_: None, self._labels)
            votes = votes_of(table, owner, len(numbers), self._labels)
            chosen = table.take(pa.array(votes.rows))
            codes = chosen["annotator"].combine_chunks().dictionary_encode()
            known = [names.setdefault(name, len(names)) for name in codes.dictionary.to_pylist()]
            claims.append(numbers[votes.claims])
            annotators.append(np.array(known, np.int64)[codes.indices.to_numpy()])
            labels.append(votes.labels)
            humans.append(chosen["annotator_kind"].to_numpy())
        return ask_model(claims, annotators, labels, humans, self._labels)

    def _write_articles(self, stretch: int, out: Output) -> None:
        places = np.flatnonzero(self._in.order.stretch_of == stretch)
        units = self._in.units.take(stretch)
        if units is None:
            units = table_of([], columns_of(Unit)).append_column("_article", pa.array([], "int64"))
        units = _sorted_by(units, ("_article", "start", "end"))
        check_spans(
            units.drop_columns(["kind", "reason"]),
            units["article_id"].combine_chunks(),
            self._in.sources,
            noun="unit at",
            key="start",
        )
        owner = units["_article"].to_numpy() - (int(places[0]) if len(places) else 0)
        sentences = units.filter(
            pa.array(self._in.is_sentence(units, units["_article"].to_numpy()))
        )
        self._write_sentences(sentence_ids(sentences), sentences, out)
        positions = struct_of(
            {name: units[name].combine_chunks() for name in columns_of(UnitPosition)}
        )
        units_of = list_of(positions, np.bincount(owner, minlength=len(places)))
        articles = [self._in.articles[place] for place in places]
        keep = pa.array(
            [a.article_id not in self._in.withdrawn.articles for a in articles], pa.bool_()
        )
        manifest = {
            name: column
            for name, column in columns_of(CORE["articles"]).items()
            if name in ManifestRow.model_fields or name == "text_sha256"
        }
        policies = [article.published_text for article in articles]
        table = with_columns(
            table_of(articles, manifest),
            {
                "text_policy": pa.array([list(TextPolicy).index(p) for p in policies], pa.int64()),
                "length": pa.array(
                    [self._in.sources.lengths[article.article_id] for article in articles],
                    pa.int64(),
                ),
                "text": pa.array(
                    [
                        self._in.texts[article.article_id] if policy is TextPolicy.FULL else None
                        for article, policy in zip(articles, policies, strict=True)
                    ],
                    pa.string(),
                ),
                "units": units_of,
                "split": self._splits(pa.array([a.event_id for a in articles], pa.string())),
            },
        ).filter(keep)
        self.summary.units += int(pc.sum(pc.list_value_length(table["units"])).as_py() or 0)
        out.core("articles", table)

    def _splits(self, events: pa.Array) -> pa.Array:
        codes = events.dictionary_encode()
        numbers = [
            list(Split).index(self._in.division.split_of[name])
            for name in codes.dictionary.to_pylist()
        ]
        return pa.array(numbers, pa.int64()).take(codes.indices)

    def _write_claims(self, claims: pa.Table, answers: pa.Table | None, out: Output) -> None:
        claims = _sorted_by(claims, ("_article", "start", "end"))
        numbers = claim_numbers(claims["claim_id"])
        dead = self._in.withdrawn.tombstones(claims)
        answers, owner = in_order(answers, numbers, dead, self._in.leave_out, self._labels)
        for table, noun, key in (
            (claims, "claim", "claim_id"),
            (answers, "annotation", "annotation_id"),
        ):
            own = claims["article_id"].combine_chunks()
            if noun == "annotation":
                own = own.take(pa.array(owner))
            check_spans(table, own, self._in.sources, noun=noun, key=key)
        answers = self._in.withdrawn.without_sources(answers)
        votes = votes_of(answers, owner, claims.num_rows, self._labels)
        gold = gold_columns(claims, answers, owner, votes, self._in.rules.gold, self._model)
        gold = with_columns(gold, {"split": self._splits(claims["event_id"].combine_chunks())})
        buried = bury(gold, dead)
        own = claims["article_id"].combine_chunks()
        released = self._rights.apply(
            with_columns(buried, {"text_sha256": pa.nulls(claims.num_rows, pa.string())}), own
        )
        answers = self._rights.apply(answers, own.take(pa.array(owner)))
        split = released["split"].to_numpy()
        released = out.claims(released, self.summary)
        out.core("annotations", with_columns(answers, {"split": pa.array(split[owner])}))
        self.summary.add_answers(answers, owner, claims["_article"].to_numpy())
        held = usable(released, np.isin(numbers, self._in.withheld))
        self._write_views(ViewInput(released, answers, votes, held, self._labels), split, out)

    def _write_views(self, given: ViewInput, split: NDArray[np.int64], out: Output) -> None:
        plain = claim_sentences(given)
        self._write_sentences(plain["claim_id"].combine_chunks(), plain, out)
        for config, (table, owner) in pair_views(given, self._in.rules.name).items():
            out.view(config, table, split[owner])
        for config, (table, owner) in (
            ("soft", soft_view(given)),
            ("attributions", attribution_view(given)),
        ):
            out.view(config, table, split[owner])
        found = retrieval_views(given, self._in.corpus)
        self._write_sentences(found.extra["id"].combine_chunks(), found.extra, out)
        out.view("qrels", found.qrels, split[found.claims])
        out.whole("queries", found.queries)

    def _write_sentences(self, ids: pa.Array, sentences: pa.Table, out: Output) -> None:
        """Add sentences with article_id and text to the corpus."""
        articles, numbers = self._in.articles, self._in.order.number
        out.whole(
            "corpus", sentence_view(ids, sentences, lambda name: articles[numbers[name]].title)
        )


def _sorted_by(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    keys = [table[name].to_numpy() for name in columns]
    order = np.lexsort(keys[::-1])
    if (order[1:] > order[:-1]).all():
        return table
    return table.take(pa.array(order)).combine_chunks()
