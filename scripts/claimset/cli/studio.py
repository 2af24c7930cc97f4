"""The commands that run the embedded Label Studio: studio and quickstart."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimset.cli.options import (
    DebugOption,
    JsonOption,
    PortOption,
    QuietOption,
    WorkspaceOption,
    errors_as_exit_codes,
    open_workspace,
    print_json,
    reporter_for,
)
from claimset.reporting.console import stderr
from claimset.settings import load_settings

if TYPE_CHECKING:
    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.pipeline import QuickstartResult
    from claimset.storage.workspace import Workspace

__all__ = ["quickstart", "studio"]

_HERE = Path()
_POLL_S = 0.5


def studio(
    *,
    workspace: WorkspaceOption = _HERE,
    port: PortOption = None,
    postgres: Annotated[
        str | None,
        typer.Option(
            "--postgres",
            metavar="URL",
            help="Keep the data in PostgreSQL from now on: postgresql://user@host:5432/database. "
            "The password comes from CLAIMSET_POSTGRES_PASSWORD or ~/.pgpass.",
        ),
    ] = None,
    upgrade: Annotated[
        bool,
        typer.Option(
            "--upgrade", help="Bring a PostgreSQL database of an earlier Label Studio up to date."
        ),
    ] = False,
    public_url: Annotated[
        str | None,
        typer.Option(
            "--public-url",
            metavar="URL",
            help="Address under which a reverse proxy on this machine shows it to people "
            "elsewhere, such as https://labels.example.org.",
        ),
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Run the workspace's own Label Studio until Ctrl+C.

    Data and log stay in .claimset/, or the data in PostgreSQL; the server listens on 127.0.0.1
    only, sends nothing anywhere and lets nobody sign up without an invitation. One that runs
    already is named and left running.
    """
    from claimset.labelstudio.credentials import credentials_file  # noqa: PLC0415
    from claimset.labelstudio.postgres import PostgresAddress  # noqa: PLC0415
    from claimset.labelstudio.server import EmbeddedStudio  # noqa: PLC0415

    with errors_as_exit_codes(as_json=False, debug=debug):
        place = open_workspace(workspace)
        first = not credentials_file(place).exists()
        settings = load_settings(place, public_url=public_url)
        address = None
        if postgres is not None:
            address = PostgresAddress.parse(postgres, settings.postgres_password)
        with contextlib.ExitStack() as stack:
            with reporter_for(quiet=False).watch("starting Label Studio") as show:
                server = stack.enter_context(
                    EmbeddedStudio(
                        place,
                        port,
                        postgres=address,
                        upgrade=upgrade,
                        public_url=settings.public_url,
                        progress=show,
                    )
                )
            _print_login(server, place, first=first)
            if not server.reused:
                stderr().print("Ctrl+C stops it.")
                _wait_until_interrupted(server)


def quickstart(
    *,
    workspace: WorkspaceOption = _HERE,
    port: PortOption = None,
    no_replay: Annotated[
        bool,
        typer.Option("--no-replay", help="Stop after push and wait for people to annotate."),
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Run the whole loop on the workspace's articles.

    Segments, starts the embedded Label Studio, pushes, replays the recorded reference answers as
    separate annotator accounts, pulls, has the disagreements decided as recorded, builds and loads
    the dataset. Running it again changes nothing.
    """
    from claimset import pipeline  # noqa: PLC0415
    from claimset.labelstudio.credentials import credentials_file  # noqa: PLC0415
    from claimset.reporting.quickstart import print_quickstart  # noqa: PLC0415

    with errors_as_exit_codes(as_json=as_json, debug=debug):
        place = open_workspace(workspace)
        first = not credentials_file(place).exists()

        def wait(server: EmbeddedStudio, result: QuickstartResult) -> None:
            _print_login(server, place, first=first, project_id=result.push.project_id)
            stderr().print(
                "Annotate there; when done, press Ctrl+C here, then run `claimset pull` and "
                "`claimset build`."
            )
            _wait_until_interrupted(server)

        result = pipeline.quickstart(
            place,
            load_settings(place),
            reporter_for(quiet=quiet or as_json),
            port=port,
            wait=wait if no_replay else None,
        )
        if as_json:
            print_json(result)
        elif not no_replay:
            print_quickstart(place, result, first=first)


def _print_login(
    server: EmbeddedStudio, place: Workspace, *, first: bool, project_id: int | None = None
) -> None:
    """Where to log in; the secrets are shown when they were made, and never again."""
    from claimset.labelstudio.postgres import kept_address  # noqa: PLC0415

    console = stderr()
    address = f"{server.url}/projects/{project_id}/data" if project_id else server.url
    console.print(f"Label Studio {'already runs' if server.reused else 'runs'} at {address}")
    database = kept_address(place)
    if database is not None:
        console.print(f"  data in    {database.place}", markup=False, soft_wrap=True)
    console.print(f"  log in as  {server.credentials.email}", markup=False)
    kept = f"{place.state / 'studio.json'}"
    if first:
        password = server.credentials.password.get_secret_value()
        token = server.credentials.token.get_secret_value()
        console.print(f"  password   {password}", markup=False, soft_wrap=True)
        console.print(f"  API token  {token}", markup=False, soft_wrap=True)
        console.print(f"  shown this once; kept in {kept}", markup=False, soft_wrap=True)
    else:
        console.print(f"  password   kept in {kept}", markup=False, soft_wrap=True)


def _wait_until_interrupted(server: EmbeddedStudio) -> None:
    """Return at Ctrl+C, or when the server has ended by itself."""
    try:
        while server.record.alive:
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        stderr().print("stopping Label Studio …")
