"""Quoted words against the sources: four outcomes, each found span the slice of its article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.evidence.reading import WORD
from claimset.evidence.sources import Sources, folded
from claimset.evidence.verbatim import check_quotes
from claimset.models import Article, QuoteCheck, QuoteOutcome, Span

if TYPE_CHECKING:
    from collections.abc import Callable

PROPERTY = settings(deadline=None)
SOURCE = (
    "It is an “activist blob” of left-wing lawyers. Mr Case said he takes anything “that may "
    "undermine our impartiality incredibly seriously”. “We will not tolerate insults and threats "
    "to our members, who work hard,” the union’s leader wrote.\nThe attack\non civil servants "
    "cost £12 million – or more."
)


def span(text: str) -> Span:
    return Span(start=0, end=len(text), text=text)


@pytest.fixture(scope="module")
def check(make_article: Callable[..., Article]) -> Callable[[str], QuoteCheck]:
    sources = Sources([make_article("own", "Own words only."), make_article("s", SOURCE)])

    def one(text: str) -> QuoteCheck:
        (found,) = check_quotes([span(text)], sources, without="own")
        if found.found is not None:
            found.found.check(SOURCE, where="x")
            assert found.found.article_id == "s"
        return found

    return one


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("activist blob", "activist blob"),
        ("'activist blob'", "activist blob"),
        ("incredibly seriously", "incredibly seriously"),
        ("the union's leader", "the union’s leader"),
        ("left‑wing lawyers", "left-wing lawyers"),
        ("The attack on civil servants", "The attack\non civil servants"),
        ("£12 million - or more", "12 million – or more"),
        ("threats to our members.", "threats to our members"),
        ("blob", "blob"),
    ],
)
def test_exact_words_are_found(check: Callable[[str], QuoteCheck], quote: str, found: str) -> None:
    """Marks, dashes, line ends and closing punctuation may differ, nothing else."""
    result = check(quote)
    assert result.outcome is QuoteOutcome.EXACT
    assert result.found is not None
    assert result.found.text == found
    assert result.difference is None


@pytest.mark.parametrize(
    ("quote", "difference"),
    [
        ("that may undermines our impartiality", '"undermines" instead of "undermine"'),
        ("Activist blob", '"Activist" instead of "activist"'),
        ("attack on civil servants cost £10 million or more", '"10" instead of "12"'),
        (
            "We will never tolerate insults and threats to our members",
            '"never" instead of "not"',
        ),
        ("We will tolerate no insults and threats to our members", '"not" left out; "no" added'),
        ("left wing lawyers", "only punctuation differs"),
        ("insults and nasty threats to our members", '"nasty" added'),
    ],
)
def test_altered_words_are_shown_with_their_difference(
    check: Callable[[str], QuoteCheck], quote: str, difference: str
) -> None:
    result = check(quote)
    assert (result.outcome, result.difference) == (QuoteOutcome.ALTERED, difference)


@pytest.mark.parametrize(
    ("quote", "difference"),
    [
        ("that may undermine our impartiality seriously", '"incredibly" left out'),
        ("We will tolerate insults and threats to our members", '"not" left out'),
        (
            "We will not tolerate … threats to our members",
            '"insults and" left out',
        ),
        ("that may undermine [...] seriously", '"our impartiality incredibly" left out'),
    ],
)
def test_words_left_out_inside_are_truncation(
    check: Callable[[str], QuoteCheck], quote: str, difference: str
) -> None:
    """Marked by an ellipsis or not."""
    result = check(quote)
    assert (result.outcome, result.difference) == (QuoteOutcome.TRUNCATED, difference)


@pytest.mark.parametrize(
    "quote",
    [
        "undermining",
        "Blob",
        "members work",
        "act",
        "lob",
        "an extraordinary and unacceptable attack on civil servants",
        "cowardly attack on civil servants",
        "it was what we said",
        "Own words only",
        "Слова, которых там нет",
        "seriously “We will",
    ],
)
def test_other_words_are_not_found(check: Callable[[str], QuoteCheck], quote: str) -> None:
    """Other forms of a single word, parts of words, a shared topic, and the claim's own article."""
    result = check(quote)
    if quote == "seriously “We will":  # the words stand so, with a full stop between
        assert result.outcome is not QuoteOutcome.EXACT
        return
    assert (result.outcome, result.found) == (QuoteOutcome.NOT_FOUND, None)


def test_a_single_word_is_shown_where_it_is_quoted(make_article: Callable[..., Article]) -> None:
    text = "The error was seen. He called it an “error” later."
    (found,) = check_quotes([span("error")], Sources([make_article("s", text)]))
    assert found.found is not None
    assert found.found.start == text.index("“") + 1


def test_marks_alone_are_no_quotation(make_article: Callable[..., Article]) -> None:
    assert check_quotes([span("“…”")], Sources([make_article("s", SOURCE)])) == ()


def test_a_long_quotation_in_a_large_source_is_looked_up(
    make_article: Callable[..., Article],
) -> None:
    """Neither one endless line of one word nor a quotation as long as it is quadratic."""
    text = "the mayor said " * 40_000
    sources = Sources([make_article("s", text)])
    checks = check_quotes(
        [span("the mayor said " * 20_000 + "no"), span("said the " * 9_000), span("mayor " * 900)],
        sources,
    )
    assert all(check.outcome is not QuoteOutcome.EXACT for check in checks)


WORDS = st.lists(
    st.sampled_from(
        ["the", "Mayor", "mayor", "closed", "library’s", "library's", "5%", "é", "…", "“", "\n"]
    )
    | st.text(max_size=4),
    max_size=12,
).map(" ".join)


@PROPERTY
@given(st.lists(WORDS.filter(bool), min_size=1, max_size=3), WORDS.filter(bool), st.data())
def test_any_quotation_keeps_the_rules(
    make_article: Callable[..., Article], texts: list[str], other: str, data: st.DataObject
) -> None:
    """Found spans slice; exact means equal when folded; a piece of a source is found exactly."""
    articles = [make_article(f"s{number}", text) for number, text in enumerate(texts)]
    words = [match.span() for match in WORD.finditer(texts[0])]
    pieces = [other]
    if words:
        first = data.draw(st.integers(0, len(words) - 1))
        last = data.draw(st.integers(first, len(words) - 1))
        pieces.append(texts[0][words[first][0] : words[last][1]])
    checks = check_quotes([span(piece) for piece in pieces], Sources(articles))
    by_id = {value.article_id: value for value in articles}
    for check in checks:
        inside = [match.span() for match in WORD.finditer(check.quote.text)]
        core = check.quote.text[inside[0][0] : inside[-1][1]]
        if check.found is not None:
            check.found.check(by_id[check.found.article_id].text, where="x")
            equal = folded(check.found.text) == folded(core)
            assert equal is (check.outcome is QuoteOutcome.EXACT)
        assert (check.found is None) is (check.outcome is QuoteOutcome.NOT_FOUND)
        assert (check.difference is None) is (
            check.outcome in (QuoteOutcome.EXACT, QuoteOutcome.NOT_FOUND)
        )
    if words:
        assert checks[-1].outcome is QuoteOutcome.EXACT
        without = check_quotes([span(pieces[-1])], Sources(articles[:1]), without="s0")
        assert without[0].outcome is QuoteOutcome.NOT_FOUND
