"""Access: Label Studio as an annotator's own account, where that account was made here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from claimset.labelstudio.accounts import anonymous_session, log_in, machine_passwords
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.people import read_people

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

__all__ = ["OwnAccess"]


class OwnAccess:
    """Clients that speak as annotators.

    A draft belongs to the account that asks for it, so only an annotator's own account can put
    their answer before them again. An account that was made here has a first password in the
    workspace; where it was changed, or the account is somebody's own, there is no access. The
    lead's own account is the client's.

    Args:
        client: The server, as the lead.
        people: Private file of the people who were added.
        machines: Private file of machine annotators.
    """

    def __init__(self, client: LabelStudioClient, people: Path, machines: Path) -> None:
        self._client = client
        self._files = people, machines
        self._passwords: dict[str, SecretStr] | None = None
        self._emails: dict[int, str] = {}
        self._lead = ""
        self._clients: dict[int, LabelStudioClient | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            if client is not None and client is not self._client:
                client.close()

    def of(self, user_id: int) -> LabelStudioClient | None:
        """A client of an account; ``None`` when it cannot be entered.

        Raises:
            LabelStudioError: The server failed.
            UsageError: A private file is damaged.
        """
        if user_id not in self._clients:
            self._clients[user_id] = self._enter(user_id)
        return self._clients[user_id]

    def _enter(self, user_id: int) -> LabelStudioClient | None:
        if self._passwords is None:
            people, machines = self._files
            self._passwords = {
                person.email.casefold(): person.password
                for person in read_people(people)
                if person.password is not None
            } | machine_passwords(machines)
            self._emails = {
                number: email.casefold() for number, email in self._client.accounts().items()
            }
            self._lead = self._client.whoami().casefold()
        email = self._emails.get(user_id, "")
        if email == self._lead:
            return self._client
        password = self._passwords.get(email)
        if password is None:
            return None
        with anonymous_session(self._client.url, f"entering the account {email}") as session:
            token = log_in(session, email, password)
        return None if token is None else LabelStudioClient(self._client.url, token)
