"""The account of the embedded Label Studio."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from claimset.errors import UsageError
from claimset.labelstudio.credentials import LEAD_EMAIL, credentials_file, load_or_create

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace


def test_the_account_is_made_once_and_kept(workspace_copy: Workspace) -> None:
    """The second call reads what the first one made."""
    first, made = load_or_create(workspace_copy)
    second, made_again = load_or_create(workspace_copy)
    assert (made, made_again) == (True, False)
    assert second == first
    assert first.email == LEAD_EMAIL


def test_every_workspace_has_secrets_of_its_own(workspace_copy: Workspace) -> None:
    """Password and token are random, and the token has the legacy form: 40 hex digits."""
    first, _ = load_or_create(workspace_copy)
    credentials_file(workspace_copy).unlink()
    second, _ = load_or_create(workspace_copy)
    assert first.password != second.password
    assert first.token != second.token
    assert re.fullmatch(r"[0-9a-f]{40}", first.token.get_secret_value())
    assert len(first.password.get_secret_value()) >= 20


def test_only_the_owner_can_read_the_file(workspace_copy: Workspace) -> None:
    """The file has mode 0600, and gets it back when somebody widened it."""
    load_or_create(workspace_copy)
    path = credentials_file(workspace_copy)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    load_or_create(workspace_copy)
    assert path.stat().st_mode & 0o777 == 0o600


def test_secrets_are_not_shown(workspace_copy: Workspace) -> None:
    """Neither the printed form nor redacted text holds the password or the token."""
    credentials, _ = load_or_create(workspace_copy)
    password = credentials.password.get_secret_value()
    token = credentials.token.get_secret_value()
    printed = f"{credentials} {credentials!r} {credentials.model_dump_json()}"
    redacted = credentials.redact(f"a {password} b {token} c")
    assert password not in printed
    assert token not in printed
    assert redacted == "a *** b *** c"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"email": "a", "password": "pw-secret"}',
        b'{"email": "a", "password": "pw-secret", "token": "t", "more": 1}',
    ],
)
def test_a_damaged_file_is_named_and_not_replaced(
    workspace_copy: Workspace, content: bytes
) -> None:
    """A new account would be locked out of the data, so the file is left as it is."""
    path = credentials_file(workspace_copy)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UsageError, match="damaged") as caught:
        load_or_create(workspace_copy)
    assert str(path) in caught.value.where
    assert "pw-secret" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert path.read_bytes() == content


def test_the_file_is_json_that_a_person_can_read(workspace_copy: Workspace) -> None:
    """The lead can look up the password to log in with."""
    credentials, _ = load_or_create(workspace_copy)
    record = json.loads(credentials_file(workspace_copy).read_text("utf-8"))
    assert record == {
        "email": credentials.email,
        "password": credentials.password.get_secret_value(),
        "token": credentials.token.get_secret_value(),
    }
