"""What `claimset build` costs in a workspace: the real command, from files and ledger to release.

    python tests/benchmarks/command.py [--claims 100000] [--keep FOLDER]

The workspace is that of `release.py build` laid out on disk: text files and a manifest, the tables
that segmentation leaves, and a ledger with three answers to each claim. Three builds follow one
another: the first release, one with nothing new, and one after an answer to every hundredth claim
was changed. Each line is a process of its own with everything that it starts; the share of
`build_release` in the first one is what `release.py build` measures.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from release import REPOSITORY, make_event, show

from claimset.identifiers import sha256_hex
from claimset.models import Claim, EvidenceCandidate, Unit
from claimset.pipeline.stamp import Stamp, manifest_sha256, segmented_articles
from claimset.storage.columns import arrow_schema
from claimset.storage.ledger import Ledger
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release import Event

PER_EVENT = 45
EVENTS_PER_SHARD = 100
CHANGED = 100
"""Of so many claims one gets another answer for the third build."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SEEN = "2026-11-25T00:00:00Z"


def lay_out(root: Path, events: int) -> None:
    """Write a workspace with the rows of as many events."""
    workspace = Workspace(root)
    shutil.copytree(REPOSITORY / "schemas", workspace.schemas)
    workspace.state.mkdir()
    (workspace.seeds / "articles").mkdir(parents=True)
    (root / "claimset.toml").write_text('dataset_name = "benchmark"\n')
    for folder in (workspace.units, workspace.claims, workspace.evidence):
        folder.mkdir()
    nothing = arrow_schema(EvidenceCandidate).empty_table()
    pq.write_table(nothing, workspace.evidence / "part-00000.parquet")
    with Ledger(workspace.ledger):
        pass
    ledger = sqlite3.connect(workspace.ledger, isolation_level=None)
    ledger.execute("PRAGMA synchronous = OFF")
    ledger.execute("BEGIN")
    ledger.execute(
        "INSERT INTO round (name, server_url, project_id, generation, overlap, "
        "label_schema_version, guidelines_version, config_sha256) "
        "VALUES ('r', 'http://127.0.0.1:8080', 1, 1, 3, '1.0', '1.0', '')"
    )
    with workspace.manifest.open("w", encoding="utf-8") as manifest:
        for first in range(0, events, EVENTS_PER_SHARD):
            made = [make_event(n) for n in range(first, min(first + EVENTS_PER_SHARD, events))]
            for event in made:
                _write_articles(workspace, event, manifest)
                _write_answers(ledger, event)
            name = f"part-{first // EVENTS_PER_SHARD:05d}.parquet"
            for folder, model, rows in (
                (workspace.units, Unit, [event.units for event in made]),
                (workspace.claims, Claim, [event.claims for event in made]),
            ):
                pq.write_table(_table(model, rows), folder / name, compression="zstd")
    ledger.execute("COMMIT")
    ledger.close()
    stamp = Stamp()
    for article in segmented_articles(workspace):
        stamp.add((article.article_id, article.text_sha256, article.event_id, *article.roles))
    stamp.write(workspace, manifest_sha256(workspace))


def _write_articles(workspace: Workspace, event: Event, manifest: Any) -> None:
    for article in event.articles:
        # A folder with many thousand files is slow: one for the articles of some events.
        path = f"articles/{article.event_id[:-2]}/{article.article_id}.txt"
        (workspace.seeds / path).parent.mkdir(exist_ok=True)
        data = article.text.encode()
        (workspace.seeds / path).write_bytes(data)
        row = {
            "article_id": article.article_id,
            "event_id": article.event_id,
            "title": article.title,
            "license": article.license,
            "path": path,
            "sha256": sha256_hex(data),
        }
        manifest.write(json.dumps(row, ensure_ascii=False) + "\n")


