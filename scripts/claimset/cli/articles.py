"""The commands that bring articles in: init, add, events."""

from __future__ import annotations

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
    reporter_for,
)
from claimset.errors import UsageError
from claimset.models import ArticleRole  # noqa: TC001 - typer reads the annotations
from claimset.reporting.intake import print_added, print_events, print_init

__all__ = ["add", "events", "init"]

_HERE = Path()


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    *,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Name of the dataset.")
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            "--labels",
            metavar="SET",
            help="The verdicts: averitec (four, the default), fever (three), or a TOML file.",
        ),
    ] = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Make a workspace for your own articles.

    Input room, guidelines and page to adapt, settings and a README. Nothing that is there already
    is changed.
    """
    from claimset.pipeline.initializing import init as make  # noqa: PLC0415 - fast `--help`
    from claimset.pipeline.label_files import named_label_set  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        result = make(folder, dataset_name=name, labels=named_label_set(labels))
        print_json(result) if as_json else print_init(result, folder)


def add(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH…",
            help="Files, folders, patterns, addresses such as s3://…, or hf:ORG/NAME.",
        ),
    ],
    *,
    workspace: WorkspaceOption = _HERE,
    event: Annotated[
        str | None, typer.Option(metavar="ID", help="Event of the articles; default: each its own.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=COLUMN", help="Column of a table that fills a field."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Encoding of the files, if not UTF-8.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(metavar="MARK", help="Delimiter of CSV files.")
    ] = None,
    split: Annotated[str, typer.Option(metavar="NAME", help="Split of an hf: dataset.")] = "train",
    revision: Annotated[
        str | None, typer.Option(metavar="REV", help="Revision of an hf: dataset.")
    ] = None,
    license_: Annotated[
        str, typer.Option("--license", metavar="NAME", help="Licence of the texts.")
    ] = "no licence stated",
    open_license: Annotated[
        bool, typer.Option("--open-license", help="The licence lets the text be published again.")
    ] = False,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="TAG",
            help="Language of texts that do not say theirs (BCP 47); default: as they look, "
            "English or not known.",
        ),
    ] = None,
    publisher: Annotated[
        str | None, typer.Option(metavar="NAME", help="Publisher of the texts.")
    ] = None,
    published_at: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of publication, YYYY-MM-DD.")
    ] = None,
    role: Annotated[
        list[ArticleRole] | None,
        typer.Option(help="What the articles are used for; default: both."),
    ] = None,
    skip_faulty: Annotated[
        bool, typer.Option("--skip-faulty", help="Leave faulty files and rows out, and list them.")
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help="Correct what is said of articles that are there already; ids and texts stay.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check, but write nothing.")
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Add articles: text, Markdown, HTML, CSV, JSON, Parquet or a dataset.

    Texts go to seeds/articles/, what was received stays beside them. An article that is there
    already is left out, or with --update gets the event, title, language and so on that are said
    now. Either everything comes in or nothing does.
    """
    from claimset import pipeline  # noqa: PLC0415
    from claimset.intake.admission import Defaults  # noqa: PLC0415
    from claimset.intake.reading import ReadOptions  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        result = pipeline.add(
            place,
            paths,
            Defaults(
                event_id=event,
                license=license_,
                open_license=open_license,
                language=language,
                publisher=publisher,
                published_at=published_at,
                **({"roles": tuple(role)} if role else {}),
            ),
            ReadOptions(_columns(column or []), encoding, delimiter, split, revision),
            reporter_for(quiet=quiet or as_json),
            skip_faulty=skip_faulty,
            update=update,
            dry_run=dry_run,
        )
        print_json(result) if as_json else print_added(result)


def _columns(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not (sign and field and column):
            raise UsageError(
                f"{pair!r} names no column",
                where="option --column",
                remedy="write FIELD=COLUMN, for example --column text=body",
            )
        found[field.strip()] = column.strip()
    return found


def events(
    articles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ARTICLE…", help="Articles to put together: ids, or patterns such as '*-fire'."
        ),
    ] = None,
    *,
    workspace: WorkspaceOption = _HERE,
    into: Annotated[
        str | None, typer.Option(metavar="EVENT", help="The event of these articles.")
    ] = None,
    join: Annotated[
        list[str] | None,
        typer.Option(metavar="EVENT", help="Carry out the suggestion of that event; or `all`."),
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, metavar="X", help="Least likeness, 0 to 1.")
    ] = 0.15,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Suggest, or say, which articles report the same happening.

    Articles of one event are each other's evidence. Nothing is changed until you confirm a
    suggestion with --join, or name articles and their event with --into.
    """
    from claimset import pipeline  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        result = pipeline.events(
            open_workspace(workspace),
            join=join or (),
            articles=articles or (),
            into=into,
            threshold=threshold,
        )
        print_json(result) if as_json else print_events(result)
