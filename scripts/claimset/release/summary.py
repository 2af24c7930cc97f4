"""What a release holds in figures: taken in stretch by stretch, told by card and metadata."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.agreement import IntervalPlan, Ratings
from claimset.agreement.coefficients import Coefficient
from claimset.agreement.figures import figures_of
from claimset.agreement.ratings import without_gaps
from claimset.models import (
    AnnotationRole,
    AnnotationStatus,
    AnnotatorKind,
    ClaimStatus,
    GoldSource,
    Split,
)
from claimset.release.arrays import plain_rows
from claimset.release.columns import CORE, columns_of, in_column_order
from claimset.release.gates import GatedClaims
from claimset.release.gold import labels_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.models import AgreementFigure, Article, LabelSet

__all__ = ["Summary"]

_READERS = {AnnotatorKind.HUMAN: "people", AnnotatorKind.MACHINE: "machines"}
_MOST_BYTES = 4
"""Bytes of UTF-8 that a code point takes at most."""
_KINDS = list(AnnotatorKind)
_SUBMITTED = list(AnnotationStatus).index(AnnotationStatus.SUBMITTED)
_WIDTH = 64
_VOTE = list(AnnotationRole).index(AnnotationRole.VOTE)
_FIGURES = (Coefficient.PERCENT, Coefficient.ALPHA, Coefficient.AC1, Coefficient.RANDOLPH)
_ACTIVE = list(ClaimStatus).index(ClaimStatus.ACTIVE)


def _packed(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Label numbers from -1 to 62, several in one integer each."""
    whole: NDArray[np.int64] = ((codes[0] + 1) * _WIDTH + codes[1] + 1) * _WIDTH + codes[2] + 1
    return whole


def _unpacked(packed: int) -> tuple[int, int, int]:
    rest, third = divmod(packed, _WIDTH)
    first, second = divmod(rest, _WIDTH)
    return first - 1, second - 1, third - 1


class _Ratings(NamedTuple):
    """Ratings of a stretch, coded; narrow, for all of them are held to the end."""

    unit: NDArray[np.int32]
    annotator: NDArray[np.int32]
    label: NDArray[np.int8]


