"""Authors: who an account is, also after Label Studio has forgotten it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.identifiers import annotation_id
from claimset.labelstudio.accounts import annotator_of

if TYPE_CHECKING:
    from claimset.labelstudio.client import LabelStudioClient
    from claimset.storage.ledger import Author, Ledger, Round

__all__ = ["Authors"]


class Authors:
    """Annotators by Label Studio's user id.

    Label Studio forgets who a removed account was ("Deleted" stands for its address), so an
    account stays who it was when it was first seen. The server is asked only when somebody new
    has answered.

    Args:
        client: The server.
        ledger: Keeps who was seen.
        round_: The round.
        secret: Keys the pseudonyms.
    """

    def __init__(
        self, client: LabelStudioClient, ledger: Ledger, round_: Round, secret: bytes
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._round = round_
        self._secret = secret
        self._known = ledger.authors(round_)
        self._listed: dict[int, Author] | None = None
        self._new: dict[int, Author] = {}

    def of(self, item: dict[str, Any]) -> Author | None:
        """The annotator behind an answer; ``None`` when nobody knows any more."""
        user = item.get("completed_by")
        if isinstance(user, dict):  # a number in lists, an object elsewhere
            user = user.get("id")
        if isinstance(user, int):
            if user in self._known:
                return self._known[user]
            listed = self._accounts()
            if user in listed:
                self._known[user] = self._new[user] = listed[user]
                return listed[user]
        name = annotation_id(self._round.name, int(item["id"]), self._round.generation)
        return self._ledger.author_of(name)

    def keep(self) -> None:
        """Record those who were seen for the first time."""
        if self._new:
            self._ledger.record_authors(self._round, self._new)
            self._new = {}

    def _accounts(self) -> dict[int, Author]:
        if self._listed is None:
            self._listed = {
                number: annotator_of(email, self._secret)
                for number, email in self._client.accounts().items()
                if "@" in email
            }
        return self._listed
