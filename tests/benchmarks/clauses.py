# ruff: noqa: T201 - the tables are the result
"""How many clauses read as true to their sentence, how many there are, and how fast.

Usage: ``python tests/benchmarks/clauses.py [--data FOLDER] [--show N]``

The first table is an audit by reading; ``--show`` prints clauses under their sentences, so that the
next one can be made. The second needs the extra ``clauses``: its peer is the parser alone on every
sentence, which is what the step would cost if it did not look before it parses.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))

from claimset.segmentation.clauses import clause_text, find_clauses  # noqa: E402
from claimset.segmentation.syntax import parse  # noqa: E402

_SHORTEST = 60


def audit() -> None:
    """The table of the audit."""
    fixture = REPOSITORY / "tests" / "fixtures" / "clause_audit.json"
    rounds = json.loads(fixture.read_text("utf-8"))["rounds"]
    print(f"{'rule':<20}{'read':>6}{'defective':>11}{'true':>8}")
    for number, found in enumerate(rounds, start=1):
        print(f"round {number}, {found['rules']}")
        rows = [*found["read"], "all"]
        for rule in rows:
            read = sum(found["read"].values()) if rule == "all" else found["read"][rule]
            bad = sum(found["defective"].values()) if rule == "all" else found["defective"][rule]
            share = f"{1 - bad / read:.3f}" if read else "-"
            print(f"  {rule:<18}{read:>6}{bad:>11}{share:>8}")


def sentences(data: Path) -> dict[str, list[str]]:
    """Sentences by set; a set that is absent is left out and said so."""
    found: dict[str, list[str]] = {}
    ewt = data / "sentences" / "ewt-dev.jsonl"
    if ewt.is_file():
        rows = [json.loads(row) for row in ewt.read_text("utf-8").splitlines()]
        found["EWT dev"] = [row["text"][a:b] for row in rows for a, b in row["sentences"]]
    wice = data / "retrieval" / "wice-dev.jsonl"
    if wice.is_file():
        rows = [json.loads(row) for row in wice.read_text("utf-8").splitlines()]
        texts = (text.strip() for row in rows for text in row["evidence_sentences"])
        found["WiCE dev, sources"] = list(
            dict.fromkeys(text for text in texts if len(text) >= _SHORTEST)
        )
    for path in (ewt, wice):
        if not path.is_file():
            print(f"the data is absent: {path}")
    return found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Clauses: truth, yield and speed.")
    parser.add_argument("--data", type=Path, default=REPOSITORY / ".." / "shared" / "data")
    parser.add_argument("--show", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    audit()
    print(f"\n{'set':<20}{'sentences':>10}{'split':>7}{'clauses':>9}{'per s':>9}{'parser':>9}")
    for name, texts in sentences(arguments.data).items():
        find_clauses(["The parser is loaded and it is warm."])
        begin = time.process_time()
        found = find_clauses(texts)
        spent = time.process_time() - begin
        begin = time.process_time()
        sample = texts[:1000]
        list(parse(sample))
        alone = time.process_time() - begin
        split, total = sum(map(bool, found)), sum(map(len, found))
        print(
            f"{name:<20}{len(texts):>10}{split:>7}{total:>9}{len(texts) / spent:>9,.0f}"
            f"{len(sample) / alone:>9,.0f}"
        )
        shown = [(text, items) for text, items in zip(texts, found, strict=True) if items]
        for text, items in shown[: arguments.show]:
            print(f"  {text}")
            for item in items:
                print(f"    {item.rule}: {clause_text([text[a:b] for a, b in item.ranges])}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nsentences per second of CPU, ours and the parser alone; peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
