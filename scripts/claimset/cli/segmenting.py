"""The command `segment`: from articles to claims."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claimset.cli.options import (
    AttributionOption,
    DebugOption,
    JsonOption,
    QuietOption,
    WorkspaceOption,
    errors_as_exit_codes,
    open_workspace,
    print_json,
    reporter_for,
)
from claimset.engines import EngineName  # noqa: TC001 - typer reads the annotation
from claimset.errors import UsageError
from claimset.models import Granularity
from claimset.reporting.explain_screen import print_explained
from claimset.reporting.proposals import print_estimate
from claimset.reporting.tables import print_segment
from claimset.settings import load_settings

__all__ = ["segment"]

_HERE = Path()
_GranularityOption = Annotated[
    Granularity | None,
    typer.Option(help="clause also derives clauses from sentences; needs the extra clauses."),
]


def segment(
    *,
    workspace: WorkspaceOption = _HERE,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="ARTICLE",
            help="Show one article coloured by kind, with reasons; changes no table.",
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="PATH",
            help="With --explain: where its page goes; default: .claimset/explain/.",
        ),
    ] = None,
    granularity: _GranularityOption = None,
    attribution: AttributionOption = None,
    segmenter: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What cuts the articles; default: rules."),
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens", min=0, metavar="N", help="What the segmenter llm may spend in this run."
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Estimate what the segmenter llm would ask; sends nothing."),
    ] = False,
    engine: Annotated[
        EngineName | None,
        typer.Option(help="Where the work is done; default: in a process for each core."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, metavar="N", help="How many processes.")
    ] = None,
    quarantine: Annotated[
        bool,
        typer.Option(
            "--quarantine",
            help="Leave out articles that cannot be segmented; list them in "
            ".claimset/quarantine.jsonl.",
        ),
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Cut the articles into claims with exact positions.

    Reads seeds/manifest.jsonl and its articles; writes units, claims and evidence candidates to
    .claimset/. Only what changed since the last run is segmented again. Nothing is put in place
    before every article was read and checked.
    """
    from claimset import pipeline  # noqa: PLC0415 - `--help` stays fast
    from claimset.pipeline.explaining import explain_article  # noqa: PLC0415
    from claimset.pipeline.proposing import estimate  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        settings = load_settings(
            place,
            granularity=granularity,
            attribution=attribution,
            segmenter=segmenter,
            engine=engine,
            workers=workers,
        )
        if dry_run:
            estimated = estimate(place, settings)
            print_json(estimated) if as_json else print_estimate(estimated)
            return
        if explain is not None:
            result, explanation = explain_article(
                place,
                explain,
                settings,
                html=html,
                exact=attribution is not None or segmenter is not None,
            )
            print_json(result) if as_json else print_explained(explanation, result.html)
            return
        if html is not None:
            raise UsageError("--html needs --explain", remedy="name an article with --explain")
        segmented = pipeline.segment(
            place,
            settings,
            reporter_for(quiet=quiet or as_json),
            quarantine=quarantine,
            max_tokens=max_tokens,
        )
        print_json(segmented) if as_json else print_segment(segmented)
