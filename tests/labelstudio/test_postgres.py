"""The embedded Label Studio on a real PostgreSQL, and the databases that it must not touch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from claimset import pipeline
from claimset.cli import app
from claimset.errors import LabelStudioError, UsageError
from claimset.labelstudio.credentials import load_or_create
from claimset.labelstudio.fitness import Contents, examine
from claimset.labelstudio.postgres import (
    PostgresAddress,
    keep_address,
    kept_address,
    postgres_file,
)
from claimset.labelstudio.server import EmbeddedStudio
from claimset.settings import Settings
from tests.labelstudio.postgres_cluster import PostgresCluster, postgres_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.storage.workspace import Workspace

SECRET = "p@ss w\u00f6rd/'%41"
runner = CliRunner()


# Addresses


def test_an_address_is_read_without_a_password() -> None:
    """Names are unquoted; TLS is handed to the client library of Label Studio."""
    address = PostgresAddress.parse(
        "postgresql://l%40s@db.example.org/labels?sslmode=verify-full&sslrootcert=/ca.pem",
        SecretStr(SECRET),
    )
    assert address.place == "l@s@db.example.org:5432/labels"
    environment = address.environment()
    assert environment["LABEL_STUDIO_POSTGRE_PASSWORD"] == SECRET
    assert environment["PGSSLMODE"] == "verify-full"
    assert environment["PGSSLROOTCERT"] == "/ca.pem"
    assert address.parameters()["sslmode"] == "verify-full"
    assert SECRET not in f"{address} {address!r} {address.model_dump_json()}"


def test_a_socket_is_named_by_its_folder() -> None:
    address = PostgresAddress.parse("postgresql://ls@/labels?host=/run/postgresql")
    assert (address.host, address.port, address.name) == ("/run/postgresql", 5432, "labels")
    assert "password" not in address.parameters()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ls@host/labels",
        "postgresql://ls@host",
        "postgresql://ls@/labels",
        "postgresql://host/labels",
        "postgresql://ls@host:port/labels",
        "postgresql://ls@host/labels/more",
        "postgresql://ls@host/labels?options=-csearch_path%3Dx",
        "postgresql://ls@[host/labels",
        "labels",
        "",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match="cannot be read") as caught:
        PostgresAddress.parse(url)
    assert "postgresql://user@host:5432/database" in caught.value.remedy


def test_a_password_on_the_command_line_is_refused_and_not_repeated(
    workspace_copy: Workspace,
) -> None:
    url = "postgresql://ls:hunter2@127.0.0.1/labels"
    result = runner.invoke(app, ["studio", "-w", str(workspace_copy.root), "--postgres", url])
    assert result.exit_code == 2
    assert "CLAIMSET_POSTGRES_PASSWORD" in result.stderr
    assert "hunter2" not in result.output + result.stderr
    assert not workspace_copy.state.exists()


def test_the_address_is_kept_for_its_owner_only(workspace_copy: Workspace) -> None:
    assert kept_address(workspace_copy) is None
    address = PostgresAddress.parse("postgresql://ls@host/labels", SecretStr(SECRET))
    keep_address(workspace_copy, address)
    path = postgres_file(workspace_copy)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert kept_address(workspace_copy) == address
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_named_and_not_quoted(workspace_copy: Workspace) -> None:
    workspace_copy.state.mkdir()
    postgres_file(workspace_copy).write_text('{"password": "hunter2"}', "utf-8")
    with pytest.raises(UsageError, match="is damaged") as caught:
        kept_address(workspace_copy)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert str(postgres_file(workspace_copy)) in caught.value.where


def test_data_in_sqlite_is_not_left_behind(workspace_copy: Workspace) -> None:
    """Who has answers in SQLite is told how to bring them along."""
    workspace_copy.studio.mkdir(parents=True)
    (workspace_copy.studio / "label_studio.sqlite3").write_bytes(b"answers")
    address = PostgresAddress.parse("postgresql://ls@127.0.0.1:1/labels")
    with pytest.raises(UsageError, match="in SQLite already") as caught:
        EmbeddedStudio(workspace_copy, postgres=address).start()
    assert "claimset pull" in caught.value.remedy
    assert kept_address(workspace_copy) is None


# Databases


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresCluster]:
    """A real PostgreSQL server."""
    if postgres_programs() is None:
        pytest.skip("PostgreSQL's programs are not installed (Debian package postgresql)")
    with PostgresCluster() as running:
        yield running


def address_of(cluster: PostgresCluster, name: str, **more: str) -> PostgresAddress:
    """An empty database of its own."""
    return PostgresAddress.parse(
        cluster.make_database(name, SECRET.replace("'", "''"), **more), SecretStr(SECRET)
    )


def contents(address: PostgresAddress, workspace: Workspace) -> Contents:
    """What is found in the database."""
    credentials, _ = load_or_create(workspace)
    with examine(address, credentials) as found:
        return found.contents


def refusal(address: PostgresAddress, workspace: Workspace) -> UsageError:
    """How the database is refused; the message never holds the password."""
    with pytest.raises(UsageError) as caught:
        contents(address, workspace)
    assert SECRET not in f"{caught.value} {caught.value!r}"
    assert caught.value.where == address.place
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("fault", ["port", "password", "name", "user"])
def test_a_database_that_does_not_let_us_in_is_named_without_the_password(
    cluster: PostgresCluster, workspace_copy: Workspace, fault: str
) -> None:
    """PostgreSQL's own reason is shown; nothing is remembered."""
    address = address_of(cluster, f"away_{fault}")
    wrong = {"port": 1, "password": SecretStr(SECRET + "x"), "name": "nothing", "user": "nobody"}
    broken = address.model_copy(update={fault: wrong[fault]})
    with pytest.raises(LabelStudioError, match="does not let us in") as caught:
        EmbeddedStudio(workspace_copy, postgres=broken).start()
    said = str(caught.value)
    reasons = {"port": "refused", "password": "authentication", "name": "exist", "user": "auth"}
    assert reasons[fault] in said
    assert broken.place in said
    assert SECRET not in said
    assert caught.value.__suppress_context__
    assert kept_address(workspace_copy) is None


