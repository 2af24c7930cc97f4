"""The Hub's reading endpoints: repository, tree, refs, commits, discussions, and file bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.release.hub.exchange import Answer, Refusal, answer

if TYPE_CHECKING:
    from datetime import datetime

    from tests.release.hub.exchange import Call
    from tests.release.hub.repository import Commit, Entry, Repository
    from tests.release.hub.state import Hub

__all__ = ["read_api", "read_bytes", "resolve"]


def read_api(hub: Hub, call: Call, name: str, rest: tuple[str, ...]) -> Answer:
    """GET below ``/api/datasets/OWNER/NAME``."""
    repository = hub.readable(call, name)
    match rest:
        case () | ("revision", _):
            revision = rest[1] if rest else "main"
            return answer(_info(repository, hub.commit(repository, revision)))
        case ("tree", revision, *folder):
            commit = hub.commit(repository, revision)
            return answer(_tree(commit, "/".join(folder), recursive=call.flag("recursive")))
        case ("refs",):
            return answer(_refs(repository, proposals=call.flag("include_prs")))
        case ("commits", revision):
            hub.commit(repository, revision)
            return answer([_commit(commit) for commit in repository.history(revision)])
        case ("discussions",):
            return answer(_discussions(repository))
        case ("xet-read-token" | "xet-write-token", revision):
            if rest[0] == "xet-write-token":
                hub.writable(call, name)
                hub.has_room(1)
            if not call.flag("create_pr"):
                # For a pull request huggingface_hub 2.4 asks for the revision `None`.
                hub.commit(repository, revision)
            return _xet_token(hub)
    raise Refusal(404, "Not found")


def _info(repository: Repository, commit: Commit) -> dict[str, Any]:
    return {
        "_id": commit.sha[:24],
        "id": repository.name,
        "author": repository.name.partition("/")[0],
        "sha": commit.sha,
        "lastModified": _moment(commit.date),
        "createdAt": _moment(repository.created),
        "private": repository.private,
        "gated": False,
        "disabled": False,
        "tags": [],
        "downloads": 0,
        "likes": 0,
        "siblings": [{"rfilename": path} for path in sorted(commit.tree)],
    }


def _moment(date: datetime) -> str:
    return date.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _tree(commit: Commit, folder: str, *, recursive: bool) -> list[dict[str, Any]]:
    prefix = f"{folder}/" if folder else ""
    inside = {path: entry for path, entry in commit.tree.items() if path.startswith(prefix)}
    if not inside and folder:
        raise Refusal(404, f"{folder} does not exist on {commit.sha}", "EntryNotFound")
    folders, files = set(), []
    for path, entry in sorted(inside.items()):
        parents = path.removeprefix(prefix).split("/")[:-1]
        folders |= {prefix + "/".join(parents[: depth + 1]) for depth in range(len(parents))}
        if recursive or not parents:
            files.append(_file(path, entry))
    shown = sorted(
        folders if recursive else {path for path in folders if "/" not in path[len(prefix) :]}
    )
    return [
        {"type": "directory", "oid": "0" * 40, "size": 0, "path": path} for path in shown
    ] + files


def _file(path: str, entry: Entry) -> dict[str, Any]:
    large: dict[str, Any] = {}
    if entry.sha256 is not None:
        pointer = len(entry.pointer)
        large["lfs"] = {"oid": entry.sha256, "size": entry.size, "pointerSize": pointer}
    if entry.xet_hash is not None:
        large["xetHash"] = entry.xet_hash
    return {"type": "file", "oid": entry.oid, "size": entry.size, "path": path, **large}


def _refs(repository: Repository, *, proposals: bool) -> dict[str, Any]:
    def listed(names: dict[str, str], prefix: str) -> list[dict[str, str]]:
        return [
            {"name": name, "ref": f"{prefix}{name}", "targetCommit": sha}
            for name, sha in names.items()
        ]

    refs: dict[str, Any] = {
        "branches": listed(repository.branches(), "refs/heads/"),
        "tags": listed(repository.tags(), "refs/tags/"),
        "converts": [],
    }
    if proposals:
        found = {ref: sha for ref, sha in repository.refs.items() if ref.startswith("refs/pr/")}
        refs["pullRequests"] = [
            {"name": ref.removeprefix("refs/"), "ref": ref, "targetCommit": sha}
            for ref, sha in found.items()
        ]
    return refs


def _commit(commit: Commit) -> dict[str, Any]:
    return {
        "id": commit.sha,
        "title": commit.title,
        "message": commit.message,
        "authors": [{"user": "double"}],
        "date": _moment(commit.date),
    }


def _discussions(repository: Repository) -> dict[str, Any]:
    """The open pull requests: the double knows no other discussions."""
    found = [
        {
            "num": number,
            "title": title,
            "status": "open",
            "isPullRequest": True,
            "author": {"name": "double"},
            "createdAt": _moment(repository.created),
            "repo": {"name": repository.name, "type": "dataset"},
        }
        for number, title in repository.proposals.items()
    ]
    return {"count": len(found), "start": 0, "discussions": found}


def _xet_token(hub: Hub) -> Answer:
    if hub.xet is None:
        raise Refusal(404, "Not found")
    token = {"accessToken": "xet", "exp": 4_102_444_800, "casUrl": hub.xet.url}
    return answer(
        token,
        **{
            "X-Xet-Cas-Url": hub.xet.url,
            "X-Xet-Access-Token": "xet",
            "X-Xet-Token-Expiration": str(token["exp"]),
        },
    )


def resolve(hub: Hub, call: Call, name: str, revision: str, path: str) -> Answer:
    """GET and HEAD of ``/datasets/OWNER/NAME/resolve/REVISION/PATH``."""
    repository = hub.readable(call, name)
    commit = hub.commit(repository, revision)
    headers = {"X-Repo-Commit": commit.sha}
    entry = commit.tree.get(path)
    if entry is None:
        raise Refusal(404, "Entry not found", "EntryNotFound", **headers)
    if entry.sha256 is None:
        return _ranged(hub.bytes_of(entry), call, {**headers, "ETag": f'"{entry.oid}"'})
    headers |= {
        "X-Linked-Size": str(entry.size),
        "X-Linked-Etag": f'"{entry.sha256}"',
        # Another origin than the endpoint: clients follow redirects within one at once.
        "Location": f"{hub.address.replace('127.0.0.1', 'localhost')}/stored/{entry.sha256}",
    }
    if entry.xet_hash is not None:
        refresh = f"{hub.address}/api/datasets/{name}/xet-read-token/{commit.sha}"
        headers |= {"X-Xet-Hash": entry.xet_hash, "Link": f'<{refresh}>; rel="xet-auth"'}
    return Answer(302, b"", headers)


def read_bytes(hub: Hub, call: Call, sha256: str) -> Answer:
    """GET of a large file, where a redirect leads."""
    for repository in hub.repositories.values():
        for commit in repository.commits.values():
            for entry in commit.tree.values():
                if entry.sha256 == sha256:
                    return _ranged(hub.bytes_of(entry), call, {"ETag": f'"{sha256}"'})
    raise Refusal(404, "Not found")


def _ranged(data: bytes, call: Call, headers: dict[str, str]) -> Answer:
    headers = {"Accept-Ranges": "bytes", "Content-Type": "application/octet-stream", **headers}
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", call.range or "")
    if wanted is None or not (wanted[1] or wanted[2]):
        return Answer(200, data, headers)
    if not wanted[1]:
        start, end = max(0, len(data) - int(wanted[2])), len(data)
    else:
        start = int(wanted[1])
        end = min(len(data), int(wanted[2]) + 1) if wanted[2] else len(data)
    if start >= len(data):
        raise Refusal(416, "Range not satisfiable", **{"Content-Range": f"bytes */{len(data)}"})
    span = f"bytes {start}-{end - 1}/{len(data)}"
    return Answer(206, data[start:end], {**headers, "Content-Range": span})
