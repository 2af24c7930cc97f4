"""Names: what the lead calls people. They stay in ``.claimset/`` and on the lead's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.identifiers import annotator_pseudonym
from claimset.labelstudio.people import read_people

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

__all__ = ["names_of_people"]


def names_of_people(workspace: Workspace) -> dict[str, str]:
    """What the lead calls people, by pseudonym; only those who were added by name.

    Args:
        workspace: Keeps the names, and the secret behind the pseudonyms.

    Raises:
        UsageError: The file of annotators, or the secret, is damaged.
    """
    people = read_people(workspace.annotators)
    if not people:
        return {}
    secret = workspace.pseudonym_secret()
    return {annotator_pseudonym(person.email, secret): person.name for person in people}
