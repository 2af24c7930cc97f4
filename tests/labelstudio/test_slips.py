"""Slips: an error of counting is corrected where it is proven, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claimset.labelstudio.slips import Slip, find_slip, where_it_stands

UTF16 = "positions counted UTF-16 code units"
SPACE = "the marked text has other white space"
AROUND = "positions took in white space around the marked text"
WOMEN = "👩👩👩 yes no"


@pytest.mark.parametrize(
    ("source", "start", "end", "marked", "slip"),
    [
        ("👩 yes", 3, 6, "yes", Slip(2, 5, UTF16)),
        ("👩b", 2, 3, "b", Slip(1, 2, UTF16)),
        ("a  b c", 0, 4, "a b", Slip(0, 4, SPACE)),
        ("a yes b", 1, 6, "yes", Slip(2, 5, AROUND)),
        (" b", 0, 2, "b", Slip(1, 2, AROUND)),
        (WOMEN, 6, 10, "yes", Slip(4, 7, f"{UTF16}, and {AROUND}")),
        ("👩👩👩👩 a  b", 9, 13, "a b", Slip(5, 9, f"{UTF16}, and {SPACE}")),
    ],
)
def test_a_proven_slip_is_named_and_corrected(
    source: str, start: int, end: int, marked: str, slip: Slip
) -> None:
    assert find_slip(source, start, end, marked) == slip


@pytest.mark.parametrize(
    ("source", "start", "end", "marked"),
    [
        ("👩 yes", 2, 5, "yes"),  # no slip at all
        ("yes yes", 1, 4, "yes"),  # elsewhere is nowhere
        ("abc", 1, 4, "bc"),  # beyond the end
        ("👩b", 1, 3, "b"),  # inside a character
        ("abc", -1, 2, "ab"),
        ("abc", -3, -1, "ab"),
        ("abc", 1, 1, "b"),
        ("abc", 2, 1, "b"),
        ("a b", 1, 2, " "),  # white space alone proves nothing
        ("a   b", 1, 4, "  "),
        ("abc", 0, 2, ""),
    ],
)
def test_what_is_not_proven_is_left_alone(source: str, start: int, end: int, marked: str) -> None:
    assert find_slip(source, start, end, marked) is None


@settings(deadline=None)
@given(st.text("ab 👩\u0301\n", max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_a_correction_holds_what_was_marked(source: str, start: int, end: int) -> None:
    """Whatever the browser counted: the corrected slice is the marked text but for white space."""
    marked = source[start:end]
    assume(marked.strip())
    counted = [len(source[:place].encode("utf-16-le")) // 2 for place in (start, end)]
    slip = find_slip(source, counted[0], counted[1], marked)
    if slip is None:
        assert source[counted[0] : counted[1]] == marked
        return
    assert source[slip.start : slip.end].split() == marked.split()
    assert slip.kind
    if slip.kind == UTF16:
        assert source[slip.start : slip.end] == marked


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("never", "the marked text stands nowhere in it"),
        ("", "the marked text stands nowhere in it"),
        ("no", "the marked text stands once in it, at 4 to 6"),
        ("yes", "the marked text stands 2 times in it"),
    ],
)
def test_a_rejection_says_where_the_marked_text_stands(marked: str, words: str) -> None:
    assert where_it_stands("yes no yes", marked) == words
