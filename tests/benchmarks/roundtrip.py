"""The round trip to a real Label Studio beside its bare requests, on SQLite and on PostgreSQL.

Usage: ``python tests/benchmarks/roundtrip.py [--tasks 1000 10000 100000] [--push 5000]
[--databases sqlite postgresql] [--repeats 5] [--seed N] [--no-export]``

Articles are recombined from the sentences of the seeds, with made-up names and figures, and
segmented for real: twelve claims an article, two articles an event, tasks of about 6 kB. For each
database a Label Studio of its own is started, and everything is measured in the same run:

*push*: the whole ``claimset push`` step of new claims, in a process of its own that has imported
what it needs, beside a bare bulk import of the same tasks in the same batches (the finished tasks
lie in memory), and beside tasks that are created one by one. Both make their project. The two take
turns; rates and ratios are medians.

*pull*: each project is filled by ``claimset push``; then every task gets an answer, in the server's
database and in the ledger, as if all had been annotated and pulled an hour ago. Measured are a pull
with nothing changed, a pull after 20 answers were edited, the bare filtered request that brings
these 20 (same filter, same fields, one page), in turns, and Label Studio's JSON export of the
project.

With ``--seed N`` only N tasks are pushed and then copied within the server's database until there
are as many as asked for: for machines that have not the time to import them all.

*memory* is the peak of the client's process, read from the kernel, for projects of growing size.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import psycopg
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from segmentation import new_words, seed_paragraphs, write_workspace

from claimset.identifiers import annotation_id
from claimset.labelstudio.accounts import annotator_of
from claimset.labelstudio.config import read_guidelines, read_labeling_config
from claimset.labelstudio.migration import SQLITE
from claimset.labelstudio.postgres import PostgresAddress
from claimset.labelstudio.pushing import BATCH_SIZE
from claimset.labelstudio.roles import item_key
from claimset.labelstudio.server import EmbeddedStudio
from claimset.labelstudio.tasks import build_tasks
from claimset.models import AVERITEC, Annotation, AnnotationStatus, Checkability, TaskRole
from claimset.pipeline import segment
from claimset.pipeline.segmenting import read_segmented
from claimset.settings import Settings
from claimset.storage.ledger import Ledger, PushedTask, Round
from claimset.storage.workspace import Workspace

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.labelstudio.postgres_cluster import PostgresCluster  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PER_ARTICLE = 12
EVENT_KB = 3
CHANGED = 20
ONE_BY_ONE = 40
OVERLAP = timedelta(seconds=60)
ANSWER = [
    {
        "id": "one",
        "from_name": "checkability",
        "to_name": "article",
        "type": "choices",
        "value": {"choices": ["opinion"]},
    }
]

STEP = """
import json, sys, time
from pathlib import Path
from claimset import pipeline
from claimset.models import Selection
from claimset.settings import Settings
from claimset.storage.workspace import Workspace
import claimset.labelstudio.client
import httpcore  # httpx asks for it with the first client
settings = Settings(round=sys.argv[3], overlap=1, all_mentions=True)
more = {"selection": Selection(sample=int(sys.argv[4]))} if sys.argv[4:] else {}
step = getattr(pipeline, sys.argv[1])
began = time.perf_counter(), time.process_time()
result = step(Workspace(Path(sys.argv[2])), settings, **more)
took = time.perf_counter() - began[0], time.process_time() - began[1]
# Not `ru_maxrss`: that is of whoever started the process, where that was larger.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
peak = int(status["VmHWM"].split()[0]) / 1024
print(json.dumps([*took, peak, result.model_dump(mode="json")]))
"""

console = Console(width=130)


class Step(NamedTuple):
    """What a step of the product took, in a process of its own."""

    wall: float
    cpu: float
    peak_mb: float
    result: dict[str, Any]
    whole: float
    """With the start of Python and its imports."""


class Site:
    """One running Label Studio, with a workspace of each size."""

    def __init__(self, name: str, studio: EmbeddedStudio, postgres: PostgresAddress | None) -> None:
        self.name = name
        self.studio = studio
        self.postgres = postgres
        token = studio.credentials.token.get_secret_value()
        self.environment = os.environ | {
            "PYTHONPATH": str(REPOSITORY / "scripts"),
            "LABEL_STUDIO_URL": studio.url,
            "LABEL_STUDIO_API_KEY": token,
        }
        self.http = httpx.Client(
            base_url=studio.url,
            headers={"Authorization": f"Token {token}"},
            timeout=3600,
            trust_env=False,
            # As the product does: on a kept connection the server's second packet comes 40 ms late.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def step(self, what: str, workspace: Workspace, round_name: str, *more: str) -> Step:
        """Run a step of the product."""
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", STEP, what, str(workspace.root), round_name, *more],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env=self.environment,
        )
        return Step(*[*json.loads(done.stdout), time.perf_counter() - began])

    def call(self, method: str, path: str, **more: Any) -> Any:
        """A bare request; returns the decoded answer."""
        answer = self.http.request(method, path, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def execute(self, sqlite: str, postgres: str, values: Sequence[Any] = ()) -> list[Any]:
        """Run a statement in the server's database, past the server."""
        if self.postgres is not None:
            with psycopg.connect(**self.postgres.parameters(), autocommit=True) as connection:
                cursor = connection.execute(postgres.encode(), values)
                return cursor.fetchall() if cursor.description else []
        path = self.studio.workspace.studio / SQLITE
        with contextlib.closing(sqlite3.connect(path, timeout=120)) as database, database:
            return database.execute(sqlite, values).fetchall()


