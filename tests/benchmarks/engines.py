"""What several processes bring to segmentation, what it needs, and that all make the same bytes.

Usage: ``python tests/benchmarks/engines.py [--megabytes 10] [--workers 0 1 2] [--text seeds]
[--event-kb 50] [--paragraphs 7]``

The text is that of ``segmentation.py``: recombined sentences of the seed articles (*seeds*) or
paragraphs of the English Web Treebank in ``--data`` (*web*), each paragraph opened by one of
made-up names. Every line is a whole `segment` step in a process of its own, with the tables written
and an empty shard store; ``0`` workers do all in the main process. The last line, ``again``, runs
once more and finds every shard there: the limit that no engine can pass, which is reading articles
and records and linking files.

Seconds are wall time; ``cpu`` adds up what main process and workers computed, so that both can be
judged on a machine that does other things too. Peak memory of the main process is read when a tenth
is made and at the end (were something kept for each article, it would grow), that of the largest
worker at the end, and that of all together each second, with shared pages counted once (PSS).
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from segmentation import (
    MEGABYTE,
    PARAGRAPHS,
    articles_of,
    new_words,
    seed_paragraphs,
    web_paragraphs,
    write_workspace,
)

REPOSITORY = Path(__file__).parents[2]
TABLES = ("units", "claims", "evidence")
BLOCK = 1 << 20
WIDTH = 110
RUN = """
import json, resource, sys, time
from contextlib import contextmanager
from pathlib import Path
from claimset.pipeline import segment
from claimset.settings import Settings
from claimset.storage.workspace import Workspace

def peak(who):
    return resource.getrusage(who).ru_maxrss // 1024

class Watch:
    done, mark = 0, None
    tenth = int(sys.argv[4])

    @contextmanager
    def track(self, *_, **__):
        yield self.advance

    def advance(self, count=1):
        self.done += count
        if self.mark is None and self.done >= self.tenth:
            self.mark = peak(resource.RUSAGE_SELF)

if __name__ == "__main__":
    began = time.perf_counter()
    settings = Settings(engine=sys.argv[2], workers=int(sys.argv[3]))
    watch = Watch()
    result = segment(Workspace(Path(sys.argv[1])), settings, watch)
    took = time.perf_counter() - began
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({
        "seconds": took,
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
        "marks": [watch.mark, peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN)],
        "shards": result.shards_made,
        "claims": result.claims,
    }))
"""


def run(place: Path, engine: str, workers: int, tenth: int) -> dict[str, Any]:
    """What a run says of itself, with the peak MB of all its processes and a hash of all tables."""
    script = place / "run.py"
    script.write_text(RUN)
    command = [sys.executable, str(script), str(place), engine, str(workers), str(tenth)]
    together = 0
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")},
    ) as process:
        while process.poll() is None:
            together = max(together, sum(map(proportional_kb, family(process.pid))))
            time.sleep(1 if together else 0.1)
        if process.returncode or process.stdout is None:
            raise SystemExit(process.returncode)
        found: dict[str, Any] = json.loads(process.stdout.read())
    digest = hashlib.sha256()
    for table in TABLES:
        for path in sorted((place / ".claimset" / table).glob("*")):
            digest.update(path.name.encode())
            with path.open("rb") as stream:
                while block := stream.read(BLOCK):
                    digest.update(block)
    return found | {"together": together // 1024, "bytes": digest.hexdigest()[:12]}


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def proportional_kb(pid: int) -> int:
    """Memory of a process, its share of pages that several have in use; 0 once it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def print_disk(place: Path, megabytes: float) -> None:
    """What the working state takes, each file once: the tables are links to the shards."""
    table = Table("on disk", "MB", "a MB of text", title="what is kept")
    seen: set[int] = set()
    for name in (*TABLES, "clauses", "shards"):
        size = 0
        for path in (place / ".claimset" / name).iterdir():
            status = path.stat()
            size += status.st_size * (status.st_ino not in seen)
            seen.add(status.st_ino)
        label = "records of shards" if name == "shards" else name
        table.add_row(label, f"{size / MEGABYTE:.1f}", f"{size / MEGABYTE / megabytes:.3f}")
    Console(width=WIDTH).print(table)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--megabytes", type=float, default=10)
    options.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2], help="0: none")
    options.add_argument("--event-kb", type=int, default=50)
    options.add_argument("--paragraphs", type=int, default=PARAGRAPHS, help="of an article")
    options.add_argument("--text", choices=["seeds", "web"], default="seeds")
    options.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    options.add_argument("--scratch", help="where the articles are laid out")
    asked = options.parse_args()
    pick = random.Random(7)  # noqa: S311 - a fixed mixture, no secret
    paragraph = seed_paragraphs(pick) if asked.text == "seeds" else web_paragraphs(asked.data, pick)
    if paragraph is None:
        raise SystemExit(f"{asked.data} has no text of the web")
    with tempfile.TemporaryDirectory(dir=asked.scratch) as name:
        place = Path(name)
        texts = articles_of(
            paragraph, asked.megabytes * MEGABYTE, new_words(pick), asked.paragraphs
        )
        articles, size = write_workspace(place, texts, asked.event_kb)
        title = f"segment over {size:.0f} MB of text ({asked.text}), {articles:,} articles"
        speed = Table(
            *("engine", "shards made", "claims", "wall s", "MB/s", "x", "cpu s", "MB per cpu s"),
            *("tables",),
            title=title,
        )
        memory = Table(
            *("engine", "main, a tenth made", "main", "a worker", "all together"),
            title="peak memory, MB",
        )
        first: float | None = None
        for workers in (*asked.workers, None):
            if workers is not None:
                shutil.rmtree(place / ".claimset", ignore_errors=True)
            used = "processes" if workers else "inline"
            made = run(place, used, workers or 1, max(1, articles // 10))
            first = first or made["seconds"]
            early, main_peak, worker_peak = made["marks"]
            engine = "again" if workers is None else f"{workers} processes" if workers else "inline"
            speed.add_row(
                engine, f"{made['shards']:,}", f"{made['claims']:,}", f"{made['seconds']:.1f}",
                f"{size / made['seconds']:.2f}", f"{first / made['seconds']:.2f}",
                f"{made['cpu']:.1f}", f"{size / made['cpu']:.2f}", made["bytes"],
            )  # fmt: skip
            memory.add_row(
                engine, f"{early}", f"{main_peak}", f"{worker_peak}" if workers else "",
                f"{made['together']}",
            )  # fmt: skip
            print(json.dumps({"workers": workers} | made), file=sys.stderr, flush=True)  # noqa: T201
        for table in (speed, memory):
            Console(width=WIDTH).print(table)
        print_disk(place, size)


if __name__ == "__main__":
    main()
