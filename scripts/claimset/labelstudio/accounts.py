"""Accounts: who an annotator is, to Label Studio and to the dataset."""

from __future__ import annotations

import contextlib
import json
import secrets
from typing import TYPE_CHECKING

import httpx
from pydantic import SecretStr

from claimset.errors import LabelStudioError, UsageError
from claimset.identifiers import annotator_pseudonym
from claimset.labelstudio.client import is_loopback
from claimset.models import AnnotatorKind
from claimset.storage.files import PRIVATE_MODE, replace_file
from claimset.storage.ledger import Author

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "annotator_of",
    "anonymous_session",
    "is_machine",
    "log_in",
    "machine_email",
    "machine_passwords",
    "open_accounts",
    "sign_up",
]

_MACHINE_DOMAIN = "@machine.claimset.invalid"
_TIMEOUT_S = 60
_FOUND = 302
_LOG_IN = "/user/login/"


def machine_email(name: str) -> str:
    """The account of a machine annotator; the reserved domain tells it from a person's.

    >>> machine_email("machine-a")
    'machine-a@machine.claimset.invalid'
    """
    return name + _MACHINE_DOMAIN


def is_machine(email: str) -> bool:
    """Whether an account is a machine annotator's.

    >>> is_machine("machine-a@machine.claimset.invalid"), is_machine("anna@example.org")
    (True, False)
    """
    return email.endswith(_MACHINE_DOMAIN)


def annotator_of(email: str, secret: bytes) -> Author:
    """Name the annotator behind an account.

    A person gets a keyed pseudonym. A machine has no privacy to protect and readers must know
    which one it was, so it keeps its name.
    """
    if is_machine(email):
        return Author(email.removesuffix(_MACHINE_DOMAIN), AnnotatorKind.MACHINE)
    return Author(annotator_pseudonym(email, secret), AnnotatorKind.HUMAN)


def open_accounts(
    url: str, admin_key: SecretStr, names: list[str], store: Path
) -> dict[str, SecretStr]:
    """Access tokens of machine annotators; accounts that do not exist yet are made.

    Args:
        url: The server.
        admin_key: Token of an account that may invite others.
        names: Names of the machine annotators.
        store: Private file that keeps the accounts' passwords and tokens between runs.

    Returns:
        Token by name.

    Raises:
        LabelStudioError: The server refuses, or an account exists whose token is not known here.
        UsageError: The private file is damaged.
    """
    known = _read(store)
    for name in names:
        email = machine_email(name)
        if email in known and _is_valid(url, known[email]["token"]):
            continue
        password = secrets.token_urlsafe(24)
        token = _sign_up(url, admin_key, email, password)
        known[email] = {"password": password, "token": token}
        replace_file(store, json.dumps(known, indent=1).encode(), mode=PRIVATE_MODE)
    return {name: SecretStr(known[machine_email(name)]["token"]) for name in names}


def _read(store: Path) -> dict[str, dict[str, str]]:
    if not store.exists():
        return {}
    try:
        return {
            str(email): {"password": str(entry["password"]), "token": str(entry["token"])}
            for email, entry in json.loads(store.read_text("utf-8")).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(
            "the file of machine accounts is damaged",
            where=str(store),
            remedy="remove it together with .claimset/studio, or restore it from a backup",
        ) from None


@contextlib.contextmanager
def anonymous_session(url: str, doing: str) -> Iterator[httpx.Client]:
    """An HTTP session of nobody yet.

    Args:
        url: The server.
        doing: What it is for, for the error's place.

    Raises:
        LabelStudioError: The server cannot be reached.
    """
    try:
        with httpx.Client(
            base_url=url, timeout=_TIMEOUT_S, trust_env=not is_loopback(url)
        ) as session:
            yield session
    except httpx.HTTPError as error:
        raise LabelStudioError(
            f"Label Studio cannot be reached ({type(error).__name__})",
            where=f"{doing} at {url}",
            remedy="see that the server runs, then run the command again",
        ) from error


def _is_valid(url: str, token: str) -> bool:
    with anonymous_session(url, "checking a machine account") as session:
        answer = session.get(
            "/api/current-user/whoami", headers={"Authorization": f"Token {token}"}
        )
        return answer.is_success


def _sign_up(url: str, admin_key: SecretStr, email: str, password: str) -> str:
    """Make an account through the organization's invitation; returns its token."""
    with anonymous_session(url, f"creating the account {email}") as session:
        invitation = session.get(
            "/api/invite", headers={"Authorization": f"Token {admin_key.get_secret_value()}"}
        )
        if invitation.is_error:
            raise LabelStudioError(
                "Label Studio gave no invitation for a new account",
                where=f"GET /api/invite at {url}",
                remedy="use the token of the organization's owner",
                status=invitation.status_code,
            )
        token = sign_up(session, invitation.json()["invite_url"], email, password)
    if not token:
        raise LabelStudioError(
            f"the account {email} got no token",
            where=f"GET /api/current-user/token at {url}",
            remedy="switch legacy tokens on in Label Studio (Organization, API tokens), delete "
            "the account there, then run the command again",
        )
    return token


def machine_passwords(store: Path) -> dict[str, SecretStr]:
    """Password of each machine annotator's account that was made here, by its name there.

    Raises:
        UsageError: The private file is damaged.
    """
    return {email: SecretStr(entry["password"]) for email, entry in _read(store).items()}


def log_in(session: httpx.Client, email: str, password: SecretStr) -> SecretStr | None:
    """Log in as somebody.

    Args:
        session: An HTTP session of nobody yet, with the server as its base address.
        email: The account's name.
        password: Its password.

    Returns:
        The account's legacy token; ``None`` when the password has been changed, or the server has
        these tokens switched off.
    """
    session.get(_LOG_IN)
    answer = session.post(
        _LOG_IN,
        data={
            "email": email,
            "password": password.get_secret_value(),
            "csrfmiddlewaretoken": session.cookies.get("csrftoken") or "",
        },
        headers={"Referer": f"{str(session.base_url).rstrip('/')}{_LOG_IN}"},
    )
    if answer.status_code != _FOUND:
        return None
    token = session.get("/api/current-user/token")
    return SecretStr(str(token.json()["token"])) if token.is_success else None


def sign_up(session: httpx.Client, page: str, email: str, password: str) -> str:
    """Accept an invitation as a new account.

    Args:
        session: An HTTP session of nobody yet, with the server as its base address.
        page: The invitation: path of the sign-up page with its token.
        email: The account's name.
        password: Its password.

    Returns:
        The account's legacy token; empty where the server has these switched off.

    Raises:
        LabelStudioError: The account exists already, or the server refuses it.
    """
    session.get(page)
    made = session.post(
        page,
        data={
            "email": email,
            "password": password,
            "csrfmiddlewaretoken": session.cookies.get("csrftoken") or "",
            "allow_newsletters": "false",
        },
        headers={"Referer": f"{str(session.base_url).rstrip('/')}{page}"},
    )
    if made.status_code != _FOUND:
        raise LabelStudioError(
            f"the account {email} could not be made",
            where=f"POST /user/signup/ at {session.base_url}",
            remedy="if it exists already, its password is not known here: delete the account in "
            "Label Studio (Organization), then run the command again",
            status=made.status_code,
        )
    token = session.get("/api/current-user/token")
    return str(token.json()["token"]) if token.is_success else ""
