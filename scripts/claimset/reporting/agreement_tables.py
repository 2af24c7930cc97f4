"""Agreement on the terminal: every figure with its interval and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claimset.counting import counted
from claimset.models import IntervalMethod, Resampled
from claimset.reporting.console import stdout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from claimset.models import AgreementFigure, Interval, PairAgreement
    from claimset.pipeline.agreeing import AgreeResult, AgreeSection

__all__ = ["interval_words", "print_agreement"]

_PAIRS_SHOWN = 30


def print_agreement(result: AgreeResult) -> None:
    """Print the sections, and what the intervals rest on."""
    out = stdout()
    for number, section in enumerate(result.sections):
        if number:
            out.print()
        _print_section(out, section)
    if not result.sections:
        out.print("nobody has annotated yet: there is no agreement to measure")


def interval_words(interval: Interval) -> str:
    """How an interval was found, in words."""
    method = "jackknife" if interval.method is IntervalMethod.JACKKNIFE else "bootstrap"
    drawn = (
        ""
        if interval.resamples is None
        else (f", {interval.resamples} samples, seed {interval.seed}")
    )
    caution = (
        "; holds its rate only where units are independent"
        if interval.over is Resampled.UNITS
        else ""
    )
    return f"{method} over {interval.groups} {interval.over}{drawn}{caution}"


def _print_section(out: Console, section: AgreeSection) -> None:
    report = section.report
    out.print(Text(section.name, style="bold"))
    articles = "" if report.articles is None else f", {counted(report.articles, 'article')}"
    out.print(
        f"{counted(report.ratings, 'rating')} of {counted(report.units, 'unit')} by "
        f"{counted(report.annotators, 'annotator')}{articles}; {len(report.labels)} labels"
    )
    out.print(_figures(report.figures))
    _print_methods(out, report.figures)
    per_label = Table(box=None, header_style="bold")
    for name in ("label", "share", "ratings", "alpha", "95 % interval"):
        per_label.add_column(
            name, justify="left" if name in ("label", "95 % interval") else "right"
        )
    for label in report.per_label:
        if label.ratings:
            share = "" if label.share is None else f"{label.share:.1%}"
            per_label.add_row(
                Text(label.label), share, str(label.ratings), *_value_and_interval(label.alpha)
            )
    if per_label.row_count:
        out.print(per_label)
    if report.pairs:
        out.print(_pairs(report.pairs))
        if len(report.pairs) > _PAIRS_SHOWN:
            out.print(f"… and {len(report.pairs) - _PAIRS_SHOWN} more pairs (--json lists all)")
    if section.evidence:
        out.print(Text("evidence of those with the same verdict", style="bold"))
        out.print(_figures(section.evidence, units="claims"))


def _figures(figures: Iterable[AgreementFigure], units: str = "units") -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column("figure", max_width=50)
    table.add_column("value", justify="right")
    table.add_column("95 % interval")
    table.add_column(units, justify="right")
    table.add_column("ratings" if units == "units" else "answers", justify="right")
    for figure in figures:
        table.add_row(
            figure.name, *_value_and_interval(figure), str(figure.units), str(figure.ratings)
        )
    return table


def _value_and_interval(figure: AgreementFigure) -> tuple[str, Text]:
    if figure.value is None:
        return "none", Text(figure.reason or "", style="dim")
    if figure.interval is None:
        return f"{figure.value:.4f}", Text(figure.interval_reason or "", style="dim")
    return f"{figure.value:.4f}", Text(f"{figure.interval.low:.3f} to {figure.interval.high:.3f}")


def _print_methods(out: Console, figures: Iterable[AgreementFigure]) -> None:
    methods = {interval_words(figure.interval) for figure in figures if figure.interval}
    for method in sorted(methods):
        out.print(Text(f"intervals: {method}", style="dim"))


def _pairs(pairs: Iterable[PairAgreement]) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column("pair")
    for name in ("common", "percent", "Cohen's kappa"):
        table.add_column(name, justify="right")
    for pair in list(pairs)[:_PAIRS_SHOWN]:
        percent = "" if pair.percent is None else f"{pair.percent:.4f}"
        kappa = Text(pair.reason or "", style="dim") if pair.kappa is None else f"{pair.kappa:.4f}"
        table.add_row(Text(f"{pair.first} – {pair.second}"), str(pair.overlap), percent, kappa)
    return table
