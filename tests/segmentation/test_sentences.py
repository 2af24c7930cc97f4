"""Sentences: the Golden Rules, the kinds of text that news is made of, and any text at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.segmentation.layout import find_blocks
from claimset.segmentation.sentences import sentence_spans

PROPERTY = settings(deadline=None)
GOLDEN = json.loads(Path(__file__).with_name("golden_rules.json").read_text("utf-8"))["cases"]
MISSED = {
    48: "the dots after a full stop belong to the sentence that they close, as in case 45",
}


def split(text: str) -> list[str]:
    """The sentences of one block."""
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: str(case["number"]))
def test_golden_rules_are_kept(case: dict[str, Any]) -> None:
    """Layout and splitter together give the sentences as published, save the defended misses."""
    text = case["text"]
    found = [
        text[start:end]
        for block in find_blocks(text)
        for start, end in sentence_spans(text, block.start, block.end)
    ]
    assert (found == case["sentences"]) is (case["number"] not in MISSED)


def test_all_48_golden_rules_are_here() -> None:
    assert [case["number"] for case in GOLDEN] == list(range(1, 49))


@pytest.mark.parametrize(
    "sentences",
    [
        ["Sen. Mark R. Warner, D-Va., met Lt. Col. Jane Doe.", "They agreed."],
        ["The firm, Apple Inc., paid $4.5 million.", "Shares rose."],
        ["He works for the U.S. Department of State in Washington, D.C., they said.", "It is so."],
        ["It was sold to Acme Corp. in Jan. 2023.", "The price was low."],
        ["He came to the U.K. in 2019.", "Nobody knew."],
        ["It opens at 5 p.m. Monday.", "Come early."],
        ["It opened at 5 p.m.", "Nobody came."],
        ["The No. 10 official saw p. 4 and Fig. 3.", "He said no.", "The mayor agreed."],
        ["She asked: “Why?” and left.", "Nobody knew."],
        ["“Why?” Mr Case asked.", "“No!” she said."],
        ["“We tried.", "But they blocked us.”", "He left."],
        ["Sie sagte: „Das ist gut.“", "Dann ging sie."],
        ["»Wir warten nicht.", "Es eilt.«", "Er kam am 3. Mai an."],
        ["« C’est fini. »", "Il part."],
        ["«No es así.»", "Dijo el Sr. García que no."],
        ["The mayor left.", "“It is over,” she said.", "(She did not return.)", "It rained."],
        ["He waited ... and waited.", "Then he left..."],
        ["we went there.", "then we left.", "it was 2005.", "they stayed"],
        ["これは文です。", "これも文です。"],
        ["هل هذا صحيح؟", "نعم."],
    ],
    ids=lambda sentences: sentences[0][:30],
)
def test_sentences_of_news_are_found(sentences: list[str]) -> None:
    """Joined by a space, and split again where they were joined."""
    assert split(" ".join(sentences)) == sentences


def test_a_lost_space_is_a_border_only_between_words() -> None:
    """`said.The` is two sentences; a name, an address, a version or a number is none."""
    assert split("So he said.The mayor left.") == ["So he said.", "The mayor left."]
    whole = "Visit booking.Com, node.Js or www.example.Org/a.B in v.2.Beta at 3.5 of J.Smith."
    assert split(whole) == [whole]


def test_drawn_rules_and_bullets_stand_alone() -> None:
    assert split("The end =========== New text • one • two") == [
        "The end",
        "===========",
        "New text",
        "• one",
        "• two",
    ]


def test_a_part_of_a_text_is_split_by_itself() -> None:
    """Nothing outside the given positions is returned or looked at."""
    text = "He left. She stayed. It rained."
    assert sentence_spans(text, 9, 20) == [(9, 20)]
    assert sentence_spans(text, 8, 14) == [(9, 14)]


@PROPERTY
@given(
    st.text(
        st.sampled_from("aA1 .!?…\"'”“»«()[]•=*-\n\u00a0\u2028。é😀")
        | st.characters(codec="utf-8"),
        max_size=60,
    )
)
def test_any_block_is_covered_in_order(text: str) -> None:
    """Trimmed spans, in order, without overlap; only white space lies outside."""
    position = 0
    for start, end in sentence_spans(text, 0, len(text)):
        assert position <= start < end
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize("base", [". ", "St. ", "1) ", '."', "« . » ", "--- ", "a.B ", "(? "])
def test_long_awkward_text_is_read_to_its_end(base: str) -> None:
    """400,000 code points of what tempts a rule to look far ahead; quadratic would be hours."""
    text = base * (400_000 // len(base))
    spans = sentence_spans(text, 0, len(text))
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text.rstrip())
