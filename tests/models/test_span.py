"""The rule of all positions: half-open code points whose text can always be checked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from claimset.errors import SpanError
from claimset.models import ArticleSpan, Span, check_slice

PROPERTY = settings(deadline=None)

# What breaks programs that count bytes, UTF-16 units or what the eye sees.
HARD = (
    "\U0001f469\u200d\U0001f692",  # a firefighter: three code points, one sign
    "\U0001d11e",  # astral: two UTF-16 units
    "e\u0301",  # combining accent
    "\u202eabc\u202c",  # written right to left by force
    "שלום",
    "\u200b\ufeff",  # of no width
    "ﬁ",
    "İ",  # longer when lower-cased
    "\r\n",
)
TEXTS = st.lists(st.sampled_from(HARD) | st.characters(codec="utf-8"), min_size=1).map("".join)


@st.composite
def slices(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text and a range in it that is not empty."""
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@PROPERTY
@given(slices())
def test_a_true_slice_passes(given_slice: tuple[str, int, int]) -> None:
    """Whatever Unicode it holds, the slice at its own positions is accepted, unchanged."""
    text, start, end = given_slice
    span = Span(start=start, end=end, text=text[start:end])
    span.check(text, where="x")
    assert Span.model_validate_json(span.model_dump_json()) == span


@PROPERTY
@given(slices(), TEXTS)
def test_check_slice_is_the_rule(given_slice: tuple[str, int, int], stored: str) -> None:
    """It passes if and only if ``0 <= start < end <= len`` and the slice is the stored text."""
    text, start, end = given_slice
    if text[start:end] == stored:
        check_slice(text, start, end, stored, where="x")
    else:
        with pytest.raises(SpanError):
            check_slice(text, start, end, stored, where="x")


@PROPERTY
@given(slices(), st.integers(-3, 3).filter(bool))
def test_a_shifted_span_is_refused_unless_it_reads_the_same(
    given_slice: tuple[str, int, int], shift: int
) -> None:
    """A shift is never forgiven, only where the text repeats itself is it no fault."""
    text, start, end = given_slice
    begin, stop = start + shift, end + shift
    if begin >= 0 and stop <= len(text) and text[begin:stop] == text[start:end]:
        check_slice(text, begin, stop, text[start:end], where="x")
    else:
        with pytest.raises(SpanError):
            check_slice(text, begin, stop, text[start:end], where="x")


@pytest.mark.parametrize(
    ("start", "end", "stored"),
    [(-3, -1, "cd"), (0, 5, "abcd"), (4, 4, ""), (2, 2, ""), (3, 1, ""), (4, 5, "e"), (0, 0, "")],
)
def test_positions_outside_the_article_are_refused(start: int, end: int, stored: str) -> None:
    """Python would slice all of these without complaint."""
    with pytest.raises(SpanError):
        check_slice("abcd", start, end, stored, where="x")


def test_the_error_says_what_stands_there_and_where() -> None:
    """Place, positions, expected and found text, both cut when long."""
    with pytest.raises(SpanError) as caught:
        Span(start=0, end=100, text="y" * 100).check("x" * 200, where="claim c_1")
    error = caught.value
    assert error.where == "claim c_1"
    assert "[0, 100)" in error.problem
    assert "y" * 59 + "…" in error.problem
    assert "x" * 59 + "…" in error.problem
    assert "y" * 60 not in error.problem
    assert error.exit_code == 4


@PROPERTY
@given(st.integers(-2, 9), st.integers(-2, 9), st.text(max_size=9))
def test_a_span_knows_its_length(start: int, end: int, text: str) -> None:
    """A span exists if and only if its positions are in order and as far apart as the text."""
    if start >= 0 and text and end - start == len(text):
        Span(start=start, end=end, text=text)
    else:
        with pytest.raises(ValidationError):
            Span(start=start, end=end, text=text)


@pytest.mark.parametrize("start", [1.5, "one", None])
def test_positions_are_whole_numbers(start: object) -> None:
    with pytest.raises(ValidationError):
        Span.model_validate({"start": start, "end": 3, "text": "a"})


def test_an_article_span_names_its_article() -> None:
    with pytest.raises(ValidationError, match="article_id"):
        ArticleSpan.model_validate({"start": 0, "end": 1, "text": "a"})
