"""Fingerprints: what changes the meaning of answers is told from what changes looks alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimset.labelstudio.fingerprint import fingerprint_of

PAGE = (Path(__file__).parents[2] / "schemas" / "labeling_config.xml").read_text("utf-8")
GUIDELINES = "<h3>Guidelines, version 1</h3><p>Read the source.</p>"


def changes(page: str = PAGE, guidelines: str = GUIDELINES) -> set[str]:
    """Which of the three fingerprints a change alters."""
    before, after = fingerprint_of(PAGE, GUIDELINES), fingerprint_of(page, guidelines)
    return {name for name in before._fields if getattr(before, name) != getattr(after, name)}


@pytest.mark.parametrize(
    ("old", "new", "altered"),
    [
        ("border-radius:8px", "border-radius:9px", {"page"}),
        ('className="fc-claim"', 'className="fc-other"', {"page"}),
        ('hotkey="a"', 'hotkey="z"', {"page"}),
        ('background="#2e9e5b"', 'background="#000000"', {"page"}),
        ('rows="2"', 'rows="3"', {"page"}),
        ('value="Low"', 'value="Lower"', {"page", "wording"}),
        ('hint="States something', 'hint="Says something', {"page", "wording"}),
        ('placeholder="Name', 'placeholder="Tell', {"page", "wording"}),
        ('requiredMessage="Say first', 'requiredMessage="Say', {"page", "wording"}),
        ('value="$facts"', 'value="$claim"', {"page", "wording"}),
        ('alias="low"', 'alias="lower"', {"page", "answers"}),
        ('name="confidence"', 'name="sureness"', {"page", "answers"}),
        ('name="verdict" toName="article"', 'name="verdict" toName="x"', {"page", "answers"}),
        ('choice="single-radio"', 'choice="multiple"', {"page", "answers"}),
        ('granularity="word"', 'granularity="symbol"', {"page", "answers"}),
        ('maxSubmissions="1"', 'maxSubmissions="2"', {"page", "answers"}),
        ('required="true" requiredMessage="A', 'requiredMessage="A', {"page", "answers"}),
        ('<Choice value="Low" alias="low" hotkey="8"/>', "", {"page", "answers", "wording"}),
    ],
)
def test_a_change_of_the_page_alters_what_it_means(old: str, new: str, altered: set[str]) -> None:
    assert old in PAGE
    assert changes(PAGE.replace(old, new)) == altered


def test_a_value_without_alias_is_what_is_stored() -> None:
    """Label Studio stores the value of such a choice: the same word as its alias is no change."""
    page = PAGE.replace('value="Low" alias="low"', 'value="low"')
    assert changes(page) == {"page", "wording"}


@pytest.mark.parametrize(
    ("guidelines", "altered"),
    [
        (GUIDELINES.replace("the source", "the\n source"), {"page"}),
        (f"\n{GUIDELINES}\n", {"page"}),
        (GUIDELINES.replace("Read", "Skim"), {"page", "wording"}),
    ],
)
def test_guidelines_are_read_by_their_words(guidelines: str, altered: set[str]) -> None:
    assert changes(guidelines=guidelines) == altered


def test_the_form_of_fingerprints_is_frozen() -> None:
    """Projects carry them in their mark: another form would take every begun round for changed."""
    choice = '<Choice value="A" alias="a" hint="h"/>'
    page = f'<View><Choices name="c" toName="t">{choice}</Choices></View>'
    found = fingerprint_of(page, "words")
    assert (found.answers, found.wording) == ("da25625eda8ec0de", "c323cf9fbc83c4dc")
    assert len(found.page) == 64
