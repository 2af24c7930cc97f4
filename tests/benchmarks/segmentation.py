"""How fast articles become claims, stage by stage, and how much memory the whole step takes.

Usage: ``python tests/benchmarks/segmentation.py [--sizes 1 10] [--event-kb 50]``

The text is made by recombining the sentences of the seed articles into articles of about 3 kB and
events of several articles. Stages are timed in this process on one core (processor time); the
whole step, with its tables, runs through ``claimset.pipeline.segment`` in a process of its own,
whose peak memory is read from the kernel.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from claimset.identifiers import sha256_hex
from claimset.models import Article, UnitKind
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units
from claimset.segmentation.attribution import find_statements
from claimset.segmentation.checkworthiness import score_sentence

REPOSITORY = Path(__file__).parents[2]
MEGABYTE = 1_000_000

WHOLE = """
import resource, sys, time
from pathlib import Path
from claimset.pipeline import segment
from claimset.settings import Settings
from claimset.storage.workspace import Workspace
began = time.process_time()
result = segment(Workspace(Path(sys.argv[1])), Settings())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.process_time() - began, peak, result.claims)
"""


def made_articles(megabytes: float, event_kb: int, seed: int = 7) -> list[tuple[str, str, str]]:
    """Article id, event id and text of recombined sentences."""
    sentences = [
        unit.text
        for article in read_articles(REPOSITORY / "seeds")
        for unit in find_units(article)
        if unit.kind is UnitKind.CLAIM
    ]
    pick = random.Random(seed)  # noqa: S311 - a fixed mixture, no secret
    made: list[tuple[str, str, str]] = []
    size = 0
    while size < megabytes * MEGABYTE:
        text = "\n\n".join(" ".join(pick.choices(sentences, k=3)) for _ in range(7))
        event = size // (event_kb * 1000)
        made.append((f"a{len(made)}", f"e{event}", text))
        size += len(text.encode())
    return made


def stages(texts: list[str]) -> list[tuple[str, float]]:
    """Processor seconds of each stage over all texts."""
    articles = [
        Article(
            article_id="a",
            event_id="e",
            title="t",
            license="none",
            path="a.txt",
            sha256="0" * 64,
            text_sha256="0" * 64,
            text=text,
        )
        for text in texts
    ]
    began = time.process_time()
    units = [find_units(article) for article in articles]
    first = time.process_time()
    for article, found in zip(articles, units, strict=True):
        find_statements(article.text, [(unit.start, unit.end) for unit in found])
    second = time.process_time()
    for found in units:
        for unit in found:
            score_sentence(unit.text)
    third = time.process_time()
    for article, found in zip(articles, units, strict=True):
        claims_of(article, found)
    fourth = time.process_time()
    return [
        ("units (layout, sentences)", first - began),
        ("quotations and attribution", second - first),
        ("check-worthiness", third - second),
        ("all three, as claims", first - began + fourth - third),
    ]


def whole(made: list[tuple[str, str, str]]) -> tuple[float, float, int]:
    """Processor seconds, peak MB and claims of the whole step with its tables."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "seeds" / "articles").mkdir(parents=True)
        with (root / "seeds" / "manifest.jsonl").open("w") as manifest:
            for article_id, event_id, text in made:
                path = f"articles/{article_id}.txt"
                (root / "seeds" / path).write_text(text, "utf-8")
                row = {
                    "article_id": article_id,
                    "event_id": event_id,
                    "title": article_id,
                    "license": "none",
                    "path": path,
                    "sha256": sha256_hex(text.encode()),
                }
                manifest.write(json.dumps(row) + "\n")
        done = subprocess.run(
            [sys.executable, "-c", WHOLE, name],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": str(REPOSITORY / "scripts")},
        )
    seconds, peak, claims = done.stdout.split()
    return float(seconds), float(peak), int(claims)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--sizes", type=float, nargs="+", default=[1, 10])
    options.add_argument("--event-kb", type=int, default=50)
    asked = options.parse_args()
    table = Table("stage", "MB", "seconds", "MB/s")
    made = made_articles(1, asked.event_kb)
    for name, seconds in stages([text for _, _, text in made]):
        table.add_row(name, "1", f"{seconds:.2f}", f"{1 / seconds:.1f}")
    Console().print(table)
    table = Table("whole step with tables", "MB", "claims", "seconds", "MB/s", "peak MB")
    for size in asked.sizes:
        seconds, peak, claims = whole(made_articles(size, asked.event_kb))
        table.add_row(
            "segment", f"{size:g}", f"{claims:,}", f"{seconds:.1f}", f"{size / seconds:.2f}",
            f"{peak:.0f}",
        )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()
