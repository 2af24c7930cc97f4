"""Whatever is lost or refused on the way, the next run ends with one commit and one tag."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.release.hub.client import client_environment, run_command
from tests.release.hub.faults import Fault, Moment
from tests.release.hub.repository import ATTRIBUTES, MAIN, Entry
from tests.release.hub.state import WRITER

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.storage.workspace import Workspace
    from tests.release.hub.conftest import Place


def _assert_whole(place: Place, repository: str, folder: Path, version: str = "0.1.0") -> None:
    """One commit of the release, its tag on it, and its files byte for byte."""
    found = place.hub.repositories[repository]
    titles = [commit.title for commit in found.history("main")]
    assert titles.count(f"Release {version}") == 1
    commit = found.find(f"v{version}")
    assert commit is not None
    assert commit.title == f"Release {version}"
    data = {path: place.hub.bytes_of(entry) for path, entry in commit.tree.items()}
    assert data == {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    } | {".gitattributes": ATTRIBUTES}


def _steps(place: Place) -> list[tuple[str, str]]:
    """Method and pattern of each kind of request of one publication, in order."""
    found: dict[tuple[str, str], None] = {}
    for request in place.hub.log.requests:
        path = request.path.partition("?")[0]
        pattern = re.sub(r"acme/[^/]+", "acme/[^/]+", re.sub(r"[0-9a-f]{40,}", "[0-9a-f]+", path))
        found[request.method, pattern.replace(".git/", "/")] = None
    return list(found)


def test_a_connection_lost_at_any_step_is_made_up_for(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    """Each request of a first publication is lost once, then its answer: two runs are enough."""
    place.hub.objects.clear()
    assert place.client.publish(releases["0.1.0"], repository)["status"] == "published"
    steps = _steps(place)
    assert len(steps) >= 9
    failed = 0
    for number, (method, path) in enumerate(steps):
        for moment in Moment:
            name = f"{repository}-{number}-{moment}"
            place.hub.objects.clear()
            fault = place.hub.faults.add(Fault(method, f"^{path}(\\?|$)", moment))
            answer = place.client.publish(releases["0.1.0"], name)
            assert fault.times == 0, (method, path)
            if "error" in answer:
                failed += 1
                assert answer["exit_code"] == 3, answer
                assert WRITER not in answer["text"]
                again = place.client.publish(releases["0.1.0"], name)
                assert again["status"] in {"published", "tagged"}, (method, path, moment, again)
            else:
                assert answer["status"] == "published"
            _assert_whole(place, name, releases["0.1.0"])
    assert failed > 0


def test_a_lost_answer_to_the_commit_or_the_tag_is_found_out_in_the_same_run(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    place.hub.faults.add(Fault("POST", "/commit/main", Moment.AFTER))
    place.hub.faults.add(Fault("POST", "/tag/", Moment.AFTER))
    answer = place.client.publish(releases["0.1.0"], repository)
    assert answer["status"] == "published"
    assert len(place.hub.faults.struck) == 2
    _assert_whole(place, repository, releases["0.1.0"])


def test_a_run_that_is_killed_between_commit_and_tag_goes_on(
    place: Place,
    releases: dict[str, Path],
    repository: str,
    workspace_copy: Workspace,
    tmp_path: Path,
) -> None:
    """A real process, killed by the server the moment the commit is there."""
    releases["0.1.0"].rename(workspace_copy.dataset)
    root = str(workspace_copy.root)
    arguments = ["publish", "--workspace", root, "--repo", repository, "--yes"]
    process = subprocess.Popen(
        [sys.executable, "-m", "claimset", *arguments],
        env=client_environment(place.hub, tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    kill = Fault(
        "POST",
        "/commit/main",
        Moment.AFTER,
        strike=lambda: os.kill(process.pid, signal.SIGKILL),
    )
    place.hub.faults.add(kill)
    assert process.wait(60) == -signal.SIGKILL
    found = place.hub.repositories[repository]
    assert found.history("main")[0].title == "Release 0.1.0"
    assert found.tags() == {}
    done = run_command(place.hub, tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert "the tag v0.1.0 is set now" in done.stderr
    _assert_whole(place, repository, workspace_copy.dataset)


def test_a_commit_of_somebody_else_in_between_stops_the_release(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    """The commit names its parent, so the Hub refuses it with 412, and nothing is tagged."""
    assert place.client.publish(releases["0.1.0"], repository)["status"] == "published"
    found = place.hub.repositories[repository]

    def push() -> None:
        head = found.history("main")[0]
        tree = {**head.tree, "README.md": Entry(7, data=b"by hand")}
        found.refs[MAIN] = found.commit("edit", "", head.sha, tree).sha

    place.hub.faults.add(Fault("POST", "/preupload/", Moment.AFTER, strike=push))
    stopped = place.client.publish(releases["0.2.0"], repository)
    assert (stopped["error"], stopped["status"]) == ("HubError", 412), stopped
    assert found.history("main")[0].title == "edit"
    assert list(found.tags()) == ["v0.1.0"]
    again = place.client.publish(releases["0.2.0"], repository)
    assert again["status"] == "published"
    _assert_whole(place, repository, releases["0.2.0"], "0.2.0")


def test_a_tag_with_other_content_is_never_moved(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    """Whether it was there before or is set by somebody else meanwhile (409)."""
    assert place.client.publish(releases["0.1.0"], repository)["status"] == "published"
    found = place.hub.repositories[repository]
    first = found.tags()["v0.1.0"]
    found.refs["refs/tags/v0.2.0"] = first
    refused = place.client.publish(releases["0.2.0"], repository, replace=True)
    assert (refused["error"], refused["exit_code"]) == ("CheckFailed", 1)
    assert "v0.2.0 exists with other content" in refused["text"]
    del found.refs["refs/tags/v0.2.0"]

    def tag() -> None:
        found.refs["refs/tags/v0.2.0"] = first

    place.hub.faults.add(Fault("POST", "/commit/main", Moment.AFTER, strike=tag, status=None))
    raced = place.client.publish(releases["0.2.0"], repository)
    assert (raced["error"], raced["status"]) == ("PartialWriteError", 409), raced
    assert found.tags()["v0.2.0"] == first


def test_a_tag_set_by_somebody_else_on_the_same_content_is_fine(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    def tag() -> None:
        found = place.hub.repositories[repository]
        found.refs["refs/tags/v0.1.0"] = found.refs[MAIN]

    place.hub.faults.add(Fault("POST", "/tag/", Moment.BEFORE, strike=tag))
    assert place.client.publish(releases["0.1.0"], repository)["status"] == "published"
    _assert_whole(place, repository, releases["0.1.0"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/commit/main", 403),
        ("POST", "/tag/", 403),
        ("POST", "/preupload/", 403),
        ("POST", "/repos/create", 402),
    ],
)
def test_a_refusal_is_told_with_the_hubs_own_words_and_can_be_made_up_for(
    place: Place, releases: dict[str, Path], repository: str, method: str, path: str, status: int
) -> None:
    place.hub.faults.add(Fault(method, path, status=status, message="not today"))
    refused = place.client.publish(releases["0.1.0"], repository)
    assert (refused["status"], refused["exit_code"]) == (status, 3)
    assert "not today" in refused["text"]
    assert place.client.publish(releases["0.1.0"], repository)["status"] in {"published", "tagged"}
    _assert_whole(place, repository, releases["0.1.0"])


def test_a_full_quota_leaves_the_release_before_in_place(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    assert place.client.publish(releases["0.1.0"], repository)["status"] == "published"
    place.hub.objects = {
        sha256: data
        for sha256, data in place.hub.objects.items()
        if sha256 in _hashes(place, repository)
    }
    place.hub.quota = place.hub.used
    refused = place.client.publish(releases["0.2.0"], repository)
    assert (refused["error"], refused["exit_code"]) == ("HubError", 3), refused
    assert "storage limit" in refused["text"] or place.hub.xet is not None
    assert list(place.hub.repositories[repository].tags()) == ["v0.1.0"]
    place.hub.quota = None
    assert place.client.publish(releases["0.2.0"], repository)["status"] == "published"


def _hashes(place: Place, repository: str) -> set[str]:
    commits = place.hub.repositories[repository].commits.values()
    return {entry.sha256 for commit in commits for entry in commit.tree.values() if entry.sha256}


def test_a_file_that_changes_while_it_is_sent_is_not_tagged(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    """What was committed is compared with what was checked before the tag is set."""
    changelog = releases["0.1.0"] / "CHANGELOG.md"

    def edit() -> None:
        changelog.write_text(changelog.read_text("utf-8") + "edited\n", "utf-8")

    place.hub.faults.add(Fault("POST", "/preupload/", Moment.BEFORE, strike=edit))
    stopped = place.client.publish(releases["0.1.0"], repository)
    assert stopped["error"] == "CheckFailed", stopped
    assert "CHANGELOG.md" in stopped["text"]
    assert place.hub.repositories[repository].tags() == {}


def test_the_client_waits_and_tries_again_when_the_hub_is_busy(
    place: Place, releases: dict[str, Path], repository: str
) -> None:
    place.hub.faults.add(Fault("POST", "/preupload/", status=429, message="slow down"))
    assert place.client.publish(releases["0.1.0"], repository)["status"] == "published"
    assert len(place.hub.faults.struck) == 1
