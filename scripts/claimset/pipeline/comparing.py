"""Diff: two releases held against each other, wherever they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.release.difference import Difference, diff_releases
from claimset.release.sources import named_release, open_release

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

__all__ = ["diff"]


def diff(workspace: Workspace | None, before: str, after: str | None = None) -> Difference:
    """Hold two releases against each other.

    Args:
        workspace: Its ``dataset/`` is what a version or a tag is looked up in; none is needed for
            two folders or datasets on the Hub.
        before: A version (`0.1.0`), a git revision (`v0.1.0`), a folder, or a dataset on the Hub
            with a revision (`owner/name@v0.1.0`).
        after: The same; default: what lies in ``dataset/`` now.

    Raises:
        UsageError: There is no such release.
        DataError: A file of a release is missing or damaged.
        RemoteError: The Hub cannot be reached.
    """
    dataset = None if workspace is None else workspace.dataset
    later = None if after is None else named_release(after, dataset)
    if later is None:
        if dataset is None:
            raise UsageError(
                "there is nothing to hold it against",
                where=before,
                remedy="name a second release, or a workspace whose dataset/ is the second",
            )
        later = open_release(dataset)
    return diff_releases(named_release(before, dataset), later)
