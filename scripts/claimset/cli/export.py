"""The command ``claimset export``."""

from __future__ import annotations

import sys
from datetime import datetime  # noqa: TC003 - typer reads the annotation
from pathlib import Path
from typing import Annotated

import typer

from claimset.cli.options import (
    DebugOption,
    JsonOption,
    QuietOption,
    WorkspaceOption,
    errors_as_exit_codes,
    open_workspace,
    print_json,
)
from claimset.errors import UsageError
from claimset.settings import load_settings

__all__ = ["export"]

_HERE = Path()


def export(
    what: Annotated[
        str,
        typer.Argument(metavar="FORMAT", help="croissant, claimreview or webannotation."),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="File; default: standard output."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Page of the dataset; default: that of hub_repo."),
    ] = None,
    published: Annotated[
        datetime | None,
        typer.Option(
            "--published", formats=["%Y-%m-%d"], help="Day of publication, for croissant."
        ),
    ] = None,
    workspace: WorkspaceOption = _HERE,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Write the release in dataset/ as JSON-LD for other tools.

    croissant describes the dataset for catalogues; claimreview holds a schema.org review per
    verdict; webannotation holds claims, answers and evidence with their positions.
    """
    from claimset import pipeline  # noqa: PLC0415 - `--help` stays fast
    from claimset.pipeline.exporting import ExportFormat  # noqa: PLC0415
    from claimset.release.jsonld import web_address  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        if what not in list(ExportFormat):
            raise UsageError(
                f"{what!r} is no format",
                where="FORMAT",
                remedy=f"use one of: {', '.join(ExportFormat)}",
            )
        if as_json and output is None:
            raise UsageError(
                "--json and the export itself cannot both go to standard output",
                where="--json",
                remedy="name a file with --output",
            )
        if url is not None and web_address(url) is None:
            raise UsageError(
                f"{url!r} is no address of the web",
                where="--url",
                remedy="use one such as https://example.org/data",
            )
        place = open_workspace(workspace)
        result = pipeline.export(
            place,
            load_settings(place),
            ExportFormat(what),
            output=output or sys.stdout,
            url=url,
            published=published.date() if published else None,
        )
        if as_json:
            print_json(result)
        elif output is not None and not quiet:
            unit = {"croissant": "tables", "claimreview": "reviews"}.get(what, "annotations")
            typer.echo(f"{result.items} {unit} of release {result.version} -> {output}", err=True)
