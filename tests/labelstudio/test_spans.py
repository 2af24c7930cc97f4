"""Positions: every span that Label Studio is given comes back exactly, and slips are told apart."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from claimset import pipeline
from claimset.labelstudio.client import LabelStudioClient
from claimset.models import Selection
from claimset.seeds import read_articles
from claimset.settings import Settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.storage.workspace import Workspace

pytestmark = pytest.mark.studio

# One of each that browsers, databases and languages count in different ways.
PIECES = {
    "words": ("Council", "votes", "£5m", "“quoted”", "ﬁ", "ẞ"),
    "emoji": ("👩", "🇬🇧", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "👍🏽"),
    "ZWJ": ("👩\u200d🚒", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈"),
    "combining": ("e\u0301", "a\u0300\u0323", "\u0301", "नमस्ते", "각"),
    "bidi": ("שלום", "\u200fمرحبا\u200e", "\u202eabc\u202c", "\u2067x\u2069"),
    "NBSP": ("\u00a0", "\u202f", "\u2009", "\u200b", "\u2028", "\u0085", "\t", "  "),
    "astral": ("𝔘𝔫𝔦", "𠮷"),
    "markup": ("&amp;", "<b>", "</script>", "{{x}}", "\\n", "%25"),
}
BREAKS = ("\n", "\r\n", "\r", "\n\n")
SPANS = 10_000
PER_ANSWER = 500
TEXT_SIZE = 6_000


def _hostile_text(chance: random.Random) -> str:
    kinds = list(PIECES.values())
    parts: list[str] = []
    while sum(map(len, parts)) < TEXT_SIZE:
        parts.append(chance.choice(chance.choice(kinds)))
        parts.append(chance.choice(BREAKS) if chance.random() < 0.1 else " ")
    return "".join(parts)


class Desk:
    """Articles of hostile text in one event with a plain one, whose claims are asked."""

    def __init__(self, workspace: Workspace, studio: EmbeddedStudio, name: str) -> None:
        self.workspace = workspace
        self.chance = random.Random(20230314)  # noqa: S311 - a plan, no secret
        rows = [json.loads(line) for line in workspace.manifest.read_text("utf-8").splitlines()]
        for row in rows[1:]:
            raw = _hostile_text(self.chance).encode("utf-8")
            (workspace.seeds / row["path"]).write_bytes(raw)
            row["sha256"] = hashlib.sha256(raw).hexdigest()
        workspace.manifest.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
        self.texts = {a.article_id: a.text for a in read_articles(workspace.seeds)}
        self.settings = Settings(
            label_studio_url=studio.url,
            label_studio_api_key=studio.credentials.token,
            round=name,
            overlap=1,
            all_mentions=True,
        )
        pipeline.segment(workspace, self.settings)
        chosen = Selection(articles=(rows[0]["article_id"],))
        pushed = pipeline.push(workspace, self.settings, selection=chosen)
        assert pushed.project_id is not None
        self.client = LabelStudioClient(studio.url, studio.credentials.token)
        self.tasks = list(
            self.client.tasks_by_id(
                pushed.project_id, sorted(self.client.task_ids(pushed.project_id))
            )
        )

    def annotate(self, task: dict[str, Any], spans: list[dict[str, Any]]) -> str:
        """Answer a task with spans; returns the annotation's id in the ledger."""
        result: list[dict[str, Any]] = [
            {"from_name": name, "to_name": "article", "type": "choices", "value": {"choices": [v]}}
            for name, v in (("checkability", "factual"), ("verdict", "not_enough_evidence"))
        ]
        for span in spans:
            place = span["source"]
            value = {key: value for key, value in span.items() if key != "source"}
            result.append(
                {
                    "from_name": f"evidence_{place}",
                    "to_name": f"source_{place}",
                    "type": "labels",
                    "value": {"labels": ["context"]} | value,
                }
            )
        return f"{self.settings.round}:{self.client.annotate(task['id'], result)}"


@pytest.fixture
def desk(
    workspace_copy: Workspace, studio: EmbeddedStudio, request: pytest.FixtureRequest
) -> Iterator[Desk]:
    found = Desk(workspace_copy, studio, f"{request.node.name[5:30]}-{os.getpid()}")
    yield found
    found.client.close()


