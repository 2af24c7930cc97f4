"""The report as one HTML page that needs nothing from outside and runs no script."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from claimset.reporting.agreement_tables import interval_words
from claimset.reporting.charts import whisker_of
from claimset.reporting.console import printable
from claimset.reporting.label_style import label_style, label_words
from claimset.reporting.status_tables import pace_words

if TYPE_CHECKING:
    import jinja2

    from claimset.models import AgreementFigure
    from claimset.pipeline.report_view import ReportView

__all__ = ["render_report"]

_LOWEST = -1.0
_TENTHS = 10
_MINUTE_S = 60


def render_report(view: ReportView) -> str:
    """The page.

    All text is escaped by the template engine, and the page forbids itself, by a content security
    policy, every script and every connection. Each drawing stands beside a table or words that say
    the same.

    Returns:
        A whole HTML document.
    """
    environment = _environment()
    assert environment.loader is not None  # noqa: S101 - set below
    style = environment.loader.get_source(environment, "report.css")[0]
    style += label_style(view.label_set)
    figures = [
        figure
        for section in view.sections
        for figure in (
            *section.report.figures,
            *(label.alpha for label in section.report.per_label if label.ratings),
        )
    ]
    figures += [figure for _, figure in view.by_round]
    return environment.get_template("report.html.jinja").render(
        view=view,
        titles=label_words(view.label_set),
        style=style,
        style_hash=b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii"),
        low=_lowest(figures),
        longest=max((spent.high for spent in view.times), default=1.0),
    )


@cache
def _environment() -> jinja2.Environment:
    from jinja2 import (  # noqa: PLC0415 - pages only
        Environment,
        PackageLoader,
        StrictUndefined,
        pass_context,
    )

    environment = Environment(
        loader=PackageLoader("claimset.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "whisker": whisker_of,
        "interval_words": interval_words,
        "pace_words": pace_words,
        "words": pass_context(_words),
        "duration": _duration,
        "format_time": lambda form, moment: moment.strftime(form),
    }
    return environment


def _words(context: jinja2.runtime.Context, label: str) -> str:
    return str(context["titles"].get(label, str(label).replace("_", " ")))


def _printable(value: Any) -> Any:
    # Exactly `str`: markup that is already safe keeps its type.
    return printable(value) if type(value) is str else value


def _lowest(figures: list[AgreementFigure]) -> float:
    """Where the axes begin: at 0, or lower where an interval reaches lower."""
    ends = [0.0]
    for figure in figures:
        if figure.value is not None:
            ends.append(figure.value)
        if figure.interval is not None:
            ends.append(figure.interval.low)
    return max(_LOWEST, int(min(ends) * _TENTHS - 1) / _TENTHS) if min(ends) < 0 else 0.0


def _duration(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    return f"{int(seconds // _MINUTE_S)} min {int(seconds % _MINUTE_S):02d} s"