def make_workspace(place: Path, claims: int) -> Workspace:
    """A segmented workspace with so many claims, rounded up to whole articles."""
    pick = random.Random(7)  # noqa: S311 - a fixed mixture, no secret
    paragraph, opening = seed_paragraphs(pick), new_words(pick)
    texts = (
        "\n\n".join(f"{opening()} {paragraph()}" for _ in range(3))
        for _ in range(-(-claims // PER_ARTICLE))
    )
    write_workspace(place, texts, EVENT_KB)
    shutil.copytree(REPOSITORY / "schemas", place / "schemas")
    segment(Workspace(place), Settings())
    return Workspace(place)


def fresh_copy(workspace: Workspace, place: Path) -> Workspace:
    """The same articles and tables without a ledger; big files are linked."""
    shutil.copytree(workspace.root, place, copy_function=os.link, dirs_exist_ok=True)
    (place / ".claimset" / "lock").unlink()
    return Workspace(place)


@contextlib.contextmanager
def running(database: str, place: Path) -> Iterator[Site]:
    """A Label Studio on a database of its own; commits wait for the disk."""
    workspace = Workspace(place / "studio")
    workspace.root.mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        address = None
        if database == "postgresql":
            cluster = stack.enter_context(PostgresCluster(durable=True, folder=_open(place)))
            url = cluster.make_database("labels", "benchmark")
            address = PostgresAddress.parse(url, SecretStr("benchmark"))
        studio = stack.enter_context(EmbeddedStudio(workspace, postgres=address))
        site = Site(database, studio, address)
        stack.callback(site.http.close)
        yield site


def _open(place: Path) -> Path:
    """A folder that PostgreSQL's user can reach, on the same disk."""
    for folder in (place, *place.parents):
        if folder.stat().st_uid == os.getuid() and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    return place


# Push


def bare_batches(workspace: Workspace) -> list[list[dict[str, Any]]]:
    """The tasks that a push sends, in its batches."""
    segmented = read_segmented(workspace)
    tasks = build_tasks(segmented.articles, segmented.units, segmented.claims, segmented.candidates)
    ready = [
        {**task, "data": {**task["data"], "item": item_key(task["data"], TaskRole.CLAIM)}}
        for task in tasks
    ]
    return [ready[first : first + BATCH_SIZE] for first in range(0, len(ready), BATCH_SIZE)]


def make_project(site: Site, workspace: Workspace, title: str) -> int:
    """A project as a push makes one."""
    made = site.call(
        "POST",
        "/api/projects/",
        json={
            "title": title,
            "label_config": read_labeling_config(workspace.labeling_config, AVERITEC).xml,
            "expert_instruction": read_guidelines(workspace.guidelines).html,
            "show_instruction": True,
            "maximum_annotations": 1,
        },
    )
    return int(made["id"])


def bare_import(site: Site, workspace: Workspace, batches: list[Any], title: str) -> float:
    """Seconds of a project and a bulk import of all batches."""
    began = time.perf_counter()
    project = make_project(site, workspace, title)
    for batch in batches:
        site.call("POST", f"/api/projects/{project}/import?return_task_ids=true", json=batch)
    return time.perf_counter() - began


def one_by_one(site: Site, workspace: Workspace, tasks: list[Any]) -> tuple[float, float]:
    """Tasks a second when each is created by itself: without its candidates, and with them.

    The request that creates a task takes no predictions; they need one of their own.
    """
    project = make_project(site, workspace, "one by one")
    spent = {"tasks": 0.0, "predictions": 0.0}
    for task in tasks:
        began = time.perf_counter()
        made = site.call("POST", "/api/tasks/", json={"project": project, "data": task["data"]})
        spent["tasks"] += time.perf_counter() - began
        for prediction in task.get("predictions", ()):
            began = time.perf_counter()
            site.call("POST", "/api/predictions/", json={"task": made["id"], **prediction})
            spent["predictions"] += time.perf_counter() - began
    return len(tasks) / spent["tasks"], len(tasks) / sum(spent.values())


def measure_push(site: Site, made: Workspace, place: Path, repeats: int, table: Table) -> None:
    batches = bare_batches(made)
    count = sum(map(len, batches))
    steps, bare = [], []
    for number in range(repeats):
        workspace = fresh_copy(made, place / f"push-{number}")
        if number % 2:
            bare.append(bare_import(site, made, batches, f"bare {number}"))
        steps.append(site.step("push", workspace, f"push-{number}"))
        if not number % 2:
            bare.append(bare_import(site, made, batches, f"bare {number}"))
        if steps[-1].result["sent"] != count:
            raise SystemExit(f"{steps[-1].result['sent']} of {count} tasks were sent")
    bald, alone = one_by_one(site, made, batches[0][:ONE_BY_ONE])
    push = count / statistics.median(step.wall for step in steps)
    peer = count / statistics.median(bare)
    ratio = statistics.median(one / step.wall for one, step in zip(bare, steps, strict=True))
    cpu = statistics.median(step.cpu for step in steps)
    table.add_row(
        site.name, f"{count:,}", f"{push:,.0f}", f"{peer:,.0f}", f"{ratio:.2f}", f"{alone:.1f}",
        f"{push / alone:.0f}", f"{push / bald:.0f}", f"{cpu / count * 1e6:.0f}",
    )  # fmt: skip


# Pull


class Filled(NamedTuple):
    """A project in which every task has an answer that was pulled an hour ago."""

    workspace: Workspace
    round: Round
    annotations: dict[int, int]
    """Annotation id by task id."""
    push: Step


def fill(site: Site, made: Workspace, place: Path, seed: int | None, size: int) -> Filled:
    """Push all claims, and answer all tasks in the server's database and in the ledger."""
    workspace = fresh_copy(made, place)
    name = f"pull-{place.name}"
    push = site.step("push", workspace, name, *([] if seed is None else [str(seed)]))
    with Ledger(workspace.ledger) as ledger:
        found = ledger.round(name)
        assert found is not None
        if seed is not None:
            ledger.record_tasks(name, multiply(site, found, -(-size // seed) - 1))
        tasks = {task.task_id: task.claim_id for task in ledger.tasks(name)}
        past = datetime.now(UTC) - timedelta(hours=1)
        result = json.dumps(ANSWER)
        moment = past.strftime("%Y-%m-%d %H:%M:%S.%f")
        common = (
            "INSERT INTO task_completion (result, was_cancelled, ground_truth, created_at, "
            "updated_at, task_id, project_id, completed_by_id, updated_by_id, result_count, "
            "lead_time) SELECT {}, {}, {}, {}, {}, id, project_id, 1, 1, 1, 9.5 FROM task "
            "WHERE project_id = {}"
        )
        site.execute(
            common.format("?", "0", "0", "?", "?", "?"),
            common.format("%s::jsonb", "false", "false", "%s", "%s", "%s"),
            (result, moment, moment, found.project_id),
        )
        update = (
            "UPDATE task SET created_at = {0}, updated_at = {0}, total_annotations = 1, "
            "is_labeled = {1} WHERE project_id = {0}"
        )
        site.execute(
            update.format("?", "1"),
            update.format("%s", "true"),
            (moment, moment, found.project_id),
        )
        select = "SELECT id, task_id FROM task_completion WHERE project_id = {}"
        rows = site.execute(select.format("?"), select.format("%s"), (found.project_id,))
        annotations = {task: number for number, task in rows}
        author = annotator_of(site.studio.credentials.email, workspace.pseudonym_secret())
        ledger.record_authors(found, {1: author})
        for some in _chunks(tasks, 5000):
            ledger.record_pull(
                name,
                {
                    task: [
                        Annotation(
                            annotation_id=annotation_id(name, annotations[task], found.generation),
                            claim_id=claim,
                            round=name,
                            annotator=author.annotator,
                            annotator_kind=author.kind,
                            checkability=Checkability.OPINION,
                            verdict=None,
                            evidence=(),
                            lead_time_s=9.5,
                            created_at=past,
                            updated_at=past,
                            status=AnnotationStatus.SUBMITTED,
                            label_schema_version=found.label_schema_version,
                            guidelines_version=found.guidelines_version,
                        )
                    ]
                    for task, claim in some
                },
                watermark=past + OVERLAP * 2,
            )
    return Filled(workspace, found, annotations, push)


def multiply(site: Site, found: Round, times: int) -> list[PushedTask]:
    """Copy the project's tasks in the server's database, under claim ids of their own.

    The copies are like tasks of version 0.1: they do not tell their role.
    """
    columns = site.execute(
        "SELECT name FROM pragma_table_info('task') WHERE name NOT IN ('id', 'data')",
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'task' "
        "AND table_schema = current_schema() AND column_name NOT IN ('id', 'data')",
    )
    names = ", ".join(name for (name,) in columns)
    # The names of columns come from the database itself.
    copies = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        "INSERT INTO task (data, {0}) SELECT json_set(json_remove(data, '$.item'), '$.claim_id', "
        "printf('c_%016x', i * 1000000 + id)), {0} FROM task, n WHERE project_id = ?",
        "postgresql": "INSERT INTO task (data, {0}) "
        "SELECT jsonb_set(data - 'item', '{{claim_id}}', "
        "to_jsonb('c_' || lpad(to_hex(i * 1000000 + id), 16, '0'))), {0} "
        "FROM generate_series(1, %s) AS n(i), task WHERE project_id = %s",
    }
    statements = {name: text.format(names) for name, text in copies.items()}
    site.execute(statements["sqlite"], statements["postgresql"], (times, found.project_id))
    rows = site.execute(
        "SELECT id, json_extract(data, '$.claim_id'), json_extract(data, '$.content_hash') "
        "FROM task WHERE project_id = ?",
        "SELECT id, data ->> 'claim_id', data ->> 'content_hash' FROM task WHERE project_id = %s",
        (found.project_id,),
    )
    return [PushedTask(*row) for row in rows]


def _chunks(tasks: dict[int, str], size: int) -> Iterator[list[tuple[int, str]]]:
    items = list(tasks.items())
    for first in range(0, len(items), size):
        yield items[first : first + size]


def filtered_request(site: Site, project: int, since: datetime) -> tuple[float, int]:
    """Seconds of the bare request for what changed, and how many tasks it brought."""
    rule = {
        "filter": "filter:tasks:updated_at",
        "operator": "greater_or_equal",
        "type": "Datetime",
        "value": since.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    body = {
        "filters": {"conjunction": "and", "items": [rule]},
        "ordering": ["tasks:updated_at"],
    }
    parameters = {"project": project, "page": 1, "page_size": 100, "fields": "all"}
    began = time.perf_counter()
    answer = site.call("GET", "/api/tasks", params=parameters, json=body)
    return time.perf_counter() - began, len(answer["tasks"])


def edit(site: Site, filled: Filled, seed: int) -> None:
    """Somebody changes 20 answers: a verdict with the span that it rests on."""
    order = sorted(filled.annotations)
    random.Random(seed).shuffle(order)  # noqa: S311
    changed = 0
    for task in order:
        if changed == CHANGED:
            break
        sources = site.call("GET", f"/api/tasks/{task}/")["data"]["sources"]
        if not sources:
            continue
        changed += 1
        source = sources[0]["text"]
        start = source.index(" ") + 1
        end = source.index(" ", start + 20)
        values = [
            ("checkability", "article", "choices", {"choices": ["factual"]}),
            ("verdict", "article", "choices", {"choices": ["supported"]}),
            ("confidence", "article", "choices", {"choices": ["high"]}),
            ("evidence_0", "source_0", "labels",
             {"start": start, "end": end, "text": source[start:end], "labels": ["supports"]}),
        ]  # fmt: skip
        result = [
            {"id": f"r{number}", "from_name": name, "to_name": to, "type": kind, "value": value}
            for number, (name, to, kind, value) in enumerate(values)
        ]
        path = f"/api/annotations/{filled.annotations[task]}/"
        site.call("PATCH", path, json={"result": result})


def export_seconds(site: Site, project: int) -> tuple[float, int]:
    """Seconds and bytes of Label Studio's own JSON export."""
    began, size = time.perf_counter(), 0
    path = f"/api/projects/{project}/export?exportType=JSON"
    with site.http.stream("GET", path) as answer:
        answer.raise_for_status()
        for part in answer.iter_bytes():
            size += len(part)
    return time.perf_counter() - began, size


def measure_pull(
    site: Site, filled: Filled, repeats: int, table: Table, *, export: bool
) -> list[Step]:
    workspace, project = filled.workspace, filled.round.project_id
    nothing = [site.step("pull", workspace, filled.round.name) for _ in range(repeats)]
    with Ledger(workspace.ledger) as ledger:
        known = ledger.round(filled.round.name)
    assert known is not None
    assert known.watermark is not None
    edit(site, filled, 1)
    kept = workspace.ledger.with_suffix(".kept")
    shutil.copy(workspace.ledger, kept)
    steps, bare = [], []
    for number in range(repeats):
        shutil.copy(kept, workspace.ledger)
        if number % 2:
            bare.append(filtered_request(site, project, known.watermark - OVERLAP))
        steps.append(site.step("pull", workspace, filled.round.name))
        if not number % 2:
            bare.append(filtered_request(site, project, known.watermark - OVERLAP))
        result = steps[-1].result
        found = (result["edited"], result["rejected"], result["tasks"], bare[-1][1])
        if found != (CHANGED, [], len(filled.annotations), CHANGED):
            raise SystemExit(f"not what was changed: {found}")
    pull = statistics.median(step.wall for step in steps)
    peer = statistics.median(seconds for seconds, _ in bare)
    ratio = statistics.median(step.wall / one for step, (one, _) in zip(steps, bare, strict=True))
    row = [
        site.name, f"{len(filled.annotations):,}",
        f"{statistics.median(step.wall for step in nothing):.2f}",
        f"{statistics.median(step.whole for step in nothing):.2f}",
        f"{pull:.2f}", f"{peer:.2f}", f"{ratio:.2f}",
    ]  # fmt: skip
    # An export can take long.
    console.print(*row, [round(step.cpu, 2) for step in steps])
    if export:
        seconds, size = export_seconds(site, project)
        row += [f"{seconds:.0f}", f"{size / 1e6:.0f}", f"{seconds / pull:.0f}"]
    table.add_row(*row)
    return [*nothing, *steps]


# The whole


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--tasks", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--push", type=int, default=5_000)
    options.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--no-export", action="store_true")
    options.add_argument(
        "--seed", type=int, help="push so many tasks and copy them in the database"
    )
    options.add_argument("--made", type=Path, help="folder that keeps the segmented workspaces")
    asked = options.parse_args()
    push = Table(
        "database", "tasks", "push /s", "bare import /s", "ratio", "one by one /s", "x",
        "x without candidates", "CPU us a task", title=f"push, batches of {BATCH_SIZE}",
    )  # fmt: skip
    pull = Table(
        "database", "tasks", "nothing changed s", "with Python's start",
        f"{CHANGED} changed s", "bare request s", "ratio",
        "JSON export s", "MB", "x", title="pull",
    )  # fmt: skip
    memory = Table("database", "tasks", "push MB", "pull MB", title="peak memory of the client")
    scratch = REPOSITORY / ".claimset"
    scratch.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        place = Path(name)
        kept = asked.made or place / "made"
        made = {
            size: Workspace(kept / f"{size}")
            if (kept / f"{size}").exists()
            else make_workspace(kept / f"{size}", size)
            for size in {asked.push, *asked.tasks}
        }
        for database in asked.databases:
            with running(database, place / database) as site:
                measure_push(site, made[asked.push], place / database, asked.repeats, push)
                console.print(push)
                for size in asked.tasks:
                    filled = fill(site, made[size], place / database / f"{size}", asked.seed, size)
                    export = not asked.no_export
                    steps = measure_pull(site, filled, asked.repeats, pull, export=export)
                    peak = max(step.peak_mb for step in steps)
                    if asked.seed is not None:
                        filled = filled._replace(push=filled.push._replace(peak_mb=float("nan")))
                    memory.add_row(
                        database, f"{size:,}", f"{filled.push.peak_mb:.0f}", f"{peak:.0f}"
                    )
                    console.print(pull, memory)


if __name__ == "__main__":
    main()
