"""The commands about releases that are there: diff, show, withdraw, hydrate."""

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
from claimset.models import WithdrawalKind  # noqa: TC001 - typer reads it at run time
from claimset.settings import load_settings

__all__ = ["diff", "hydrate", "show", "withdraw"]

_HERE = Path()


def diff(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A", help="A version, git revision, folder, or OWNER/NAME@REVISION on the Hub."
        ),
    ],
    after: Annotated[
        str | None, typer.Argument(metavar="B", help="The same; without it: dataset/ as it is.")
    ] = None,
    *,
    workspace: WorkspaceOption = _HERE,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="PATH", help="Also write a page with both side by side."),
    ] = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Say what differs between two releases.

    Names every claim that was added, removed, withdrawn, relabelled or changed, with each column
    that differs, and what differs in `release.json` beside the rows: name, columns, what labels
    mean, versions of guidelines and rules. Changes nothing.
    """
    from claimset.pipeline.comparing import diff as compare  # noqa: PLC0415 - `--help` stays fast
    from claimset.release.sources import stands_alone  # noqa: PLC0415
    from claimset.reporting.diff_page import render_difference  # noqa: PLC0415
    from claimset.reporting.diff_screen import print_difference  # noqa: PLC0415
    from claimset.storage.files import replace_file  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        alone = after is not None and stands_alone(before) and stands_alone(after)
        found = compare(None if alone else open_workspace(workspace), before, after)
        if html is not None:
            replace_file(html, render_difference(found).encode("utf-8"))
        print_json(found) if as_json else print_difference(found, html)


def show(
    claim: Annotated[
        str, typer.Argument(metavar="CLAIM", help="Its id, or an unambiguous beginning of it.")
    ],
    release: Annotated[
        str | None,
        typer.Argument(
            metavar="RELEASE",
            help="As `claimset diff` takes it; without it: dataset/ as it is.",
        ),
    ] = None,
    *,
    workspace: WorkspaceOption = _HERE,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show a claim of a release with its article, votes and evidence.

    Every answer stands with its annotator's pseudonym, round, time, marked spans and reason.
    Changes nothing.
    """
    from claimset.pipeline.showing import show as look_up  # noqa: PLC0415
    from claimset.release.sources import stands_alone  # noqa: PLC0415
    from claimset.reporting.claim_screen import print_claim  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        alone = release is not None and stands_alone(release)
        found = look_up(None if alone else open_workspace(workspace), claim, release)
        print_json(found) if as_json else print_claim(found)


def withdraw(
    kind: Annotated[
        WithdrawalKind, typer.Argument(metavar="KIND", help="article, claim or annotator.")
    ],
    name: Annotated[str, typer.Argument(metavar="ID", help="Its id, or the pseudonym.")],
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; stands in release.json.")
    ],
    keep_answers: Annotated[
        bool,
        typer.Option(
            "--keep-answers",
            help="Of an annotator, erase the pseudonym only: the answers stay under a new name.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be withdrawn; write nothing.")
    ] = False,
    workspace: WorkspaceOption = _HERE,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Make a release without an article, a claim or an annotator.

    A tombstone stays in release.json, and every later build keeps to it. Earlier tags still hold
    what was withdrawn; the command names them.
    """
    from claimset.pipeline.withdrawing import withdraw as take_back  # noqa: PLC0415
    from claimset.reporting.rights import print_withdrawn  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        result = take_back(
            place,
            load_settings(place),
            reporter_for(quiet=quiet or as_json),
            kind=kind,
            name=name,
            reason=reason,
            keep_answers=keep_answers,
            dry_run=dry_run,
        )
        print_json(result) if as_json else print_withdrawn(result)


def hydrate(
    dataset: Annotated[
        str,
        typer.Argument(
            metavar="DATASET", help="Folder of the release, or OWNER/NAME@REVISION on the Hub."
        ),
    ],
    *,
    texts: Annotated[
        Path,
        typer.Option(
            "--texts", metavar="FOLDER", help="Your copies of the articles, under any names."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where the hydrated copy goes; new.")
    ],
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Restore withheld texts from your own copies of the articles.

    A copy is recognised by the SHA-256 of its text, so nothing but the right text is ever filled
    in. The hydrated folder is for your own use: its texts are not free to publish.
    """
    from claimset.release.hydrating import hydrate as restore  # noqa: PLC0415
    from claimset.reporting.rights import print_hydrated  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        result = restore(dataset, texts, out)
        print_json(result) if as_json else print_hydrated(result)
