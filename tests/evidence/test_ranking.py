"""The ranking itself: the formula, and what each ingredient adds to it."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.evidence.ranking import Ranking, SentenceIndex
from claimset.evidence.words import tokens

PROPERTY = settings(deadline=None)
PLAIN = Ranking(k1=1.2, b=0.75, pair=0, neighbour=0, repeated=1, weighted=False)
POOL = (
    "The mayor closed the library on Monday.",
    "He said the roof had leaked since March.",
    "Library users, the library said, were told in a letter about the library.",
    "Rain fell.",
    "the of and",
    "A library closed the mayor's tour of the town, and nobody said why it did in the end.",
)


def test_scores_are_those_of_the_formula() -> None:
    """BM25 as Lucene computes it (Kamphuis et al. 2020, table 1), worked out by hand.

    A word weighs ``ln(1 + (N - df + 0.5) / (df + 0.5))`` times ``tf / (tf + k1 * (1 - b + b * L /
    mean L))``, summed over the words of the query.
    """
    pool = [tokens(text) for text in POOL]
    mean = sum(map(len, pool)) / len(pool)

    def score(query: list[str], sentence: list[str]) -> float:
        total = 0.0
        for word in query:
            df = sum(word in words for words in pool)
            tf = sentence.count(word)
            length = 1 - 0.75 + 0.75 * len(sentence) / mean
            idf = math.log(1 + (len(pool) - df + 0.5) / (df + 0.5))
            total += idf * tf / (tf + 1.2 * length) if tf else 0.0
        return total

    query = "The mayor said the library closed; the mayor said so in March."
    found = SentenceIndex(POOL, ranking=PLAIN).scores(query)
    expected = [score(tokens(query), words) for words in pool]
    assert found.tolist() == pytest.approx(expected, abs=1e-4)
    assert found[0] > found[2] > found[3] == found[4] == 0


def score_of(pool: list[str], query: str, ranking: Ranking, groups: list[int]) -> list[float]:
    return SentenceIndex(pool, groups, ranking).scores(query).tolist()  # type: ignore[no-any-return]


def test_words_side_by_side_count_extra() -> None:
    """Two sentences with the same words: the one that keeps them together wins."""
    pool = ["A secretary met at home with staff.", "A home secretary met at with staff."]
    with_pairs = score_of(pool, "The home secretary", Ranking(), [0, 1])
    without = score_of(pool, "The home secretary", Ranking(pair=0), [0, 1])
    assert with_pairs[1] > with_pairs[0]
    assert without[1] == without[0]


def test_a_neighbour_lends_its_words_within_an_article_only() -> None:
    """What the sentence before says helps the next one, but not over the border of an article."""
    pool = ["Clancy wrote the letter.", "The letter went to ministers.", "It rained."]
    together = score_of(pool, "Clancy letter", Ranking(), [0, 0, 0])
    apart = score_of(pool, "Clancy letter", Ranking(), [0, 1, 1])
    off = score_of(pool, "Clancy letter", Ranking(neighbour=0), [0, 0, 0])
    assert together[1] > apart[1] == off[1] > 0
    assert together[2] == 0


def test_what_was_said_counts_half() -> None:
    """A copy of the best sentence adds half of what the first added."""
    index = SentenceIndex(["The library closed.", "The library closed.", "Rain."], [0, 1, 2])
    first, second = index.rank("The library closed.", 3)
    assert (first.place, second.place) == (0, 1)
    assert second.score == pytest.approx(first.score / 2, abs=1e-3)


def test_one_article_can_be_left_out() -> None:
    index = SentenceIndex(["The library closed.", "The library closed.", "Rain."], [0, 1, 1])
    assert [hit.place for hit in index.rank("The library closed.", 3, without=0)] == [1]


def test_an_empty_pool_gives_nothing() -> None:
    assert SentenceIndex([]).rank("The library", 3) == []
    assert SentenceIndex(["..."]).rank("The library", 3) == []
    assert SentenceIndex([]).scores("The library").tolist() == []


TEXT = st.lists(
    st.sampled_from(["mayor", "Library", "closed", "the", "5%", "10m", "1,000", "é", "roof"]),
    max_size=7,
).map(" ".join) | st.text(max_size=20)


@PROPERTY
@given(st.lists(TEXT, max_size=40), TEXT, st.integers(0, 30))
def test_any_ranking_keeps_the_rules(pool: list[str], query: str, top: int) -> None:
    """Each place once, scores above 0 and never rising, a shorter list is the longer's start."""
    groups = [number // 3 for number in range(len(pool))]
    index = SentenceIndex(pool, groups)
    hits = index.rank(query, top, without=1)
    assert len(hits) <= top
    assert len({hit.place for hit in hits}) == len(hits)
    assert all(one.score >= other.score for one, other in pairwise(hits))
    assert all(hit.score > 0 and groups[hit.place] != 1 for hit in hits)
    assert all(set(tokens(pool[hit.place])) & set(tokens(query)) for hit in hits)
    assert index.rank(query, top, without=1) == hits
    if top <= 20:
        assert index.rank(query, top // 2, without=1) == hits[: top // 2]
    if hits:
        scores = index.scores(query, without=1)
        assert hits[0].place == int(np.argmax(scores))


@PROPERTY
@given(
    st.lists(TEXT, max_size=40),
    st.lists(st.tuples(TEXT, st.none() | st.integers(0, 13)), max_size=40),
    st.integers(0, 30),
)
def test_many_queries_are_ranked_as_each_alone(
    pool: list[str], asked: list[tuple[str, int | None]], top: int
) -> None:
    """Ranking together saves time and changes nothing, however the queries are parted."""
    index = SentenceIndex(pool, [number // 3 for number in range(len(pool))])
    queries, without = [query for query, _ in asked], [own for _, own in asked]
    alone = [index.rank(query, top, without=own) for query, own in asked]
    assert index.rank_all(queries, top, without=without) == alone
