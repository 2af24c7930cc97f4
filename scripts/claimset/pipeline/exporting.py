"""Export: the release in ``dataset/`` in the vocabularies of other tools."""

from __future__ import annotations

import io
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from claimset.errors import UsageError
from claimset.models import Model
from claimset.release.claimreview import claim_reviews, feed_head
from claimset.release.croissant import croissant
from claimset.release.features import decode_rows
from claimset.release.jsonld import safe_json, write_document
from claimset.release.reader import read_release
from claimset.release.webannotation import page_head, web_annotations
from claimset.storage.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from claimset.release.reader import Release
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["ExportFormat", "ExportResult", "export"]

_HUB = "https://huggingface.co/datasets/"


class ExportFormat(StrEnum):
    """What a release can be written as."""

    CROISSANT = "croissant"
    """Croissant 1.0 with RAI: what the dataset is, for catalogues and loaders."""
    CLAIMREVIEW = "claimreview"
    """schema.org ClaimReview: one per claim with a gold verdict."""
    WEBANNOTATION = "webannotation"
    """W3C Web Annotation: claims, answers and evidence with their positions."""


class ExportResult(Model):
    """What was written."""

    format: ExportFormat
    """As what."""
    version: str
    """The release."""
    items: int
    """Tables, reviews or annotations in it."""
    path: str | None
    """The file; null for standard output."""


def export(
    workspace: Workspace,
    settings: Settings,
    what: ExportFormat,
    *,
    output: Path | TextIO,
    url: str | None = None,
    published: date | None = None,
) -> ExportResult:
    """Write the release as JSON-LD.

    Args:
        workspace: Holds the release.
        settings: Its repository on the Hub names claims, if it has one.
        what: As what.
        output: A file, which is replaced as a whole, or an open stream.
        url: Address of the dataset's page; default: the repository on the Hub, if one is set.
        published: Day of publication, for Croissant.

    Raises:
        UsageError: There is no release.
        DataError: A file of the release is missing or damaged.
    """
    release = read_release(workspace.dataset)
    if release is None:
        raise UsageError(
            "there is no release to export",
            where=str(workspace.dataset),
            remedy="run `claimset build` first",
        )
    base = url or (f"{_HUB}{settings.hub_repo}" if settings.hub_repo else None)
    if isinstance(output, Path):
        with replacing(output) as stream:
            text = io.TextIOWrapper(stream, "utf-8", newline="\n")
            items = _write(release, what, text, base, published)
            text.flush()
            text.detach()  # the stream is closed by whoever opened it
    else:
        items = _write(release, what, output, base, published)
    return ExportResult(
        format=what,
        version=release.metadata.version,
        items=items,
        path=str(output) if isinstance(output, Path) else None,
    )


def _write(
    release: Release, what: ExportFormat, stream: TextIO, base: str | None, published: date | None
) -> int:
    metadata = release.metadata
    if what is ExportFormat.CROISSANT:
        described = croissant(metadata, url=base, published=published)
        release.check()
        stream.write(safe_json(described, indent=2) + "\n")
        return len(described["recordSet"])
    articles: dict[str, dict[str, Any]] = {
        row["article_id"]: row for row in release.rows("articles")
    }
    if what is ExportFormat.CLAIMREVIEW:
        reviews = claim_reviews(_rows(release, "claims"), articles, metadata, base)
        return write_document(stream, feed_head(metadata, base), "dataFeedElement", reviews)
    claims, answers = _rows(release, "claims"), _rows(release, "annotations")
    found = web_annotations(claims, answers, articles, base)
    return write_document(stream, page_head(metadata, base), "items", found)


def _rows(release: Release, config: str) -> Iterator[dict[str, Any]]:
    """The rows of a config, with one row group in memory."""
    for table in release.batches(config):
        yield from decode_rows(table)
