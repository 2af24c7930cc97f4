"""The command ``claimset publish``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from claimset.settings import load_settings

if TYPE_CHECKING:
    from claimset.release.plan import PublishPlan

__all__ = ["confirm_on_terminal", "publish"]

_HERE = Path()


def publish(
    *,
    workspace: WorkspaceOption = _HERE,
    repo: Annotated[
        str | None,
        typer.Option("--repo", metavar="ORG/NAME", help="Repository; default: hub_repo."),
    ] = None,
    private: Annotated[
        bool | None,
        typer.Option(
            "--private/--public",
            help="Visibility of a repository that is made now; default: private.",
        ),
    ] = None,
    pull_request: Annotated[
        bool, typer.Option("--pr", help="Propose the release in a pull request.")
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Replace what is on main though this does not follow it."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Publish the release in dataset/ to the Hugging Face Hub, and tag it.

    One commit, then the tag vX.Y.Z on it. Shows the plan and asks first. An interrupted run goes
    on; a second one does nothing. The token comes from HF_TOKEN.
    """
    from claimset import pipeline  # noqa: PLC0415 - `--help` stays fast
    from claimset.reporting.publishing import print_publish_plan, print_published  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        result = pipeline.publish(
            place,
            load_settings(place, hub_repo=repo),
            reporter_for(quiet=quiet or as_json),
            private=private,
            pull_request=pull_request,
            replace=replace,
            dry_run=dry_run,
            show_progress=sys.stderr.isatty() and not (quiet or as_json),
            confirm=(lambda _plan: None) if yes else confirm_on_terminal,
        )
        if as_json:
            print_json(result)
            return
        if dry_run:
            print_publish_plan(result.plan)
        print_published(result)


def confirm_on_terminal(plan: PublishPlan) -> None:
    """Show the plan and ask.

    Raises:
        UsageError: There is nobody to ask.
        typer.Abort: The answer is no.
    """
    from claimset.reporting.publishing import print_publish_plan  # noqa: PLC0415

    if not sys.stdin.isatty():
        raise UsageError(
            "publishing asks first, and nobody can answer here",
            where="standard input is no terminal",
            remedy="look at the plan with --dry-run, then publish with --yes",
        )
    print_publish_plan(plan, to_stderr=True)
    typer.confirm(f"Publish {plan.version} to {plan.repository}?", abort=True, err=True)
