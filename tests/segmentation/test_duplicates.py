"""Links say which claims repeat another one; a difference that counts is never linked over."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.models import Attribution, Claim, QuoteType, Span, UnitKind
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units
from claimset.segmentation.blocking import comparable_pairs
from claimset.segmentation.contradictions import difference
from claimset.segmentation.duplicates import DuplicateMethod, carries_label, link_duplicates
from claimset.segmentation.wording import Wording, plain

SEEDS = Path(__file__).parents[2] / "seeds"
FIXTURES = Path(__file__).parents[1] / "fixtures"
PART, RETOLD, VERBATIM = DuplicateMethod.PART, DuplicateMethod.RETOLD, DuplicateMethod.VERBATIM


def _claims(*articles: list[str], event: str = "event") -> list[Claim]:
    claims: list[Claim] = []
    for letter, texts in zip("abcdefgh", articles, strict=False):
        start = 0
        for text in texts:
            claims.append(
                Claim(
                    claim_id=f"c_{len(claims):016x}",
                    article_id=letter,
                    event_id=event,
                    start=start,
                    end=start + len(text),
                    text=text,
                    prefix="",
                    suffix="",
                    kind=UnitKind.CLAIM,
                    rule="",
                    segmenter_version="0",
                )
            )
            start += len(text) + 1
    return claims


def _links(claims: list[Claim]) -> dict[int, tuple[int, str | None]]:
    """Number of each linked claim, with the number it points to and the method."""
    number = {claim.claim_id: index for index, claim in enumerate(claims)}
    return {
        index: (number[claim.duplicate_of], claim.duplicate_method)
        for index, claim in enumerate(link_duplicates(claims))
        if claim.duplicate_of is not None
    }


def _linked(one: str, other: str) -> bool:
    """Whether two sentences are linked, within an article and across; the order must not matter."""
    found = {
        bool(_links(_claims(*articles)))
        for articles in ([[one, other]], [[other, one]], [[one], [other]], [[other], [one]])
    }
    assert len(found) == 1, "the decision depends on the order or on the article"
    return found.pop()


def test_the_seeds_tell_their_lead_twice_once_in_two_parts() -> None:
    """Line 3 repeats line 0, line 4 line 1, and lines 5 and 6 together line 2; nothing else."""
    first, *others = read_articles(SEEDS)
    claims = claims_of(first, find_units(first))
    links = _links(claims)
    assert links == {3: (0, RETOLD), 4: (1, RETOLD), 5: (2, PART), 6: (2, PART)}
    linked = link_duplicates(claims)
    for mention, (original, _) in links.items():
        assert not carries_label(linked[mention], linked[original])
    for article in others:
        assert _links(claims_of(article, find_units(article))) == {}


SAME = [
    ("Ministers said the scheme will be changed to avoid a repeat of the incident.",
     "Ministers said the scheme would be changed to avoid a repeat of the incident."),
    ("The chancellor, Maria Lenz, has resigned over the leaked report on pensions.",
     "The chancellor has resigned over the leaked report on pensions."),
    ("The court said that 1,200 homes were damaged by the storm on the northern coast.",
     "The court said 1200 homes were damaged by the storm on the northern coast."),
    ("Two officers were injured when a crowd attacked the town hall in Marseille.",
     "Two officers were injured when the crowd stormed the town hall in Marseille."),
    ("The minister didn't say when the new railway line to Oslo will open.",
     "The minister did not say when the new railway line to Oslo would open."),
    ("The firm's “reckless” plan has angered residents near the old harbour.",
     'The firm\'s "reckless" plan has angered residents near the harbour.'),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_tellings_of_the_same_are_linked(one: str, other: str) -> None:
    assert _linked(one, other)


# Each pair looks alike and says different things; `what` names the difference.
DIFFERING = [
    tuple(json.loads(line).values())
    for line in (FIXTURES / "different_claims.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("what", "one", "other"), DIFFERING)
def test_a_difference_that_counts_forbids_the_link(what: str, one: str, other: str) -> None:
    """Alone and beside other retellings of either; the rule says so, not only the similarity."""
    assert not _linked(one, other), what
    wordings = Wording(plain(one)), Wording(plain(other))
    assert difference(*wordings) is not None
    assert difference(*wordings) == difference(*reversed(wordings))


LEAD = "The chancellor, Maria Lenz, has resigned over the leaked report on pensions."
LEAD_AGAIN = "The chancellor has resigned over the leaked report on pensions."
LEAD_OTHER = "The chancellor, Robert Falk, has resigned over the leaked report on pensions."


def test_the_later_claim_points_to_the_earlier_one() -> None:
    """Within an article by position, across articles by id, whatever the input's order."""
    assert _links(_claims([LEAD, "Nothing else happened.", LEAD_AGAIN])) == {2: (0, RETOLD)}
    claims = _claims([LEAD], [LEAD_AGAIN])
    assert _links(claims) == {1: (0, RETOLD)}
    assert _links(claims[::-1]) == {0: (1, RETOLD)}


