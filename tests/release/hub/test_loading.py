"""Without the Hub a fetched release loads by its tag, and nothing passes for the newest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.release.hub.client import client_environment, run_command
from tests.release.hub.server import running_hub

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = """
import json, sys
from claimset.errors import ClaimsetError
from claimset.loading import load

found = {}
for view, revision in (("claims", "v0.1.0"), ("claims", None), ("nli", "v0.1.0"), ("none", None)):
    try:
        data = load("acme/offline", view, revision)
        found[f"{view} {revision}"] = [str(data.info.version), len(data)]
    except ClaimsetError as error:
        found[f"{view} {revision}"] = [type(error).__name__, str(error)]
print(json.dumps(found))
"""


def test_a_tag_that_was_fetched_needs_no_hub_and_a_branch_does(
    releases: dict[str, Path], workspace_copy: Any, tmp_path: Path
) -> None:
    with running_hub() as hub:
        environment = client_environment(hub, tmp_path)

        def loaded() -> dict[str, Any]:
            done = subprocess.run(
                [sys.executable, "-c", _SCRIPT],
                capture_output=True,
                text=True,
                check=False,
                env=environment,
            )
            assert done.returncode == 0, done.stderr
            found: dict[str, Any] = json.loads(done.stdout)
            return found

        for version in ("0.1.0", "0.2.0"):
            shutil.rmtree(workspace_copy.dataset, ignore_errors=True)
            shutil.copytree(releases[version], workspace_copy.dataset)
            workspace = str(workspace_copy.root)
            done = run_command(
                hub,
                tmp_path,
                "publish",
                "--repo",
                "acme/offline",
                "--yes",
                "--workspace",
                workspace,
            )
            assert done.returncode == 0, done.stderr
        there = loaded()
    assert there["claims v0.1.0"][0] == "0.1.0"
    assert there["claims None"][0] == "0.2.0"
    assert there["none None"][0] == "UsageError"
    gone = loaded()
    assert gone["claims v0.1.0"] == there["claims v0.1.0"]
    assert gone["nli v0.1.0"] == there["nli v0.1.0"]
    kind, text = gone["claims None"]
    assert kind == "RemoteError"
    assert 'revision="v1.2.0" needs no Hub' in text
