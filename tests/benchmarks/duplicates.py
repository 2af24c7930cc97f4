"""Time, memory and yield of linking duplicates, on events made of real sentences.

Run ``python tests/benchmarks/duplicates.py [--data ../shared/data] [--claims 10000 100000]``.

Each event has 10 to 50 articles of 12 claims. Of the claims, one in ten retells an earlier claim of
the event word for word, one in ten in another tense or with a phrase added, and one in ten is an
earlier claim with a number, a name or a negation changed: a link there is a fault. The sentences
are those of ``sentences/``, ``retrieval/`` and ``checkworthiness/`` under the data folder; without
it the benchmark says so and makes sentences up.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from claimset.models import Claim, UnitKind
from claimset.segmentation.duplicates import link_duplicates

ROOT = Path(__file__).parents[2]
CLAIMS_PER_ARTICLE = 12
SHORTEST, LONGEST = 50, 400
ALIKE = 75
PEER_UP_TO = 10_000
TENSES = ((" is ", " was "), (" are ", " were "), (" will ", " would "), (" has ", " had "))
NAME = re.compile(r"(?<=[a-z,] )([A-Z][a-z]{3,})\b")
NUMBER = re.compile(r"\b\d+\b")
VERB = re.compile(r"\b(is|are|was|were|will|would|has|had|have|can|could)\b")


def read_sentences(data: Path) -> list[str]:
    """Sentences of running text from the shared data, each once, in a fixed order."""
    found: dict[str, None] = {}
    for path in sorted(data.glob("*/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if "sentences" in row:
                texts = [row["text"][start:end] for start, end in row["sentences"]]
            else:
                single = (row.get("claim"), row.get("sentence"))
                texts = [*row.get("evidence_sentences", ()), *(text for text in single if text)]
            found |= dict.fromkeys(text.strip() for text in texts)
    prose = re.compile(r"[A-Z“\"'].*[.”\"']$", re.DOTALL)
    return [text for text in found if SHORTEST <= len(text) <= LONGEST and prose.match(text)]


def made_up(count: int) -> list[str]:
    """Sentences for a machine without the data: less like news than it looks."""
    chance = random.Random(3)  # noqa: S311
    syllables = ["ba", "re", "mo", "ti", "lu", "sa", "ne", "ko", "vi", "da"]
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(5000)]
    return [
        " ".join(["The", *chance.choices(words, k=chance.randint(8, 24)), "was", "seen."])
        for _ in range(count)
    ]


def retell(text: str, chance: random.Random) -> str | None:
    """The same in another tense, or with a phrase added."""
    turns = [(old, new) for old, new in TENSES if old in text]
    if turns and chance.random() < 0.5:
        return text.replace(*chance.choice(turns), 1)
    if "," in text:
        head, tail = text.split(",", 1)
        return f"{head}, as was reported,{tail}"
    return text.replace(*chance.choice(turns), 1) if turns else None


def falsify(text: str, chance: random.Random) -> str | None:
    """The same with another number, another name, or a negation."""
    ways = []
    if NUMBER.search(text):
        ways.append(NUMBER.sub(lambda match: str(int(match.group()) + 1), text, count=1))
    if NAME.search(text):
        ways.append(NAME.sub("Quandorf", text, count=1))
    if VERB.search(text):
        ways.append(VERB.sub(r"\1 not", text, count=1))
    return chance.choice(ways) if ways else None


def make_claims(sentences: list[str], count: int) -> tuple[list[Claim], dict[str, tuple[str, str]]]:
    """Claims, and what was planted: id of a claim, what it is, and what it was made from."""
    chance = random.Random(11)  # noqa: S311
    claims: list[Claim] = []
    planted: dict[str, tuple[str, str]] = {}
    event = 0
    while len(claims) < count:
        told: list[tuple[str, str]] = []
        for article in range(chance.randint(10, 50)):
            start = 0
            for _ in range(CLAIMS_PER_ARTICLE):
                name = f"c_{len(claims):016x}"
                kind, source, text = _choose(sentences, told, chance)
                if kind == "new":
                    told.append((name, text))
                else:
                    planted[name] = (kind, source)
                claims.append(_claim(name, f"e{event}", f"e{event}-a{article:02}", start, text))
                start += len(text) + 1
        event += 1
    return claims, planted


def _choose(
    sentences: list[str], told: list[tuple[str, str]], chance: random.Random
) -> tuple[str, str, str]:
    draw = chance.random()
    if told and draw < 0.3:
        source, text = chance.choice(told)
        if draw < 0.1:
            return "verbatim", source, text
        kind, change = ("retold", retell) if draw < 0.2 else ("altered", falsify)
        made = change(text, chance)
        if made is not None:
            return kind, source, made
    return "new", "", chance.choice(sentences)


def _claim(name: str, event: str, article: str, start: int, text: str) -> Claim:
    fields: dict[str, Any] = {
        "claim_id": name, "event_id": event, "article_id": article, "start": start,
        "end": start + len(text), "text": text, "prefix": "", "suffix": "",
        "kind": UnitKind.CLAIM, "rule": "", "segmenter_version": "0",
    }  # fmt: skip
    return Claim.model_construct(**fields)


def yield_of(
    linked: dict[str, str], planted: dict[str, tuple[str, str]]
) -> tuple[Counter[str], Counter[str]]:
    """How many of each kind were planted, and how many of those are linked with their source."""

    def root(name: str) -> str:
        return linked.get(name, name)

    total = Counter(kind for kind, _ in planted.values())
    found = Counter(kind for name, (kind, source) in planted.items() if root(name) == root(source))
    return total, found


def all_pairs(claims: list[Claim]) -> dict[str, str]:
    """The peer: every pair of an event by `ratio` alone, each claim under the first alike."""
    events: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        events[claim.event_id].append(claim)
    linked: dict[str, str] = {}
    for members in events.values():
        texts = [claim.text.casefold() for claim in members]
        scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, workers=1)
        for place, claim in enumerate(members):
            first = int((scores[place] >= ALIKE).argmax())
            if first < place:
                linked[claim.claim_id] = members[first].claim_id
    return linked


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 100_000])
    options = parser.parse_args()
    sentences = read_sentences(options.data) if options.data.is_dir() else []
    if not sentences:
        print(f"no data in {options.data}: the sentences are made up")  # noqa: T201
        sentences = made_up(30_000)
    header = "method", "claims", "seconds", "claims/s", "peak MB", "verbatim", "retold", "altered"
    row = "{:<22}{:>9}{:>9}{:>10}{:>9}{:>10}{:>9}{:>9}"
    print(f"{len(sentences)} sentences; the last columns: share of the planted that is linked")  # noqa: T201
    print(row.format(*header))  # noqa: T201
    for size in options.claims:
        claims, planted = make_claims(sentences, size)
        methods: dict[str, Any] = {"link_duplicates": _linked}
        if size <= PEER_UP_TO:
            methods["all pairs, ratio only"] = all_pairs
        for name, method in methods.items():
            started = time.process_time()
            linked = method(claims)
            seconds = time.process_time() - started
            total, found = yield_of(linked, planted)
            shares = (
                f"{found[kind] / total[kind]:.4f}" for kind in ("verbatim", "retold", "altered")
            )
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            speed = round(len(claims) / seconds)
            print(row.format(name, len(claims), f"{seconds:.1f}", speed, peak, *shares))  # noqa: T201
            sys.stdout.flush()


def _linked(claims: list[Claim]) -> dict[str, str]:
    return {
        claim.claim_id: claim.duplicate_of
        for claim in link_duplicates(claims)
        if claim.duplicate_of is not None
    }


if __name__ == "__main__":
    main()
