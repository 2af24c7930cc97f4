"""A workspace whose ledger holds the recorded answers, as a pull would leave it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from claimset.models import AVERITEC, Annotation
from claimset.pipeline import read_segmented, segment
from claimset.seeds import read_reference
from claimset.settings import load_settings
from claimset.storage.ledger import Ledger, PushedTask, Round

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

START = datetime(2026, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def answered(workspace_copy: Workspace) -> Workspace:
    """The seeds, segmented; round `seeds` with three answers to each of its 46 claims."""
    segment(workspace_copy, load_settings(workspace_copy))
    claims = read_segmented(workspace_copy).claims
    task_of = {claim.claim_id: number for number, claim in enumerate(claims, 1)}
    known = {(claim.article_id, claim.start): claim.claim_id for claim in claims}
    answers: dict[int, list[Annotation]] = {}
    for number, (_, row) in enumerate(read_reference(workspace_copy.reference, AVERITEC)):
        claim_id = known.get((row.article_id, row.start))
        if claim_id is None:
            continue
        moment = START + timedelta(minutes=7 * number)
        answers.setdefault(task_of[claim_id], []).append(
            Annotation.model_validate(
                {
                    **row.model_dump(exclude={"article_id", "start", "end", "text"}),
                    "annotation_id": f"seeds:{number}",
                    "claim_id": claim_id,
                    "round": "seeds",
                    "annotator_kind": "machine",
                    "lead_time_s": 30 + number % 50,
                    "created_at": moment,
                    "updated_at": moment,
                    "status": "submitted",
                    "label_schema_version": "1.0",
                    "guidelines_version": "0.1",
                }
            )
        )
    with Ledger(workspace_copy.ledger) as ledger:
        ledger.save_round(Round("seeds", "http://127.0.0.1:1", 1, 1, 3, "1.0", "0.1", ""))
        ledger.record_tasks(
            "seeds", [PushedTask(number, claim, "h") for claim, number in task_of.items()]
        )
        ledger.record_pull("seeds", answers)
    return workspace_copy
