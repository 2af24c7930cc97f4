"""Attribution: the speakers of the seeds, of written-out patterns, and of a development set."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.models import QuoteType
from claimset.segmentation import find_units
from claimset.segmentation.attribution import find_statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.models import Article

PROPERTY = settings(deadline=None, max_examples=200)
FIXTURE = Path(__file__).parents[1] / "fixtures" / "quotations.jsonl"

# Written by reading the three articles: first words of each quoted span, and who speaks. ``None``
# where the article names nobody in the sentence, or the source is a document named farther away.
SEEDS: dict[str, list[tuple[str, set[str | None]]]] = {
    "000_d0e5ca8ec8c8df51": [
        ("activist blob", {None}),
        ("left-wing lawyers", {None, "The email"}),
        ("incredibly seriously", {"Cabinet Secretary, Simon Case"}),
        ("It's unsurprising that", {"One Tory MP, Andrew Bridgen"}),
        ("an extraordinary and", {"Shadow Home Secretary, Nick Thomas-Symonds"}),
        (
            "We will not tolerate",
            {"Public and Commercial Services Union general secretary, Mark Serwotka"},
        ),
        ("undermining", {"former civil servant Sir David Normington"}),
        ("a shot across the", {"former civil servant Sir David Normington"}),
    ],
    "001_0e7e4537e1223cad": [
        ("activist blob", {None}),
        ("left-wing lawyers", {None, "The email"}),
        ("error", {"cabinet secretary Simon Case"}),
        ("who apologised for", {"Mr Case"}),
        ("that may undermine", {"Mr Case"}),
        ("He assured me that", {"The top 10 official"}),
        ("assurance that attacks", {"Mr Case"}),
        ("We tried to stop", {"The CCHQ email"}),
        ("outrageous attack", {"PCS general secretary Mark Serwotka"}),
        ("a slur on the", {"PCS general secretary Mark Serwotka"}),
        ("cowardly attack on", {"FDA civil service union leader Dave Penman"}),
        ("You will have seen", {"Mr Case"}),
        ("the wording wasn’t", {"CCHQ"}),
        ("reviewing", {"CCHQ"}),
        ("operational issues", {"Mr Sunak’s press secretary"}),
        ("we’ll have to review", {"Mr Sunak’s press secretary"}),
        ("motivate", {"Commons leader Penny Mordaunt"}),
        ("areas", {"Commons leader Penny Mordaunt"}),
        ("motivate the people", {"Ms Mordaunt"}),
    ],
    "002_fbb46b17569c6217": [
        ("uphold the political", {None, "The Ministerial Code"}),
    ],
}


def spoken(
    make_article: Callable[[str], Article], text: str
) -> list[tuple[str | None, str | None, list[str], QuoteType]]:
    """Speaker, cue, quoted words and type of each statement."""
    units = find_units(make_article(text))
    return [
        (
            None if one.speaker is None else text[slice(*one.speaker)],
            None if one.cue is None else text[slice(*one.cue)],
            [text[start:end] for start, end in one.quotes],
            one.quote_type,
        )
        for one in find_statements(text, [(unit.start, unit.end) for unit in units])
    ]


def test_the_seeds_have_28_quoted_spans_and_no_wrong_speaker(seed_articles: list[Article]) -> None:
    """Every span is found, in order; where a speaker is given it is the right one."""
    seen = 0
    for article in seed_articles:
        units = [(unit.start, unit.end) for unit in find_units(article)]
        found = sorted(
            (start, end, one.speaker)
            for one in find_statements(article.text, units)
            if one.quote_type is not QuoteType.INDIRECT
            for start, end in one.quotes
        )
        expected = SEEDS[article.article_id]
        assert len(found) == len(expected)
        for (start, end, speaker), (words, speakers) in zip(found, expected, strict=True):
            assert article.text[start:end].startswith(words)
            assert article.text[start - 1] in "\"'“"
            assert article.text[end] in "\"'”"
            assert (None if speaker is None else article.text[slice(*speaker)]) in speakers
            seen += 1
    assert seen == 28


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ('"We won," Marlowe said on Tuesday.', "Marlowe", "said"),
        ('"We won," said Marlowe, who lost last year.', "Marlowe", "said"),
        ('Marlowe said: "We won."', "Marlowe", "said"),
        ('Marlowe, who lost last year, said, "We won."', "Marlowe", "said"),
        ('Ruth Aldana — a senior adviser — said "we won" twice.', "Ruth Aldana", "said"),
        ('Sen. Ruth Aldana (D-N.M.) said "we won" twice.', "Sen. Ruth Aldana", "said"),
        (
            'According to the report, the state was "unprepared" for it.',
            "the report",
            "According to",
        ),
        ('The plan was "a mess," according to Ruth Aldana.', "Ruth Aldana", "according to"),
        (
            'Unions agreed, with the general secretary stating: "We won."',
            "the general secretary",
            "stating",
        ),
        ('The letter said the plan was "a mess".', "The letter", "said"),
        ('The plan has been described by critics as "a mess".', "critics", "described"),
        ('"What now?" she asked.', "she", "asked"),
        ('The plan, the mayor wrote, is "a mess".', "the mayor", "wrote"),
        ('The plan is "a mess" for everybody, the mayor said.', "the mayor", "said"),
        ('In an interview on Sunday, Marlowe called it "a mess".', "Marlowe", "called"),
        ('Marlowe went to Ohio and called the plan "a mess".', "Marlowe", "called"),
        (
            "“Very pleased” about the vote, said Ruth Aldana, head of the union.",
            "Ruth Aldana",
            "said",
        ),
        ('Marlowe released a statement on Monday saying, "We won."', "Marlowe", "saying"),
        ('A memo saying the plan was "a mess" was leaked.', "A memo", "saying"),
        ('The loss forced the mayor to call the plan "a mess".', "the mayor", "call"),
        (
            'Hallam denied it, with Marlowe taking to the stage to call it "a mess".',
            "Marlowe",
            "call",
        ),
        (
            'Marlowe spoke for an hour, adding that he did not think it was "a mess".',
            "Marlowe",
            "adding",
        ),
        ('Marlowe, who has called the plan "a mess," backed another one.', "Marlowe", "called"),
        ('The mayor said Hallam\'s claims were "a mess".', "The mayor", "said"),
        ('"We won the state" Marlowe tweeted.', "Marlowe", "tweeted"),
        (
            '"We won," lawyers Ruth Aldana and Tom Vey of Northern\'s Institute for Law wrote.',
            "lawyers Ruth Aldana and Tom Vey of Northern's Institute for Law",
            "wrote",
        ),
        ('DAYTON, Ohio — Ruth Aldana, a voter, called it "a mess".', "Ruth Aldana", "called"),
        ('Asked about it on Monday, Marlowe shot back: "That would be good."', "Marlowe", None),
        ("Marlowe: The plan is 'a mess'", "Marlowe", None),
    ],
)
def test_the_speaker_of_a_quotation_is_the_subject_of_its_cue(
    make_article: Callable[[str], Article], text: str, speaker: str, cue: str | None
) -> None:
    """Cue before, after, inside or inverted; relative clauses and appositions are read over."""
    found = spoken(make_article, text)
    assert found[0][:2] == (speaker, cue)


@pytest.mark.parametrize(
    "text",
    [
        'The so-called "birther" movement never went away.',
        'Marlowe apologised for an email sent in his name, which attacked an "activist blob".',
        'The deal is "done".',
        'Marlowe was told that he was "finished" by then.',
        'His book "The Long Road" came out in May.',
        "Exclusive: The plan is 'a mess'",
    ],
)
def test_nobody_is_named_where_the_sentence_names_nobody(
    make_article: Callable[[str], Article], text: str
) -> None:
    """The quotation is there, without a speaker: better none than the nearest name."""
    ((speaker, cue, quotes, _),) = spoken(make_article, text)
    assert speaker is None
    assert cue is None
    assert len(quotes) == 1


def test_a_quotation_goes_on_after_its_attribution(make_article: Callable[[str], Article]) -> None:
    """Sentences that are nothing but quotation have the speaker of the one before them."""
    text = "“We won,” Marlowe said. “We won it big.\n\n“And we will win again.”"
    found = spoken(make_article, text)
    assert [one[0] for one in found] == ["Marlowe"] * 3


def test_a_sentence_that_opens_with_quoted_words_goes_on_with_the_one_before(
    make_article: Callable[[str], Article],
) -> None:
    """Its own words after the quotation change nothing; a word in scare quotes stays alone."""
    text = "“We won,” Marlowe said. “After long thought I will go” or run again. “Maybe” he will."
    assert [one[0] for one in spoken(make_article, text)] == ["Marlowe", "Marlowe", None]


def test_a_quotation_that_nobody_spoke_before_takes_no_speaker(
    make_article: Callable[[str], Article],
) -> None:
    """A paragraph of its own after one in which nobody speaks."""
    text = "The hall was empty by noon.\n\n“And we will win again.”"
    assert [one[0] for one in spoken(make_article, text)] == [None]


def test_direct_mixed_and_indirect_speech_are_told_apart(
    make_article: Callable[[str], Article],
) -> None:
    text = (
        'Marlowe said: "We won." Hallam said the plan was "a mess" from the start. '
        "The mayor said that the library would close."
    )
    assert [(one[0], one[3].value) for one in spoken(make_article, text)] == [
        ("Marlowe", "direct"),
        ("Hallam", "mixed"),
        ("The mayor", "indirect"),
    ]


def test_indirect_speech_has_the_reported_clause(make_article: Callable[[str], Article]) -> None:
    """After "that", or before a cue at the end; the full stop is left out."""
    for text, clause in (
        ("The mayor said on Monday that the library would close.", "the library would close"),
        ("The library would close, the mayor said.", "The library would close"),
        ("According to the mayor, the library would close.", "the library would close"),
    ):
        ((speaker, _, quotes, kind),) = spoken(make_article, text)
        assert speaker is not None
        assert speaker.lower() == "the mayor"
        assert (quotes, kind) == ([clause], QuoteType.INDIRECT)


def test_a_pronoun_is_kept_and_a_name_suggested(make_article: Callable[[str], Article]) -> None:
    """The suggestion is the last name that spoke; it never replaces the pronoun."""
    text = 'Ruth Aldana said that it was over. "We won," she said.'
    article = make_article(text)
    units = [(unit.start, unit.end) for unit in find_units(article)]
    last = find_statements(text, units)[-1]
    assert last.speaker is not None
    assert last.antecedent is not None
    assert text[slice(*last.speaker)] == "she"
    assert text[slice(*last.antecedent)] == "Ruth Aldana"


def test_a_transcript_names_its_speakers(make_article: Callable[[str], Article]) -> None:
    text = "MARLOWE: I will release them in May.\n\nHALLAM: You said that a year ago, sir."
    assert [one[0] for one in spoken(make_article, text)] == ["MARLOWE", "HALLAM"]


def _score(make_article: Callable[[str], Article], half: str) -> tuple[int, int, int, int, int]:
    """Quotations, those found, those with a gold speaker, speakers given, speakers right."""
    quotes = found = gold = given = right = 0
    for line in FIXTURE.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["half"] != half:
            continue
        text = row["text"]
        units = [(unit.start, unit.end) for unit in find_units(make_article(text))]
        speakers = {
            place: one.speaker
            for one in find_statements(text, units)
            if one.quote_type is not QuoteType.INDIRECT
            for place in one.quotes
        }
        for quote in row["quotes"]:
            place = (quote["start"], quote["end"])
            quotes += 1
            found += place in speakers
            gold += bool(quote["speakers"])
            speaker = speakers.get(place)
            if speaker is not None:
                given += 1
                right += any(
                    re.search(
                        r"\w", text[max(speaker[0], one["start"]) : min(speaker[1], one["end"])]
                    )
                    is not None
                    for one in quote["speakers"]
                )
    return quotes, found, gold, given, right


@pytest.mark.parametrize(("half", "least"), [("tune", 0.9), ("held", 0.8)])
def test_the_development_set_is_read_as_well_as_it_was(
    make_article: Callable[[str], Article], half: str, least: float
) -> None:
    """Every quoted span of the fixture is found; F1 of the speakers does not fall."""
    quotes, found, gold, given, right = _score(make_article, half)
    assert found == quotes
    assert 2 * right / (gold + given) >= least
    assert right / given >= 0.9


MESSY = st.lists(
    st.sampled_from(
        [
            'Marlowe said "no"',
            "said",
            ", who",
            "according to",
            '"',
            "“",
            "”",
            "'",
            "—",
            ",",
            ".",
            "(",
            ")",
            "and",
            "Ruth",
            "the mayor",
            "that",
            "by",
            "with",
            "calling",
            "was told",
            "\n",
            "\n\n",
            "NAME: ",
            ":",
        ]
    )
    | st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=6),
    max_size=40,
).map(" ".join)


@PROPERTY
@given(MESSY)
def test_any_text_is_read_without_error_and_with_exact_positions(
    make_article: Callable[[str], Article], text: str
) -> None:
    """Spans lie inside the text, hold something, and two readings are alike."""
    if not text.strip():
        return
    sentences = [(unit.start, unit.end) for unit in find_units(make_article(text))]
    found = find_statements(text, sentences)
    for one in found:
        assert one.quotes
        for place in (*one.quotes, one.speaker, one.cue, one.antecedent):
            if place is not None:
                start, end = place
                assert 0 <= start < end <= len(text)
                assert text[start:end].strip() == text[start:end]
    assert find_statements(text, sentences) == found


@pytest.mark.parametrize(
    "piece",
    ["said ", "“a ", '"a," he said. ', "and said ", ", who said ", "X ", "x — ", "the (a) "],
)
def test_a_huge_sentence_is_read_to_its_end(piece: str) -> None:
    """One sentence of a million code points; a quadratic rule would take hours."""
    text = (piece * (1_000_000 // len(piece))).strip()
    for statement in find_statements(text, [(0, len(text))]):
        assert all(0 <= start < end <= len(text) for start, end in statement.quotes)
