"""Documents: plain text, Markdown and HTML become one article each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import DataError
from claimset.intake.documents import read_html, read_markdown, read_text

PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8">
<title>Bridge opens | Daily Echo</title>
<meta property="og:title" content="Bridge opens"><meta property="og:site_name" content="Daily Echo">
<meta name="author" content="Jo Writer">
<meta property="article:published_time" content="2024-05-03T10:00:00Z">
<link rel="canonical" href="https://echo.example/bridge"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Bridge opens</h1>
<p>The bridge over the river opened on Friday after two years of work that cost £3 million.</p>
<p>“We have waited long enough,” said councillor Ann Lee, who chairs the committee.</p>
<p>The opposition said the figures were wrong and asked for the report to be published.</p>
</article><footer>© 2024 Daily Echo. Subscribe to our newsletter.</footer>
<script>alert("never text")</script></body></html>"""


def test_text_is_kept_as_received() -> None:
    found = read_text(b"\xef\xbb\xbfone\r\ntwo", place="a.txt", stem="a")
    assert found.text.encode() == b"one\r\ntwo"
    plain = read_text("né\r\n".encode(), place="a.txt", stem="a")
    assert plain.text == "né\r\n"
    assert plain.original is None


def test_reencoded_text_keeps_its_original() -> None:
    data = "né".encode("cp1252")
    found = read_text(data, place="a.txt", stem="a", declared="cp1252")
    assert (found.text, found.original, found.suffix) == ("né", data, ".txt")


def test_markdown_loses_markup_and_keeps_words() -> None:
    source = (
        b"---\nlayout: post\n---\n# The *bridge*\n\n"
        b"It [opened](https://x.example) in\n**1932**.\n\n"
        b"- one\n- two `code`\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![a map](m.png)\n"
    )
    found = read_markdown(source, place="a.md", stem="a")
    assert found.text == (
        "The bridge\n\nIt opened in\n1932.\n\none\n\ntwo code\n\nquoted\n\na\tb\n\n1\t2\n\na map"
    )
    assert found.fields == {"title": "The bridge"}
    assert found.original == source


def test_a_page_gives_its_article_and_what_it_says_of_itself() -> None:
    found = read_html(PAGE.encode(), place="a.html", stem="a")
    paragraphs = found.text.split("\n\n")
    assert paragraphs[-3].startswith("The bridge over the river")
    assert paragraphs[-1].endswith("to be published.")
    assert "never text" not in found.text
    assert found.fields == {
        "title": "Bridge opens",
        "published_at": "2024-05-03",
        "publisher": "Daily Echo",
        "url": "https://echo.example/bridge",
        "language": "en-GB",
    }
    assert found.author == "Jo Writer"
    assert found.extractor.startswith("trafilatura ")
    assert found.original == PAGE.encode()


@pytest.mark.parametrize("page", [b"", b"<html></html>", b"<p>", b"\x00", b"<" * 5000])
def test_a_page_without_an_article_is_refused(page: bytes) -> None:
    with pytest.raises(DataError, match=r"no article|cannot be read"):
        read_html(page, place="a.html", stem="a")


def test_deep_nesting_is_refused_or_read() -> None:
    deep = b">" * 30_000 + b" text"
    assert read_markdown(b">" * 150 + b" text", place="a.md", stem="a").text == "text"
    try:
        found = read_markdown(deep, place="a.md", stem="a").text
    except DataError:
        found = ""
    assert found == ""
    page = b"<div>" * 20_000 + b"text"
    with pytest.raises(DataError):
        read_html(page, place="a.html", stem="a")


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div", ">", "<article>", "&amp;", "&#0;", "<!--", "-->", "<![CDATA[", "é",
     "<script>", "</script>", "<table><tr>", '<meta charset="utf-16">', "text of a page. ", "“",
     "]]>", "\0"]
)  # fmt: skip


@given(parts=st.lists(TAGS, max_size=30), tail=st.binary(max_size=30))
@settings(deadline=None, max_examples=400)
def test_any_page_is_read_or_refused(parts: list[str], tail: bytes) -> None:
    try:
        found = read_html("".join(parts).encode() + tail, place="x.html", stem="x")
    except DataError as error:
        assert error.where == "x.html"
    else:
        assert found.text.strip()


@given(
    data=st.one_of(
        st.binary(max_size=200), st.text("#*_>`-|[]()\n ab\0", max_size=200).map(str.encode)
    )
)
@settings(deadline=None, max_examples=600)
def test_any_markdown_or_text_is_read_or_refused(data: bytes) -> None:
    for reader in (read_markdown, read_text):
        try:
            found = reader(data, place="x", stem="x")
        except DataError as error:
            assert error.where == "x"
        else:
            assert isinstance(found.text, str)
