"""Figures of agreement, each with what stands behind it or the reason why there is none."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from claimset.models.base import Model

__all__ = [
    "AgreementFigure",
    "AgreementReport",
    "Interval",
    "IntervalMethod",
    "LabelAgreement",
    "PairAgreement",
    "Resampled",
]


class IntervalMethod(StrEnum):
    """How an interval was found."""

    JACKKNIFE = "jackknife"
    """Leave one group out at a time, quantile of Student's t."""
    BOOTSTRAP = "bootstrap"
    """Draw groups with replacement, percentiles of what comes out."""


class Resampled(StrEnum):
    """What is left out or drawn as a whole."""

    ARTICLES = "articles"
    """All units of an article together: units of one article are not independent."""
    UNITS = "units"
    """Single units: holds its rate only where units are independent of one another."""


class Interval(Model):
    """A confidence interval and how it was found."""

    low: float
    """Lower end."""
    high: float
    """Upper end."""
    level: float = Field(gt=0, lt=1)
    """Nominal coverage, such as 0.95."""
    method: IntervalMethod
    """Jackknife or bootstrap."""
    over: Resampled
    """What was left out or drawn."""
    groups: int = Field(ge=2)
    """How many of them there are."""
    resamples: int | None = None
    """Bootstrap samples that gave a figure; null for the jackknife."""
    seed: int | None = None
    """Seed of the bootstrap; null for the jackknife."""


class AgreementFigure(Model):
    """One figure of agreement, or the reason why there is none."""

    name: str
    """What was computed."""
    value: float | None
    """The figure; null when undefined."""
    reason: str | None = None
    """Why there is no figure."""
    units: int = Field(ge=0)
    """Claims with at least two ratings."""
    ratings: int = Field(ge=0)
    """Ratings of those claims."""
    interval: Interval | None = None
    """Its confidence interval; null when there is none."""
    interval_reason: str | None = None
    """Why there is no interval."""


class LabelAgreement(Model):
    """Agreement on one label: all other labels taken as one."""

    label: str
    """The label."""
    ratings: int = Field(ge=0)
    """Ratings with this label, units with a single rating left out."""
    share: float | None = Field(ge=0, le=1)
    """Their share of all ratings; null when there is none."""
    alpha: AgreementFigure
    """Krippendorff's alpha (nominal) of this label against the rest."""


class PairAgreement(Model):
    """Agreement of two annotators over the units that both rated."""

    first: str
    """One annotator."""
    second: str
    """The other."""
    overlap: int = Field(ge=0)
    """Units that both rated."""
    percent: float | None = Field(ge=0, le=1)
    """Share of them with the same label; null under the least overlap."""
    kappa: float | None
    """Cohen's kappa; null when undefined or under the least overlap."""
    reason: str | None = None
    """Why there is no kappa."""


class AgreementReport(Model):
    """Everything that is to be said about the agreement of some ratings."""

    labels: tuple[str, ...]
    """The label set of the scheme, in its order."""
    units: int = Field(ge=0)
    """Units with at least one rating."""
    ratings: int = Field(ge=0)
    """All ratings."""
    annotators: int = Field(ge=0)
    """Annotators."""
    articles: int | None = None
    """Articles that the units stand in; null when that is not known."""
    figures: tuple[AgreementFigure, ...]
    """The figures over all labels; read them together, never one alone."""
    per_label: tuple[LabelAgreement, ...]
    """Agreement label by label."""
    pairs: tuple[PairAgreement, ...]
    """Agreement annotator by annotator."""
