"""What all tests share: a clean environment, a workspace, and one real Label Studio."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from pydantic import SecretStr

from claimset.labelstudio.migration import prepare_data
from claimset.labelstudio.postgres import PostgresAddress
from claimset.labelstudio.server import EmbeddedStudio
from claimset.storage.workspace import Workspace
from tests.labelstudio.postgres_cluster import PostgresCluster, postgres_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[1]
RAM_DISK = Path("/dev/shm")  # noqa: S108 - nothing is read that this run did not write
RAM_NEEDED = 2**30

# How long an example takes says more about who else is at work than about the code.
settings.register_profile("claimset", deadline=None)
settings.load_profile("claimset")

PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")
PREFIXES = ("LABEL_STUDIO_", "HEARTEX_", "HF_", "CLAIMSET_")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests reaches them."""
    for name in list(os.environ):
        if name.lower() in PROXIES or name.startswith(PREFIXES):
            monkeypatch.delenv(name)


def _copy_workspace(root: Path) -> Workspace:
    """A workspace with the repository's seeds and schemas, and no state."""
    for name in ("seeds", "schemas"):
        shutil.copytree(REPOSITORY / name, root / name)
    return Workspace(root)


@pytest.fixture
def workspace_copy(tmp_path: Path) -> Workspace:
    """A fresh copy of the repository's workspace."""
    return _copy_workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def fast_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for the whole run, in memory where there is room: databases wait for the disk."""
    if os.access(RAM_DISK, os.W_OK) and shutil.disk_usage(RAM_DISK).free > RAM_NEEDED:
        with tempfile.TemporaryDirectory(dir=RAM_DISK, prefix="claimset-tests-") as name:
            yield Path(name)
    else:
        yield tmp_path_factory.mktemp("fast")


@pytest.fixture(scope="session")
def studio_template(fast_folder: Path) -> Path:
    """A Label Studio data folder with every migration applied; copy it, do not use it."""
    if importlib.util.find_spec("label_studio") is None:
        pytest.skip("Label Studio is not installed: pip install 'claimset[studio]'")
    template = fast_folder / "template"
    with (fast_folder / "template.log").open("wb") as log:
        prepare_data(template, lambda _what, _part: None, log=log)
    return template


@pytest.fixture(scope="session")
def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def studio(fast_folder: Path, studio_template: Path, free_port: int) -> Iterator[EmbeddedStudio]:
    """A running Label Studio, shared by all tests: make a project of your own in it."""
    workspace = _copy_workspace(fast_folder / "shared")
    shutil.copytree(studio_template, workspace.studio)
    server = EmbeddedStudio(workspace, port=free_port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_studio(fast_folder: Path) -> Iterator[EmbeddedStudio]:
    """A running Label Studio with its data in a PostgreSQL server of its own."""
    if postgres_programs() is None:
        pytest.skip("PostgreSQL's programs are not installed (Debian package postgresql)")
    workspace = _copy_workspace(fast_folder / "team")
    with PostgresCluster() as cluster:
        address = PostgresAddress.parse(cluster.make_database("labels", "team"), SecretStr("team"))
        server = EmbeddedStudio(workspace, postgres=address)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def either_studio(request: pytest.FixtureRequest) -> EmbeddedStudio:
    """A running Label Studio on each of the databases that it can have, one after the other."""
    name = "studio" if request.param == "sqlite" else "postgres_studio"
    server: EmbeddedStudio = request.getfixturevalue(name)
    return server
