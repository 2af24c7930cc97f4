"""The one account of the embedded Label Studio: who logs in, and with which token."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from pydantic import SecretStr, ValidationError

from claimset.errors import UsageError
from claimset.models.base import Model
from claimset.storage.files import PRIVATE_MODE, replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.storage.workspace import Workspace

__all__ = ["LEAD_EMAIL", "StudioCredentials", "credentials_file", "load_or_create"]

# The top-level domain `.invalid` never resolves (RFC 2606), so nothing can be mailed to it.
LEAD_EMAIL = "lead@claimset.invalid"

_PASSWORD_BYTES = 18
_TOKEN_BYTES = 20  # Label Studio's legacy tokens are 40 hex digits


class StudioCredentials(Model):
    """The lead's account in the embedded Label Studio."""

    email: str
    """Name to log in with."""

    password: SecretStr
    """Password for the log-in page."""

    token: SecretStr
    """Legacy API token, sent as ``Authorization: Token …``."""

    def redact(self, text: str) -> str:
        """``text`` with the password and the token blotted out.

        >>> StudioCredentials(email="a", password="pw-1", token="ff").redact("pw-1 ff")
        '*** ***'
        """
        for secret in (self.password, self.token):
            text = text.replace(secret.get_secret_value(), "***")
        return text


def credentials_file(workspace: Workspace) -> Path:
    """Where the account is kept: ``.claimset/studio.json``, mode 0600."""
    return workspace.state / "studio.json"


def load_or_create(workspace: Workspace) -> tuple[StudioCredentials, bool]:
    """Read the account, or make one at first use.

    Two processes that both find none would make two; ``EmbeddedStudio.start`` therefore calls
    this while it holds its lock.

    Returns:
        The credentials, and whether they were made by this call.

    Raises:
        UsageError: The file exists but is damaged.
    """
    path = credentials_file(workspace)
    if path.exists():
        return _load(path), False
    credentials = StudioCredentials(
        email=LEAD_EMAIL,
        password=SecretStr(secrets.token_urlsafe(_PASSWORD_BYTES)),
        token=SecretStr(secrets.token_hex(_TOKEN_BYTES)),
    )
    record = {
        "email": credentials.email,
        "password": credentials.password.get_secret_value(),
        "token": credentials.token.get_secret_value(),
    }
    replace_file(path, json.dumps(record, indent=2).encode() + b"\n", mode=PRIVATE_MODE)
    return credentials, True


def _load(path: Path) -> StudioCredentials:
    """Read the file, and take back any right that others were given to it."""
    if path.stat().st_mode & 0o077:
        path.chmod(PRIVATE_MODE)
    try:
        return StudioCredentials.model_validate_json(path.read_bytes())
    except ValidationError as error:
        # The validation error quotes the file's content, so it is not chained to the message.
        fields = ", ".join(sorted({str(part["loc"][0]) for part in error.errors() if part["loc"]}))
        raise UsageError(
            "the workspace's Label Studio credentials are damaged",
            where=f"{path}, field {fields}" if fields else str(path),
            remedy="restore the file from a backup; without it, move .claimset/studio aside to "
            "begin with an empty Label Studio",
        ) from None
