"""The files of a release folder that are no tables: card, changelog, metadata, Croissant."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.release.card import CARD_FILE, render_card
from claimset.release.changelog import CHANGELOG_FILE, changelog_entry, extend_changelog
from claimset.release.croissant import CROISSANT_FILE, render_croissant
from claimset.release.reader import METADATA_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.models import ReleaseMetadata
    from claimset.release.changes import Changes
    from claimset.release.reader import Release
    from claimset.release.summary import Summary
    from claimset.release.version import Change

__all__ = ["refuse_foreign_files", "same_texts", "write_texts"]

_HOSTS_FILES = (".gitattributes", ".gitkeep")
"""Files that git and the Hub put into a dataset folder; they stay."""


def write_texts(
    folder: Path,
    fresh: Path,
    metadata: ReleaseMetadata,
    summary: Summary,
    change: Change,
    changes: Changes | None,
    before: ReleaseMetadata | None = None,
) -> None:
    """Write card, changelog, metadata and Croissant description of a release.

    Args:
        folder: The folder of the release before, if there is one: its changelog is continued.
        fresh: Where to write.
        metadata: What the release is made of.
        summary: Its figures.
        change: What kind of change it is.
        changes: What changed; ``None`` for the first release.
        before: What the release before was made of; ``None`` for the first release.
    """
    entry = changelog_entry(
        metadata.version,
        change,
        counts=metadata.counts,
        content_id=metadata.content_id,
        changes=changes,
        withdrawn=[item for item in metadata.withdrawn if item.since == metadata.version],
        renamed=metadata.name if before and before.name != metadata.name else None,
    )
    texts = {
        CARD_FILE: render_card(metadata, summary),
        CHANGELOG_FILE: extend_changelog(_read(folder / CHANGELOG_FILE), entry),
        METADATA_FILE: metadata.model_dump_json(indent=2) + "\n",
        CROISSANT_FILE: render_croissant(metadata),
    }
    for file, text in texts.items():
        _write_text(fresh / file, text)
    for file in _HOSTS_FILES:
        if (folder / file).is_file():
            shutil.copyfile(folder / file, fresh / file)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _read(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.is_file() else None


def same_texts(folder: Path, metadata: ReleaseMetadata, summary: Summary) -> bool:
    """Whether a folder has the card and the Croissant description that would be written now.

    A release that was made before there was a description gets one with its next version.
    """
    described = _read(folder / CROISSANT_FILE)
    return render_card(metadata, summary) == _read(folder / CARD_FILE) and (
        described is None or described == render_croissant(metadata)
    )


def refuse_foreign_files(folder: Path, previous: Release | None) -> None:
    """The folder is exchanged as a whole: a file of somebody else's would be lost with it.

    Raises:
        UsageError: It holds files that no release wrote.
    """
    known = {CARD_FILE, CHANGELOG_FILE, METADATA_FILE, CROISSANT_FILE, *_HOSTS_FILES}
    if previous is not None:
        known |= {file.path for file in previous.metadata.files}
    foreign = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and path.relative_to(folder).as_posix() not in known
    )
    if foreign:
        raise UsageError(
            f"the dataset folder holds files that no release wrote: {', '.join(foreign[:5])}"
            + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else ""),  # noqa: PLR2004
            where=str(folder),
            remedy="move them elsewhere: the folder is replaced as a whole by each release",
        )