def _table(model: Any, parts: list[dict[str, list[Any]]]) -> pa.Table:
    schema = arrow_schema(model)
    count = sum(len(part["start"]) for part in parts)
    columns = []
    for field in schema:
        absent: Any = [] if pa.types.is_list(field.type) else None
        values: list[Any] = [absent] * count
        if field.name in parts[0]:
            values = [value for part in parts for value in part[field.name]]
        elif pa.types.is_boolean(field.type):
            values = [False] * count
        columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _answers(event: Event) -> Iterator[dict[str, Any]]:
    columns = event.answers
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        for name in ("created_at", "updated_at"):
            row[name] = (EPOCH + timedelta(microseconds=row[name])).isoformat()
        yield row | {"edited_claim": None, "lead_time_s": None, "error_category": None}


def _write_answers(ledger: sqlite3.Connection, event: Event) -> None:
    (last,) = ledger.execute("SELECT coalesce(max(id), 0) FROM task").fetchone()
    tasks = {claim: last + number for number, claim in enumerate(event.claims["claim_id"], start=1)}
    ledger.executemany(
        "INSERT INTO task (id, task_id, round, claim_id, content_hash, recorded_at, submitted, "
        "people) VALUES (?1, ?1, 'r', ?2, '', ?3, 3, 3)",
        [(number, claim, SEEN) for claim, number in tasks.items()],
    )
    for row in _answers(event):
        _append(ledger, row, tasks[row["claim_id"]])


def _append(ledger: sqlite3.Connection, row: dict[str, Any], task: int) -> None:
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    version = ledger.execute(
        "INSERT INTO annotation_version (annotation_id, task, status, payload, seen_at) "
        "VALUES (?, ?, 'submitted', ?, ?)",
        (row["annotation_id"], task, text, SEEN),
    ).lastrowid
    ledger.execute(
        "INSERT OR REPLACE INTO standing (annotation_id, round, task, version, status, annotator) "
        "VALUES (?, 'r', ?, ?, 'submitted', ?)",
        (row["annotation_id"], task, version, row["annotator"]),
    )


def change_answers(root: Path) -> int:
    """Give every hundredth claim another answer; returns how many there are."""
    ledger = sqlite3.connect(Workspace(root).ledger, isolation_level=None)
    ledger.execute("BEGIN")
    changed = ledger.execute(
        "SELECT payload, standing.task FROM standing JOIN annotation_version USING (version) "
        "WHERE standing.task % ? = 0 AND standing.annotator LIKE '%0'",
        (CHANGED,),
    ).fetchall()
    for text, task in changed:
        row = json.loads(text)
        row["verdict"] = "refuted" if row["verdict"] == "supported" else "supported"
        row["evidence"] = [
            item | {"stance": "refutes" if row["verdict"] == "refuted" else "supports"}
            for item in row["evidence"]
        ]
        _append(ledger, row, task)
    ledger.execute("COMMIT")
    ledger.close()
    return len(changed)


def measured(root: Path) -> tuple[float, float, dict[str, Any]]:
    """CPU seconds and peak memory in MB of a build, and what it says."""
    code = "import sys; from claimset.cli import main; sys.argv[0] = 'claimset'; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "build", "--workspace", str(root), "--json"],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts"), "OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"claimset build failed: {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(said)


def main() -> None:
    """Lay out a workspace and build it three times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="where the workspace is laid out and stays")
    options = parser.parse_args()
    events = options.claims // PER_EVENT
    count = events * PER_EVENT
    scratch = REPOSITORY / ".claimset"  # on the disk of the repository: /tmp may be memory
    scratch.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        root = options.keep or Path(name) / "workspace"
        if not root.exists():
            root.mkdir(parents=True)
            lay_out(root, events)
        show(f"{count:,} claims, {3 * count:,} answers in the ledger, {3 * events:,} articles")
        show(f"{'claimset build':34}{'CPU s':>8}{'claims/s CPU':>14}{'peak MB':>9}  did")
        for label in ("first release", "nothing new", "1 % of the claims relabelled"):
            if label.startswith("1 %"):
                change_answers(root)
            cpu, peak, said = measured(root)
            did = f"{said['status']}, {said['version']}"
            show(f"{label:34}{cpu:8.1f}{count / cpu:14,.0f}{peak:9.0f}  {did}")


if __name__ == "__main__":
    main()
