"""What several processes bring to segmentation, and that all of them make the same bytes.

Usage: ``python tests/benchmarks/engines.py [--megabytes 10] [--workers 1 2]``

The text is that of ``segmentation.py``: recombined sentences of the seed articles, each paragraph
opened by one of made-up names. Every line is a whole `segment` step in a process of its own, by
wall time, with the tables written and an empty shard store; the last one runs again and finds every
shard there. ``again`` is the limit that no engine can pass: reading records and linking files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from segmentation import MEGABYTE, articles_of, new_words, seed_paragraphs, write_workspace

REPOSITORY = Path(__file__).parents[2]
TABLES = ("units", "claims", "evidence")
RUN = """
import json, resource, sys, time
from pathlib import Path
from claimset.pipeline import segment
from claimset.settings import Settings
from claimset.storage.workspace import Workspace
if __name__ == "__main__":
    began = time.perf_counter()
    settings = Settings(engine=sys.argv[2], workers=int(sys.argv[3]))
    result = segment(Workspace(Path(sys.argv[1])), settings)
    took = time.perf_counter() - began
    peaks = [resource.getrusage(who).ru_maxrss // 1024 for who in
             (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([took, peaks, result.shards_made]))
"""


def run(place: Path, engine: str, workers: int) -> tuple[float, list[int], int, str]:
    """Wall seconds, peak MB of parent and largest worker, shards made, and a hash of all tables."""
    script = place / "run.py"
    script.write_text(RUN)
    done = subprocess.run(
        [sys.executable, str(script), str(place), engine, str(workers)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")},
    )
    digest = hashlib.sha256()
    for table in TABLES:
        for path in sorted((place / ".claimset" / table).glob("*")):
            digest.update(path.name.encode() + path.read_bytes())
    seconds, peaks, shards = json.loads(done.stdout)
    return seconds, peaks, shards, digest.hexdigest()[:12]


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--megabytes", type=float, default=10)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options.add_argument("--event-kb", type=int, default=50)
    asked = options.parse_args()
    pick = random.Random(7)  # noqa: S311 - a fixed mixture, no secret
    columns = "engine", "shards made", "wall s", "MB/s", "x", "peak MB", "of a worker", "bytes"
    table = Table(*columns, title=f"segment over {asked.megabytes:g} MB")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        texts = articles_of(seed_paragraphs(pick), asked.megabytes * MEGABYTE, new_words(pick))
        _, size = write_workspace(place, texts, asked.event_kb)
        first: float | None = None
        lines = [("inline", 1), *(("processes", count) for count in asked.workers), ("again", 1)]
        for engine, workers in lines:
            if engine != "again":
                shutil.rmtree(place / ".claimset", ignore_errors=True)
            used = "inline" if engine == "again" else engine
            seconds, peaks, shards, made = run(place, used, workers)
            first = first or seconds
            table.add_row(
                engine if engine != "processes" else f"{workers} processes", f"{shards}",
                f"{seconds:.1f}", f"{size / seconds:.2f}", f"{first / seconds:.2f}",
                f"{peaks[0]}", f"{peaks[1]}" if engine == "processes" else "", made,
            )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()
