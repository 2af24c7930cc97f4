"""The publisher is told what the texts' licences mean before others can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.models import TextPolicy
from claimset.release.licences import licence_notes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_quoted_articles_and_machines_are_told(released: Path) -> None:
    notes = licence_notes(released, public=False)
    assert len(notes) == 2
    assert notes[0].startswith("3 of 3 articles have no open licence")
    assert "quote them to everybody with access" in notes[0]
    assert "3 annotators are machines" in notes[1]
    public = licence_notes(released, public=True)
    assert "quote them to everybody." in public[0]
    assert "cannot be called back" in public[-1]


def test_open_texts_are_told_with_their_licences(
    tmp_path: Path, build: Callable[..., Any], seed_input: dict[str, Any]
) -> None:
    """A licence is text from outside: no control character of it reaches a terminal."""
    opened = [
        article.model_copy(update={"license": "CC-\x1b[31mBY", "open_license": True})
        for article in seed_input["articles"]
    ]
    build(tmp_path / "dataset", articles=opened)
    notes = licence_notes(tmp_path / "dataset", public=True)
    assert notes[0].startswith("3 of 3 articles are published in full (3 × CC- [31mBY)")


def test_withheld_words_need_no_right_to_quote(
    tmp_path: Path, build: Callable[..., Any], seed_input: dict[str, Any]
) -> None:
    first, *others = seed_input["articles"]
    hidden = first.model_copy(update={"text_policy": TextPolicy.OFFSETS})
    build(tmp_path / "dataset", articles=[hidden, *others])
    assert licence_notes(tmp_path / "dataset", public=True)[0].startswith("2 of 3 articles have")
