"""Report: one page that shows how the annotation stands, for the lead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from claimset.aggregation import CheckAnswers, answers_under
from claimset.models import Model
from claimset.pipeline.report_view import view_of
from claimset.pipeline.segmented_rows import SegmentedRows
from claimset.pipeline.watching import checks_of, status
from claimset.reporting.report_page import render_report
from claimset.storage.files import replace_file
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["ReportResult", "report"]

_FILE = "report.html"


class ReportResult(Model):
    """What the report shows, in numbers."""

    html: Path
    """The page."""
    claims: int
    """Claims of the workspace."""
    answers: int
    """Votes on them."""
    disputes: int
    """Claims whose votes differ."""
    open_disputes: int
    """Those of them that no adjudicator has looked at."""
    advice: tuple[str, ...]
    """What to do next."""


def report(
    workspace: Workspace,
    settings: Settings,
    *,
    html: Path | None = None,
    now: datetime | None = None,
) -> ReportResult:
    """Write the report as one HTML file that needs nothing from outside.

    It names annotators by their pseudonyms and shows single answers: it is for the lead.

    Args:
        workspace: Must have been segmented.
        settings: Name of the dataset, and when answers make gold.
        html: Where the page goes; default: ``.claimset/report.html``.
        now: The moment the report is made; the present without it.

    Raises:
        UsageError: Nothing was segmented yet.
        DataError: A table or the ledger is not as it must be.
    """
    segmented = SegmentedRows(workspace)
    now = now or datetime.now(UTC)
    found = status(workspace, now=now)
    annotations = []
    checks = CheckAnswers()
    if workspace.ledger.exists():
        with Ledger(workspace.ledger) as ledger:
            annotations = answers_under(settings.labels, ledger.annotations())
            checks = checks_of(ledger, settings.labels)
    view = view_of(
        settings.dataset_name, segmented, annotations, found, settings.gold_rules, now, checks
    )
    path = html or workspace.state / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, render_report(view).encode("utf-8"))
    return ReportResult(
        html=path,
        claims=view.claims,
        answers=view.answers,
        disputes=view.n_disputes,
        open_disputes=found.open_disputes,
        advice=view.advice,
    )
