"""Diff: two releases held against each other, wherever they lie."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from claimset.release.difference import Difference, diff_releases
from claimset.release.sources import open_release

if TYPE_CHECKING:
    from claimset.release.reader import Release
    from claimset.storage.workspace import Workspace

__all__ = ["diff"]

_HUB = re.compile(r"([\w.-]+/[\w.-]+)@([\w./-]+)")


def diff(workspace: Workspace, before: str, after: str | None = None) -> Difference:
    """Hold two releases against each other.

    Args:
        workspace: Its ``dataset/`` is what a version or a tag is looked up in.
        before: A version (`0.1.0`), a git revision (`v0.1.0`), a folder, or a dataset on the Hub
            with a revision (`owner/name@v0.1.0`).
        after: The same; default: what lies in ``dataset/`` now.

    Raises:
        UsageError: There is no such release.
        DataError: A file of a release is missing or damaged.
        RemoteError: The Hub cannot be reached.
    """
    later = open_release(workspace.dataset) if after is None else _open(workspace, after)
    return diff_releases(_open(workspace, before), later)


def _open(workspace: Workspace, name: str) -> Release:
    if Path(name).is_dir():
        return open_release(name)
    if found := _HUB.fullmatch(name):
        return open_release(found.group(1), found.group(2))
    return open_release(workspace.dataset, name)
