"""Agreement: how far annotators gave the same answers, beyond what chance would bring.

Units with fewer than two ratings say nothing about agreement and are left out of it. A figure that
is not defined has no value, but the reason why.
"""

from claimset.agreement.coefficients import Coefficient
from claimset.agreement.figures import (
    figure_of,
    figures_of,
    krippendorff_alpha,
    label_agreement,
    percent_agreement,
)
from claimset.agreement.intervals import IntervalPlan
from claimset.agreement.pairs import pair_agreement
from claimset.agreement.ratings import Rating, Ratings
from claimset.agreement.summary import summarise

__all__ = [
    "Coefficient",
    "IntervalPlan",
    "Rating",
    "Ratings",
    "figure_of",
    "figures_of",
    "krippendorff_alpha",
    "label_agreement",
    "pair_agreement",
    "percent_agreement",
    "summarise",
]
