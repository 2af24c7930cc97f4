"""The ``claimset`` command: a thin skin over ``claimset.pipeline``."""

from __future__ import annotations

from typing import Annotated

import typer

from claimset import __version__
from claimset.cli import (
    adjudicate,
    annotators,
    articles,
    doctor,
    export,
    publish,
    pull,
    quality,
    releases,
    returns,
    segmenting,
    steps,
    studio,
)

__all__ = ["app", "main"]

_EPILOG = (
    "Exit codes: 0 ok, 1 a check failed, 2 usage or settings, 3 remote service, 4 invalid data."
)

app = typer.Typer(
    name="claimset",
    help="From articles to exact claims, through human verification in Label Studio, "
    "to a versioned Hugging Face dataset.",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode="markdown",  # paragraphs of the help are wrapped to the terminal
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"claimset {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    del version


app.command(rich_help_panel="Begin")(studio.quickstart)
app.command(rich_help_panel="Begin")(articles.init)
app.command(rich_help_panel="Begin")(doctor.doctor)
app.command(rich_help_panel="Articles")(articles.add)
app.command(rich_help_panel="Articles")(articles.events)
app.command(rich_help_panel="The loop")(segmenting.segment)
app.command(rich_help_panel="The loop")(studio.studio)
app.command(rich_help_panel="The loop")(steps.push)
app.command(rich_help_panel="The loop")(annotators.annotators)
app.command(rich_help_panel="The loop")(pull.pull)
app.command(rich_help_panel="The loop")(returns.returns)
app.command(rich_help_panel="The loop")(steps.status)
app.command(rich_help_panel="The loop")(adjudicate.adjudicate)
app.command(rich_help_panel="The loop")(steps.build)
app.command(rich_help_panel="The dataset")(releases.show)
app.command(rich_help_panel="The dataset")(releases.diff)
app.command(rich_help_panel="The dataset")(publish.publish)
app.command(rich_help_panel="The dataset")(export.export)
app.command(rich_help_panel="The dataset")(releases.withdraw)
app.command(rich_help_panel="The dataset")(releases.hydrate)
app.command(rich_help_panel="Quality")(quality.agree)
app.command(rich_help_panel="Quality")(quality.report)


def main() -> None:
    """Run the command line."""
    app()