def test_an_empty_database_is_fit(cluster: PostgresCluster, workspace_copy: Workspace) -> None:
    assert contents(address_of(cluster, "empty"), workspace_copy) is Contents.NOTHING


def test_rights_are_looked_at_before_anything_is_made(
    cluster: PostgresCluster, workspace_copy: Workspace
) -> None:
    """Since PostgreSQL 15 only a database's owner may make tables in it."""
    address = address_of(cluster, "rights")
    cluster.run('ALTER DATABASE "rights" OWNER TO admin')
    assert "may not make tables" in refusal(address, workspace_copy).problem
    cluster.run('GRANT CREATE ON SCHEMA public TO "rights"', database="rights")
    assert "may not add the extension pg_trgm" in refusal(address, workspace_copy).problem
    for name in ("pg_trgm", "btree_gin"):
        cluster.run(f"CREATE EXTENSION {name}", database="rights")
    assert contents(address, workspace_copy) is Contents.NOTHING


def test_a_database_that_cannot_hold_every_text_is_refused(
    cluster: PostgresCluster, workspace_copy: Workspace
) -> None:
    address = address_of(cluster, "latin", ENCODING="'LATIN1'", LOCALE="'C'", TEMPLATE="template0")
    assert "LATIN1" in refusal(address, workspace_copy).problem


def test_tables_of_another_program_are_left_alone(
    cluster: PostgresCluster, workspace_copy: Workspace
) -> None:
    """Also when that program keeps its migrations in the same way."""
    address = address_of(cluster, "shop")
    cluster.run('CREATE TABLE "order" (id int)', database="shop")
    assert "another program" in refusal(address, workspace_copy).problem
    cluster.run(
        "CREATE TABLE django_migrations (app text, name text)",
        "INSERT INTO django_migrations VALUES ('shop', '0001_initial')",
        'GRANT SELECT ON django_migrations TO "shop"',
        database="shop",
    )
    assert "another program" in refusal(address, workspace_copy).problem
    cluster.run('REVOKE SELECT ON django_migrations FROM "shop"', database="shop")
    assert "may not read the tables" in refusal(address, workspace_copy).problem


def test_only_one_command_prepares_a_database(
    cluster: PostgresCluster, workspace_copy: Workspace
) -> None:
    address = address_of(cluster, "busy")
    credentials, _ = load_or_create(workspace_copy)
    with (
        examine(address, credentials),
        pytest.raises(LabelStudioError, match="another command prepares"),
        examine(address, credentials),
    ):
        pass
    assert contents(address, workspace_copy) is Contents.NOTHING


# The loop

START = """
import sys
from pathlib import Path
from claimset.cli import app
app(["studio", "-w", sys.argv[1], *sys.argv[2:]])
"""


