"""The note on a returned answer goes on once and comes off without a trace."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claimset.labelstudio.return_note import with_note, without_note

WORDS = st.text(st.characters(exclude_characters="[]\r", exclude_categories=["Cs"]), max_size=40)


def _reason(text: str) -> dict[str, Any]:
    return {"from_name": "justification", "value": {"text": [text]}}


@given(WORDS, WORDS, WORDS)
def test_a_note_goes_on_once_and_comes_off(written: str, first: str, second: str) -> None:
    """However often an answer is returned, it carries the last reason and what was written."""
    once = with_note([_reason(written)], first)
    (twice,) = with_note(once, second)
    (text,) = twice["value"]["text"]
    assert text.startswith(f"[returned: {' '.join(second.split())}]")
    assert text.count("[returned:") == 1
    assert without_note(text).strip() == written.strip()


def test_other_parts_of_the_answer_stay() -> None:
    """Choices and marks keep their place; an answer without a reason gets the note alone."""
    choice = {"from_name": "verdict", "value": {"choices": ["supported"]}}
    assert with_note([choice], "two\nlines")[0] == choice
    assert with_note([choice], "two\nlines")[1]["value"] == {"text": ["[returned: two lines]"]}


def test_brackets_of_the_annotator_stay() -> None:
    assert without_note("It was [returned: later] then.") == "It was [returned: later] then."
