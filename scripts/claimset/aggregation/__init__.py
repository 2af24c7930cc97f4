"""Aggregation: from the annotators' answers to one gold label, with its pedigree.

One vote per claim and annotator counts: the latest submitted one. Answers of people and of machines
are never pooled: where people answered, only their answers make gold, and those of machines make it
only for claims that nobody has answered. A tie is never broken, because every rule that breaks ties
favours some label without saying so; it stays unresolved.
"""

from claimset.aggregation.annotators import annotator_figures
from claimset.aggregation.checks import CheckAnswers, annotator_checks
from claimset.aggregation.dawid_skene import DawidSkene, dawid_skene
from claimset.aggregation.earlier import (
    answers_under,
    known_under,
    refuse_unknown,
)
from claimset.aggregation.gold import (
    Gold,
    aggregate,
    aggregate_claims,
    decide,
    inherit,
    pairwise_agreement,
)
from claimset.aggregation.rules import GoldRules
from claimset.aggregation.votes import (
    adjudications_of_claims,
    label_of,
    latest_answers,
    votes_of_claims,
)

__all__ = [
    "CheckAnswers",
    "DawidSkene",
    "Gold",
    "GoldRules",
    "adjudications_of_claims",
    "aggregate",
    "aggregate_claims",
    "annotator_checks",
    "annotator_figures",
    "answers_under",
    "dawid_skene",
    "decide",
    "inherit",
    "known_under",
    "label_of",
    "latest_answers",
    "pairwise_agreement",
    "refuse_unknown",
    "votes_of_claims",
]