@pytest.mark.studio
def test_the_loop_runs_on_postgresql(
    cluster: PostgresCluster, workspace_copy: Workspace, tmp_path: Path
) -> None:
    """Prepare, kill, go on; push, annotate, pull; and what the same database refuses later."""
    address = address_of(cluster, "labels")
    url = f"postgresql://labels@127.0.0.1:{cluster.port}/labels"

    # A preparation that is ended half-way is begun anew at the next start.
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(workspace_copy.root), "--postgres", url],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ
        | {"PYTHONPATH": str(Path(__file__).parents[2] / "scripts")}
        | {"CLAIMSET_POSTGRES_PASSWORD": SECRET},
    )
    deadline = time.monotonic() + 120
    while not _applied(cluster):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.stderr
        time.sleep(0.1)
    arguments = _command_lines(process.pid)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert SECRET not in arguments
    assert contents(address, workspace_copy) is Contents.UNFINISHED
    assert kept_address(workspace_copy) is None

    studio = EmbeddedStudio(workspace_copy, postgres=address)
    studio.start()
    try:
        assert kept_address(workspace_copy) == address
        assert not (workspace_copy.studio / "label_studio.sqlite3").exists()
        assert SECRET not in studio.log.read_text("utf-8")
        assert SECRET not in _command_lines(studio.record.pid)
        settings = Settings(round="seeds", overlap=3, all_mentions=True)
        pipeline.segment(workspace_copy, settings)
        assert pipeline.push(workspace_copy, settings).sent == 46
        assert pipeline.push(workspace_copy, settings).unchanged == 46
        other = address.model_copy(update={"name": "other"})
        with pytest.raises(UsageError, match=r"already runs at .* with its data in labels@"):
            EmbeddedStudio(workspace_copy, postgres=other).start()
    finally:
        studio.stop()
    assert cluster.run("SELECT count(*) FROM task", database="labels") == [(46,)]

    # Later commands find the database by themselves, and a second loop does nothing twice.
    result = pipeline.quickstart(workspace_copy, settings)
    assert result.pull is not None
    assert (result.push.unchanged, result.pull.new) == (46, 138)
    assert pipeline.pull(workspace_copy, settings).new == 0

    _check_refusals(cluster, address, workspace_copy, tmp_path)


def _check_refusals(
    cluster: PostgresCluster, address: PostgresAddress, workspace: Workspace, tmp_path: Path
) -> None:
    """What is not this workspace's, or not of this version, is refused and left as it is."""
    other = type(workspace)(tmp_path / "other")
    assert "of another workspace" in refusal(address, other).problem

    cluster.run(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('tasks', '9999_from_the_future', now())",
        database="labels",
    )
    problem = refusal(address, workspace).problem
    assert "of another version" in problem
    assert "tasks.9999_from_the_future" in problem
    cluster.run("DELETE FROM django_migrations WHERE name ~ '^9999'", database="labels")

    # The last step of the webhooks changes no table: it can be done again.
    cluster.run(
        "DELETE FROM django_migrations WHERE app = 'webhooks' AND name ~ '^0004'",
        database="labels",
    )
    count = "SELECT count(*) FROM django_migrations"
    before = cluster.run(count, database="labels")[0][0]
    assert contents(address, workspace) is Contents.EARLIER
    with pytest.raises(UsageError, match="earlier version of Label Studio") as caught:
        EmbeddedStudio(workspace).start()
    assert "--upgrade" in caught.value.remedy
    assert cluster.run(count, database="labels") == [(before,)]
    with EmbeddedStudio(workspace, upgrade=True):
        assert cluster.run(count, database="labels") == [(before + 1,)]
    assert contents(address, workspace) is Contents.READY

    cluster.run("UPDATE htx_user SET email = 'x' || id WHERE email ~ '^lead@'", database="labels")
    assert "claimset did not set up" in refusal(address, workspace).problem


def _applied(cluster: PostgresCluster) -> int:
    """How many migrations have been applied, once there are some."""
    there = cluster.run("SELECT to_regclass('django_migrations')", database="labels")
    if there[0][0] is None:
        return 0
    rows = cluster.run("SELECT count(*) FROM django_migrations", database="labels")
    return int(rows[0][0]) if rows[0][0] > 40 else 0


def _command_lines(pid: int) -> str:
    """Command lines of a process and of the processes in its sessions' groups."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if "claimset" in text or path.parent.name == str(pid):
            found.append(text)
    return json.dumps(found, ensure_ascii=False)
