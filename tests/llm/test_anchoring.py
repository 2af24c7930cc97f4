"""Anchoring: exact words, whatever the model wrote."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.llm.anchoring import anchor
from claimset.llm.answer import Proposal, read_answer
from claimset.llm.prompt import Passage

BEFORE = "Ann Lee became mayor in 2019. "
SENTENCE = "She said “the bridge – built in 1932 – is safe”, and the bridge was opened."
TEXT = f"  {BEFORE}{SENTENCE} It rained."
START = TEXT.index(SENTENCE)
PASSAGE = Passage(
    sentence=SENTENCE,
    start=START,
    before=BEFORE,
    before_start=2,
    after=" It rained.",
    after_start=START + len(SENTENCE),
    title="A bridge",
    published_at="2024-03-01",
)


def anchored(claim: str, *quotes: str) -> tuple[list[str], str | None]:
    found = anchor(Proposal(claim=claim, quotes=list(quotes)), PASSAGE)
    return [TEXT[start:end] for start, end in found.spans], found.fault


@pytest.mark.parametrize(
    ("claim", "quotes", "spans"),
    [
        # Straight marks and hyphens are the same words; positions stay those of the article.
        (
            "Ann Lee said the bridge is safe.",
            ['"the bridge - built in 1932 - is safe"', "Ann Lee"],
            ["Ann Lee", "“the bridge – built in 1932 – is safe”"],
        ),
        # The same words twice are two places, and a third time no more.
        ("The bridge.", ["the bridge", "the bridge", "the bridge"], ["the bridge", "the bridge"]),
        ("The bridge was opened.", ["the bridge was", "was opened"], ["the bridge was opened"]),
        ("It was built in 1932.", ["built in 1932"], ["built in 1932"]),
    ],
)
def test_words_are_found_where_they_stand(claim: str, quotes: list[str], spans: list[str]) -> None:
    assert anchored(claim, *quotes) == (spans, None)


@pytest.mark.parametrize(
    ("claim", "quotes", "fault"),
    [
        ("The bridge is old.", ["the old bridge"], "does not have “the old bridge”"),
        ("The bridge is safe.", [], "rests on no words of its sentence"),
        ("The bridge is safe.", ["", " "], "rests on no words of its sentence"),
        ("Ann Lee became mayor.", ["Ann Lee"], "rests on no words of its sentence"),
        ("The bridge was built in 1933.", ["built in 1932"], "says 1933"),
        ("The bridge in Talheim is safe.", ["the bridge"], "says “Talheim”"),
    ],
)
def test_what_the_words_do_not_carry_is_not_anchored(
    claim: str, quotes: list[str], fault: str
) -> None:
    assert fault in (anchored(claim, *quotes)[1] or "")


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=8),
            st.tuples(st.integers(0, len(TEXT)), st.integers(0, 30)).map(
                lambda at: TEXT[at[0] : sum(at)]
            ),
        ),
        max_size=12,
    )
)
def test_spans_are_in_order_and_verbatim(quotes: list[str]) -> None:
    """Whatever a model quotes, spans are slices, sorted, without overlap."""
    found = anchor(Proposal(claim="It rained.", quotes=quotes), PASSAGE)
    position = 0
    for start, end in found.spans:
        assert position <= start < end <= len(TEXT)
        position = end


@pytest.mark.parametrize(
    "text",
    [
        "", "Sure! Here you are.", "[]", '{"claims": null}', '{"claims": [{"claim": "a"}]}',
        '{"claims": [{"claim": "", "quotes": []}]}', '{"claims": [], "fetch": "http://x"}',
        '{"claims": [{"claim": 1, "quotes": []}]}', '```json\n{"claims": []}\n```',
        '{"claims": [{"claim": "a", "quotes": ["b"], "article_id": "other"}]}',
        '{"claims": [' + '{"claim": "a", "quotes": []},' * 20 + "{}]}", "{" * 10_000,
        '{"claims": [{"claim": "' + "a" * 900 + '", "quotes": []}]}',
    ],
)  # fmt: skip
def test_answers_of_another_form_are_none(text: str) -> None:
    found = read_answer(text)
    assert isinstance(found, str)
    assert found.startswith("is no JSON of the asked form")
    assert len(found) < 200
