"""One double and one client per mode, shared by the tests: each uses a repository of its own."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from claimset.release.builder import build_release
from tests.release.hub.client import running_client
from tests.release.hub.server import running_hub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.release.hub.client import Client
    from tests.release.hub.state import Hub


@dataclass
class Place:
    """A double with a client of it."""

    hub: Hub
    client: Client


@pytest.fixture(scope="session", params=["lfs", "xet"])
def _running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    home = tmp_path_factory.mktemp(f"hub-{request.param}")
    store = home / "store" if request.param == "xet" else None
    with running_hub(xet_folder=store) as hub, running_client(hub, home) as client:
        yield Place(hub, client)


@pytest.fixture
def place(_running: Place) -> Iterator[Place]:
    """The double and its client, with nothing left over from another test but repositories."""
    yield _running
    _running.hub.faults.clear()
    _running.hub.log.clear()
    _running.hub.quota = None


@pytest.fixture
def repository(request: pytest.FixtureRequest) -> str:
    """A repository name that no other test uses."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")
    return f"acme/{name[-80:].strip('-')}"


@pytest.fixture(scope="session")
def _releases(
    seed_input: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Folders of successive releases: fewer claims, all claims, without one claim."""
    root = tmp_path_factory.mktemp("releases")
    found: dict[str, Path] = {}
    before = None
    claims = seed_input["claims"]
    for part in (claims[:20], claims, claims[1:]):
        folder = root / str(len(found)) / "dataset"
        if before is not None:
            shutil.copytree(before, folder)
        known = {claim.claim_id for claim in part}
        answers = [item for item in seed_input["annotations"] if item.claim_id in known]
        result = build_release(
            dataset_folder=folder, **(seed_input | {"claims": part, "annotations": answers})
        )
        found[result.version] = folder
        before = folder
    return found


@pytest.fixture
def releases(_releases: dict[str, Path], tmp_path: Path) -> dict[str, Path]:
    """Copies of successive releases by version: 0.1.0, 0.2.0, 0.3.0."""
    return {
        version: shutil.copytree(folder, tmp_path / version / "dataset")
        for version, folder in _releases.items()
    }
