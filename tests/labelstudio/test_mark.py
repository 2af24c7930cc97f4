"""The mark and the fingerprints: a round says what it is, and notices what would change answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.errors import ContractError
from claimset.labelstudio.config import read_guidelines, read_labeling_config
from claimset.labelstudio.fingerprint import fingerprint_of
from claimset.labelstudio.mark import RoundMark
from claimset.models import AVERITEC, RoundKind, Selection, TaskOrder, UnitKind

SCHEMAS = Path(__file__).parents[2] / "schemas"
CONFIG = read_labeling_config(SCHEMAS / "labeling_config.xml", AVERITEC).xml
GUIDELINES = read_guidelines(SCHEMAS / "guidelines.md").html

SELECTIONS = st.builds(
    Selection,
    min_worth=st.none() | st.floats(0, 1),
    events=st.lists(st.text(), max_size=3).map(tuple),
    articles=st.lists(st.text(), max_size=3).map(tuple),
    kinds=st.lists(st.sampled_from(UnitKind), max_size=2).map(tuple),
    sample=st.none() | st.integers(1, 10**6),
    seed=st.integers(),
    order=st.sampled_from(TaskOrder),
)


def mark(**changes: object) -> RoundMark:
    return RoundMark.model_validate(
        {
            "round": "pilot",
            "generation": 2,
            "overlap": 3,
            "label_schema": "1.0",
            "guidelines": "0.2",
            "answers": "ab",
            "wording": "cd",
        }
        | changes
    )


@given(SELECTIONS, st.sampled_from(RoundKind), st.text(), st.text())
def test_a_mark_is_read_back_from_any_description(
    selection: Selection, kind: RoundKind, before: str, after: str
) -> None:
    """Whatever stands around it, and whatever names the selection holds."""
    written = mark(selection=selection, kind=kind)
    before, after = before.replace("[claimset ", ""), after.replace("[claimset ", "")
    description = f"{before} {written} {after}"
    assert RoundMark.prefix("pilot") in description
    assert RoundMark.read(description, where="p") == written
    other = mark(generation=9)
    assert other.replaced_in(description) == f"{before} {other} {after}"
    # The first is the one that is read; what somebody wrote behind it stays.
    assert other.replaced_in(f"{written} {written}") == f"{other} {written}"


def test_a_mark_of_version_0_1_is_read() -> None:
    """It says nothing of kind, selection and hashes."""
    old = "[claimset round=seeds generation=1 overlap=3 label_schema=1.0 guidelines=0.2]"
    found = RoundMark.read(f"Claims to verify. {old}", where="p")
    assert (found.kind, found.selection, found.answers) == (RoundKind.ANNOTATION, Selection(), "")


@pytest.mark.parametrize(
    "description",
    [
        "",
        "[claimset round=a]",
        str(mark()).replace("generation=2", "generation=two"),
        str(mark()).replace("]", " selection=%7B]"),
        str(mark()).replace("]", " mood=good]"),
    ],
)
def test_a_damaged_mark_is_named_with_what_to_write(description: str) -> None:
    with pytest.raises(ContractError, match="damaged") as caught:
        RoundMark.read(description, where="project 7")
    assert caught.value.where == "project 7"
    assert "[claimset round=" in caught.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "wording", "answers"),
    [
        ("gap:8px", "gap:9px", True, True),
        ('hotkey="a"', 'hotkey="b"', True, True),
        ('value="Supported"', 'value="Confirmed"', False, True),
        ("Say first what", "Tell first what", False, True),
        ('alias="supported"', 'alias="confirmed"', True, False),
        ('name="confidence"', 'name="sureness"', True, False),
        ('granularity="word"', 'granularity="symbol"', True, False),
    ],
)
def test_fingerprints_tell_looks_from_words_from_answers(
    old: str, new: str, wording: bool, answers: bool
) -> None:
    """A style or a key changes the page only; words change the wording; choices the answers."""
    assert old in CONFIG
    before = fingerprint_of(CONFIG, GUIDELINES)
    after = fingerprint_of(CONFIG.replace(old, new), GUIDELINES)
    assert after.page != before.page
    assert (after.wording == before.wording) is wording
    assert (after.answers == before.answers) is answers


def test_guidelines_are_wording() -> None:
    """Their words count, their line breaks do not."""
    before = fingerprint_of(CONFIG, "<p>Read it all.</p>")
    assert fingerprint_of(CONFIG, "<p>Read\nit all.</p>").wording == before.wording
    assert fingerprint_of(CONFIG, "<p>Read half.</p>").wording != before.wording
