"""Where a release comes from: a folder, a revision in git, or the Hub.

Local loaders ignore a revision without a word. Here it is always honoured: a folder with a
revision is read from the git repository that it lies in.
"""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from claimset.errors import RemoteError, UsageError
from claimset.identifiers import sha256_hex
from claimset.release.reader import METADATA_FILE, Release, read_release

__all__ = ["named_release", "open_release", "stands_alone"]

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_HUB_RELEASE = re.compile(rf"({_HUB_NAME.pattern})@([\w./-]+)")
_HUB_ADDRESS = re.compile(r"https?://[^/]+/datasets/([^/]+/[^/?#]+)/?")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_PINNED = re.compile(r"v\d+\.\d+\.\d+|[0-9a-f]{40}")
"""A release's tag or a commit: what it names never changes."""


def open_release(
    source: str | Path, revision: str | None = None, *, only: str | None = None
) -> Release:
    """The release of a source.

    Args:
        source: A dataset folder, or a dataset on the Hub (`owner/name`).
        revision: A tag, branch or commit; a version such as `1.2.0` stands for its tag `v1.2.0`.
        only: Fetch only this config from the Hub; default: everything.

    Raises:
        UsageError: There is no such source, revision or release.
        RemoteError: The Hub cannot be reached, or refuses.
    """
    if revision is not None and _VERSION.fullmatch(revision):
        revision = f"v{revision}"
    folder = Path(source)
    if not folder.exists() and _HUB_NAME.fullmatch(str(source)):
        folder = _from_hub(str(source), revision, only)
    elif revision is not None:
        folder = _from_git(folder, revision)
    release = read_release(folder)
    if release is None:
        address = _HUB_ADDRESS.fullmatch(str(source))
        if address or not folder.is_dir():
            raise UsageError(
                "this is the address of a page" if address else "there is no such folder",
                where=str(source),
                remedy=f"name the dataset as {address[1]}"
                if address
                else "name a folder, or a dataset on the Hub as owner/name",
            )
        raise UsageError(
            "there is no claimset release in this folder",
            where=str(source) + (f" at {revision}" if revision else ""),
            remedy=f"name a folder that holds {METADATA_FILE}, such as a workspace's dataset/",
        )
    return release


def stands_alone(name: str) -> bool:
    """Whether a name says where its release is: a folder, or `owner/name@revision` on the Hub."""
    return Path(name).is_dir() or _HUB_RELEASE.fullmatch(name) is not None


def named_release(name: str, dataset: str | Path | None = None) -> Release:
    """The release that a person names on the command line.

    Args:
        name: A folder, `owner/name@revision` on the Hub, a version or a git revision.
        dataset: The folder whose git repository knows the versions and revisions.

    Raises:
        UsageError: There is no such source, revision or release.
        RemoteError: The Hub cannot be reached, or refuses.
    """
    if Path(name).is_dir():
        return open_release(name)
    if found := _HUB_RELEASE.fullmatch(name):
        return open_release(found.group(1), found.group(2))
    if dataset is None:
        raise UsageError(
            "there is no such folder, and no release on the Hub is written so",
            where=name,
            remedy="name a folder that holds release.json, or OWNER/NAME@v1.0.0 on the Hub",
        )
    return open_release(dataset, name)


def _from_git(folder: Path, revision: str) -> Path:
    """The folder as it was committed, in a cache of its own for each commit."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise UsageError(
            "there is no such folder",
            where=str(folder),
            remedy="name a folder, or a dataset on the Hub as owner/name",
        )
    root = _git(folder, "rev-parse", "--show-toplevel")
    if root is None:
        raise UsageError(
            f"the folder lies in no git repository, so {revision!r} cannot be loaded from it",
            where=str(folder),
            remedy="load the release that lies there without a revision",
        )
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"
    )
    if commit is None:
        tags = (_git(folder, "tag", "--list") or "").split()
        raise UsageError(
            f"there is no revision {revision!r} in the repository",
            where=root,
            remedy=f"choose one of: {', '.join(tags[-10:])}"
            if tags
            else f"give it its tag (`git tag {revision} COMMIT`), or name a commit, a folder, or "
            "OWNER/NAME@REVISION on the Hub",
        )
    inside = folder.relative_to(Path(root).resolve()).as_posix()
    cache = _cache() / commit / sha256_hex(inside.encode())[:8] / "dataset"
    if not cache.exists():
        _extract(root, commit, inside, cache)
    return cache


def _cache() -> Path:
    import datasets  # noqa: PLC0415 - takes seconds to import

    return Path(datasets.config.HF_DATASETS_CACHE) / "claimset-git"


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise UsageError(
            "git is not installed", remedy="install git, or load a folder without a revision"
        ) from error
    return done.stdout.strip() if done.returncode == 0 else None


def _extract(root: str, commit: str, inside: str, cache: Path) -> None:
    done = subprocess.run(
        [
            "git",
            "-C",
            root,
            "archive",
            "--format=tar",
            f"{commit}:{'' if inside == '.' else inside}",
        ],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise UsageError(
            f"{inside} is not part of the repository at that revision",
            where=f"{root}, commit {commit}",
            remedy="choose a revision that holds the dataset",
        )
    cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache.parent) as fresh:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(Path(fresh) / "dataset", filter="data")
        try:
            (Path(fresh) / "dataset").rename(cache)
        except OSError:
            if not cache.exists():  # else another process was faster
                raise


def _from_hub(name: str, revision: str | None, only: str | None) -> Path:
    from huggingface_hub import HfApi, snapshot_download  # noqa: PLC0415 - takes seconds to import
    from huggingface_hub.errors import (  # noqa: PLC0415
        HfHubHTTPError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    # The root of what the HTTP library raises, whichever one huggingface_hub uses.
    transport: type[BaseException] = HfHubHTTPError.__bases__[0]
    patterns = None if only is None else [METADATA_FILE, f"{only}/*"]
    pinned, commit = revision is not None and bool(_PINNED.fullmatch(revision)), revision
    try:
        if not pinned:
            # A branch moves: unasked, the library takes what it has for the newest.
            commit = HfApi().repo_info(name, repo_type="dataset", revision=revision).sha
        found = snapshot_download(
            name, repo_type="dataset", revision=commit, allow_patterns=patterns
        )
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise UsageError(
            f"the Hub has no dataset {name!r}" + (f" at {revision!r}" if revision else ""),
            where=name,
            remedy="check name and revision; a private dataset needs HF_TOKEN",
        ) from error
    except (transport, OSError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise RemoteError(
            f"the dataset cannot be fetched from the Hub: {said[0]}",
            where=name + (f" at {revision}" if revision else ""),
            remedy="try again later; what was fetched is kept"
            if pinned
            else "try again later, or name a release that was fetched before: "
            'revision="v1.2.0" needs no Hub then',
        ) from error
    return Path(found)