def test_ten_thousand_spans_come_back_exactly(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Emoji, ZWJ sequences, combining marks, bidi, NBSP, CRLF: not one code point is off."""
    chance = desk.chance
    given: dict[str, set[tuple[str, int, int, str, str]]] = {}
    for number in range(SPANS // PER_ANSWER):
        task = desk.tasks[number % len(desk.tasks)]
        sources = [source["article_id"] for source in task["data"]["sources"]]
        for source in task["data"]["sources"]:  # what is shown is what is counted
            assert source["text"] == desk.texts[source["article_id"]]
            assert "\r" not in source["text"]
        spans: dict[tuple[str, int, int], dict[str, Any]] = {}
        while len(spans) < PER_ANSWER:
            place = chance.randrange(len(sources))
            text = desk.texts[sources[place]]
            start = chance.randrange(len(text))
            end = min(len(text), start + chance.randint(1, 60))
            stance = chance.choice(("supports", "refutes", "context"))
            spans[sources[place], start, end] = {
                "source": place,
                "start": start,
                "end": end,
                "text": text[start:end],
                "labels": [stance],
            }
        name = desk.annotate(task, list(spans.values()))
        given[name] = {(*key, span["text"], span["labels"][0]) for key, span in spans.items()}
    total = sum(map(len, given.values()))
    assert total == SPANS
    pulled = pipeline.pull(desk.workspace, desk.settings)
    assert (pulled.rejected, pulled.corrected) == ((), ())
    with Ledger(desk.workspace.ledger) as ledger:
        read = {
            item.annotation_id: {
                (span.article_id, span.start, span.end, span.text, span.stance.value)
                for span in item.evidence
            }
            for item in ledger.annotations()
        }
    assert read == given
    marked = [span[3] for spans in read.values() for span in spans]
    within = {
        kind: sum(any(piece in text for piece in pieces) for text in marked)
        for kind, pieces in PIECES.items()
    }
    assert min(within.values()) > SPANS / 20
    with capsys.disabled():
        counts = ", ".join(f"{count} with {kind}" for kind, count in within.items())
        sys.stdout.write(f"\n{total} spans in {len(read)} answers came back exactly: {counts}\n")


def _utf16(text: str, position: int) -> int:
    return len(text[:position].encode("utf-16-le")) // 2


def test_slips_are_corrected_where_proven_and_rejected_by_name_otherwise(desk: Desk) -> None:
    """As another program or a browser's own counting would post them."""
    task = desk.tasks[0]
    article_id = task["data"]["sources"][0]["article_id"]
    text = desk.texts[article_id]
    start = text.index("Council", text.index("👩"))
    end = start + len("Council")
    gap = re.search(r"\S {2,}\S", text)  # a page shows several spaces as one
    assert gap is not None
    (first, last), wide = gap.span(), gap.group()
    units = _utf16(text, start), _utf16(text, end)
    assert text[slice(*units)] != "Council"
    posted: dict[str, dict[str, Any]] = {
        "exact": {"start": start, "end": end, "text": "Council"},
        "UTF-16": {"start": units[0], "end": units[1], "text": "Council"},
        "white space": {"start": first, "end": last, "text": " ".join(wide.split())},
        "taken in": {"start": start - 1, "end": end + 1, "text": "Council"},
        "off by two": {"start": start + 2, "end": end + 2, "text": "Council"},
        "elsewhere": {"start": start, "end": end, "text": "never written"},
        "beyond": {"start": len(text), "end": len(text) + 7, "text": "Council"},
        "backwards": {"start": end, "end": start, "text": "Council"},
        "no number": {"start": str(start), "end": str(end), "text": "Council"},
    }
    assert posted["white space"]["text"] != wide
    ids = {
        what: desk.annotate(desk.tasks[number % len(desk.tasks)], [{"source": 0} | span])
        for number, (what, span) in enumerate(posted.items())
    }
    pulled = pipeline.pull(desk.workspace, desk.settings)
    with Ledger(desk.workspace.ledger) as ledger:
        read = {item.annotation_id: item.evidence for item in ledger.annotations()}
        rejected = {item.annotation_id: item for item in ledger.rejections(desk.settings.round)}
    for what in ("exact", "UTF-16", "taken in"):
        (span,) = read[ids[what]]
        assert (span.start, span.end, span.text) == (start, end, "Council")
    (span,) = read[ids["white space"]]
    assert (span.start, span.end, span.text) == (first, last, wide)
    corrections = {name: what for name, _, what in (c.partition(": ") for c in pulled.corrected)}
    assert corrections.keys() == {ids["UTF-16"], ids["white space"], ids["taken in"]}
    assert "UTF-16 code units" in corrections[ids["UTF-16"]]
    assert f"[{units[0]}:{units[1]}] is [{start}:{end}]" in corrections[ids["UTF-16"]]
    assert "other white space" in corrections[ids["white space"]]
    assert "took in white space" in corrections[ids["taken in"]]
    wrong = ("off by two", "elsewhere", "beyond", "backwards", "no number")
    assert rejected.keys() == {ids[what] for what in wrong}
    assert len(pulled.rejected) == len(wrong)
    assert pulled.returnable == len(wrong) - 1  # nobody marked what is no number
    for what in wrong:
        assert article_id in rejected[ids[what]].reason, what
        assert ids[what] not in read
    assert "stands nowhere" in rejected[ids["elsewhere"]].reason
    assert "stands" in rejected[ids["off by two"]].reason
    # What Label Studio holds is kept, so that nothing is lost with the rejection.
    kept = json.loads(rejected[ids["beyond"]].payload)
    assert kept["result"][2]["value"]["start"] == len(text)
