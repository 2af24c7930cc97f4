"""Names and numbers of a claim that stand in no source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.evidence import numbers
from claimset.evidence.mentions import Mentions
from claimset.evidence.names import find_names
from claimset.evidence.numbers import find_figures
from claimset.evidence.reading import Words
from claimset.evidence.sources import Sources
from claimset.evidence.unseen import unseen_spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.models import Article

PROPERTY = settings(deadline=None)
SOURCE = (
    "Mr Clancy of the PCS union met home secretary Suella Braverman and US officials on 14 March "
    "2023. They spoke of Russia, of 10 million pounds, three strikes, 5 to 10 per cent, $2.5bn and "
    "the year 2019. John Major and Adam Smith came. The party won."
)


@pytest.fixture(scope="module")
def unseen(make_article: Callable[..., Article]) -> Callable[[str], list[str]]:
    mentions = Mentions(
        Sources([make_article("own", "Nobody Else knew 77."), make_article("s", SOURCE)])
    )

    def spans(claim: str) -> list[str]:
        found = unseen_spans(claim, 7, mentions, without=0)
        for span in found:
            span.check("x" * 7 + claim, where="x")
        return [span.text for span in found]

    return spans


@pytest.mark.parametrize(
    "claim",
    [
        "Mike Clancy spoke.",
        "The Public and Commercial Services Union spoke.",
        "The Home Secretary, Suella Braverman, spoke.",
        "Russian officials spoke to the PCS.",
        "It cost £10m, or 10,000,000.",
        "It cost £10 million.",
        "There were 3 strikes.",
        "It rose 5% and 10 percent.",
        "It cost 2.5 billion dollars.",
        "It happened on March 14, 2023.",
        "It happened on 14 March.",
        "It happened in March 2023.",
        "It happened in 2019 on a Tuesday in May.",
        "However, the first one of them came second.",
        "Unions protested. Writing was banned: Nobody knew “Everything was wrong”.",
    ],
)
def test_what_a_source_has_is_not_flagged(unseen: Callable[[str], list[str]], claim: str) -> None:
    """In any spelling; nor are words that only open a sentence, small ordinals and weekdays."""
    assert unseen(claim) == []


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("One Tory MP, Andrew Bridgen, said so.", ["Tory MP", "Andrew Bridgen"]),
        ("They met Andrew Bridgen’s lawyer.", ["Andrew Bridgen"]),
        ("They met John Smith.", ["John Smith"]),
        ("They met Peter Major.", ["Peter Major"]),
        ("NATO spoke to us.", ["NATO"]),
        ("It cost £12m in 2018.", ["£12m", "2018"]),
        ("It cost $10 million.", ["$10 million"]),
        ("It cost €2.5bn.", ["€2.5bn"]),
        ("It rose 3%.", ["3%"]),
        ("It was 14 March 2022.", ["14 March 2022"]),
        ("There were seventy-seven strikes.", ["seventy-seven"]),
        ("The Conservative Party won.", ["Conservative Party"]),
        ("They met Nobody Else.", ["Nobody Else"]),
    ],
)
def test_what_no_source_has_is_flagged(
    unseen: Callable[[str], list[str]], claim: str, expected: list[str]
) -> None:
    """Another first name, another currency, a percentage for a count, the claim's own article."""
    assert unseen(claim) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("He met J. Smith in the U.S. on Monday.", ["J Smith", "U S"]),
        ("Nick Thomas-Symonds spoke.", ["Nick Thomas Symonds"]),
        ("He met the Secretary of State for Health.", ["Secretary State", "Health"]),
        ("He met President Joe Biden.", ["Joe Biden"]),
        ("Labour and Greg Hands agreed.", ["Greg Hands"]),
        ("Ten Ways Greg Hands Upset Civil Servants In March", []),
        ("Meanwhile, I left.", []),
        ("She said: “We left.”", []),
        ("Ministers met Ursula von der Leyen.", ["Ursula Leyen"]),
    ],
)
def test_names_are_runs_of_capitals(text: str, names: list[str]) -> None:
    assert [" ".join(name.words) for name in find_names(text)] == names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10 million", "10m"),
        ("10 million", "10,000,000"),
        ("2.50", "2.5"),
        ("twenty-one", "21"),
        ("two hundred", "200"),
        ("5%", "five per cent"),
        ("£3m", "three million pounds"),
        ("1st", "first"),
        ("2023-03-14", "March 14th, 2023"),
        ("14 March 2023", "14 Mar 2023"),
        ("a dozen", "12"),
    ],
)
def test_a_figure_has_one_meaning_in_all_spellings(one: str, other: str) -> None:
    (first,), (second,) = find_figures(one), find_figures(other)
    assert first.seeks & second.means
    assert second.seeks & first.means


