"""Words as the ranking sees them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.evidence.words import terms, tokens

PROPERTY = settings(deadline=None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("criticise", "criticised"),
        ("criticising", "criticises"),
        ("party", "parties"),
        ("Braverman’s", "Braverman"),
        ("Braverman's", "BRAVERMAN"),
        ("officials", "official"),
        ("Straße", "STRASSE"),
        ("planning", "plans"),
        ("1,000", "1000"),
        ("1st", "first"),
        ("Sept.", "September"),
        ("ten", "10"),
        ("7", "07"),
        ("2.50", "2.5"),
    ],
)
def test_forms_of_a_word_are_one_token(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)
    assert len(tokens(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("class", "clan"), ("read", "red"), ("bus", "bu"), ("10", "100"), ("1.5", "15")],
)
def test_other_words_are_other_tokens(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


def test_numbers_and_abbreviations_are_one_token() -> None:
    """A point, comma or apostrophe inside a word does not cut it; stop words are left out."""
    assert tokens("The 4.5 and 1,000 were O'Neill's") == ["4.5", "1000", "o'neill"]


@PROPERTY
@given(st.text(max_size=60))
def test_tokens_of_any_text_are_words(text: str) -> None:
    """No token is empty, holds white space or is a stop word."""
    for token in tokens(text):
        assert token
        assert not any(character.isspace() for character in token)
        assert token not in {"the", "and", "was"}


def test_a_scale_is_a_word_of_its_own() -> None:
    assert tokens("£10m") == tokens("ten million") == ["10", "million"]
    assert tokens("5%") == tokens("five percent")


def test_names_and_numbers_weigh_more() -> None:
    weights = {term.word: term.weight for term in terms("In 2016 Clancy wrote letters")}
    assert weights["2016"] == weights["clancy"] > weights["letter"] == 1
