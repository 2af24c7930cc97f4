"""Answers under an earlier label set are called the same as columns and as rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claimset.aggregation import answers_under
from claimset.errors import ContractError
from claimset.models import AVERITEC, Annotation
from claimset.pipeline.answer_tables import answer_tables_under
from claimset.storage.columns import arrow_schema, table_of

LABELS = AVERITEC.model_copy(update={"earlier": {"true": "supported", "half_true": ""}})
SCHEMA = arrow_schema(Annotation)


def answer(number: int, verdict: str | None) -> Annotation:
    return Annotation.model_validate(
        {
            "annotation_id": f"r:{number}",
            "claim_id": "c",
            "round": "r",
            "annotator": "p",
            "annotator_kind": "human",
            "checkability": "factual" if verdict else "opinion",
            "verdict": verdict,
            "created_at": datetime(2026, 1, 1, tzinfo=UTC),
            "updated_at": datetime(2026, 1, 1, tzinfo=UTC),
            "status": "submitted",
            "label_schema_version": "1.0",
            "guidelines_version": "1.0",
        }
    )


@pytest.mark.parametrize(
    "verdicts",
    [
        ["supported", "refuted", None],
        ["true", None, "half_true", "supported", "true"],
        ["half_true"],
        [],
    ],
)
def test_they_are_called_alike(verdicts: list[str | None]) -> None:
    rows = [answer(number, verdict) for number, verdict in enumerate(verdicts)]
    (found,) = answer_tables_under(LABELS, [table_of(rows, SCHEMA)])
    assert found.equals(table_of(answers_under(LABELS, rows), SCHEMA))


def test_a_verdict_of_no_label_set_is_refused_with_its_number() -> None:
    rows = [answer(number, verdict) for number, verdict in enumerate(["odd", "true", "odd"])]
    tables = [table_of(rows, SCHEMA), table_of(rows[:1], SCHEMA)]
    with pytest.raises(ContractError, match=r"odd \(3\)"):
        list(answer_tables_under(LABELS, tables))
