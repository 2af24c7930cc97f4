"""Claims: the units that are verified, and names that survive edits elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claimset.identifiers import claim_id
from claimset.models import UnitKind
from claimset.segmentation import CONTEXT_WIDTH, SEGMENTER_VERSION, claims_of, find_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.models import Article, Claim

PROPERTY = settings(deadline=None)
SENTENCES = (
    "The library closed on Monday.",
    "The mayor said so.",
    "It rained 👩‍🚒 all day.",
    "Nobody had visited it for months.",
)
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(" ".join)
    | st.sampled_from(["Dear Sir,", "Yours sincerely,", "Public Services", "8 March 2023"])
    | st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30),
    min_size=1,
    max_size=8,
).map("\n\n".join)


def claims(article: Article) -> list[Claim]:
    return claims_of(article, find_units(article))


def test_the_seeds_have_46_claims(seed_articles: list[Article]) -> None:
    """15 in the retelling, 17 in the news article, 14 in the letter; every id its own."""
    found = [claims(article) for article in seed_articles]
    assert [len(part) for part in found] == [15, 17, 14]
    assert len({claim.claim_id for part in found for claim in part}) == 46


def test_claims_are_the_claim_units(seed_articles: list[Article]) -> None:
    """Same positions, same text, the unit's reason as rule; other kinds are left out."""
    for article in seed_articles:
        units = [unit for unit in find_units(article) if unit.kind is UnitKind.CLAIM]
        for unit, claim in zip(units, claims(article), strict=True):
            assert (claim.start, claim.end, claim.text) == (unit.start, unit.end, unit.text)
            assert claim.rule == unit.reason
            assert claim.event_id == article.event_id
            assert claim.segmenter_version == SEGMENTER_VERSION


def test_context_is_32_code_points_or_what_there_is(
    make_article: Callable[[str], Article],
) -> None:
    """Counted in code points, cut at the article's ends."""
    text = "👩‍🚒" * 20 + " closed it.\n\nThe mayor said so.\n\n" + "é" * 40 + " is no word."
    first, second, third = claims(make_article(text))
    assert first.prefix == ""
    assert third.suffix == ""
    assert CONTEXT_WIDTH == 32
    assert second.prefix == text[second.start - 32 : second.start]
    assert second.suffix == "\n\n" + "é" * 30
    assert len(first.suffix) == len(third.prefix) == 32


def test_equal_sentences_are_numbered(make_article: Callable[[str], Article]) -> None:
    """The second and third time a sentence stands in an article, it is another claim."""
    text = "It rained.\n\nThe mayor said so.\n\nIt rained.\n\nIt rained."
    found = claims(make_article(text))
    assert [claim.claim_id for claim in found] == [
        claim_id("a", "It rained.", 0),
        claim_id("a", "The mayor said so.", 0),
        claim_id("a", "It rained.", 1),
        claim_id("a", "It rained.", 2),
    ]


def test_only_claims_count_as_occurrences(make_article: Callable[[str], Article]) -> None:
    """The same words as a footer are no claim and do not shift the number of one."""
    footer = "Yours sincerely,\n\nMike Clancy\n\nIt rained."
    text = f"It rained.\n\n{footer}"
    assert [claim.claim_id for claim in claims(make_article(text))] == [
        claim_id("a", "It rained.", 0)
    ]


@PROPERTY
@given(PARAGRAPHS)
def test_ids_are_unique_and_spans_exact(make_article: Callable[[str], Article], text: str) -> None:
    """No two claims of an article share an id; each stands where it says, in its context."""
    assume(text.strip())
    found = claims(make_article(text))
    assert len({claim.claim_id for claim in found}) == len(found)
    for claim in found:
        claim.check(text, where="x")
        around = claim.prefix + claim.text + claim.suffix
        assert text.startswith(around, claim.start - len(claim.prefix))


@PROPERTY
@given(PARAGRAPHS, st.sampled_from(["An editor added this line.", "Public Services\n\nIt snowed."]))
def test_ids_survive_an_edit_elsewhere(
    make_article: Callable[[str], Article], text: str, added: str
) -> None:
    """A paragraph put before the article moves every claim and renames none."""
    assume(text.strip())
    before = claims(make_article(text))
    prefix = f"{added}\n\n"
    moved = {claim.claim_id: claim.start for claim in claims(make_article(prefix + text))}
    for claim in before:
        assert moved.get(claim.claim_id) == claim.start + len(prefix)
    assert len(moved) == len(before) + 1


def test_a_quotation_over_two_sentences_links_them(make_article: Callable[[str], Article]) -> None:
    """Both sentences carry the whole quotation, its one attribution and the same quote_id."""
    text = "Ruth Aldana said: “We won. We won it big.” It rained. “No,” Marlowe said."
    found = claims(make_article(text))
    assert found[0].quote_id is not None
    assert [claim.quote_id for claim in found] == [found[0].quote_id] * 2 + [None, None]
    for claim in found[:2]:
        (attribution,) = claim.attributions
        assert attribution.speaker == "Ruth Aldana"
        assert [span.text for span in attribution.quote_spans] == ["We won. We won it big."]
    assert found[2].attributions == ()
    assert [one.speaker for one in found[3].attributions] == ["Marlowe"]


def test_a_quote_id_survives_an_edit_elsewhere(make_article: Callable[[str], Article]) -> None:
    """It names the article, the words and their occurrence, not the position."""
    text = "Ruth Aldana said: “We won. We won it big.”"
    before = claims(make_article(text))
    after = claims(make_article(f"It rained all day.\n\n{text}"))
    assert before[0].quote_id == after[1].quote_id
    twice = claims(make_article(f"{text}\n\n{text}"))
    assert twice[0].quote_id == before[0].quote_id
    assert twice[2].quote_id == twice[3].quote_id != twice[0].quote_id


def test_a_sentence_carries_its_own_part_of_a_very_long_quotation(
    make_article: Callable[[str], Article],
) -> None:
    """Otherwise a mark that is never closed would be stored once for each sentence after it."""
    text = "Ruth Aldana said: “" + " ".join("We won it again." for _ in range(400))
    found = claims(make_article(text))
    assert len(found) == 400
    for claim in found[1:]:
        ((span,),) = [one.quote_spans for one in claim.attributions]
        assert (span.start, span.end) == (claim.start, claim.end)
    assert {claim.quote_id for claim in found} == {found[0].quote_id}


def test_every_stored_span_holds_its_text(seed_articles: list[Article]) -> None:
    """Speakers, cues, quotations and suggestions of the seeds, at the positions they name."""
    spans = 0
    for article in seed_articles:
        for claim in claims(article):
            for one in claim.attributions:
                for span in (one.speaker_span, one.cue_span, one.antecedent, *one.quote_spans):
                    if span is not None:
                        span.check(article.text, where=claim.claim_id)
                        spans += 1
    assert spans > 80
