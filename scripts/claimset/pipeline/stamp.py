"""The stamp of segmentation: from which articles the tables were made, and if that still holds."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.identifiers import canonical_json, sha256_hex
from claimset.seeds import read_event_rows, read_listed_article
from claimset.segmentation import SEGMENTER_VERSION
from claimset.storage.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from claimset.models import Article, ManifestRow
    from claimset.storage.workspace import Workspace

__all__ = [
    "SEGMENT_COMMAND",
    "Stamp",
    "check_manifest",
    "check_segmented",
    "is_current",
    "manifest_sha256",
    "segmented_articles",
    "segmented_event_rows",
]

SEGMENT_COMMAND = "claimset segment"
"""The command that makes the tables."""


class Stamp:
    """What the tables were made from, as one hash; and which articles were left out, by file."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256(SEGMENTER_VERSION.encode())

    def add(self, line: tuple[str, ...]) -> None:
        """Take in an article: its id, the hash of its text, its event and its roles."""
        self._digest.update(canonical_json(line).encode("utf-8"))

    def write(
        self, workspace: Workspace, manifest: str | None, left_out: Iterable[str] = ()
    ) -> None:
        """Mark the tables as made; written last, for without it they are not believed.

        Args:
            workspace: Holds the tables.
            manifest: The manifest's hash before anything was read of it.
            left_out: Ids of the manifest's articles that were left out as faulty.
        """
        wanted = set(left_out)
        files = {
            row.article_id: row.sha256
            for rows in (read_event_rows(workspace.manifest) if wanted else ())
            for _, row in rows
            if row.article_id in wanted
        }
        content = self._content | {"manifest": manifest}
        content |= {"left_out": files} if files else {}
        replace_file(workspace.segmentation, canonical_json(content).encode("utf-8"))

    def fits(self, written: Mapping[str, object]) -> bool:
        """Whether the tables were made from the articles taken in."""
        return self._content == {name: written.get(name) for name in self._content}

    @property
    def _content(self) -> dict[str, object]:
        return {"segmenter_version": SEGMENTER_VERSION, "articles": self._digest.hexdigest()}


def manifest_sha256(workspace: Workspace) -> str | None:
    """Hash of the manifest's bytes; ``None`` when there is none."""
    if not workspace.manifest.exists():
        return None
    return sha256_hex(workspace.manifest.read_bytes())


def _written(workspace: Workspace) -> dict[str, object]:
    try:
        found = json.loads(workspace.segmentation.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def segmented_event_rows(
    workspace: Workspace, events: Container[str] | None = None
) -> Iterator[list[tuple[int, ManifestRow]]]:
    """The manifest event by event, without the articles that segmentation left out as faulty.

    One whose line names another file since is there again.

    Args:
        workspace: Holds the manifest.
        events: Only these events; the lines of others are not checked.

    Raises:
        DataError: The manifest is not as it must be.
    """
    found = _written(workspace).get("left_out")
    files = found if isinstance(found, dict) else {}
    for rows in read_event_rows(workspace.manifest, events):
        if kept := [item for item in rows if files.get(item[1].article_id) != item[1].sha256]:
            yield kept


def segmented_articles(workspace: Workspace) -> Iterator[Article]:
    """The articles of :func:`segmented_event_rows`, one at a time.

    Raises:
        DataError: The manifest or an article is not as it must be.
    """
    for rows in segmented_event_rows(workspace):
        for number, row in rows:
            where = f"{workspace.manifest}:{number}"
            yield read_listed_article(workspace.seeds, row, where=where)


def is_current(workspace: Workspace, articles: Iterable[Article]) -> bool:
    """Whether the tables are there and were made from these articles.

    Args:
        workspace: Holds the tables.
        articles: All of :func:`segmented_articles`; none is kept.
    """
    stamp = Stamp()
    for article in articles:
        stamp.add((article.article_id, article.text_sha256, article.event_id, *article.roles))
    return workspace.units.exists() and stamp.fits(_written(workspace))


def check_segmented(workspace: Workspace, articles: Iterable[Article]) -> None:
    """See that the tables were made from these articles.

    Args:
        workspace: Holds the tables.
        articles: All of :func:`segmented_articles`; none is kept.

    Raises:
        UsageError: Nothing was segmented yet, or something changed since.
    """
    if is_current(workspace, articles):
        return
    if not workspace.units.exists():
        raise UsageError(
            "nothing was segmented yet",
            where=str(workspace.units),
            remedy=f"run `{SEGMENT_COMMAND}` first",
        )
    raise UsageError(
        "articles, manifest or rules changed since the articles were segmented",
        where=str(workspace.manifest),
        remedy=f"run `{SEGMENT_COMMAND}` again; it keeps the ids of unchanged claims",
    )


def check_manifest(workspace: Workspace) -> None:
    """See that the tables were made by these rules from what the manifest describes.

    The articles themselves are read only where the manifest's bytes changed; otherwise whoever uses
    one holds it against its line.

    Raises:
        UsageError: Nothing was segmented yet, or something changed since.
        DataError: The manifest or an article is not as it must be.
    """
    written = _written(workspace)
    known = written.get("segmenter_version"), written.get("manifest")
    if known != (SEGMENTER_VERSION, manifest_sha256(workspace)) or not workspace.units.exists():
        check_segmented(workspace, segmented_articles(workspace))
