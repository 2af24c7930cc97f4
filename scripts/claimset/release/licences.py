"""What the licences of the texts mean for a release that others can see.

The annotations are the publisher's own to license. The words of the articles are not: a claim
quotes its article, and evidence quotes its source.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimset.models import TextPolicy
from claimset.release.reader import read_release

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["licence_notes"]

_NAMED = 5


def licence_notes(folder: Path, *, public: bool) -> tuple[str, ...]:
    """What a publisher should know before the release is seen, in sentences.

    Args:
        folder: The dataset folder; its files were checked.
        public: Whether everybody will see it, or only the members of a private repository.

    Raises:
        DataError: The table of articles is missing or damaged.
    """
    release = read_release(folder)
    if release is None:
        return ()
    articles = release.rows("articles")
    closed = [row for row in articles if not row["open_license"]]
    quoted = [row for row in closed if row["text_policy"] != TextPolicy.OFFSETS]
    texts = [row for row in articles if row["text"] is not None]
    readers = "everybody" if public else "everybody with access"
    notes = []
    if quoted:
        notes.append(
            f"{len(quoted)} of {len(articles)} articles have no open licence "
            f"({_counted(row['license'] for row in quoted)}), but claims and evidence quote them "
            f"to {readers}. That needs a right of your own, such as the publishers' permission or "
            f"a quotation right; the text policy `{TextPolicy.OFFSETS}` leaves the words out."
        )
    if texts:
        notes.append(
            f"{len(texts)} of {len(articles)} articles are published in full "
            f"({_counted(row['license'] for row in texts)}): keep to what these licences ask, "
            "such as naming the author; the table `articles` carries publisher, address and "
            "licence."
        )
    machines = release.metadata.machine_annotators
    if machines:
        notes.append(f"{len(machines)} annotators are machines; the card says so.")
    if public:
        notes.append("What is public can be copied by others and cannot be called back.")
    return tuple(notes)


def _counted(values: Iterable[str | None]) -> str:
    counts = Counter(value or "no licence named" for value in values)
    shown = [f"{count} × {_plain(name)}" for name, count in counts.most_common(_NAMED)]
    if len(counts) > _NAMED:
        shown.append(f"{len(counts) - _NAMED} other licences")
    return ", ".join(shown)


def _plain(text: str) -> str:
    """One line without control characters: a licence is text from outside."""
    return "".join(char if char.isprintable() else " " for char in text)
