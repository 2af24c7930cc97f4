"""Segmenters: what somebody else's gives is checked as anything from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import ClaimsetError, DataError, SpanError, UsageError
from claimset.models import Article, Unit, UnitKind
from claimset.segmentation import SEGMENTER_VERSION, find_units
from claimset.segmentation.segmenter import (
    Derived,
    Segmentation,
    Segmenter,
    cut_article,
    rules_segmenter,
)

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "  One is here. Two is there.\n"


class Fixed:
    """Gives what it is told to."""

    name = "fixed"
    version = "1"

    def __init__(self, units: list[Any], derived: list[Derived] | None = None) -> None:
        self._found = Segmentation(units, derived or [])

    def segment(self, article: Article) -> Segmentation:
        del article
        return self._found


class Failing(Fixed):
    def __init__(self, error: Exception) -> None:
        self._error = error

    def segment(self, article: Article) -> Segmentation:
        del article
        raise self._error


def unit(start: int, end: int, text: str | None = None, **changes: Any) -> Unit:
    values: dict[str, Any] = {
        "start": start,
        "end": end,
        "text": TEXT[start:end] if text is None else text,
        "article_id": "a",
        "kind": UnitKind.CLAIM,
        "reason": "given",
    }
    return Unit.trusted(values | changes)


@pytest.fixture
def article(make_article: Callable[[str], Article]) -> Article:
    return make_article(TEXT)


def test_the_built_in_rules_are_a_segmenter(seed_articles: list[Article]) -> None:
    rules = rules_segmenter({})
    assert isinstance(rules, Segmenter)
    assert (rules.name, rules.version) == ("rules", SEGMENTER_VERSION)
    for one in seed_articles:
        assert cut_article(rules, one).units == find_units(one)
    with pytest.raises(UsageError, match="has no settings: level"):
        rules_segmenter({"level": 2})


def test_what_lies_in_no_unit_becomes_fragments(article: Article) -> None:
    """Nothing of an article is dropped, whoever cuts it."""
    found = cut_article(Fixed([unit(2, 14)]), article).units
    assert [(one.kind.value, one.text, one.reason) for one in found] == [
        ("claim", "One is here.", "given"),
        ("fragment", "Two is there.", "left out by the segmenter fixed"),
    ]
    assert [one.text for one in cut_article(Fixed([]), article).units] == [TEXT.strip()]


@pytest.mark.parametrize(
    ("units", "fault"),
    [
        ([unit(2, 14, "One is there")], "does not hold its stored text"),
        ([unit(20, 40, "x" * 20)], "does not hold its stored text"),
        ([unit(2, 14), unit(10, 28)], "begins at 10, before the one before it ends"),
        ([unit(15, 28), unit(2, 14)], "begins at 2"),
        ([unit(2, 14, article_id="b")], "belongs to the article 'b'"),
        ([unit(2, 14, reason="")], "unit 0: "),
        ([unit(2, 14, kind="sentence")], "unit 0: "),
        ([unit(0, 2)], "white space only"),
        ([(2, 14, "One is here.")], "is a tuple"),
    ],
)
def test_wrong_units_are_refused(article: Article, units: list[Any], fault: str) -> None:
    """The article, the segmenter and its version are named; nothing is shifted."""
    with pytest.raises(DataError, match=fault) as caught:
        cut_article(Fixed(units), article)
    assert caught.value.where == "article a, segmenter fixed 1"


@pytest.mark.parametrize(
    ("derived", "fault"),
    [
        (Derived(3, "One.", [(2, 5)], "r"), "no claim begins"),
        (Derived(2, "One.", [(9, 14), (2, 5)], "r"), "overlaps"),
        (Derived(2, "One.", [(2, 500)], "r"), "outside the article"),
        (Derived(2, " ", [(2, 5)], "r"), "no text"),
        (Derived(2, "One.", [(2, 5)], ""), "no rule"),
    ],
)
def test_wrong_derived_claims_are_refused(article: Article, derived: Derived, fault: str) -> None:
    with pytest.raises(DataError, match=fault):
        cut_article(Fixed([unit(2, 14)], [derived]), article)


def test_a_fault_of_the_segmenter_is_an_error_with_its_place(article: Article) -> None:
    """What a segmenter raises on purpose stays as it is; anything else gets the article's name."""
    with pytest.raises(DataError, match="the segmenter failed: KeyError: 'lost'") as caught:
        cut_article(Failing(KeyError("lost")), article)
    assert "article a" in caught.value.where
    own = SpanError("own words", where="there")
    with pytest.raises(ClaimsetError, match="own words"):
        cut_article(Failing(own), article)
