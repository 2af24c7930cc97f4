"""The commands of the loop: push, build, status."""

from __future__ import annotations

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
    reporter_for,
)
from claimset.cli.round_options import (
    ArticleOption,
    EventOption,
    GoldOption,
    IdsOption,
    KindOption,
    MinWorthOption,
    OrderOption,
    RepeatOption,
    SampleOption,
    SeedOption,
    selection_of,
)
from claimset.reporting.status_tables import print_status
from claimset.reporting.tables import (
    print_build,
    print_push,
)
from claimset.settings import load_settings

__all__ = ["build", "push", "status"]

_HERE = Path()


def push(
    *,
    workspace: WorkspaceOption = _HERE,
    round_name: RoundOption = None,
    overlap: Annotated[
        int | None,
        typer.Option(min=1, max=100, metavar="N", help="How many people judge each claim."),
    ] = None,
    all_mentions: Annotated[
        bool | None,
        typer.Option(
            "--all-mentions/--one-mention",
            help="Also send claims that repeat another one of their article word for word; "
            "without it they inherit its label.",
        ),
    ] = None,
    candidates: Annotated[
        bool | None,
        typer.Option(
            "--candidates/--no-candidates",
            help="Whether annotators see evidence candidates, marked in grey.",
        ),
    ] = None,
    min_worth: MinWorthOption = None,
    event: EventOption = None,
    article: ArticleOption = None,
    kind: KindOption = None,
    sample: SampleOption = None,
    seed: SeedOption = None,
    ids: IdsOption = None,
    order: OrderOption = None,
    gold: GoldOption = None,
    repeat: RepeatOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent; needs no server.")
    ] = False,
    recreate: Annotated[
        bool, typer.Option("--recreate", help="Make a deleted project anew.")
    ] = False,
    reworded: Annotated[
        bool,
        typer.Option(
            "--reworded",
            help="Page or guidelines have a new wording of the same meaning: show it, "
            "although there are answers.",
        ),
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Send the claims to Label Studio, each exactly once.

    Articles that are new or changed are segmented first. Uses LABEL_STUDIO_URL and
    LABEL_STUDIO_API_KEY, or the embedded studio of the workspace. A second push sends nothing; an
    interrupted one goes on. Which claims a round asks for is said when it begins; later pushes
    keep to it.
    """
    from claimset import pipeline  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        settings = load_settings(
            place,
            round=round_name,
            overlap=overlap,
            all_mentions=all_mentions,
            show_candidates=candidates,
        )
        result = pipeline.push(
            place,
            settings,
            reporter_for(quiet=quiet or as_json),
            selection=selection_of(
                min_worth=min_worth,
                events=event,
                articles=article,
                kinds=kind,
                sample=sample,
                seed=seed,
                order=order,
            ),
            ids=ids,
            dry_run=dry_run,
            recreate=recreate,
            reworded=reworded,
            gold=gold,
            repeat=repeat,
        )
        own = settings.label_studio_url is None
        print_json(result) if as_json else print_push(result, own_studio=own)


def build(
    *,
    workspace: WorkspaceOption = _HERE,
    drop_unseen: Annotated[
        bool,
        typer.Option("--drop-unseen", help="Leave out released answers the ledger never saw."),
    ] = False,
    allow: Annotated[
        str | None,
        typer.Option(
            "--allow",
            metavar="REASON",
            help="Release although a gate fails; the reason stands in release.json.",
        ),
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Make the next release of the dataset in dataset/.

    Gold labels, every vote, the card, release.json and CHANGELOG.md. When nothing changed since
    the last release, nothing is made. When a gate of the settings fails, nothing is made either.
    """
    from claimset import pipeline  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        result = pipeline.build(
            place,
            load_settings(place),
            reporter_for(quiet=quiet or as_json),
            drop_unseen=drop_unseen,
            allow=allow,
        )
        print_json(result) if as_json else print_build(result)


def status(
    *,
    workspace: WorkspaceOption = _HERE,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Show how far each round is, from the ledger.

    Run `claimset pull` first to see the latest.
    """
    from claimset import pipeline  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        del quiet  # there is no progress to leave out; every command takes the option
        result = pipeline.status(open_workspace(workspace))
        print_json(result) if as_json else print_status(result)