def test_claims_that_add_different_names_are_never_under_one_claim() -> None:
    """Each of two may be a telling of a third that names nobody; together they are not."""
    assert _links(_claims([LEAD_AGAIN, LEAD, LEAD_OTHER])) == {1: (0, RETOLD)}
    assert _links(_claims([LEAD_AGAIN], [LEAD], [LEAD_OTHER])) == {1: (0, RETOLD)}


def test_several_claims_may_point_to_one_also_in_other_articles() -> None:
    """A star: claims that repeated the one that is linked now are moved along with it."""
    links = _links(_claims([LEAD], [LEAD_AGAIN, LEAD], [LEAD]))
    assert {mention: original for mention, (original, _) in links.items()} == {1: 0, 2: 0, 3: 0}
    assert links[3] == (0, VERBATIM)


def test_claims_of_different_events_are_never_linked() -> None:
    one, other = _claims([LEAD]), _claims(["Something else."], [LEAD])[1:]
    other = [claim.model_copy(update={"event_id": "another"}) for claim in other]
    assert _links(one + other) == {}


def test_derived_claims_are_left_alone() -> None:
    sentence, clause = _claims([LEAD, LEAD])
    clause = clause.model_copy(update={"derived": True, "parent_id": sentence.claim_id})
    assert _links([sentence, clause]) == {}


def test_typography_makes_no_difference() -> None:
    one = "The firm's “reckless” plan – the third this year – has angered residents."
    other = 'The firm’s "reckless" plan — the third this  year — has angered residents'
    assert plain(one) == plain(other)
    assert _links(_claims([one, other])) == {1: (0, VERBATIM)}


def test_a_short_sentence_is_linked_only_word_for_word() -> None:
    """Short sentences look alike whatever they say."""
    assert _links(_claims(["Voters backed Lenz.", "Voters praised Lenz."])) == {}
    assert _links(_claims(["Voters backed Lenz.", "Voters backed Lenz."])) == {1: (0, VERBATIM)}


WHOLE = (
    "Governor Ada Stone said the province had bought new pumps after the flood and promised "
    "farmers in the lower valley that the dykes will be raised."
)
PARTS = [
    "Governor Ada Stone said the province had bought new pumps after the flood in the spring.",
    "She promised farmers in the lower valley, who lost hope, that the dykes would be raised.",
]


def test_a_claim_told_again_in_two_sentences_gets_two_parts() -> None:
    """The parts point to the whole, whichever stands first, and never carry its label."""
    assert _links(_claims([WHOLE, *PARTS])) == {1: (0, PART), 2: (0, PART)}
    assert _links(_claims([*PARTS, WHOLE])) == {0: (2, PART), 1: (2, PART)}
    linked = link_duplicates(_claims([WHOLE, *PARTS]))
    assert not carries_label(linked[1], linked[0])
    assert linked[1].duplicate_score == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize(
    "parts",
    [
        PARTS[:1],
        PARTS[1:],
        [PARTS[0], "The meeting in the town hall was long.", PARTS[1]],
        [PARTS[0].replace("had bought", "had not bought"), PARTS[1]],
        [PARTS[0], PARTS[1].replace("would be", "would never be")],
        [PARTS[0].replace("pumps", "pumps worth 3 million euros"), PARTS[1]],
        [PARTS[0].replace("Ada Stone", "Ida Brook"), PARTS[1]],
        [PARTS[0], PARTS[1].replace("raised", "lowered")],
    ],
)
def test_sentences_that_do_not_tell_the_whole_are_no_parts(parts: list[str]) -> None:
    """One alone, not adjacent, or with another number, name, negation or opposite."""
    assert _links(_claims([WHOLE, *parts])) == {}


def _pair(one: str, other: str, *, articles: int = 1) -> tuple[Claim, Claim]:
    texts = [[one, other]] if articles == 1 else [[one], [other]]
    original, mention = link_duplicates(_claims(*texts))
    assert mention.duplicate_of == original.claim_id
    return mention, original


def test_a_label_is_carried_only_word_for_word_and_within_the_article() -> None:
    """In another article the sources are others; a retelling may add something."""
    assert carries_label(*_pair(LEAD, LEAD))
    assert carries_label(*_pair(LEAD, LEAD.removesuffix(".")))
    assert not carries_label(*_pair(LEAD, LEAD, articles=2))
    assert not carries_label(*_pair(LEAD, LEAD_AGAIN))
    assert not carries_label(*reversed(_pair(LEAD, LEAD)))


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("He has resigned over the leaked report on pensions.", False),
        ("Friends of hers told Maria Lenz about the leaked report.", False),
        ("It was leaked before the vote on the pensions.", False),
        ("Maria Lenz said she had resigned over the leaked report.", True),
        ("The report on pensions was leaked before the vote.", True),
    ],
)
def test_a_sentence_that_does_not_say_whom_it_means_keeps_its_own_label(
    text: str, *, carried: bool
) -> None:
    """A pronoun before the first name points outside the sentence, perhaps to somebody else."""
    assert carries_label(*_pair(text, text)) is carried


def _said_by(claim: Claim, speaker: str, start: int) -> Claim:
    span = Span(start=start, end=start + len(speaker), text=speaker)
    attribution = Attribution(speaker=speaker, speaker_span=span, quote_type=QuoteType.DIRECT)
    return claim.model_copy(update={"attributions": (attribution,)})


