"""The segment step: what it says became of the claims of the run before, and what it holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from claimset.identifiers import sha256_hex
from claimset.pipeline import difference, segment
from claimset.seeds import read_events
from claimset.settings import Settings
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from claimset.pipeline import SegmentResult

SENTENCES = (
    "The council closed three libraries in March 2019.",
    "Residents paid £4 million for the new bridge.",
    "Mr Hale resigned after the vote.",
)


def run(root: Path, articles: dict[str, tuple[str, str]]) -> SegmentResult:
    """Segment articles: id to event and text."""
    seeds = root / "seeds"
    (seeds / "articles").mkdir(parents=True, exist_ok=True)
    rows = []
    for name, (event, text) in articles.items():
        path = f"articles/{name}.txt"
        (seeds / path).write_text(text, "utf-8")
        row = {"article_id": name, "event_id": event, "title": name, "license": "none"}
        rows.append(json.dumps(row | {"path": path, "sha256": sha256_hex(text.encode())}))
    (seeds / "manifest.jsonl").write_text("\n".join(rows), "utf-8")
    return segment(Workspace(root), Settings())


def test_what_became_of_each_claim(tmp_path: Path) -> None:
    """Kept, moved, new and gone claims, in articles that stay, change, come and go."""
    one, two, three = SENTENCES
    first = run(tmp_path, {"a": ("e", one), "b": ("e", f"{one} {two}"), "c": ("f", three)})
    assert (first.new, first.new_claims, first.gone) == (4, (), 0)
    again = run(tmp_path, {"a": ("e", one), "b": ("e", f"{one} {two}"), "c": ("f", three)})
    assert (again.kept, again.moved, again.new, again.gone) == (4, 0, 0, 0)
    # The events and the order may change: a claim is known by its article and its words.
    last = run(tmp_path, {"d": ("f", two), "b": ("g", f"{two} {three}"), "a": ("g", one)})
    assert (last.kept, last.moved, last.new, last.gone) == (1, 1, 2, 2)
    assert len(last.moved_claims) == 1
    assert len(set(last.new_claims)) == len(set(last.gone_claims)) == 2


def test_many_changes_are_counted_and_the_first_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result stays small however much has changed."""
    monkeypatch.setattr(difference, "LISTED", 2)
    run(tmp_path, {"a": ("e", " ".join(SENTENCES))})
    result = run(tmp_path, {"b": ("e", " ".join(SENTENCES))})
    assert (result.new, result.gone) == (3, 3)
    assert len(result.new_claims) == len(result.gone_claims) == 2


def test_articles_come_event_by_event(tmp_path: Path) -> None:
    """Events in the order of their first line, articles in that of the manifest."""
    text = SENTENCES[0]
    run(tmp_path, {name: (event, text) for name, event in zip("abcde", "yxyzx", strict=True)})
    found = [[one.article_id for one in event] for event in read_events(tmp_path / "seeds")]
    assert found == [["a", "c"], ["b", "e"], ["d"]]