@pytest.mark.parametrize(
    ("one", "other"),
    [("5", "5%"), ("£5", "$5"), ("10m", "100m"), ("14 March", "14 May"), ("1.5", "15")],
)
def test_other_figures_are_other(one: str, other: str) -> None:
    (first,), (second,) = find_figures(one), find_figures(other)
    assert not first.seeks & second.means
    assert not second.seeks & first.means


TEXT = st.lists(
    st.sampled_from(
        ["Greg", "Hands", "of", "and", "the", "10", "million", "5%", "£3.6m", "14", "March",
         "2023", "US", "U.S.", "said:", "“We", "’s", "twenty-", "first", "MP", "\n"]
    )
    | st.text(max_size=5),
    max_size=15,
).map(" ".join)  # fmt: skip


@PROPERTY
@given(TEXT, TEXT)
def test_any_claim_keeps_the_rules(
    make_article: Callable[..., Article], claim: str, source: str
) -> None:
    """Spans slice, stand in order and apart; a claim whose words a source repeats has none."""
    own, other = make_article("own", claim or "x"), make_article("s", source or "x")
    mentions = Mentions(Sources([own, other]))
    found = unseen_spans(claim, 0, mentions, without=0)
    end = 0
    for span in found:
        span.check(claim, where="x")
        assert span.start >= end
        end = span.end
    copy = Mentions(Sources([own, make_article("c", claim or "x")]))
    assert unseen_spans(claim, 0, copy, without=0) == ()


PIECES = st.sampled_from(
    re.split(
        r"\|",
        "five|Twenty-one|ﬁve|nıne|SİX|ſix|one|ones|dozen|hundred|per cent|7|1,000|£|$ 5| |.|,|-|–"
        "|3rd|2 million|²|٣|May|12 may|aprıl 3|March 2020|2020-01-02|x|_|\u0301|k|%",
    )
)


@PROPERTY
@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_the_short_way_to_a_number_misses_none(text: str) -> None:
    """Searching only where digits or number words stand finds what searching everywhere does."""
    words = Words(text)
    for short, pattern in (
        (numbers._numbers(text), numbers._NUMBER),
        (numbers._spelled_numbers(words), numbers._SPELLED),
    ):
        assert [match.span() for match in short] == [
            match.span() for match in pattern.finditer(text)
        ]
    dates = [match.span() for match in numbers._dated(words)]
    assert dates == [match.span() for pattern in numbers._DATES for match in pattern.finditer(text)]
    assert find_figures(text) == find_figures(Words(f"1 {text} 1").part(2, 2 + len(text)))


@pytest.mark.parametrize("text", ["nıne", "SİX mıllıon", "5 mıllıon", "5 to 10 bİllion"])
def test_an_odd_letter_is_read_as_an_i(text: str) -> None:
    """A dotless i, or a capital one with a dot, ends no run."""
    plain = text.replace("ı", "i").replace("İ", "I")
    assert [figure.means for figure in find_figures(text)] == [
        figure.means for figure in find_figures(plain)
    ]
