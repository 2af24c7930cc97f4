"""The Hub's writing endpoints: create, preupload, large files, commit, tag, branch."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import yaml

from tests.release.hub.exchange import Answer, Refusal, answer
from tests.release.hub.repository import MAIN, Entry, Repository

if TYPE_CHECKING:
    from tests.release.hub.exchange import Call
    from tests.release.hub.state import Hub

__all__ = ["batch", "create", "store", "validate_card", "verify", "write_api"]

_LARGE = 10_000_000


def create(hub: Hub, call: Call) -> Answer:
    """POST /api/repos/create."""
    wanted = call.json
    hub.may_write(call, wanted["organization"])
    name = f"{wanted['organization']}/{wanted['name']}"
    url = f"{hub.address}/datasets/{name}"
    if name in hub.repositories:
        body = {"error": "You already created this dataset repo", "url": url}
        return Answer(409, json.dumps(body).encode(), {"Content-Type": "application/json"})
    private = wanted.get("visibility") == "private" or bool(wanted.get("private"))
    hub.repositories[name] = Repository(name, private)
    return answer({"url": url, "name": name, "id": name})


def validate_card(call: Call) -> Answer:
    """POST /api/validate-yaml: here only whether it is YAML at all."""
    content = call.json["content"]
    try:
        if content.startswith("---\n"):
            yaml.safe_load(content.split("---\n")[1])
    except yaml.YAMLError as error:
        body = {"errors": [{"message": f"invalid YAML: {error}"}], "warnings": []}
        return Answer(400, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return answer({"errors": [], "warnings": []})


def write_api(hub: Hub, call: Call, name: str, rest: tuple[str, ...]) -> Answer:
    """POST and DELETE below ``/api/datasets/OWNER/NAME``."""
    repository = hub.writable(call, name)
    with repository.lock:
        match (call.method, *rest):
            case ("POST", "preupload", revision):
                return _preupload(hub, call, repository, revision)
            case ("POST", "commit", revision):
                return _commit(hub, call, repository, revision)
            case ("POST", "tag", revision):
                tag = f"refs/tags/{call.json['tag']}"
                return _new_ref(repository, tag, hub.commit(repository, revision).sha)
            case ("DELETE", "tag", tag):
                if repository.refs.pop(f"refs/tags/{tag}", None) is None:
                    raise Refusal(404, "Tag not found", "RevisionNotFound")
                return Answer()
            case ("POST", "branch", branch):
                start = call.json.get("startingPoint") or "main"
                return _new_ref(
                    repository, f"refs/heads/{branch}", hub.commit(repository, start).sha
                )
    raise Refusal(404, "Not found")


def _new_ref(repository: Repository, ref: str, sha: str) -> Answer:
    if ref in repository.refs:
        raise Refusal(409, f"{ref} already exists")
    repository.refs[ref] = sha
    return answer({})


def _preupload(hub: Hub, call: Call, repository: Repository, revision: str) -> Answer:
    commit = hub.commit(repository, revision)
    files = []
    for file in call.json["files"]:
        large = file["path"].endswith(".parquet") or file["size"] > _LARGE
        known = commit.tree.get(file["path"])
        files.append(
            {
                "path": file["path"],
                "uploadMode": "lfs" if large else "regular",
                "shouldIgnore": False,
                "oid": (known.sha256 or known.oid) if known else None,
            }
        )
    return answer({"files": files, "commitOid": commit.sha})


def batch(hub: Hub, call: Call, name: str) -> Answer:
    """POST …/info/lfs/objects/batch: where each large file is to be sent."""
    hub.writable(call, name)
    objects: list[dict[str, Any]] = []
    for wanted in call.json["objects"]:
        found = {"oid": wanted["oid"], "size": wanted["size"]}
        if wanted["oid"] not in hub.objects:
            hub.has_room(wanted["size"])
            found["actions"] = {
                "upload": {"href": f"{hub.address}/store/{wanted['oid']}"},
                "verify": {"href": f"{hub.address}/verify/{name}"},
            }
        objects.append(found)
    return answer({"transfer": "basic", "objects": objects})


def store(hub: Hub, call: Call, sha256: str) -> Answer:
    """PUT of a large file."""
    if hashlib.sha256(call.body).hexdigest() != sha256:
        raise Refusal(400, "the bytes are not those of their SHA-256")
    hub.objects[sha256] = call.body
    return Answer()


def verify(hub: Hub, call: Call, name: str) -> Answer:
    """POST after a PUT: is the file there?"""
    hub.writable(call, name)
    if len(hub.objects.get(call.json["oid"], b"")) != call.json["size"]:
        raise Refusal(404, "Object not found")
    return answer({})


def _commit(hub: Hub, call: Call, repository: Repository, revision: str) -> Answer:
    lines = [json.loads(line) for line in call.body.splitlines() if line]
    header = lines[0]["value"]
    head = hub.commit(repository, revision)
    if header.get("parentCommit") not in (None, head.sha):
        raise Refusal(412, "A commit has happened since. Please refresh and try again.")
    tree = dict(head.tree)
    for line in lines[1:]:
        _apply(hub, tree, line["key"], line["value"])
    made = repository.commit(header["summary"], header.get("description", ""), head.sha, tree)
    result = {
        "success": True,
        "commitOid": made.sha,
        "commitUrl": f"{hub.address}/datasets/{repository.name}/commit/{made.sha}",
        "hookOutput": "",
    }
    if call.flag("create_pr"):
        number = 1 + sum(ref.startswith("refs/pr/") for ref in repository.refs)
        repository.refs[f"refs/pr/{number}"] = made.sha
        repository.proposals[number] = header["summary"]
        result["pullRequestUrl"] = f"{hub.address}/datasets/{repository.name}/discussions/{number}"
    else:
        repository.refs[MAIN if revision == "main" else f"refs/heads/{revision}"] = made.sha
    return answer(result)


def _apply(hub: Hub, tree: dict[str, Entry], key: str, value: dict[str, Any]) -> None:
    path = value["path"]
    match key:
        case "file":
            data = base64.b64decode(value["content"])
            tree[path] = Entry(len(data), data=data)
        case "lfsFile":
            tree[path] = _stored(hub, value["oid"], value["size"])
        case "deletedFile":
            if tree.pop(path, None) is None:
                raise Refusal(404, "A file with this name doesn't exist", "EntryNotFound")
        case "deletedFolder":
            for inside in [name for name in tree if name.startswith(f"{path.rstrip('/')}/")]:
                del tree[inside]
        case _:
            raise Refusal(400, f"unknown operation {key}")


def _stored(hub: Hub, sha256: str, size: int) -> Entry:
    if hub.xet is not None:
        xet_hash = hub.xet.hash_of(sha256)
        if xet_hash is not None:
            return Entry(size, sha256=sha256, xet_hash=xet_hash)
    if sha256 in hub.objects and len(hub.objects[sha256]) == size:
        return Entry(size, sha256=sha256)
    raise Refusal(400, f"LFS pointer points to file {sha256} that was never uploaded")
