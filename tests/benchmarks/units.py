"""Speed and peak memory of units: layout, sentences and the records of each, on one core.

Run with ``python tests/benchmarks/units.py [--data DIR] [--sizes 1 10 100]``. The input is article
text recombined paragraph by paragraph with a fixed seed, 2 to 6 kB an article: the three seed
articles (news, letter) and, when the data is there, web documents. Articles are made, segmented
and dropped one after the other, as the pipeline streams them, in a fresh process for each size;
the time of making them is not counted, the memory is. Other splitters run on a part of the same
text, given whole articles.
"""

# ruff: noqa: T201 - a table on the terminal is what it is for

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimset.models import Article

MEGABYTE = 1_000_000
PEER_MEGABYTES = 0.1


def paragraphs(kind: str, data: Path) -> list[str]:
    """The paragraphs that articles of a kind are made of; none if the data is absent."""
    if kind == "news":
        files = sorted((REPOSITORY / "seeds" / "articles").glob("*.txt"))
        texts = [file.read_text("utf-8") for file in files]
        return [line for text in texts for line in text.split("\n") if line.strip()]
    path = data / "sentences" / "ewt-dev.jsonl"
    if not path.is_file():
        return []
    lines = path.read_text("utf-8").splitlines()
    return [part for line in lines for part in json.loads(line)["text"].split("\n\n")]


def articles(parts: list[str], size: int) -> Iterator[Article]:
    """Articles of together ``size`` bytes, the same for the same arguments."""
    from claimset.models import Article

    chooser = random.Random(0)  # noqa: S311 - not for secrets
    made = number = 0
    while made < size:
        text = "\n\n".join(chooser.choice(parts) for _ in range(chooser.randint(8, 24)))
        raw = text.encode()
        digest = hashlib.sha256(raw).hexdigest()
        yield Article(
            article_id=f"a{number}",
            event_id="e",
            title="t",
            license="CC0-1.0",
            path=f"a{number}.txt",
            sha256=digest,
            text_sha256=digest,
            text=text,
        )
        made += len(raw)
        number += 1


def measure(parts: list[str], size: int) -> dict[str, float]:
    """Segment that many bytes; seconds of processor time, units and peak memory in megabytes."""
    from claimset.segmentation import find_units

    find_units(next(articles(parts, 1)))
    seconds = 0.0
    units = size_read = 0
    for article in articles(parts, size):
        started = time.process_time()
        units += len(find_units(article))
        seconds += time.process_time() - started
        size_read += len(article.text.encode())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"bytes": size_read, "seconds": seconds, "units": units, "peak_mb": peak}


def peers() -> Iterator[tuple[str, Callable[[str], Any]]]:
    """The splitters that are installed."""
    sys.path.insert(0, str(Path(__file__).parent))
    import sentences  # type: ignore[import-not-found, unused-ignore]

    for name in ("nupunkt alone", "pysbd", "spacy parser"):
        try:
            yield name, sentences.PEERS[name]()
        except ImportError as error:
            print(f"{name}: not installed ({error})")


def main() -> None:
    """Print one row per kind of text and size, then the peers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 10, 100], help="megabytes")
    parser.add_argument("--child", nargs=2, metavar=("KIND", "BYTES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, size = options.child
        print(json.dumps(measure(paragraphs(kind, options.data), int(size))))
        return
    print("| text | MB | units | seconds | MB/s | peak memory, MB |\n|---|---|---|---|---|---|")
    for kind in ("news", "web"):
        parts = paragraphs(kind, options.data)
        if not parts:
            print(f"no {kind} text: the data is absent at {options.data}")
            continue
        for size in options.sizes:
            command = [sys.executable, __file__, "--data", str(options.data)]
            command += ["--child", kind, str(int(size * MEGABYTE))]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(done.stdout)
            speed = found["bytes"] / found["seconds"] / MEGABYTE
            print(
                f"| {kind} | {found['bytes'] / MEGABYTE:.1f} | {found['units']:,} "
                f"| {found['seconds']:.2f} | {speed:.2f} | {found['peak_mb']:.0f} |",
                flush=True,
            )
    parts = paragraphs("news", options.data)
    made = list(articles(parts, int(PEER_MEGABYTES * MEGABYTE)))
    own = measure(parts, int(PEER_MEGABYTES * MEGABYTE))
    print("\n| splitter on the news text | MB/s | ours is |\n|---|---|---|")
    print(f"| claimset, units | {own['bytes'] / own['seconds'] / MEGABYTE:.2f} | 1 x |")
    for name, split in peers():
        split(made[0].text[:200])
        started = time.process_time()
        for article in made:
            split(article.text)
        seconds = time.process_time() - started
        speed = own["bytes"] / seconds / MEGABYTE
        print(f"| {name} | {speed:.2f} | {seconds / own['seconds']:.1f} x |", flush=True)


if __name__ == "__main__":
    main()
