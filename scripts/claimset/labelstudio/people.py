"""People: who annotates, under which account, and how each of them logs in."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from pydantic import SecretStr, TypeAdapter, ValidationError

from claimset.errors import UsageError
from claimset.labelstudio.accounts import anonymous_session, is_machine, sign_up
from claimset.models.base import Model
from claimset.storage.files import PRIVATE_MODE, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from claimset.labelstudio.client import LabelStudioClient

__all__ = ["Person", "people_of", "read_people", "settle_people"]

# The top-level domain `.invalid` never resolves (RFC 2606), so nothing can be mailed to it.
_DOMAIN = "@claimset.invalid"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?")
# People copy these by hand: no letter or digit looks like another one. 4 groups of 4 are 79 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_SIZE = 4, 4


class Person(Model):
    """Somebody who annotates."""

    name: str
    """What the lead calls them."""

    email: str
    """Name of their account in Label Studio."""

    password: SecretStr | None
    """The first password of an account that was made here; null for one that was taken over."""


def people_of(names: Iterable[str]) -> list[Person]:
    """Read the names a lead gives: an e-mail address, or a plain name that becomes an account.

    >>> [person.email for person in people_of(["anna", "Ben@Example.org", "anna"])]
    ['anna@claimset.invalid', 'ben@example.org']

    Raises:
        UsageError: A name can be no account, or is a machine's.
    """
    found: dict[str, Person] = {}
    for name in names:
        address = name.strip().lower() if "@" in name else name.lower() + _DOMAIN
        if not (_EMAIL.fullmatch(address) if "@" in name else _NAME.fullmatch(name)):
            raise UsageError(
                f"{name!r} can be no annotator",
                where="argument NAME",
                remedy="give an e-mail address, or a name of 1 to 40 letters, digits, '.', '_' "
                "or '-' that begins with a letter or digit",
            )
        if is_machine(address):
            raise UsageError(
                f"{name!r} is the account of a machine",
                where="argument NAME",
                remedy="add people only; quickstart makes the accounts of machines by itself",
            )
        shown = name.strip() if "@" in name else name
        found.setdefault(address, Person(name=shown, email=address, password=None))
    return list(found.values())


_BOOK = TypeAdapter(list[Person])


def read_people(store: Path) -> list[Person]:
    """The people that were added, in the order in which they were.

    Args:
        store: The private file.

    Raises:
        UsageError: The file is damaged.
    """
    if not store.exists():
        return []
    if store.stat().st_mode & 0o077:
        store.chmod(PRIVATE_MODE)
    try:
        return _BOOK.validate_json(store.read_bytes())
    except ValidationError:
        # Not chained: the error quotes the file's content.
        raise UsageError(
            "the file of annotators is damaged",
            where=str(store),
            remedy="restore it from a backup; without it, move it aside and add the annotators "
            "again: their accounts and answers stay, their first passwords are lost",
        ) from None


def settle_people(
    client: LabelStudioClient,
    wanted: Sequence[Person],
    store: Path,
    *,
    advance: Callable[[int], None],
) -> tuple[list[Person], list[Person], list[Person]]:
    """Make the accounts that are missing, take over those that are there.

    A new password is stored before its account is made, so that a run that dies in between loses
    none: the next one makes the account with the password it finds.

    Args:
        client: The server, as an account that may invite.
        wanted: Whom to settle.
        store: The private file.
        advance: Called with the number of people settled.

    Returns:
        Whose account was made, whose was taken over, and who had been added before.

    Raises:
        LabelStudioError: The server refuses; people settled before stay so.
        UsageError: The private file is damaged.
    """
    there = {email.casefold() for email in client.accounts().values()}
    book = {person.email: person for person in read_people(store)}
    made: list[Person] = []
    taken: list[Person] = []
    before: list[Person] = []
    for person in wanted:
        known = book.get(person.email)
        if person.email in there:
            (before if known else taken).append(known or person)
            _write(store, book, known or person)
        else:
            fresh = known if known and known.password else _with_password(known or person)
            _write(store, book, fresh)
            _make(client, fresh)
            made.append(fresh)
        advance(1)
    return made, taken, before


def _with_password(person: Person) -> Person:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_SIZE)) for _ in range(_GROUPS))
    return person.model_copy(update={"password": SecretStr("-".join(groups))})


def _write(store: Path, book: dict[str, Person], person: Person) -> None:
    if book.get(person.email) == person:
        return
    book[person.email] = person
    rows = [
        {
            "name": item.name,
            "email": item.email,
            "password": item.password.get_secret_value() if item.password else None,
        }
        for item in book.values()
    ]
    replace_file(
        store, TypeAdapter(list[dict[str, str | None]]).dump_json(rows, indent=1), mode=PRIVATE_MODE
    )


def _make(client: LabelStudioClient, person: Person) -> None:
    password = person.password.get_secret_value() if person.password else ""
    with anonymous_session(client.url, f"creating the account {person.email}") as session:
        sign_up(session, client.invitation(), person.email, password)
