"""Fitness: whether a PostgreSQL database can carry this workspace's Label Studio.

Looked at before Label Studio starts, because Label Studio itself ends with a traceback when the
database is away, brings any older database up to date unasked, and joins any database it finds.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import LabelStudioError, UsageError
from claimset.labelstudio.beginning import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.labelstudio.credentials import StudioCredentials
    from claimset.labelstudio.postgres import PostgresAddress

__all__ = ["Contents", "Examined", "examine"]

_OLDEST_SERVER = 14  # the oldest that the Django under Label Studio works with
_EXTENSIONS = ("pg_trgm", "btree_gin")  # Label Studio's migrations make indexes of these kinds
_PREPARING = 0x636C61696D736574  # names the lock under which one workspace prepares the database

_FACTS = """
SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding'),
  pg_is_in_recovery(), current_schema(),
  coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
  has_database_privilege(current_database(), 'CREATE'),
  (SELECT coalesce(array_agg(extname::text), '{}') FROM pg_extension),
  (SELECT coalesce(array_agg(name::text), '{}') FROM pg_available_extensions),
  (SELECT coalesce(array_agg(tablename::text), '{}') FROM pg_tables
   WHERE schemaname = current_schema())
"""


class Contents(StrEnum):
    """What a database holds."""

    NOTHING = "nothing"
    """No table."""
    UNFINISHED = "unfinished"
    """What an interrupted preparation of ours left: nobody has used it."""
    EARLIER = "earlier"
    """This workspace's Label Studio, of an earlier version."""
    READY = "ready"
    """This workspace's Label Studio, of the version that is installed."""


class Examined(NamedTuple):
    """A database that may be used."""

    contents: Contents
    connection: Any
    """Commits each statement by itself; closed when the examination ends."""


@contextlib.contextmanager
def examine(address: PostgresAddress, credentials: StudioCredentials) -> Iterator[Examined]:
    """Say what the database holds; nobody else prepares it as long as the context lasts.

    Raises:
        LabelStudioError: The server cannot be reached or refuses, or somebody else prepares it.
        UsageError: The database lacks something, its user lacks a right, or it holds something
            else than this workspace's Label Studio.
    """
    import psycopg  # noqa: PLC0415 - comes with Label Studio

    try:
        connection = psycopg.connect(**address.parameters(), autocommit=True)
    except psycopg.Error as error:
        raise _away(address, str(error)) from None  # a chained error would show its parameters
    with contextlib.closing(connection):
        try:
            contents = _contents(connection, address, credentials)
        except psycopg.Error as error:
            raise _away(address, str(error)) from None
        yield Examined(contents, connection)


def _contents(connection: Any, address: PostgresAddress, owner: StudioCredentials) -> Contents:
    if not connection.execute("SELECT pg_try_advisory_lock(%s)", (_PREPARING,)).fetchone()[0]:
        raise LabelStudioError(
            "another command prepares this PostgreSQL database",
            where=address.place,
            remedy="wait until it is done, then start again",
        )
    facts = connection.execute(_FACTS).fetchone()
    tables = set(facts[-1])
    _check_server(address, *facts[:3])
    if not tables:
        _check_rights(address, *facts[3:8])
        return Contents.NOTHING
    if MARK in tables:
        _check_rights(address, *facts[3:8])
        return Contents.UNFINISHED
    if "django_migrations" not in tables:
        raise _taken(address, "it holds tables of another program")
    return _state_of_label_studio(connection, address, owner, tables)


def _check_server(address: PostgresAddress, version: int, encoding: str, copy: bool) -> None:
    if version < _OLDEST_SERVER:
        raise UsageError(
            f"PostgreSQL {version} is too old, Label Studio needs {_OLDEST_SERVER} or newer",
            where=address.place,
            remedy="use a newer server",
        )
    if encoding != "UTF8":
        raise UsageError(
            f"the database keeps text as {encoding}, which cannot hold every article",
            where=address.place,
            remedy=f"CREATE DATABASE {address.name} OWNER {address.user} ENCODING 'UTF8' "
            "TEMPLATE template0",
        )
    if copy:
        raise UsageError(
            "this PostgreSQL server is a read-only copy of another one",
            where=address.place,
            remedy="name the server that can be written to",
        )