def test_the_same_words_of_another_speaker_are_not_a_repetition() -> None:
    """The speaker of a sentence within a longer quotation is named in another sentence."""
    one, other = _claims([LEAD, LEAD])
    far = other.end + 100
    assert _links([_said_by(one, "Ada Stone", far), _said_by(other, "Ida Brook", far)]) == {}
    alike = link_duplicates([_said_by(one, "Ada Stone", far), _said_by(other, "Ada Stone", far)])
    assert carries_label(alike[1], alike[0])
    mixed = link_duplicates([_said_by(one, "Ada Stone", far), other])
    assert mixed[1].duplicate_of is None or not carries_label(mixed[1], mixed[0])


def test_scripts_without_capitals_are_linked_only_word_for_word() -> None:
    """Where names cannot be told from other words, likeness proves nothing."""
    one = "部长 昨天 在 北京 宣布 了 新 的 铁路 建设 计划 和 预算"
    other = "部长 昨天 在 上海 宣布 了 新 的 铁路 建设 计划 和 预算"
    assert _links(_claims([one, other])) == {}
    assert _links(_claims([one, one])) == {1: (0, VERBATIM)}


VOCABULARY = """the minister said union officials email crackdown not never 12 17 Lenz Stone
    London , and was by approved rejected report pensions valley farmers dykes raised would will"""
SENTENCES = st.lists(st.sampled_from(VOCABULARY.split()), min_size=1, max_size=24).map(" ".join)


def _story(data: st.DataObject) -> list[Claim]:
    """Claims of up to four articles, many of them retold with a few words changed."""
    texts = data.draw(st.lists(SENTENCES | st.text(min_size=1, max_size=40), max_size=8))
    texts += [LEAD, LEAD_AGAIN, LEAD_OTHER, WHOLE, *PARTS]
    articles = data.draw(
        st.lists(st.lists(st.sampled_from(texts), max_size=8), min_size=1, max_size=4)
    )
    return _claims(*articles)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_links_are_stars_that_depend_on_nothing_but_the_claims(data: st.DataObject) -> None:
    """No chain, no circle, none between events; input order and earlier links change nothing."""
    claims = _story(data)
    linked = link_duplicates(claims)
    by_id = {claim.claim_id: claim for claim in linked}
    assert [claim.claim_id for claim in linked] == [claim.claim_id for claim in claims]
    for claim, before in zip(linked, claims, strict=True):
        assert Claim.model_validate(claim.model_dump()) == claim
        fields: dict[str, Any] = dict.fromkeys(
            ("duplicate_of", "duplicate_score", "duplicate_method")
        )
        assert claim.model_copy(update=fields) == before
        if claim.duplicate_of is None:
            continue
        original = by_id[claim.duplicate_of]
        assert original.duplicate_of is None
        places = [(item.article_id, item.start) for item in (original, claim)]
        assert places[0] < places[1] or claim.duplicate_method == PART
    assert link_duplicates(linked) == linked
    order = random.Random(7)  # noqa: S311 - a fixed shuffle
    shuffled = {
        claim.claim_id: claim for claim in link_duplicates(order.sample(claims, len(claims)))
    }
    assert shuffled == by_id


@settings(max_examples=150, deadline=None)
@given(one=SENTENCES | st.text(max_size=60), other=SENTENCES | st.text(max_size=60))
def test_the_decision_is_symmetric(one: str, other: str) -> None:
    wordings = Wording(plain(one)), Wording(plain(other))
    assert difference(*wordings) == difference(*reversed(wordings))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_nothing_under_one_claim_differs_in_number_or_negation(data: st.DataObject) -> None:
    claims = link_duplicates(_story(data))
    strict = {claim.claim_id: Wording(plain(claim.text)).strict for claim in claims}
    for claim in claims:
        if claim.duplicate_of is not None and claim.duplicate_method != PART:
            assert strict[claim.claim_id] == strict[claim.duplicate_of]


def _pattern(count: int) -> list[Wording]:
    """Sentences that differ in one made-up word each: everything else they share."""
    return [
        Wording(f"ward{'abcdefghij'[number % 10]} x{number:b}".translate({48: "o", 49: "i"})
                + " elected the farmer Ada Stone to the council of the valley")
        for number in range(count)
    ]  # fmt: skip


def test_cost_grows_linearly_where_all_sentences_are_alike() -> None:
    """Twice the sentences of one pattern are at most twice the pairs, not four times."""
    fewer, more = (sum(1 for _ in comparable_pairs(_pattern(count))) for count in (1000, 2000))
    assert 0 < more < 2.1 * fewer


@pytest.mark.parametrize(
    "text", ["flood " * 100_000, "x" * 1_000_000, "- -" * 300_000, "'" * 500_000]
)
def test_huge_sentences_are_compared_as_a_whole(text: str) -> None:
    """Aligning their words would take hours; equal ones are linked all the same."""
    assert _links(_claims([text, f"{text} Stone", text])) == {2: (0, VERBATIM)}
