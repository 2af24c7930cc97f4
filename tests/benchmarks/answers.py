"""What the commands that look at answers need, by the size of the workspace and of the answers.

Run with ``python tests/benchmarks/answers.py [--megabytes 3 12] [--answered 300 3000]``. The
articles are those of ``segmentation.py``, recombined from the seeds, in events of 13; three
annotators answer the claims of the first events, each answer marks a candidate, and one claim in
ten is disputed. Each line runs in a fresh process: processor seconds without Python's start, and
peak memory with it; ``idle`` does nothing. ``what`` is a hash of what the command gave.
``--code DIR`` measures another checkout's ``scripts`` over the same workspace.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from segmentation import (
    MEGABYTE,
    PARAGRAPHS,
    articles_of,
    new_words,
    seed_paragraphs,
    write_workspace,
)

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))

from claimset.models import Annotation, Claim, EvidenceCandidate  # noqa: E402 - found there
from claimset.pipeline import segment  # noqa: E402
from claimset.settings import Settings  # noqa: E402
from claimset.storage.ledger import Ledger, PushedTask, Round  # noqa: E402
from claimset.storage.tables import read_table  # noqa: E402
from claimset.storage.workspace import Workspace  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = ("idle", "status", "agree", "report", "adjudicate", "explain")
PEOPLE = ("p_0000000000000001", "p_0000000000000002", "p_0000000000000003")
START = datetime(2026, 1, 1, tzinfo=UTC)
EVENT_KB = 50
RUN = """
import hashlib, json, re, sys, time
from datetime import UTC, datetime
from pathlib import Path
from claimset import pipeline
from claimset.pipeline.agreeing import agree
from claimset.pipeline.adjudicating import adjudicate
from claimset.pipeline.explaining import explain_article
from claimset.pipeline.reporting import report
from claimset.pipeline.watching import status
from claimset.settings import Settings
from claimset.storage.workspace import Workspace

place, command = Workspace(Path(sys.argv[1])), sys.argv[2]
now, settings = datetime(2026, 2, 1, tzinfo=UTC), Settings(round="bench")
page = place.state / "page.html"
began = time.process_time()
if command == "status":
    said = status(place, now=now).model_dump_json()
elif command == "agree":
    said = agree(place).model_dump_json()
elif command == "report":
    report(place, settings, html=page, now=now)
    said = page.read_text()
elif command == "adjudicate":
    said = adjudicate(place, settings, by=["judge@claimset.invalid"], dry_run=True)
    said = said.model_dump_json()
elif command == "explain":
    said = explain_article(place, "a7", settings, html=page)[0].model_dump_json()
else:
    said = ""
used = time.process_time() - began
print(json.dumps({
    "cpu": used,
    "peak": int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024,
    "what": hashlib.sha256(said.encode()).hexdigest()[:12],
}))
"""


def answers_to(
    claims: list[Claim], candidates: dict[str, EvidenceCandidate]
) -> Iterator[Annotation]:
    """Three answers to each claim; every tenth claim has one that differs."""
    for number, claim in enumerate(claims):
        mark = candidates.get(claim.claim_id)
        for person, annotator in enumerate(PEOPLE):
            differs = number % 10 == 0 and person == 0
            moment = START + timedelta(seconds=40 * number + person)
            verdict = "refuted" if differs else "supported"
            span = mark and {
                **mark.model_dump(include={"article_id", "start", "end", "text"}),
                "stance": "refutes" if differs else "supports",
            }
            yield Annotation.model_validate(
                {
                    "annotation_id": f"bench:{number}-{person}",
                    "claim_id": claim.claim_id,
                    "round": "bench",
                    "annotator": annotator,
                    "annotator_kind": "human",
                    "checkability": "factual",
                    "verdict": verdict,
                    "evidence": [span] if span else [],
                    "confidence": None,
                    "justification": "",
                    "lead_time_s": 60,
                    "created_at": moment,
                    "updated_at": moment,
                    "status": "submitted",
                    "label_schema_version": "1.0",
                    "guidelines_version": "0.1",
                }
            )


def answer(workspace: Workspace, count: int) -> int:
    """A ledger with answers to the first claims; returns to how many."""
    workspace.ledger.unlink(missing_ok=True)
    claims = list(islice(read_table(workspace.claims, Claim, made_by="segment"), count))
    wanted = {claim.claim_id for claim in claims}
    marks: dict[str, EvidenceCandidate] = {}
    for row in read_table(workspace.evidence, EvidenceCandidate, made_by="segment"):
        if row.claim_id in wanted:
            marks.setdefault(row.claim_id, row)
    numbers = {claim.claim_id: number for number, claim in enumerate(claims, 1)}
    found: dict[int, list[Annotation]] = {}
    for given in answers_to(claims, marks):
        found.setdefault(numbers[given.claim_id], []).append(given)
    with Ledger(workspace.ledger) as ledger:
        ledger.save_round(Round("bench", "http://127.0.0.1:1", 1, 1, 3, "1.0", "0.1", ""))
        tasks = [PushedTask(number, claim, "h") for claim, number in numbers.items()]
        ledger.record_tasks("bench", tasks)
        ledger.record_pull("bench", found)
    return len(claims)


def measure(place: Path, command: str, code: Path) -> dict[str, Any]:
    """What one command needed."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(place), command],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(code)},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--megabytes", type=float, nargs="+", default=[3, 12])
    options.add_argument("--answered", type=int, nargs="+", default=[300, 3000])
    options.add_argument("--code", type=Path, default=REPOSITORY / "scripts")
    options.add_argument("--kept", type=Path, help="where the workspaces are made, and kept")
    asked = options.parse_args()
    table = Table("claims", "answered", "command", "CPU s", "peak MB", "what")
    with tempfile.TemporaryDirectory() as name:
        for megabytes in asked.megabytes:
            place = (asked.kept or Path(name)) / f"{megabytes:g}"
            if not place.exists():
                pick = random.Random(7)  # noqa: S311 - a fixed mixture, no secret
                texts = articles_of(
                    seed_paragraphs(pick), megabytes * MEGABYTE, new_words(pick), PARAGRAPHS
                )
                write_workspace(place, texts, EVENT_KB)
                shutil.copytree(REPOSITORY / "schemas", place / "schemas")
            made = segment(Workspace(place), Settings())
            for count in asked.answered:
                answered = answer(Workspace(place), count)
                for command in COMMANDS:
                    used = measure(place, command, asked.code)
                    table.add_row(
                        f"{made.claims:,}", f"{answered:,}", command, f"{used['cpu']:.2f}",
                        f"{used['peak']:.0f}", used["what"],
                    )  # fmt: skip
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