def _check_rights(
    address: PostgresAddress,
    schema: str | None,
    may_create: bool,
    may_extend: bool,
    extensions: list[str],
    available: list[str],
) -> None:
    """Whether the user may make tables, and the extensions that Label Studio's indexes need."""
    if schema is None or not may_create:
        raise UsageError(
            f"the PostgreSQL user {address.user} may not make tables in the database",
            where=address.place,
            remedy=f"as the database's administrator: "
            f'ALTER DATABASE "{address.name}" OWNER TO "{address.user}"',
        )
    for name in _EXTENSIONS:
        if name in extensions:
            continue
        if name not in available:
            raise UsageError(
                f"the PostgreSQL server lacks the extension {name}",
                where=address.place,
                remedy="install PostgreSQL's contrib modules on the server "
                "(in Debian they are part of the package postgresql)",
            )
        if not may_extend:
            raise UsageError(
                f"the PostgreSQL user {address.user} may not add the extension {name}",
                where=address.place,
                remedy=f"as the database's administrator, in that database: "
                f"CREATE EXTENSION {name}",
            )


def _state_of_label_studio(
    connection: Any,
    address: PostgresAddress,
    owner: StudioCredentials,
    tables: set[str],
) -> Contents:
    import psycopg  # noqa: PLC0415 - comes with Label Studio

    try:
        applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
        accounts = 0
        if "htx_user" in tables:
            accounts = connection.execute("SELECT count(*) FROM htx_user").fetchone()[0]
    except psycopg.errors.InsufficientPrivilege:
        raise UsageError(
            f"the PostgreSQL user {address.user} may not read the tables in the database: they "
            "belong to another user",
            where=address.place,
            remedy="name the user that owns them in the address",
        ) from None
    installed, replaced = _installed_migrations()
    apps = {app for app, _ in installed}
    if not {app for app, _ in applied} & apps:
        raise _taken(address, "it holds tables of another program")
    strange = sorted(row for row in applied - installed - replaced if row[0] in apps)
    if strange:
        raise _taken(
            address,
            f"it holds a Label Studio of another version: {len(strange)} of its changes are not "
            f"known here, {strange[-1][0]}.{strange[-1][1]} among them",
            "install the version of claimset and Label Studio that wrote it, or name another "
            "database",
        )
    if accounts:
        _check_owner(connection, address, owner)
    return Contents.EARLIER if installed - applied else Contents.READY


def _check_owner(connection: Any, address: PostgresAddress, owner: StudioCredentials) -> None:
    """Whether it is the workspace's own; a Label Studio of others is left alone."""
    row = connection.execute(
        "SELECT key FROM authtoken_token JOIN htx_user ON htx_user.id = user_id WHERE email = %s",
        (owner.email,),
    ).fetchone()
    if row is None:
        raise _taken(
            address,
            "it holds a Label Studio that claimset did not set up",
            "to use that one, set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY; for a studio of this "
            "workspace, name another database",
        )
    if row[0] != owner.token.get_secret_value():
        raise _taken(
            address,
            "it holds the Label Studio of another workspace",
            "name another database; or, if this workspace was restored, restore its "
            ".claimset/studio.json too",
        )


def _installed_migrations() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Label Studio's own migrations, and those that they stand for; read without importing it."""
    spec = importlib.util.find_spec("label_studio")
    root = Path(spec.origin).parent if spec is not None and spec.origin else Path()
    installed = set()
    replaced: set[tuple[str, str]] = set()
    for path in root.glob("*/migrations/[0-9]*.py"):
        installed.add((path.parts[-3], path.stem))
        source = path.read_text("utf-8")
        if "replaces" in source:
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "replaces":
                    replaced |= set(ast.literal_eval(node.value))
    return installed, replaced


def _taken(address: PostgresAddress, what: str, remedy: str = "") -> UsageError:
    return UsageError(
        f"the PostgreSQL database cannot be used: {what}",
        where=address.place,
        remedy=remedy or f'name an empty database: CREATE DATABASE labels OWNER "{address.user}"',
    )


def _away(address: PostgresAddress, reason: str) -> LabelStudioError:
    """PostgreSQL's own words, on one line and without the password."""
    said = address.redact(" ".join(reason.split()))
    return LabelStudioError(
        f"the PostgreSQL database of the embedded Label Studio does not let us in: {said}",
        where=address.place,
        remedy="see that the server runs and can be reached, that user and database exist, and "
        "that CLAIMSET_POSTGRES_PASSWORD or ~/.pgpass holds the right password; name a new address "
        "or password with `claimset studio --postgres URL`",
    )
