# ruff: noqa: T201 - the tables are the result
"""How well and how fast check-worthiness is scored.

Usage: ``python tests/benchmarks/checkworthiness.py [--data FOLDER] [--debates FILE]``

F1, precision and recall are those of the check-worthy class at the threshold of the package; AP is
average precision. Ours are debate sentences written for this project and labelled before any weight
was set: one half served for tuning, the other was held out. The hard ones are long, full of public
subjects without a fact, or facts without a figure. ``--debates`` scores a JSON Lines file
of ``{"text": ..., "label": ...}`` with labels ``check_worthy``, ``unimportant``, ``non_factual``.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))

from claimset.segmentation.checkworthiness import THRESHOLD, score_sentence  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 5
# The one-line rule that any score has to beat: a number, or a past verb with a name.
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty|hundred|thousand|"
    r"[mbtr]+illion|percent)\b",
    re.IGNORECASE,
)
PAST = re.compile(r"\b(?:was|were|had|did|said|made|took|came|went|been|cut|won|lost|\w+ed)\b")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]")


def by_rule(text: str) -> float:
    """1 where the rule says check-worthy, else 0."""
    fact = NUMBER.search(text) or (PAST.search(text) and NAME.search(text))
    return float(bool(fact) and not text.endswith("?"))


def average_precision(scores: Sequence[float], gold: Sequence[bool]) -> float:
    """Mean precision at each positive; equal scores count as one step."""
    total, hits, seen = 0.0, 0, 0
    for level in sorted(set(scores), reverse=True):
        at = [is_gold for score, is_gold in zip(scores, gold, strict=True) if score == level]
        seen += len(at)
        hits += sum(at)
        total += sum(at) * hits / seen
    return total / max(sum(gold), 1)


def line(name: str, scores: Sequence[float], gold: Sequence[bool], threshold: float) -> str:
    """One row of the table."""
    flagged = [score >= threshold for score in scores]
    hits = sum(a and b for a, b in zip(flagged, gold, strict=True))
    precision = hits / max(sum(flagged), 1)
    recall = hits / max(sum(gold), 1)
    f1 = 2 * hits / max(sum(flagged) + sum(gold), 1)
    ap = average_precision(scores, gold)
    return (
        f"{name:<42}{len(gold):>7}{sum(gold) / len(gold):>7.2f}{f1:>8.3f}{precision:>8.3f}"
        f"{recall:>8.3f}{ap:>8.3f}{sum(flagged) / len(gold):>9.2f}"
    )


def read(path: Path) -> list[dict[str, Any]]:
    """Rows of a JSON Lines file."""
    return [json.loads(row) for row in path.read_text("utf-8").splitlines() if row.strip()]


def quality(data: Path, debates: Path | None) -> None:
    """The table of quality."""
    print(f"{'sentences':<42}{'n':>7}{'pos.':>7}{'F1':>8}{'P':>8}{'R':>8}{'AP':>8}{'flagged':>9}")
    ours = read(REPOSITORY / "tests" / "fixtures" / "checkworthiness.jsonl")
    sets = [(f"our debate sentences, {part}", [row for row in ours if row["part"] == part])
            for part in ("tuning", "held_out", "hard_tuning", "hard_held_out")]  # fmt: skip
    if debates is not None:
        sets.append((debates.name, read(debates)))
    for name, rows in sets:
        gold = [row["label"] == "check_worthy" for row in rows]
        scores = [score_sentence(row["text"]).score for row in rows]
        print(line(name, scores, gold, THRESHOLD))
        print(line("  one-line rule", [by_rule(row["text"]) for row in rows], gold, 0.5))
    for stem, field, positive in (("sentences", "sentence", "yes"), ("claims", "claim", "factual")):
        path = data / "checkworthiness" / f"factcheck-bench-{stem}.jsonl"
        if not path.is_file():
            print(f"factcheck-bench {stem}: the data is absent: {path}")
            continue
        rows = read(path)
        gold = [row["checkworthy"] == positive for row in rows]
        scores = [score_sentence(row[field]).score for row in rows]
        print(line(f"factcheck-bench {stem} (chatbot answers)", scores, gold, THRESHOLD))


def speed(data: Path) -> None:
    """Sentences and megabytes a second of one core, best of several rounds."""
    path = data / "sentences" / "ewt-dev.jsonl"
    texts = [row["text"] for row in read(REPOSITORY / "tests/fixtures/checkworthiness.jsonl")]
    if path.is_file():
        texts += [row["text"][a:b] for row in read(path) for a, b in row["sentences"]]
    else:
        print(f"speed on our own sentences only; the data is absent: {path}")
    texts += [" ".join(texts[n : n + 4]) for n in range(0, len(texts), 4)]
    size = sum(len(text.encode("utf-8")) for text in texts)
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        for text in texts:
            score_sentence(text)
        best = min(best, time.process_time() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{len(texts)} sentences, {size / 1e6:.2f} MB in {best:.3f} s of CPU: "
        f"{size / best / 1e6:.1f} MB/s, {len(texts) / best:,.0f} sentences/s, peak {peak:.0f} MB"
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Check-worthiness: quality and speed.")
    parser.add_argument("--data", type=Path, default=REPOSITORY / ".." / "shared" / "data")
    parser.add_argument("--debates", type=Path, default=None)
    arguments = parser.parse_args()
    quality(arguments.data, arguments.debates)
    speed(arguments.data)


if __name__ == "__main__":
    main()
