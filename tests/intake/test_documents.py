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


LAYOUT = """<html><head><title>A letter</title></head><body><table><tr><td><a href="/">Start</a><br>
<a href="/hall">Town hall</a></td><td><h2>A letter to residents</h2><p>The dyke broke at 23:40.</p>
<p>About 900 of you have left your homes, and the repair will cost 60 million euros.</p></td></tr>
</table></body></html>"""
BREAKS = """<html><body><div id="side"><p>About me</p></div><div class="post"><div class="body">
The council has decided. 31 members were in favour.<br><br>The old bridge was built in 1962 and
carries 24,000 cars a day.<br><br>Its replacement costs 212 million euros. I think that is worth
it.</div></div></body></html>"""
TICKER = """<html><body><article><h1>Live: the vote</h1><section><time>17:02</time><p>The debate has
begun.</p></section><section><time>19:15</time><p>The council voted 30 to 19.</p></section><section>
<p>Correction: the vote was 31 to 18, the speaker said.</p></section></article></body></html>"""
TABLE = """<html><body><article><h1>The river</h1><p>The river rose to 6.2 metres on Monday, less
than in 1981, the water board said.</p><table><tr><th>Year</th><th>Level</th></tr><tr><td>1981</td>
<td>6.4 m</td></tr></table></article></body></html>"""


@pytest.mark.parametrize(
    ("page", "paragraphs"),
    [
        (LAYOUT, ["The dyke broke at 23:40.", "About 900 of you have left your homes, and the "]),
        (BREAKS, ["The council has decided. 31 ", "The old bridge was ", "Its replacement costs"]),
        (TICKER, ["Live: the vote", "The debate has", "The council voted", "Correction: the vote"]),
        (TABLE, ["The river", "The river rose to 6.2", "| Year | Level", "| 1981 | 6.4 m"]),
    ],
    ids=["layout by a table", "line breaks for paragraphs", "short sections", "a real table"],
)
def test_paragraphs_of_a_page_stay_apart_and_come_once(page: str, paragraphs: list[str]) -> None:
    """Short pages and old ones, too: nothing run together, doubled or taken from the menu."""
    found = read_html(page.encode(), place="a.html", stem="a").text.split("\n\n")
    found = [line for line in found if "residents" not in line]  # a heading may be left out
    assert len(found) == len(paragraphs)
    for line, beginning in zip(found, paragraphs, strict=True):
        assert line.startswith(beginning)


def test_no_date_is_guessed_from_the_text() -> None:
    page = BREAKS.replace("The council has decided.", "It carried 410,000 people in 2025.")
    assert "published_at" not in read_html(page.encode(), place="a.html", stem="a").fields


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
