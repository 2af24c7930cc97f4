"""PostgreSQL under the embedded Label Studio, for teams: where it is, kept with the workspace.

The password never stands on a command line, where every user of the machine could read it. It
comes from the environment, ``.env`` or PostgreSQL's own password file, and is handed to Label
Studio in the environment of its process.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError

from claimset.errors import UsageError
from claimset.models.base import Model
from claimset.storage.files import PRIVATE_MODE, replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.storage.workspace import Workspace

__all__ = ["PostgresAddress", "keep_address", "kept_address", "postgres_file"]

_PORT = 5432
_FORM = "postgresql://user@host:5432/database"
_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
_CONNECT_S = 10


class PostgresAddress(Model):
    """One database of a PostgreSQL server."""

    host: str
    """Name or address of the server, or the folder of its socket."""
    port: int = _PORT
    """Its port."""
    name: str
    """The database."""
    user: str
    """Who logs in."""
    password: SecretStr = SecretStr("")
    """With which password; empty where PostgreSQL's password file or the server's rules say so."""
    tls: dict[str, str] = Field(default_factory=dict)
    """How the connection is encrypted: libpq's ``sslmode``, ``sslrootcert`` and so on."""

    @classmethod
    def parse(cls, url: str, password: SecretStr | None = None) -> Self:
        """Read ``postgresql://user@host:port/database``.

        A socket is named by its folder: ``postgresql://user@/database?host=/run/postgresql``.

        Args:
            url: The address, without a password.
            password: The password.

        Raises:
            UsageError: It is no such address, or holds a password; the message repeats neither.

        >>> PostgresAddress.parse("postgresql://ls@db.example.org/labels?sslmode=require").place
        'ls@db.example.org:5432/labels'
        """
        try:
            parts = urlsplit(url)
            port = parts.port or _PORT
            options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        except ValueError:
            raise _unreadable() from None
        if parts.password is not None:
            raise UsageError(
                "the address of the PostgreSQL database holds a password, and command lines can "
                "be read by every user of this machine",
                where="--postgres",
                remedy="leave it out of the address and set CLAIMSET_POSTGRES_PASSWORD in the "
                "environment or .env, or use PostgreSQL's ~/.pgpass; a password that was shown to "
                "others should be changed",
            )
        host = options.pop("host", None) or parts.hostname
        name = unquote(parts.path.removeprefix("/"))
        known = parts.scheme in ("postgresql", "postgres") and not set(options) - set(_TLS)
        if not (known and host and name and parts.username) or "/" in name:
            raise _unreadable()
        return cls(
            host=host,
            port=port,
            name=name,
            user=unquote(parts.username),
            password=password or SecretStr(""),
            tls=options,
        )

    @property
    def place(self) -> str:
        """Where the database is, without the secret."""
        return f"{self.user}@{self.host}:{self.port}/{self.name}"

    def environment(self) -> dict[str, str]:
        """What tells Label Studio, and the client library under it, to use the database."""
        return {
            "LABEL_STUDIO_DJANGO_DB": "default",
            "LABEL_STUDIO_POSTGRE_HOST": self.host,
            "LABEL_STUDIO_POSTGRE_PORT": str(self.port),
            "LABEL_STUDIO_POSTGRE_NAME": self.name,
            "LABEL_STUDIO_POSTGRE_USER": self.user,
            "LABEL_STUDIO_POSTGRE_PASSWORD": self.password.get_secret_value(),
            "PGCONNECT_TIMEOUT": str(_CONNECT_S),
        } | {f"PG{name.upper()}": value for name, value in self.tls.items()}

    def parameters(self) -> dict[str, Any]:
        """What psycopg connects with."""
        secret = self.password.get_secret_value()
        return {
            "host": self.host,
            "port": self.port,
            "dbname": self.name,
            "user": self.user,
            "connect_timeout": _CONNECT_S,
            "application_name": "claimset",
            **({"password": secret} if secret else {}),
            **self.tls,
        }

    def redact(self, text: str) -> str:
        """``text`` with the password blotted out."""
        secret = self.password.get_secret_value()
        return text.replace(secret, "***") if secret else text


def postgres_file(workspace: Workspace) -> Path:
    """Where the address is kept: ``.claimset/studio-postgres.json``, mode 0600."""
    return workspace.state / "studio-postgres.json"


def kept_address(workspace: Workspace) -> PostgresAddress | None:
    """The database that the workspace's studio uses; ``None`` for its own SQLite file.

    Raises:
        UsageError: The file that says so is damaged.
    """
    path = postgres_file(workspace)
    if not path.exists():
        return None
    if path.stat().st_mode & 0o077:
        path.chmod(PRIVATE_MODE)
    try:
        return PostgresAddress.model_validate_json(path.read_bytes())
    except ValidationError:
        raise UsageError(  # not chained: the error quotes the file's content
            "the file that names the studio's PostgreSQL database is damaged",
            where=str(path),
            remedy="name the database again with `claimset studio --postgres URL`",
        ) from None


def keep_address(workspace: Workspace, address: PostgresAddress) -> None:
    """From now on the workspace's studio uses this database."""
    record = address.model_dump() | {"password": address.password.get_secret_value()}
    content = json.dumps(record, indent=2).encode() + b"\n"
    replace_file(postgres_file(workspace), content, mode=PRIVATE_MODE)


def _unreadable() -> UsageError:
    return UsageError(
        "the address of the PostgreSQL database cannot be read",
        where="--postgres",
        remedy=f"write it as {_FORM}; after it may come ?sslmode=require, other options of TLS "
        f"({', '.join(_TLS[1:])}) and host=/folder/of/the/socket",
    )