class Summary:
    """The figures of a release.

    Args:
        articles: The articles that are published, in release order.
        labels: The label set.
    """

    def __init__(self, articles: list[Article], labels: LabelSet) -> None:
        self._labels = labels
        self.articles = articles
        """The published articles."""
        self.gold: Counter[str] = Counter()
        """Active claims by gold label."""
        self.sources: Counter[str] = Counter()
        """Active claims by the source of their label."""
        self.votes: Counter[str] = Counter()
        """Submitted answers by label."""
        self.claims_by_split: Counter[str] = Counter()
        """Claims by split."""
        self.annotators: dict[AnnotatorKind, set[str]] = {kind: set() for kind in AnnotatorKind}
        """Names of annotators by kind."""
        self.rounds: set[str] = set()
        """Rounds of the answers."""
        self.guidelines: set[str] = set()
        """Versions of the guidelines of the answers."""
        self.units = self.claims = self.withdrawn = self.annotations = self.submitted = 0
        self._example: tuple[tuple[bool, bool, int, str], dict[str, Any]] | None = None
        self.adjudications = 0
        self.gated: list[GatedClaims] = []
        """What the gates look at, of active claims."""
        self._ratings: dict[AnnotatorKind, list[_Ratings]] = {kind: [] for kind in AnnotatorKind}
        self._article_of: list[NDArray[np.int64]] = []
        self._annotators: dict[str, int] = {}

    def add_claims(self, claims: pa.Table, split: str) -> None:
        """Take in released claims of a split."""
        self.claims += claims.num_rows
        self.claims_by_split[split] += claims.num_rows
        active = claims.filter(pc.equal(claims["status"], _ACTIVE))
        self.withdrawn += claims.num_rows - active.num_rows
        columns = columns_of(CORE["claims"], self._labels)
        verdicts, checks, sources = (
            [*(str(label) for label in columns[name]["labels"]), None]  # type: ignore[index]
            for name in ("gold_verdict", "gold_checkability", "gold_source")
        )
        triples = np.stack(
            [
                pc.fill_null(active["gold_verdict"], -1).to_numpy(),
                pc.fill_null(active["gold_checkability"], -1).to_numpy(),
                active["gold_source"].to_numpy(),
            ]
        )
        found, counts = np.unique(_packed(triples), return_counts=True)
        for packed, count in zip(found.tolist(), counts.tolist(), strict=True):
            verdict, check, source = _unpacked(packed)
            self.gold[verdicts[verdict] or checks[check] or str(GoldSource.UNRESOLVED)] += count
            self.sources[str(sources[source])] += count
        self.gated.append(GatedClaims.of(active))
        self._look_for_example(active)

    def _look_for_example(self, active: pa.Table) -> None:
        """The shortest row that evidence decided, for it shows the nesting."""
        if not active.num_rows:
            return
        one_sided = [
            number
            for number, verdict in enumerate(self._labels.verdicts)
            if len(verdict.evidence) == 1
        ]
        undecided = ~np.isin(pc.fill_null(active["gold_verdict"], -1).to_numpy(), one_sided)
        bare = pc.list_value_length(active["evidence_sets"]).to_numpy() == 0
        worth = undecided * 2 + bare
        best = np.flatnonzero(worth == worth.min())
        texts = active["text"].take(pa.array(best))
        # No text is shorter in code points than a quarter of its bytes.
        sizes = pc.fill_null(pc.binary_length(texts), 0).to_numpy()
        best = best[sizes <= _MOST_BYTES * sizes.min()]
        width = pc.fill_null(pc.utf8_length(active["text"].take(pa.array(best))), 0).to_numpy()
        ties = best[width == width.min()]
        row = min(ties.tolist(), key=lambda number: str(active["claim_id"][number]))
        name = active["claim_id"][row].as_py()
        key = (bool(undecided[row]), bool(bare[row]), int(width.min()), name)
        if self._example is None or key < self._example[0]:
            columns = columns_of(CORE["claims"], self._labels)
            (plain,) = plain_rows(active.slice(row, 1), columns)
            self._example = key, in_column_order(plain, columns)

    @property
    def example(self) -> dict[str, Any] | None:
        """One real claim row as plain values; ``None`` when there is no active claim."""
        return self._example[1] if self._example else None

    def add_answers(self, annotations: pa.Table, owner: NDArray[np.int64], articles: Any) -> None:
        """Take in the released annotations of a stretch.

        Args:
            annotations: The annotations.
            owner: Number of each annotation's claim in the stretch.
            articles: Number of the article of each claim of the stretch.
        """
        first = sum(len(part) for part in self._article_of)
        self._article_of.append(np.asarray(articles))
        self.annotations += annotations.num_rows
        if not annotations.num_rows:
            return
        self.rounds |= set(pc.unique(annotations["round"]).to_pylist())
        self.guidelines |= set(pc.unique(annotations["guidelines_version"]).to_pylist())
        labels = labels_of(annotations, self._labels)
        submitted = annotations["status"].to_numpy() == _SUBMITTED
        votes = submitted & (annotations["role"].to_numpy() == _VOTE)
        self.submitted += int(submitted.sum())
        self.adjudications += int((submitted & ~votes).sum())
        for number, count in enumerate(
            np.bincount(labels[votes], minlength=len(self._labels.labels))
        ):
            self.votes[self._labels.labels[number]] += int(count)
        codes = annotations["annotator"].combine_chunks().dictionary_encode()
        names = codes.dictionary.to_pylist()
        numbers = [self._annotators.setdefault(name, len(self._annotators)) for name in names]
        who = np.array(numbers, np.int64)[codes.indices.to_numpy()]
        kinds = annotations["annotator_kind"].to_numpy()
        for number, kind in enumerate(_KINDS):
            mine = kinds == number
            present = np.unique(codes.indices.to_numpy()[mine])
            self.annotators[kind] |= {names[place] for place in present}
            rated = mine & votes
            unit = (first + owner[rated]).astype(np.int32)
            narrow = who[rated].astype(np.int32), labels[rated].astype(np.int8)
            self._ratings[kind].append(_Ratings(unit, *narrow))

    @property
    def machines(self) -> tuple[str, ...]:
        """Names of the annotators that are machines."""
        return tuple(sorted(self.annotators[AnnotatorKind.MACHINE]))

    @property
    def people(self) -> int:
        """How many people annotated."""
        return len(self.annotators[AnnotatorKind.HUMAN])

    def counts(self) -> dict[str, int]:
        """Articles, units, claims, annotations by status, annotators, claims by gold source."""
        return {
            "articles": len(self.articles),
            "units": self.units,
            "claims": self.claims,
            "claims_withdrawn": self.withdrawn,
            **{f"claims_{split}": self.claims_by_split[split] for split in Split},
            "annotations": self.annotations,
            "annotations_submitted": self.submitted,
            "annotations_skipped": self.annotations - self.submitted,
            "adjudications": self.adjudications,
            "annotators": len(set().union(*self.annotators.values())),
            **{f"gold_{source}": self.sources[source] for source in GoldSource},
        }

    def agreement(self) -> tuple[AgreementFigure, ...]:
        """Agreement over the combined label and over verdicts alone, with intervals.

        People and machines get figures of their own, never one together. A kind without any
        answer gets none. Adjudications are no votes.
        """
        figures: list[AgreementFigure] = []
        for kind, readers in _READERS.items():
            parts = [part for part in self._ratings[kind] if len(part.unit)]
            if not parts:
                continue
            unit, annotator, label = (np.concatenate(column) for column in zip(*parts, strict=True))
            for chosen, labels, what in (
                (label >= 0, self._labels.labels, "verdict or checkability"),
                (label < len(self._labels.names), self._labels.names, "verdicts alone"),
            ):
                coded = self._coded(unit[chosen], annotator[chosen], label[chosen], labels)
                figures += [
                    figure.model_copy(update={"name": f"{figure.name}, {what}, {readers}"})
                    for figure in figures_of(coded, _FIGURES, plan=IntervalPlan())
                ]
        return tuple(figures)

    def _coded(self, unit: Any, annotator: Any, label: Any, labels: tuple[str, ...]) -> Ratings:
        units, known = without_gaps(unit)
        articles, _ = without_gaps(np.concatenate(self._article_of)[known])
        return Ratings.coded(units, annotator, label, labels=labels, article=articles)
