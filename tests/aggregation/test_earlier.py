"""Answers of an earlier label set: renamed, left out, or refused with a way on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from claimset.aggregation import answers_under, known_under
from claimset.errors import ContractError
from claimset.models import AVERITEC, FEVER, Annotation, KnownAnswer, LabelSet

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def answer(number: int, verdict: str | None) -> Annotation:
    fields: dict[str, Any] = {
        "annotation_id": f"r:{number}",
        "claim_id": "c_0000000000000000",
        "round": "r",
        "annotator": f"p{number}",
        "annotator_kind": "human",
        "checkability": "opinion" if verdict is None else "factual",
        "verdict": verdict,
        "created_at": NOW,
        "updated_at": NOW,
        "status": "submitted",
        "label_schema_version": "1.0",
        "guidelines_version": "1.0",
    }
    return Annotation(**fields)


def fever(earlier: dict[str, str]) -> LabelSet:
    return LabelSet.model_validate(FEVER.model_dump() | {"earlier": earlier})


def test_answers_of_the_set_stay_as_they_are() -> None:
    answers = [answer(1, "supported"), answer(2, None), answer(3, "refuted")]
    assert answers_under(AVERITEC, answers) == answers


def test_earlier_verdicts_get_their_present_names() -> None:
    answers = [answer(1, "supported"), answer(2, "refutes"), answer(3, "conflicting_evidence")]
    found = answers_under(fever({"supported": "supports", "conflicting_evidence": ""}), answers)
    assert [(item.annotation_id, item.verdict) for item in found] == [
        ("r:1", "supports"),
        ("r:2", "refutes"),
    ]
    # What they were given under stays with them.
    assert found[0].label_schema_version == "1.0"


def test_a_verdict_that_the_set_does_not_know_is_refused_with_a_way_on() -> None:
    answers = [answer(1, "supported"), answer(2, "supported"), answer(3, "refuted")]
    with pytest.raises(ContractError) as caught:
        answers_under(FEVER, answers)
    assert "supported (2), refuted (1)" in caught.value.problem
    assert '    supported = "supports"' in caught.value.remedy
    assert "[labels.earlier]" in caught.value.remedy


def test_known_answers_are_renamed_left_out_or_refused_alike() -> None:
    def known(number: int, verdict: str | None) -> tuple[tuple[str, str], KnownAnswer]:
        claim = f"c_{number}"
        rest = {"checkability": "opinion"} if verdict is None else {"verdict": verdict}
        return ("r", claim), KnownAnswer.model_validate({"claim_id": claim, **rest})

    answers = dict(
        [known(1, "supported"), known(2, "refutes"), known(3, None), known(4, "conflicting")]
    )
    labels = fever({"supported": "supports", "conflicting": ""})
    assert known_under(labels, answers) == {
        ("r", "c_1"): "supports",
        ("r", "c_2"): "refutes",
        ("r", "c_3"): "opinion",
    }
    with pytest.raises(ContractError, match=r"known answers .* supported \(1\), conflicting \(1\)"):
        known_under(FEVER, answers)
