"""Show: one claim of a release with its article and every answer, to see where a row comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from claimset.errors import UsageError
from claimset.models import Model, ReleasedAnnotation, ReleasedArticle, ReleasedClaim
from claimset.release.features import decode_rows
from claimset.release.sources import named_release, open_release

if TYPE_CHECKING:
    from claimset.release.reader import Release
    from claimset.storage.workspace import Workspace

__all__ = ["ShownClaim", "show"]

_LISTED = 5


class ShownClaim(Model):
    """One claim of a release, and what it rests on."""

    version: str
    """Version of the release."""
    claim: ReleasedClaim
    """Its row in `claims`."""
    article: ReleasedArticle | None
    """The row of its article; null when the article was withdrawn."""
    annotations: tuple[ReleasedAnnotation, ...]
    """Every answer to it in `annotations`, votes and adjudications, oldest first."""
    withdrawn: str | None
    """Why the claim or its article was withdrawn; null for an active claim."""


def show(workspace: Workspace | None, claim_id: str, release: str | None = None) -> ShownClaim:
    """Look a claim up in a release.

    Args:
        workspace: Its ``dataset/`` is looked in, and knows the versions; none is needed where the
            release is a folder or a dataset on the Hub.
        claim_id: Its id, or a beginning of it that no other claim shares.
        release: As :func:`claimset.pipeline.diff` takes it; default: ``dataset/`` as it is.

    Raises:
        UsageError: There is no such release or claim, or several ids begin so.
        DataError: A file of the release is missing or damaged.
        RemoteError: The Hub cannot be reached.
    """
    dataset = None if workspace is None else workspace.dataset
    if release is not None:
        opened = named_release(release, dataset)
    elif dataset is not None:
        opened = open_release(dataset)
    else:
        raise UsageError(
            "no release is named", where=claim_id, remedy="name one, or work in a workspace"
        )
    (claim,) = _found(opened, claim_id)
    articles = _rows(opened, "articles", "article_id", claim["article_id"])
    answers = _rows(opened, "annotations", "claim_id", claim["claim_id"])
    gone = {record.id: record.reason for record in opened.metadata.withdrawn}
    return ShownClaim(
        version=opened.metadata.version,
        claim=ReleasedClaim.model_validate(claim),
        article=ReleasedArticle.model_validate(articles[0]) if articles else None,
        annotations=tuple(
            ReleasedAnnotation.model_validate(row)
            for row in sorted(answers, key=lambda row: str(row["created_at"]))
        ),
        withdrawn=gone.get(claim["claim_id"], gone.get(claim["article_id"])),
    )


def _rows(release: Release, config: str, column: str, value: str) -> list[dict[str, Any]]:
    """The rows with a value in a column, read row group by row group."""
    return [
        row
        for table in release.batches(config)
        for row in decode_rows(table.filter(pc.equal(table[column], value)))
    ]


def _found(release: Release, beginning: str) -> list[dict[str, Any]]:
    """The one claim whose id is this or begins so."""
    begin_so = [
        name
        for table in release.batches("claims", ["claim_id"])
        for name in table["claim_id"].to_pylist()
        if name.startswith(beginning)
    ]
    if beginning in begin_so:
        begin_so = [beginning]
    if len(begin_so) != 1:
        some = ", ".join(begin_so[:_LISTED]) + (", …" if len(begin_so) > _LISTED else "")
        raise UsageError(
            f"the ids of {len(begin_so)} claims begin with {beginning!r}"
            if begin_so
            else f"release {release.metadata.version} holds no claim {beginning!r}",
            where=str(release.folder),
            remedy=f"give more of the id: {some}"
            if begin_so
            else "take an id from the column claim_id of `claims`",
        )
    return _rows(release, "claims", "claim_id", begin_so[0])
