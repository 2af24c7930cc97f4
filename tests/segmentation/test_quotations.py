"""Quotation marks: which belong together, and that no text confuses their positions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.segmentation.quotations import QuoteMark, find_quotations

PROPERTY = settings(deadline=None)
MARKS = "\"“”„‟″«»‹›‘’'`"
MESSY = st.text(
    st.one_of(
        st.sampled_from(MARKS + "  sS.,\n"), st.characters(codec="utf-8", exclude_characters="\r")
    ),
    max_size=60,
)


def quoted(text: str) -> list[str]:
    """The quoted words of a text that is one block."""
    return [text[q.inner_start : q.inner_end] for q in find_quotations(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "no" and "yes".', ["no", "yes"]),
        ("He said “no” and “yes”.", ["no", "yes"]),
        ("He said 'no' and 'yes'.", ["no", "yes"]),
        ("He said ‘no’ and ‘yes’.", ["no", "yes"]),
        ("He said «no» and « yes ».", ["no", "yes"]),
        ("He said ‹no›.", ["no"]),
        ("Er sagte „nein“ und »ja«.", ["nein", "ja"]),
        ("He said ``no'' twice.", ["no"]),
        ("He said \"no'' twice.", ["no"]),
        ("He said “no'' twice.", ["no"]),
        ("He said “no“ twice.", ["no"]),
        ('He said "no” twice.', ["no"]),
        ('" No , " he said .', ["No ,"]),
        ('said:"We go."', ["We go."]),
    ],
)
def test_every_kind_of_mark_is_paired(text: str, expected: list[str]) -> None:
    """Straight, curly, single, double, guillemets, low marks, and closing marks of another kind."""
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 'don't know' vote isn't the government's.", ["don't know"]),
        ("‘I don’t,’ the Joneses’ son said. ‘Why?’", ["I don’t,", "Why?"]),
        ("the Republicans' plan is 'a joke for Democrats' sake' he said", None),
        ("rock 'n' roll 'for fun' in the '90s", ["for fun"]),
        ("the ’90s, ’til then, get ’em", []),
        ("It's the voters' choice.", []),
        ("the 'burbs are \"the Democrats' best hope\"", ["the Democrats' best hope"]),
        ('a 12" pipe and 5\'10" tall', []),
    ],
)
def test_apostrophes_are_no_quotation_marks(text: str, expected: list[str] | None) -> None:
    """Contractions, possessives, elisions and inches neither open nor close a quotation."""
    assert quoted(text) == (["a joke for Democrats' sake"] if expected is None else expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It was ‘bad’ then,” he said.", "It was ‘bad’ then,"),
        ("‘It was “bad” then,’ he said.", "It was “bad” then,"),
        ("“a “b” c” d", "a “b” c"),
        ('"He said "no" to me," she said.', 'He said "no" to me,'),
    ],
)
def test_only_the_outermost_pair_counts(text: str, expected: str) -> None:
    """What is quoted inside a quotation belongs to it."""
    assert quoted(text) == [expected]


def test_a_mark_that_is_not_closed_runs_to_the_end_of_its_block() -> None:
    """As newspapers set a quotation of several paragraphs; the kind says so."""
    text = "He said: “We go on.  "
    (quotation,) = find_quotations(text, 0, len(text))
    assert quotation.mark is QuoteMark.OPEN
    assert text[quotation.inner_start : quotation.inner_end] == "We go on."


def test_a_lost_closing_mark_does_not_turn_the_next_quotation_inside_out() -> None:
    assert quoted('"Bad, he said. "Good," she said.') == ["Bad, he said.", "Good,"]


def test_a_closing_mark_of_another_kind_is_told() -> None:
    for text, mismatched in (("“no”", False), ("“no''", True), ('"no"', False), ("“no“", True)):
        (quotation,) = find_quotations(text, 0, len(text))
        assert quotation.mismatched is mismatched


def test_empty_marks_quote_nothing() -> None:
    assert quoted("\"\" and “ ” and ''") == []


@PROPERTY
@given(MESSY)
def test_quotations_are_in_order_and_inside_their_marks(text: str) -> None:
    """Whatever stands in a text: no exception, no overlap, words inside the marks, no white end."""
    position = 0
    for quotation in find_quotations(text, 0, len(text)):
        assert position <= quotation.start < quotation.inner_start
        assert quotation.inner_start < quotation.inner_end <= quotation.end <= len(text)
        inner = text[quotation.inner_start : quotation.inner_end]
        assert inner == inner.strip()
        assert text[quotation.start] in MARKS
        position = quotation.end


@PROPERTY
@given(MESSY, MESSY)
def test_what_stands_outside_a_block_does_not_matter(text: str, other: str) -> None:
    """The same block gives the same quotations wherever it stands."""
    alone = [(q.inner_start, q.inner_end) for q in find_quotations(text, 0, len(text))]
    moved = find_quotations(f"{other}\n{text}\n{other}", len(other) + 1, len(other) + 1 + len(text))
    assert [(q.inner_start - len(other) - 1, q.inner_end - len(other) - 1) for q in moved] == alone


@pytest.mark.parametrize("piece", ['"', "'", "'a ", "“", "‘a ", "s' ", "”", '"a ', "''", "«a"])
def test_a_million_marks_are_read_to_the_end(piece: str) -> None:
    """No pattern of marks makes the search for partners quadratic: that would take hours."""
    text = piece * (1_000_000 // len(piece)) + "'"
    for found in find_quotations(text, 0, len(text)):
        assert 0 <= found.inner_start <= found.inner_end <= len(text)
