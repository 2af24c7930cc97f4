"""Facts about the claims of an event, filled in for the annotator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.evidence import with_text_facts
from claimset.models import Attribution, Claim, QuoteOutcome, QuoteType, Span
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.models import Article

SEEDS = Path(__file__).parents[2] / "seeds"
TEXT = "Andrew Bridgen called it a “bad idea”."


def claims(article: Article, quote: str = "bad idea") -> list[Claim]:
    """The article's claims, each with its quotation attributed."""
    made = []
    for claim in claims_of(article, find_units(article)):
        start = article.text.find(quote, claim.start, claim.end)
        span = Span(start=start, end=start + len(quote), text=quote)
        attribution = Attribution(quote_type=QuoteType.DIRECT, quote_spans=(span,))
        made.append(claim.model_copy(update={"attributions": (attribution,)}))
    return made


def test_facts_come_from_the_other_articles_of_the_event(
    make_article: Callable[..., Article],
) -> None:
    """The claim's own article and another event's prove nothing."""
    own = make_article("own", TEXT)
    other = make_article("s", "It was a “bad idea”, said one.")
    elsewhere = make_article("f", TEXT, event_id="f")
    (claim,) = with_text_facts([own, other, elsewhere], claims(own))
    assert [check.outcome for check in claim.quote_checks] == [QuoteOutcome.EXACT]
    assert claim.quote_checks[0].found is not None
    assert claim.quote_checks[0].found.article_id == "s"
    assert [span.text for span in claim.unseen] == ["Andrew Bridgen"]


@pytest.mark.parametrize("roles", [["claims"], ["claims", "evidence"]])
def test_without_another_source_nothing_is_missing(
    make_article: Callable[..., Article], roles: list[str]
) -> None:
    """An article alone in its event, or beside articles that are no evidence, has no facts."""
    own = make_article("own", TEXT, roles=roles)
    beside = make_article("b", TEXT, roles=["claims"])
    (claim,) = with_text_facts([own, beside], claims(own))
    assert (claim.quote_checks, claim.unseen) == ((), ())


def test_claims_keep_their_order_and_everything_else() -> None:
    """On the seeds: only the two fields change, all spans slice, and a second run says the same."""
    articles = read_articles(SEEDS)
    texts = {article.article_id: article.text for article in articles}
    before = [claim for article in articles for claim in claims_of(article, find_units(article))]
    after = with_text_facts(articles, before)
    bare = {"quote_checks": (), "unseen": ()}
    assert [claim.model_copy(update=bare) for claim in after] == [
        claim.model_copy(update=bare) for claim in before
    ]
    for claim in after:
        for span in claim.unseen:
            span.check(texts[claim.article_id], where="x")
        for check in claim.quote_checks:
            check.quote.check(texts[claim.article_id], where="x")
            if check.found is not None:
                check.found.check(texts[check.found.article_id], where="x")
    flagged = {span.text for claim in after for span in claim.unseen}
    assert {"Andrew Bridgen", "Nick Thomas-Symonds", "David Normington"} <= flagged
    assert not flagged & {"Simon Case", "Greg Hands", "Suella Braverman", "PCS", "CCHQ"}
    assert with_text_facts(articles, after) == after


@pytest.mark.parametrize(
    ("kind", "quote", "checked"),
    [
        (QuoteType.DIRECT, "bad idea", True),
        (QuoteType.MIXED, "bad idea", True),
        (QuoteType.MIXED, "it a “bad idea", False),
        (QuoteType.INDIRECT, "it a “bad idea", False),
    ],
)
def test_only_words_in_quotation_marks_are_compared(
    make_article: Callable[..., Article], kind: QuoteType, quote: str, checked: bool
) -> None:
    """Indirect speech is nobody's wording: that it stands in no source would mean nothing."""
    own = make_article("own", TEXT)
    made = [
        claim.model_copy(
            update={
                "attributions": tuple(
                    item.model_copy(update={"quote_type": kind}) for item in claim.attributions
                )
            }
        )
        for claim in claims(own, quote)
    ]
    (claim,) = with_text_facts([own, make_article("s", "It rained.")], made)
    assert bool(claim.quote_checks) is checked
