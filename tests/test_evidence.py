"""Evidence candidates: from the event's other articles only, ranked the same way everywhere."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.evidence import RETRIEVER, find_candidates, tokens
from claimset.identifiers import sha256_hex
from claimset.models import Article, ArticleRole, Claim, EvidenceCandidate, Unit, UnitKind
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units

if TYPE_CHECKING:
    from collections.abc import Sequence

PROPERTY = settings(deadline=None)
REPOSITORY = Path(__file__).parents[1]
BOTH = (ArticleRole.CLAIMS, ArticleRole.EVIDENCE)


def article(
    name: str, text: str, *, event: str = "e", roles: tuple[ArticleRole, ...] = BOTH
) -> Article:
    return Article(
        article_id=name,
        event_id=event,
        title=name,
        license="CC0-1.0",
        roles=roles,
        path=f"{name}.txt",
        sha256="0" * 64,
        text_sha256=sha256_hex(text.encode("utf-8")),
        text=text,
    )


def segmented(articles: Sequence[Article]) -> tuple[list[Unit], list[Claim]]:
    units = [unit for value in articles for unit in find_units(value)]
    claims = [claim for value in articles for claim in claims_of(value, find_units(value))]
    return units, claims


def candidates(*articles: Article, top: int = 5) -> dict[str, list[EvidenceCandidate]]:
    """Candidates by the text of their claim."""
    units, claims = segmented(articles)
    text_of = {claim.claim_id: claim.text for claim in claims}
    found: dict[str, list[EvidenceCandidate]] = defaultdict(list)
    for candidate in find_candidates(articles, units, claims, top=top):
        found[text_of[candidate.claim_id]].append(candidate)
    return found


CLAIM = "The mayor closed the library."
OTHER = "The library was closed by the mayor of the town."


def test_the_sentence_that_says_the_same_comes_first() -> None:
    """The retelling beats sentences that share fewer or commoner words."""
    found = candidates(
        article("a", CLAIM),
        article("b", "The mayor spoke on Monday.\n\n" + OTHER + "\n\nThe town is old."),
    )
    assert [candidate.text for candidate in found[CLAIM]] == [OTHER, "The mayor spoke on Monday."]


def test_an_article_is_no_evidence_for_itself() -> None:
    """Not even when it repeats the claim word for word."""
    found = candidates(article("a", f"{CLAIM}\n\n{CLAIM}\n\n{OTHER}"), article("b", "It rained."))
    assert not found


@pytest.mark.parametrize(
    ("source", "gives"),
    [
        (article("b", OTHER), True),
        (article("b", OTHER, roles=(ArticleRole.EVIDENCE,)), True),
        (article("b", OTHER, roles=(ArticleRole.CLAIMS,)), False),
        (article("b", OTHER, event="another"), False),
    ],
    ids=["both roles", "evidence", "claims only", "other event"],
)
def test_only_evidence_of_the_same_event_is_searched(source: Article, gives: bool) -> None:
    found = candidates(article("a", CLAIM), source)
    assert bool(found[CLAIM]) is gives


def test_headings_and_furniture_are_no_evidence() -> None:
    """Only sentences are shown: claims, opinions and questions."""
    found = candidates(
        article("a", CLAIM),
        article("b", "Mayor closed library\n\nWho closed the library?\n\nDear mayor,"),
    )
    assert [candidate.text for candidate in found[CLAIM]] == ["Who closed the library?"]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (CLAIM, "It rained all day."),
        ("They were there.", "They were there."),
        ("Они были там.", OTHER),
        ("2023!", OTHER),
    ],
    ids=["no shared word", "stop words only", "other script", "number only"],
)
def test_where_nothing_is_shared_there_is_no_candidate(claim: str, source: str) -> None:
    """A list padded with anything would look like evidence."""
    assert not candidates(article("a", claim), article("b", source))[claim]


@pytest.mark.parametrize(("top", "expected"), [(0, 0), (1, 1), (3, 3), (5, 4), (50, 4)])
def test_a_claim_gets_at_most_so_many(top: int, expected: int) -> None:
    source = "\n\n".join(f"The mayor did thing {n}." for n in range(4))
    found = candidates(article("a", CLAIM), article("b", source), top=top)
    assert len(found[CLAIM]) == expected


def test_equal_scores_keep_article_and_text_order() -> None:
    """Which of two equal sentences comes first is not left to the sorting of floats."""
    found = candidates(
        article("a", CLAIM),
        article("c", "The mayor spoke.\n\nThe mayor slept."),
        article("b", "The mayor spoke.\n\nThe mayor slept."),
    )
    scores = {candidate.score for candidate in found[CLAIM]}
    assert len(scores) == 1
    assert [(candidate.article_id, candidate.start) for candidate in found[CLAIM]] == [
        ("c", 0),
        ("c", 18),
        ("b", 0),
        ("b", 18),
    ]


def check_rules(articles: Sequence[Article], top: int) -> int:
    """Hold what must be true of any candidates; returns how many there are."""
    units, claims = segmented(articles)
    found = find_candidates(articles, units, claims, top=top)
    by_id = {value.article_id: value for value in articles}
    claim_of = {claim.claim_id: claim for claim in claims}
    grouped: dict[str, list[EvidenceCandidate]] = defaultdict(list)
    for candidate in found:
        claim = claim_of[candidate.claim_id]
        source = by_id[candidate.article_id]
        candidate.check(source.text, where="x")
        assert source.article_id != claim.article_id
        assert source.event_id == claim.event_id
        assert ArticleRole.EVIDENCE in source.roles
        assert candidate.retriever == RETRIEVER
        assert set(tokens(candidate.text)) & set(tokens(claim.text))
        grouped[candidate.claim_id].append(candidate)
    for group in grouped.values():
        assert [candidate.rank for candidate in group] == list(range(1, len(group) + 1))
        assert len(group) <= top
        assert all(one.score >= other.score > 0 for one, other in pairwise(group))
        assert len({(value.article_id, value.start) for value in group}) == len(group)
    order = [claim.claim_id for claim in claims if claim.claim_id in grouped]
    assert list(grouped) == order
    assert find_candidates(articles, units, claims, top=top) == found
    return len(found)


def test_the_seeds_candidates_keep_the_rules() -> None:
    """Nearly every claim of the three articles finds five sentences of the other two."""
    assert check_rules(read_articles(REPOSITORY / "seeds"), 5) == 217


def test_scores_are_those_of_the_formula() -> None:
    """BM25 as Lucene computes it (Kamphuis et al. 2020, table 1), worked out by hand.

    A word weighs ``ln(1 + (N - df + 0.5) / (df + 0.5))`` times ``tf / (tf + k1 * (1 - b + b * L /
    mean L))`` with k1 = 1.2 and b = 0.75, over all N sentences of the event.
    """
    articles = read_articles(REPOSITORY / "seeds")
    units, claims = segmented(articles)
    kinds = (UnitKind.CLAIM, UnitKind.OPINION, UnitKind.QUESTION)
    pool = {
        (unit.article_id, unit.start): tokens(unit.text) for unit in units if unit.kind in kinds
    }
    mean = sum(map(len, pool.values())) / len(pool)

    def score(query: list[str], sentence: list[str]) -> float:
        total = 0.0
        for word in query:
            df = sum(word in words for words in pool.values())
            tf = sentence.count(word)
            length = 1 - 0.75 + 0.75 * len(sentence) / mean
            idf = math.log(1 + (len(pool) - df + 0.5) / (df + 0.5))
            total += idf * tf / (tf + 1.2 * length) if tf else 0.0
        return total

    found = find_candidates(articles, units, claims, top=50)
    text_of = {claim.claim_id: claim.text for claim in claims}
    for candidate in found:
        sentence = pool[candidate.article_id, candidate.start]
        expected = score(tokens(text_of[candidate.claim_id]), sentence)
        assert candidate.score == pytest.approx(expected, abs=2e-4)
    assert len(found) > 217


WORDS = st.sampled_from(["mayor", "library", "closed", "the", "Hall's", "é", "4.5", "👩‍🚒", "was"])
TEXTS = st.lists(
    st.lists(WORDS, min_size=1, max_size=5).map(lambda words: " ".join(words) + "."),
    min_size=1,
    max_size=4,
).map("\n\n".join)
ARTICLES = st.lists(
    st.tuples(
        TEXTS,
        st.sampled_from(["e", "f"]),
        st.sampled_from([BOTH, BOTH[:1], BOTH[1:]]),
    ),
    min_size=1,
    max_size=4,
)


@PROPERTY
@given(ARTICLES, st.integers(0, 3))
def test_candidates_of_any_articles_keep_the_rules(
    drawn: list[tuple[str, str, tuple[ArticleRole, ...]]], top: int
) -> None:
    """Other article, same event, right role, exact slice, ranks and scores in order, repeatable."""
    check_rules(
        [
            article(f"a{number}", text, event=event, roles=roles)
            for number, (text, event, roles) in enumerate(drawn)
        ],
        top,
    )


def test_no_articles_give_no_candidates() -> None:
    assert find_candidates([], [], []) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("criticise", "criticised"),
        ("criticising", "criticises"),
        ("party", "parties"),
        ("Braverman’s", "Braverman"),
        ("Braverman's", "BRAVERMAN"),
        ("officials", "official"),
        ("Straße", "STRASSE"),
    ],
)
def test_forms_of_a_word_are_one_token(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)
    assert len(tokens(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("class", "clan"), ("read", "red"), ("bus", "bu"), ("10", "100")]
)
def test_other_words_are_other_tokens(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


def test_numbers_and_abbreviations_are_one_token() -> None:
    """A point, comma or apostrophe inside a word does not cut it; stop words are left out."""
    assert tokens("The 4.5 and 1,000 were O'Neill's") == ["4.5", "1,000", "o'neill"]


@PROPERTY
@given(st.text(max_size=60))
def test_tokens_of_any_text_are_words(text: str) -> None:
    """No token is empty, holds white space or is a stop word."""
    for token in tokens(text):
        assert token
        assert not any(character.isspace() for character in token)
        assert token not in {"the", "and", "was"}
