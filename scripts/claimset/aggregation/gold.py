"""Gold: from the votes on a claim to one label, with its pedigree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claimset.aggregation.posterior import model_labels
from claimset.aggregation.rules import GoldRules
from claimset.aggregation.votes import (
    adjudications_of_claims,
    label_of,
    votes_of_claims,
)
from claimset.models import (
    Annotation,
    Checkability,
    ErrorCategory,
    EvidenceSet,
    GoldSource,
    LabelCount,
    Stance,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimset.models import LabelSet

__all__ = [
    "Gold",
    "aggregate",
    "aggregate_claims",
    "decide",
    "inherit",
    "pairwise_agreement",
]

_PAIR = 2
_DECIDING = frozenset({Stance.SUPPORTS, Stance.REFUTES})


@dataclass(frozen=True)
class Gold:
    """The gold label of a claim, or why there is none, with the votes behind it."""

    source: GoldSource
    checkability: Checkability | None = None
    verdict: str | None = None
    distribution: tuple[LabelCount, ...] = ()
    n_annotations: int = 0
    agreement: float | None = None
    evidence_sets: tuple[EvidenceSet, ...] = ()
    posterior: float | None = None
    adjudicator: str | None = None
    error_category: ErrorCategory | None = None

    @property
    def label(self) -> str | None:
        """The one label it comes down to; ``None`` when unresolved."""
        return None if self.checkability is None else str(self.verdict or self.checkability)


def aggregate_claims(
    annotations: Iterable[Annotation], rules: GoldRules | None = None
) -> dict[str, Gold]:
    """The gold label of every claim with at least one submitted answer.

    ===========  =========================================================================
    adjudicated  an adjudicator decided; who, why and the evidence are the adjudicator's
    unanimous    all of at least ``min_votes`` votes agree
    majority     at least ``min_votes`` votes, more than half of all for the first label, and
                 it is ``min_margin`` votes ahead of the second
    model        only if switched on: none of these, ``min_votes`` met, and the annotator model
                 gives one label at least ``model_posterior``
    single       one vote in all, if ``allow_single``
    unresolved   everything else: a tie, a thin margin, a low posterior, too few votes, or an
                 adjudicator who could not decide
    ===========  =========================================================================

    Args:
        annotations: Annotations in any order, with any history.
        rules: What it takes; the defaults of :class:`GoldRules` without them.

    Returns:
        Gold by claim id, with every vote in its distribution, the share of annotator pairs that
        agree (``None`` under two votes), and one evidence set for each annotator who gave the gold
        label and marked a span for or against the claim; spans marked as context are no evidence.
    """
    rules = rules or GoldRules()
    annotations = list(annotations)
    votes = votes_of_claims(annotations)
    decisions = adjudications_of_claims(annotations)
    golds = {
        claim_id: _gold(votes.get(claim_id, []), decisions.get(claim_id), rules)
        for claim_id in sorted({*votes, *decisions})
    }
    if rules.model_gold:
        for claim_id, (label, posterior) in model_labels(votes, rules.labels).items():
            gold = golds[claim_id]
            undecided = gold.source is GoldSource.UNRESOLVED and gold.adjudicator is None
            if (
                undecided
                and gold.n_annotations >= rules.min_votes
                and posterior >= rules.model_posterior
            ):
                golds[claim_id] = replace(
                    _labelled(gold, label, GoldSource.MODEL, votes[claim_id], rules.labels),
                    posterior=posterior,
                )
    return golds


def aggregate(annotations: Iterable[Annotation], rules: GoldRules | None = None) -> Gold:
    """The gold label of one claim; see :func:`aggregate_claims`.

    Raises:
        ValueError: The annotations belong to more than one claim.
    """
    golds = aggregate_claims(annotations, rules)
    if len(golds) > 1:
        msg = f"annotations of {len(golds)} claims were given, one is aggregated at a time"
        raise ValueError(msg)
    return next(iter(golds.values()), Gold(source=GoldSource.UNRESOLVED))


def inherit(gold: Gold) -> Gold:
    """The gold label of a claim that repeats another one and was not annotated itself.

    Args:
        gold: Gold of the claim that it repeats.

    Returns:
        The same label and evidence without votes, for nobody voted on this claim; an unresolved
        label stays unresolved.
    """
    if gold.source is GoldSource.UNRESOLVED:
        return Gold(source=GoldSource.UNRESOLVED)
    return Gold(
        source=GoldSource.INHERITED,
        checkability=gold.checkability,
        verdict=gold.verdict,
        evidence_sets=gold.evidence_sets,
    )


def _gold(votes: Sequence[Annotation], decision: Annotation | None, rules: GoldRules) -> Gold:
    counts = Counter(label_of(vote) for vote in votes)
    order = rules.labels.labels
    ranked = sorted(counts.items(), key=lambda item: (-item[1], order.index(item[0])))
    gold = Gold(
        source=GoldSource.UNRESOLVED,
        distribution=tuple(LabelCount(label=name, count=count) for name, count in ranked),
        n_annotations=len(votes),
        agreement=pairwise_agreement(counts),
    )
    if decision is not None:
        gold = replace(gold, adjudicator=decision.annotator, error_category=decision.error_category)
        if decision.checkability is None:
            return gold
        return _labelled(gold, label_of(decision), GoldSource.ADJUDICATED, [decision], rules.labels)
    source = decide([count for _, count in ranked], rules)
    if source is GoldSource.UNRESOLVED:
        return gold
    return _labelled(gold, ranked[0][0], source, votes, rules.labels)


def decide(counts: Sequence[int], rules: GoldRules) -> GoldSource:
    """What votes make, given how many each label has, most first."""
    total = sum(counts)
    if total == 1 and rules.allow_single:
        return GoldSource.SINGLE
    if total < rules.min_votes:
        return GoldSource.UNRESOLVED
    if len(counts) == 1:
        return GoldSource.UNANIMOUS
    if counts[0] * 2 > total and counts[0] - counts[1] >= rules.min_margin:
        return GoldSource.MAJORITY
    return GoldSource.UNRESOLVED


def _labelled(
    gold: Gold,
    label: str,
    source: GoldSource,
    answers: Sequence[Annotation],
    labels: LabelSet,
) -> Gold:
    verdict = label if label in labels.names else None
    return replace(
        gold,
        source=source,
        verdict=verdict,
        checkability=Checkability(label) if verdict is None else Checkability.FACTUAL,
        evidence_sets=_evidence_sets(answer for answer in answers if label_of(answer) == label),
    )


def pairwise_agreement(counts: Counter[str]) -> float | None:
    """Share of a claim's annotator pairs that gave the same label; ``None`` under two votes."""
    total = counts.total()
    if total < _PAIR:
        return None
    return sum(count * (count - 1) for count in counts.values()) / (total * (total - 1))


def _evidence_sets(answers: Iterable[Annotation]) -> tuple[EvidenceSet, ...]:
    sets = []
    for answer in answers:
        spans = {span for span in answer.evidence if span.stance in _DECIDING}
        if spans:
            ordered = sorted(
                spans, key=lambda span: (span.article_id, span.start, span.end, span.stance)
            )
            sets.append(EvidenceSet(annotator=answer.annotator, spans=tuple(ordered)))
    return tuple(sets)
