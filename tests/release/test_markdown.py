"""Foreign text is shown, never obeyed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.release.markdown import Trusted, code, escape, link


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[x](javascript:1)", "\\[x\\](javascript&#58;1)"),
        ("a | b", "a \\| b"),
        ("one\n---\nlicense: mit", "one --- license: mit"),
        ("see https://evil.example", "see https&#58;&#47;&#47;evil.example"),
        ("www.evil.example", "www&#46;evil.example"),
        ("a\u202eb", "ab"),
        ("Case’s “reply”, 14 March (2023)", "Case’s “reply”, 14 March (2023)"),
    ],
)
def test_marks_lose_their_meaning_and_words_stay(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@given(st.text())
def test_no_text_opens_html_a_cell_or_a_line(text: str) -> None:
    escaped = escape(text)
    assert not re.search(r"[<>\n\r]", escaped)
    assert not re.search(r"(?<!\\)(?:\\\\)*\|", escaped)


@given(st.text())
def test_no_text_leaves_its_code_span(text: str) -> None:
    assert not re.search(r"[`|\n\r]", code(text)[1:-1])


def test_trusted_text_is_printed_as_it_is() -> None:
    assert escape(Trusted("**bold**")) == "**bold**"


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://a.b/<script>", "https://a b"])
def test_only_plain_web_addresses_become_links(value: str) -> None:
    assert not link(value).startswith("<")


def test_a_web_address_becomes_a_link() -> None:
    assert link("https://example.org/a?b=c") == "<https://example.org/a?b=c>"
    assert link(None) == ""
