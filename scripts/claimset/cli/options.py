"""Options that every command shares, and the one place where errors become exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimset.cli.machine import machine_errors_explained
from claimset.errors import ClaimsetError
from claimset.reporting.console import stderr
from claimset.reporting.progress import ConsoleReporter, QuietReporter, Reporter
from claimset.segmentation.methods import AttributionMethod
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

__all__ = [
    "AttributionOption",
    "DebugOption",
    "JsonOption",
    "PortOption",
    "QuietOption",
    "RoundOption",
    "WorkspaceOption",
    "errors_as_exit_codes",
    "open_workspace",
    "print_json",
    "reporter_for",
]

INTERRUPTED = 130
FAULT = 70

WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", "-w", help="Folder with seeds/, schemas/ and dataset/."),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout, nothing else.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the result.")]
AttributionOption = Annotated[
    AttributionMethod | None,
    typer.Option(
        "--attribution",
        help="How speakers of quotations are found; `parser` needs the extra `parser`.",
    ),
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
RoundOption = Annotated[
    str | None, typer.Option("--round", "-r", help="Name of the annotation round.")
]
PortOption = Annotated[
    int | None,
    typer.Option(
        "--port", "-p", min=1, max=65535, metavar="N", help="Port; default: first free from 8080."
    ),
]


def open_workspace(root: Path) -> Workspace:
    """The workspace that a command works in."""
    return Workspace.open(root)


def reporter_for(*, quiet: bool) -> Reporter:
    """Where a command's progress goes."""
    return QuietReporter() if quiet else ConsoleReporter()


def print_json(result: BaseModel) -> None:
    """Print a result as one JSON object on stdout."""
    sys.stdout.write(result.model_dump_json(indent=2) + "\n")


@contextlib.contextmanager
def errors_as_exit_codes(*, as_json: bool = False, debug: bool = False) -> Iterator[None]:
    """Turn what a step raises into a message and an exit code.

    0 ok; 1 a check failed; 2 usage or settings; 3 remote service; 4 invalid data; 130 interrupted;
    70 a fault of claimset itself.
    """
    console = stderr()
    try:
        with machine_errors_explained():
            yield
    except ClaimsetError as error:
        if debug:
            console.print_exception()
        if as_json:
            body = {
                "type": type(error).__name__,
                "problem": error.problem,
                "where": error.where,
                "remedy": error.remedy,
                "exit_code": error.exit_code,
            }
            sys.stdout.write(json.dumps({"error": body}, ensure_ascii=False, indent=2) + "\n")
        else:
            console.print("error: ", style="bold red", end="")
            console.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        console.print("interrupted; run the command again to go on where it was")
        raise typer.Exit(INTERRUPTED) from None
    except (typer.Exit, typer.Abort):
        raise
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except Exception as error:
        if debug:
            raise
        console.print("fault: ", style="bold red", end="")
        console.print(
            f"claimset met something it did not expect: {type(error).__name__}: {error}\n"
            "  to do: run the same command with --debug and report what it prints",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(FAULT) from None
