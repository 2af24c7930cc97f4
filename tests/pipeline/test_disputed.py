"""Disputed claims: which need a decision, who gives it, and how far that is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.aggregation import GoldRules
from claimset.models import (
    Annotation,
    AnnotationRole,
    AnnotatorKind,
    Checkability,
    Claim,
    UnitKind,
    Verdict,
)
from claimset.pipeline.disputed import DisputeState, assign, disputed_claims
from claimset.storage.ledger import Author

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = st.text("abcdefgh", min_size=1, max_size=4)
CROWDS = st.lists(NAMES, unique=True, min_size=1, max_size=6)


def author(name: str) -> Author:
    return Author(f"p_{name}", AnnotatorKind.HUMAN)


def claim(number: int) -> Claim:
    return Claim.model_validate(
        {
            "claim_id": f"c_{number:016d}",
            "article_id": "a",
            "event_id": "e",
            "start": number,
            "end": number + 1,
            "text": "x",
            "prefix": "",
            "suffix": "",
            "kind": UnitKind.CLAIM,
            "rule": "test",
            "segmenter_version": "1",
        }
    )


def answers(number: int, *labels: str | None, decision: str | None = None) -> list[Annotation]:
    """Votes on a claim; ``decision`` adds that of an adjudicator, "?" being undecidable."""
    given_: list[tuple[str, str | None, dict[str, Any]]] = [
        (f"p_{place}", label, {}) for place, label in enumerate(labels)
    ]
    if decision is not None:
        label = None if decision == "?" else decision
        role = {"role": AnnotationRole.ADJUDICATION, "error_category": "slip", "round": "r-decides"}
        given_.append(("p_judge", label, role))
    return [
        Annotation.model_validate(
            {
                "annotation_id": f"r:{number}-{annotator}",
                "claim_id": f"c_{number:016d}",
                "round": "r",
                "annotator": annotator,
                "annotator_kind": AnnotatorKind.HUMAN,
                "checkability": Checkability.FACTUAL if label in set(Verdict) else label,
                "verdict": label if label in set(Verdict) else None,
                "created_at": START,
                "updated_at": START,
                "status": "submitted",
                "label_schema_version": "1.0",
                "guidelines_version": "1.0",
            }
            | changes
        )
        for annotator, label, changes in given_
    ]


CLAIMS = [claim(number) for number in range(7)]
KNOWN = [
    *answers(0, "supported", "supported"),  # no dispute
    *answers(1, "supported", "refuted"),  # a tie
    *answers(2, "supported", "supported", "refuted"),  # a majority
    *answers(3, "supported", "refuted", decision="refuted"),
    *answers(4, "opinion", "refuted", decision="?"),
    *answers(5, "supported", "refuted"),  # not asked in this round
    *answers(6, "opinion"),  # one vote
]
ASKED = {claim.claim_id for place, claim in enumerate(CLAIMS) if place != 5}


def states(rules: GoldRules, *, only_unresolved: bool = False) -> dict[int, str]:
    found, _ = disputed_claims(
        CLAIMS,
        KNOWN,
        rules,
        asked=ASKED,
        sent={CLAIMS[1].claim_id},
        only_unresolved=only_unresolved,
    )
    return {int(item.claim_id[2:]): str(item.state) for item in found}


def test_every_claim_with_differing_votes_is_disputed() -> None:
    """Ties and majorities alike; decided and undecidable ones stay on the list."""
    assert states(GoldRules()) == {
        1: DisputeState.OPEN,
        2: DisputeState.UNSENT,
        3: DisputeState.DECIDED,
        4: DisputeState.CANNOT_BE_DECIDED,
    }


def test_what_the_rules_decide_can_be_left_out() -> None:
    """A majority of two to one is gold by the default rules, and too thin for a margin of two."""
    assert set(states(GoldRules(), only_unresolved=True)) == {1, 3, 4}
    assert set(states(GoldRules(min_margin=2), only_unresolved=True)) == {1, 2, 3, 4}


def test_claims_that_lack_votes_wait() -> None:
    """Two votes of three that differ need the third vote, not an adjudicator."""
    found, waiting = disputed_claims(
        CLAIMS, KNOWN, GoldRules(min_votes=3), asked=ASKED, sent=(), only_unresolved=False
    )
    assert {int(item.claim_id[2:]) for item in found} == {2, 3, 4}
    assert waiting == 1


@given(CROWDS, CROWDS)
def test_a_claim_goes_to_somebody_who_did_not_vote_on_it(
    voters: list[str], named: list[str]
) -> None:
    """If there is anybody; otherwise each refusal is given by name."""
    crowd = {author(name) for name in voters}
    account, reasons = assign("c_1", crowd, {name: author(name) for name in named})
    if set(named) <= set(voters):
        assert account is None
        assert [reason.split()[0] for reason in reasons] == [f"p_{name}" for name in named]
    else:
        assert account in set(named) - set(voters)
        assert reasons == ()


@given(CROWDS, NAMES)
def test_who_decides_depends_on_nothing_else(named: list[str], newcomer: str) -> None:
    """Neither the order of the names nor another adjudicator moves a claim between two others."""
    people = {name: author(name) for name in named}
    chosen, _ = assign("c_1", set(), people)
    turned, _ = assign("c_1", set(), dict(reversed(list(people.items()))))
    more, _ = assign("c_1", set(), people | {newcomer: author(newcomer)})
    assert turned == chosen
    assert more in (chosen, newcomer)


def test_claims_are_spread_evenly() -> None:
    """Each of three adjudicators gets about a third."""
    people = {name: author(name) for name in ("a", "b", "c")}
    chosen = [assign(f"c_{number}", set(), people)[0] for number in range(600)]
    assert all(150 < chosen.count(name) < 250 for name in people)


@pytest.mark.parametrize("number", [3, 4])
def test_a_decision_is_named_with_its_author(number: int) -> None:
    """Gold and pedigree stand with the dispute."""
    found, _ = disputed_claims(
        CLAIMS, KNOWN, GoldRules(), asked=ASKED, sent=(), only_unresolved=False
    )
    item = next(item for item in found if item.claim_id == CLAIMS[number].claim_id)
    assert item.adjudicator == "p_judge"
    assert (item.label, item.gold_source) == (
        ("refuted", "adjudicated") if number == 3 else (None, "unresolved")
    )
