"""Ray: a real cluster of several nodes on this machine, and what happens when one dies."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimset.engines import EngineName, open_engine
from claimset.errors import UsageError
from claimset.identifiers import sha256_hex
from claimset.pipeline import segment
from claimset.reporting.progress import QuietReporter
from claimset.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimset.storage.workspace import Workspace

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'claimset[ray]'")
pytestmark = [
    pytest.mark.ray,
    # Ray's own warnings are about Ray.
    pytest.mark.filterwarnings("ignore"),
]
HERE = Path(__file__).parent
SCRIPTS = HERE.parents[1] / "scripts"


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head without processors and two nodes of one each, all on this machine."""
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", f"{HERE}:{SCRIPTS}")
    monkeypatch.setenv("RAY_health_check_period_ms", "500")
    monkeypatch.setenv("RAY_health_check_failure_threshold", "3")
    monkeypatch.syspath_prepend(str(HERE))
    head = {"num_cpus": 0, "include_dashboard": False}
    made: Any = Cluster(initialize_head=True, head_node_args=head)
    try:
        made.add_node(num_cpus=1)
        made.add_node(num_cpus=1)
        yield made
    finally:
        ray.shutdown()
        made.shutdown()


def test_a_node_dies_and_every_task_is_done(cluster: Any) -> None:
    from tasks import slow_square

    with open_engine(EngineName.RAY, address=cluster.address) as engine:
        running = engine.run(slow_square, iter(range(16)))
        outcomes = [next(running)]
        cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)
        outcomes += running
    assert sorted(outcome[:2] for outcome in outcomes) == [(n, n * n) for n in range(16)]


def test_a_task_that_kills_its_worker_ends_as_a_fault(cluster: Any) -> None:
    from tasks import square_unless_thirteen

    with open_engine(EngineName.RAY, address=cluster.address) as engine:
        outcomes = {o.number: o for o in engine.run(square_unless_thirteen, iter(range(16)))}
    assert outcomes.keys() == set(range(16))
    assert "died" in str(outcomes[13].fault)
    assert all(o.result == n * n for n, o in outcomes.items() if n != 13)


def test_a_task_whose_input_got_lost_is_begun_again(cluster: Any, tmp_path: Path) -> None:
    """Ray hands that on as if the function had failed."""
    from tasks import square_but_lose_the_input_once

    mark = tmp_path / "mark"
    work = [(n, str(mark)) for n in range(16)]
    with open_engine(EngineName.RAY, address=cluster.address) as engine:
        outcomes = list(engine.run(square_but_lose_the_input_once, iter(work)))
    assert mark.exists()
    assert sorted(outcome[:2] for outcome in outcomes) == [(n, n * n) for n in range(16)]


def test_a_fault_of_the_function_is_not_hidden(cluster: Any) -> None:
    from tasks import fail

    with (
        open_engine(EngineName.RAY, address=cluster.address) as engine,
        pytest.raises(ValueError, match=r"^\d$"),
    ):
        list(engine.run(fail, iter(range(3))))


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_a_cluster_that_does_not_answer_is_told_of_at_once(scheme: str) -> None:
    """Ray itself tries for minutes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"{scheme}127.0.0.1:{probe.getsockname()[1]}"
    with (
        pytest.raises(UsageError, match="cannot be reached") as caught,
        open_engine(EngineName.RAY, address=address),
    ):
        pass
    assert address in caught.value.where


def test_segmentation_survives_a_node_and_makes_the_same_bytes(
    cluster: Any, tmp_path: Path, workspace_copy: Workspace
) -> None:
    """One node is killed while shards are made; the tables equal those made in one process."""
    rows = []
    for n in range(240):
        data = f"Bridge {n} opened in 19{n % 90 + 10}. Ann Lee said it cost £{n} million.".encode()
        (workspace_copy.seeds / "articles" / f"b{n}.txt").write_bytes(data)
        rows.append(
            f'{{"article_id": "b{n}", "event_id": "e{n // 3}", "title": "t", "license": "l", '
            f'"path": "articles/b{n}.txt", "sha256": "{sha256_hex(data)}"}}\n'
        )
    workspace_copy.manifest.write_text("".join(rows))
    alone = segment(workspace_copy, Settings(_env_file=None, engine="inline"))
    expected = _tables(workspace_copy)
    killed: list[float] = []

    def kill_once() -> None:
        if not killed:
            killed.append(time.monotonic())
            cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)

    result = segment(
        workspace_copy,
        Settings(
            _env_file=None,
            engine="ray",
            ray_address=cluster.address,
            shards=f"file://{tmp_path}/shared",
        ),
        _Watcher(kill_once),
    )
    assert killed
    assert result.shards_made == alone.shards_made > 4
    assert _tables(workspace_copy) == expected


def _tables(workspace: Workspace) -> dict[str, bytes]:
    return {
        f"{table.name}/{path.name}": path.read_bytes()
        for table in (workspace.units, workspace.claims, workspace.evidence)
        for path in sorted(table.glob("*"))
    }


class _Watcher(QuietReporter):
    """A reporter that tells of each advance."""

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told

    @contextlib.contextmanager
    def track(self, text: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        del text, total
        yield lambda _count: self._told()
