"""A release on the Hub is one commit and one tag, whole and never changed again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.release.hub.repository import ATTRIBUTES
from tests.release.hub.state import READER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.release.hub.conftest import Place


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    } | {".gitattributes": ATTRIBUTES}


def _content_id(folder: Path) -> str:
    found: str = json.loads((folder / "release.json").read_bytes())["content_id"]
    return found


def _release(place: Place, folder: Path, repository: str, **options: Any) -> dict[str, Any]:
    """Publish and expect it to succeed."""
    answer = place.client.publish(folder, repository, **options)
    assert "error" not in answer, answer
    return answer


def test_a_release_is_one_commit_and_one_tag(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    answer = _release(place, releases["0.1.0"], repository)
    assert answer["status"] == "published"
    assert answer["plan"]["steps"] == ["create", "commit", "tag"]
    assert place.hub.log.writes() == [
        "POST /api/repos/create",
        f"POST /api/datasets/{repository}/commit/main",
        f"POST /api/datasets/{repository}/tag/{answer['commit']}",
    ]
    found = place.hub.repositories[repository]
    assert found.tags() == {"v0.1.0": answer["commit"]}
    assert [commit.title for commit in found.history("main")] == [
        "Release 0.1.0",
        "initial commit",
    ]
    assert found.private


def test_publishing_again_sends_nothing(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    first = _release(place, releases["0.1.0"], repository)
    place.hub.log.clear()
    again = _release(place, releases["0.1.0"], repository)
    assert (again["status"], again["commit"]) == ("unchanged", first["commit"])
    assert {request.method for request in place.hub.log.requests} <= {"GET", "HEAD"}


def test_a_dry_run_sends_nothing(place: Place, releases: dict[str, Path], repository: str) -> None:
    answer = _release(place, releases["0.1.0"], repository, dry_run=True, token=None)
    assert answer["status"] == "planned"
    assert place.hub.log.writes() == []
    assert repository not in place.hub.repositories
    assert {file["change"] for file in answer["plan"]["files"]} == {"added"}


def test_every_tag_loads_its_own_rows_and_stays_as_it_was(
    place: Place, releases: dict[str, Path], repository: str, tmp_path: Path
) -> None:
    """Downloads are byte for byte the folder; `load_dataset` gives exactly the content id."""
    commits: dict[str, str] = {}
    for version, folder in releases.items():
        commits[f"v{version}"] = _release(place, folder, repository)["commit"]
        assert place.hub.repositories[repository].tags() == commits
    for version, folder in releases.items():
        fetched = place.client.download(repository, f"v{version}", tmp_path / f"got-{version}")
        assert fetched == files_of(folder)
        loaded = place.client.content(repository, f"v{version}")
        assert loaded["content_id"] == _content_id(folder)
        assert loaded["streamed"] == loaded["rows"]
    assert len({_content_id(folder) for folder in releases.values()}) == len(releases)
    # One commit per release, and the Hub's own first one.
    assert len(place.hub.repositories[repository].history("main")) == len(releases) + 1


def test_only_files_that_changed_are_sent(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    place.hub.objects.clear()  # what other tests sent would not be sent again
    _release(place, releases["0.2.0"], repository)
    place.hub.log.clear()
    files = _release(place, releases["0.3.0"], repository)["plan"]["files"]
    changes = {file["path"]: file["change"] for file in files}
    assert changes["articles/train-00000-of-00001.parquet"] == "unchanged"
    assert changes["claims/train-00000-of-00001.parquet"] == "changed"
    sent = {path for path in changes if path.endswith(".parquet")}
    sent -= {path for path, change in changes.items() if change == "unchanged"}
    # Config by config, so that the client finds in one what it sent with another; then the rest.
    configs = {path.split("/")[0] for path in sent}
    assert place.hub.log.count("POST", "/preupload/") == len(configs) + 1
    if place.hub.xet is None:
        assert place.hub.log.count("PUT", "/store/") == len(sent)


def test_files_that_a_release_no_longer_has_are_removed(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    """And the files of the Hub itself stay."""
    _release(place, releases["0.1.0"], repository)
    _commit_by_hand(place, repository, "note.txt")
    files = _release(place, releases["0.2.0"], repository)["plan"]["files"]
    assert {"path": "note.txt", "change": "removed", "bytes": 7} in files
    tree = place.hub.repositories[repository].history("main")[0].tree
    assert set(tree) == set(files_of(releases["0.2.0"]))


def _commit_by_hand(place: Place, repository: str, path: str) -> None:
    """Somebody edits a file on the Hub's page."""
    from tests.release.hub.repository import MAIN, Entry

    found = place.hub.repositories[repository]
    head = found.history("main")[0]
    tree = {**head.tree, path: Entry(7, data=b"by hand")}
    found.refs[MAIN] = found.commit("edit", "", head.sha, tree).sha


def test_a_card_edited_on_the_hub_is_told_and_the_tag_still_holds(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    _release(place, releases["0.1.0"], repository)
    _commit_by_hand(place, repository, "README.md")
    again = _release(place, releases["0.1.0"], repository)
    assert again["status"] == "unchanged"
    assert any("main no longer holds" in note for note in again["plan"]["notes"])


def test_a_pull_request_is_made_once_and_tagged_when_merged(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    _release(place, releases["0.1.0"], repository)
    proposed = _release(place, releases["0.2.0"], repository, pull_request=True)
    assert proposed["status"] == "proposed"
    assert proposed["pull_request"].endswith("/discussions/1")
    found = place.hub.repositories[repository]
    assert list(found.tags()) == ["v0.1.0"]
    assert found.history("main")[0].title == "Release 0.1.0"
    place.hub.log.clear()
    again = _release(place, releases["0.2.0"], repository, pull_request=True)
    assert (again["status"], again["pull_request"]) == ("proposed", proposed["pull_request"])
    assert place.hub.log.writes() == []
    found.merge(1)
    tagged = _release(place, releases["0.2.0"], repository)
    assert tagged["status"] == "tagged"
    assert found.tags()["v0.2.0"] == proposed["commit"]


def test_visibility_is_set_when_made_and_never_changed(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    answer = _release(place, releases["0.1.0"], repository, private=False)
    assert not place.hub.repositories[repository].private
    assert any("cannot be called back" in note for note in answer["plan"]["notes"])
    refused = place.client.publish(releases["0.2.0"], repository, private=True)
    assert (refused["error"], refused["exit_code"]) == ("UsageError", 2)
    assert "public, not private" in refused["text"]


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("hf_of_nobody", "status 401"),
        (READER, "status 403"),
    ],
)
def test_without_rights_nothing_is_sent(
    place: Place,
    releases: dict[str, Path],
    repository: str,
    token: str,
    said: str,
) -> None:
    refused = place.client.publish(releases["0.1.0"], repository, token=token)
    assert (refused["error"], refused["exit_code"]) == ("HubError", 3)
    assert said in refused["text"]
    assert token not in refused["text"]
    assert repository not in place.hub.repositories
