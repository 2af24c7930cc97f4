"""Quotations and speakers: quality on the development set, speed beside the sentence splitter.

Run as ``python tests/benchmarks/quotations.py``. Quality: ``tests/fixtures/quotations.jsonl``,
sentences in the style of US political news with gold speakers; rules were tuned on its half
``tune`` only. Its texts are made up, so the figures say less than those on a real corpus. A speaker
is right when it shares a word, other than a function word, with the gold span; no coreference.
Speed: processor time of one process over the pages of ``retrieval/wice-dev.jsonl``. The peer
textacy is run on the same set where it is installed with a spaCy model.
"""

# ruff: noqa: T201 - a benchmark prints its table

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from claimset.models import QuoteType  # noqa: E402
from claimset.segmentation.attribution import find_statements  # noqa: E402
from claimset.segmentation.layout import find_blocks  # noqa: E402
from claimset.segmentation.sentences import sentence_spans  # noqa: E402

FUNCTION_WORDS = frozenset(
    {"the", "a", "an", "of", "his", "her", "its", "their", "for", "in", "at"}
)
Speakers = dict[tuple[int, int], tuple[int, int] | None]


def sentences(text: str) -> list[tuple[int, int]]:
    """Sentence spans as segmentation finds them."""
    return [
        span for block in find_blocks(text) for span in sentence_spans(text, block.start, block.end)
    ]


def by_rules(text: str) -> Speakers:
    """Quoted spans with their speakers, by the default rules."""
    return {
        place: one.speaker
        for one in find_statements(text, sentences(text))
        if one.quote_type is not QuoteType.INDIRECT
        for place in one.quotes
    }


def by_textacy(text: str, language: Any) -> Speakers:
    """The same by textacy's ``direct_quotations``; its spans hold the marks."""
    extract = importlib.import_module("textacy.extract")
    found: Speakers = {}
    try:
        for one in extract.direct_quotations(language(text)):
            start, end = one.content.start_char, one.content.end_char
            first, last = one.speaker[0], one.speaker[-1]
            inner = (start + 1, end - 1)
            found[inner] = (first.idx, last.idx + len(last))
    except (ValueError, IndexError):  # unbalanced marks
        pass
    return found


def words(text: str) -> set[str]:
    """Lower-case words that are no function words."""
    return set(re.findall(r"\w+", text.lower())) - FUNCTION_WORDS


def score(rows: list[dict[str, Any]], read: Any) -> tuple[int, int, int, int, int]:
    """Quoted spans, those found, those with a gold speaker, speakers given, speakers right."""
    quotes = found = gold = given = right = 0
    for row in rows:
        text = row["text"]
        speakers = read(text)
        for quote in row["quotes"]:
            place = (quote["start"], quote["end"])
            quotes += 1
            found += place in speakers
            gold += bool(quote["speakers"])
            speaker = speakers.get(place)
            if speaker is None:
                continue
            given += 1
            right += any(
                words(text[max(speaker[0], one["start"]) : min(speaker[1], one["end"])])
                for one in quote["speakers"]
            )
    return quotes, found, gold, given, right


def print_quality(rows: list[dict[str, Any]], name: str, read: Any) -> None:
    """One line for each half."""
    for half in ("tune", "held"):
        part = [row for row in rows if row["half"] == half]
        quotes, found, gold, given, right = score(part, read)
        precision, recall = right / max(given, 1), right / gold
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(
            f"{name:<10} {half:<5} {quotes:>6} {found:>6} {gold:>5} {given:>6} {right:>6} "
            f"{precision:>6.3f} {recall:>6.3f} {f1:>6.3f}"
        )


def print_speed(data: Path) -> None:
    """Rates over pages of running text, and the ratio to the sentence splitter."""
    path = data / "retrieval" / "wice-dev.jsonl"
    if not path.is_file():
        print(f"\nspeed: not measured, {path} is absent")
        return
    pages = [
        "\n\n".join(s for s in json.loads(line)["evidence_sentences"] if s.strip())
        for line in path.read_text("utf-8").splitlines()
    ]
    size = sum(map(len, pages)) / 1e6
    began = time.process_time()
    spans = [sentences(page) for page in pages]
    split = time.process_time() - began
    best = min(_time_statements(pages, spans) for _ in range(3))
    print(f"\n{'step':<28} {'MB':>6} {'s':>7} {'MB/s':>7}")
    print(f"{'layout and sentences':<28} {size:>6.2f} {split:>7.2f} {size / split:>7.1f}")
    print(f"{'quotations and attribution':<28} {size:>6.2f} {best:>7.2f} {size / best:>7.1f}")
    print(f"ratio of the two rates: {split / best:.1f}")


def _time_statements(pages: list[str], spans: list[list[tuple[int, int]]]) -> float:
    began = time.process_time()
    for page, places in zip(pages, spans, strict=True):
        find_statements(page, places)
    return time.process_time() - began


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    parser.add_argument("--model", default="en_core_web_sm", help="spaCy model for the peer")
    options = parser.parse_args()
    lines = (ROOT / "tests" / "fixtures" / "quotations.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    print(f"{'way':<10} {'half':<5} quotes  found  gold  given  right      P      R     F1")
    print_quality(rows, "rules", by_rules)
    if importlib.util.find_spec("textacy") and importlib.util.find_spec(options.model):
        language = importlib.import_module("spacy").load(options.model)
        print_quality(rows, "textacy", lambda text: by_textacy(text, language))
    else:
        print(f"textacy    not measured: it or the spaCy model {options.model} is absent")
    print_speed(options.data)


if __name__ == "__main__":
    main()
