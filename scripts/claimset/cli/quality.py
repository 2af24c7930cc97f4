"""The commands that watch quality: agree and report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from claimset.cli.options import (
    DebugOption,
    JsonOption,
    QuietOption,
    RoundOption,
    WorkspaceOption,
    errors_as_exit_codes,
    open_workspace,
    print_json,
)
from claimset.errors import UsageError
from claimset.settings import load_settings

__all__ = ["agree", "report"]

_HERE = Path()


class Metric(StrEnum):
    """Krippendorff's metrics beside the nominal one."""

    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class Over(StrEnum):
    """What intervals are over."""

    ARTICLES = "articles"
    UNITS = "units"


def agree(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV with the columns unit, annotator, label, and article if units belong "
            "together; without it the workspace's own annotations.",
            show_default=False,
        ),
    ] = None,
    *,
    workspace: WorkspaceOption = _HERE,
    round_name: RoundOption = None,
    labels: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,C",
            help="The label set of the scheme in its order, also labels that nobody used; "
            "default: the labels in the file.",
        ),
    ] = None,
    metric: Annotated[
        list[Metric] | None,
        typer.Option(help="Alpha also under this metric; may be given more than once."),
    ] = None,
    bootstrap: Annotated[
        bool, typer.Option("--bootstrap", help="Bootstrap intervals instead of the jackknife's.")
    ] = False,
    over: Annotated[
        Over | None,
        typer.Option(
            help="What is left out or drawn as a whole; default: articles, where they are known."
        ),
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=100, max=1_000_000, metavar="N", help="Samples of the bootstrap.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of the bootstrap.")] = 0,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Measure how far annotators agree, with intervals.

    Percent agreement, Krippendorff's alpha, Gwet's AC1, Randolph's and Fleiss' kappa; each label
    by itself; Cohen's kappa of each pair. Missing ratings are missing lines. What is not defined
    gets no number, but the reason.
    """
    from claimset.agreement.intervals import IntervalPlan  # noqa: PLC0415 - `--help` stays fast
    from claimset.models import IntervalMethod, Resampled  # noqa: PLC0415
    from claimset.pipeline.agreeing import agree as agree_here  # noqa: PLC0415
    from claimset.pipeline.agreeing import agree_on_file  # noqa: PLC0415
    from claimset.reporting.agreement_tables import print_agreement  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        del quiet  # there is no progress to leave out; every command takes the option
        method = IntervalMethod.BOOTSTRAP if bootstrap else IntervalMethod.JACKKNIFE
        plan = None
        if bootstrap or over is not None:
            plan = IntervalPlan(
                method=method,
                over=Resampled(over or Over.ARTICLES),
                resamples=resamples,
                seed=seed,
            )
        if file is None:
            if labels is not None or metric:
                raise UsageError(
                    "--labels and --metric are for a file; the workspace's labels are its scheme's",
                    remedy="leave them out, or name a CSV file",
                )
            result = agree_here(open_workspace(workspace), round_name=round_name, plan=plan)
        else:
            if round_name is not None:
                raise UsageError("--round is for the workspace's own annotations, not for a file")
            result = agree_on_file(
                file,
                labels=_split(labels),
                metrics=[str(one) for one in metric or ()],
                plan=plan,
            )
        print_json(result) if as_json else print_agreement(result)


def _split(labels: str | None) -> list[str] | None:
    if labels is None:
        return None
    names = [name.strip() for name in labels.split(",")]
    if "" in names or len(set(names)) != len(names):
        raise UsageError(
            "the label set holds an empty or a double label",
            where="--labels",
            remedy="name each label once, separated by commas",
        )
    return names


def report(
    *,
    workspace: WorkspaceOption = _HERE,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="PATH", help="Where the page goes; default: .claimset/report.html."
        ),
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Write one HTML page that shows how the annotation stands.

    Progress and forecast, agreement with intervals, which answer stands against which, evidence,
    annotators, every disagreement with its answers side by side, and what to do next. It needs
    nothing from outside and prints well.
    """
    from claimset.pipeline.reporting import report as write_report  # noqa: PLC0415
    from claimset.reporting.status_tables import print_report  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        del quiet  # there is no progress to leave out; every command takes the option
        place = open_workspace(workspace)
        result = write_report(place, load_settings(place), html=html)
        print_json(result) if as_json else print_report(result)
