"""Claims, candidates and released claims: what belongs together is given together."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from claimset.models import Claim, EvidenceCandidate, ReleasedClaim
from claimset.models.published import EvidenceSet, ReleasedArticle

ROW: dict[str, Any] = {
    "article_id": "a",
    "start": 0,
    "end": 4,
    "text": "True",
    "claim_id": "c_0123456789abcdef",
    "event_id": "e",
    "prefix": "",
    "suffix": "",
    "kind": "claim",
    "rule": "a sentence of running text",
    "segmenter_version": "1.0",
}
RELEASED: dict[str, Any] = ROW | {
    "gold_source": "unanimous",
    "gold_checkability": "factual",
    "gold_verdict": "supported",
    "n_annotations": 2,
    "split": "train",
    "first_release": "0.1.0",
    "last_changed_release": "0.1.0",
}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"duplicate_of": "c_1", "duplicate_score": 0.9, "duplicate_method": "m"}, None),
        ({"duplicate_of": "c_1"}, "given together or not"),
        ({"duplicate_score": 0.9}, "given together or not"),
        ({"parent_id": "c_1", "derived": True}, None),
        ({"parent_id": "c_1"}, "only a derived claim has one"),
        ({"derived": True}, "a derived claim has a parent_id"),
        ({"claim_id": "c_0123456789ABCDEF"}, "match pattern"),
        ({"claim_id": "c_0123"}, "match pattern"),
        ({"checkworthiness": 1.1}, "less than or equal to 1"),
        ({"checkworthiness": -0.1}, "greater than or equal to 0"),
        ({"event_id": "../e"}, "letters, digits"),
        ({"kind": "sentence"}, "Input should be"),
        ({"end": 5}, "end - start is 5 but text has 4 characters"),
        ({"attributions": [{"speaker": "He"}]}, "Field required"),
        (
            {"attributions": [{"quote_type": "direct", "cue_span": {"start": 1, "end": 1}}]},
            "Field required",
        ),
    ],
)
def test_a_claim_is_complete(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert Claim.model_validate(ROW | changes).text == "True"
    else:
        with pytest.raises(ValidationError, match=problem):
            Claim.model_validate(ROW | changes)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"gold_checkability": "opinion", "gold_verdict": None}, None),
        (
            {"gold_source": "unresolved", "gold_checkability": None, "gold_verdict": None},
            None,
        ),
        ({"gold_source": "unresolved"}, "if and only if the claim is resolved"),
        ({"gold_checkability": None, "gold_verdict": None}, "only if the claim is resolved"),
        ({"gold_checkability": None}, "only if the claim is resolved"),
        ({"gold_verdict": None}, "if and only if the gold checkability is factual"),
        ({"gold_checkability": "opinion"}, "if and only if the gold checkability is factual"),
        ({"gold_source": "guessed"}, "Input should be"),
        ({"agreement": 1.01}, "less than or equal to 1"),
        ({"n_annotations": -1}, "greater than or equal to 0"),
        ({"status": "gone"}, "Input should be"),
        ({"evidence_sets": [{"annotator": "p", "spans": []}]}, "at least 1 item"),
    ],
)
def test_a_gold_label_fits_its_source(changes: dict[str, Any], problem: str | None) -> None:
    """Unresolved means no label; a verdict is gold just when the claim is factual."""
    if problem is None:
        assert ReleasedClaim.model_validate(RELEASED | changes).claim_id == ROW["claim_id"]
    else:
        with pytest.raises(ValidationError, match=problem):
            ReleasedClaim.model_validate(RELEASED | changes)


def test_ranks_begin_at_one() -> None:
    row = {
        "article_id": "a",
        "start": 0,
        "end": 1,
        "text": "x",
        "claim_id": "c",
        "score": 1.0,
        "retriever": "bm25-1",
    }
    assert EvidenceCandidate.model_validate(row | {"rank": 1}).rank == 1
    for changes in ({"rank": 0}, {"rank": 1, "score": float("inf")}):
        with pytest.raises(ValidationError):
            EvidenceCandidate.model_validate(row | changes)


def test_an_evidence_set_holds_something() -> None:
    with pytest.raises(ValidationError, match="at least 1 item"):
        EvidenceSet(annotator="p", spans=())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"text": None, "text_policy": "excerpt"}, None),
        ({"open_license": True}, None),
        ({}, "needs open_license"),
        ({"text_policy": "excerpt"}, "if and only if the text policy is full"),
        ({"open_license": True, "text": None}, "if and only if the text policy is full"),
        ({"open_license": True, "length": 5}, "length is 5 but text has 4 characters"),
    ],
)
def test_only_free_text_is_published(changes: dict[str, Any], problem: str | None) -> None:
    """A row with the text of an article that is not free cannot be made at all."""
    row = {
        "article_id": "a",
        "event_id": "e",
        "title": "t",
        "license": "l",
        "path": "a.txt",
        "sha256": "0" * 64,
        "text_sha256": "0" * 64,
        "text": "True",
        "text_policy": "full",
        "split": "train",
        "length": 4,
    } | changes
    if problem is None:
        assert ReleasedArticle.model_validate(row).length == 4
    else:
        with pytest.raises(ValidationError, match=problem):
            ReleasedArticle.model_validate(row)
