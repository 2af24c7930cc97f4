"""Which version a release gets: decided from what changed, never by hand.

===================================  ============  ==================
what changed since the last release  from 1.0.0    while 0.x
===================================  ============  ==================
columns, types or label sets         major         minor
rows                                 minor         minor
only the card                        patch         patch
nothing                              no release    no release
===================================  ============  ==================

While the major number is 0 a breaking change raises the minor number, as
https://semver.org/spec/v2.0.0.html (4) lets it; pin the full version.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["FIRST_VERSION", "Change", "next_version"]

FIRST_VERSION = "0.1.0"


class Change(StrEnum):
    """What makes a new release differ from the one before, most far-reaching first."""

    SCHEMA = "schema"
    """Columns, types or label sets: code that reads the dataset may break."""
    ROWS = "rows"
    """Rows were added, removed or changed."""
    CARD = "card"
    """Only the card changed."""
    NOTHING = "nothing"
    """There is nothing to release."""


def next_version(previous: str | None, change: Change) -> str:
    """The version after ``previous``; ``0.1.0`` when there is none yet.

    >>> next_version("0.1.0", Change.SCHEMA), next_version("1.2.3", Change.SCHEMA)
    ('0.2.0', '2.0.0')
    >>> next_version("1.2.3", Change.ROWS), next_version("1.2.3", Change.CARD)
    ('1.3.0', '1.2.4')
    """
    if previous is None:
        return FIRST_VERSION
    major, minor, patch = (int(part) for part in previous.split("."))
    if change is Change.SCHEMA and major > 0:
        return f"{major + 1}.0.0"
    if change in (Change.SCHEMA, Change.ROWS):
        return f"{major}.{minor + 1}.0"
    if change is Change.CARD:
        return f"{major}.{minor}.{patch + 1}"
    return previous
