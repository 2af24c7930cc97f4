"""What a push asks: a claim that repeats another one word for word is not asked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset import pipeline
from claimset.models import Claim
from claimset.settings import Settings
from claimset.storage.ledger import Ledger, PushedTask, Round
from claimset.storage.tables import read_table, write_table

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

LINK = {"duplicate_score": 1.0, "duplicate_method": "verbatim"}


def _link(workspace: Workspace, mention: int, original: int, **changes: object) -> list[Claim]:
    """Segment, then link one claim to another as if it were its repetition."""
    pipeline.segment(workspace, Settings())
    claims = list(read_table(workspace.claims, Claim, made_by="test"))
    link = LINK | {
        "duplicate_of": claims[original].claim_id,
        "attributions": claims[original].attributions,
    }
    claims[mention] = claims[mention].model_copy(update=link | changes)
    write_table(workspace.claims, Claim, claims)
    return claims


def _asked(workspace: Workspace, **settings: object) -> int:
    result = pipeline.push(workspace, Settings.model_validate(settings), dry_run=True)
    return result.sent


def test_a_mention_is_asked_only_on_demand(workspace_copy: Workspace) -> None:
    claims = _link(workspace_copy, 1, 0)
    assert _asked(workspace_copy) == len(claims) - 1
    assert _asked(workspace_copy, all_mentions=True) == len(claims)


@pytest.mark.parametrize("method", ["retold", "part"])
def test_a_claim_whose_label_is_not_carried_is_always_asked(
    workspace_copy: Workspace, method: str
) -> None:
    claims = _link(workspace_copy, 1, 0, duplicate_method=method)
    assert _asked(workspace_copy) == len(claims)


def test_a_repetition_in_another_article_is_always_asked(workspace_copy: Workspace) -> None:
    """It is held against other sources."""
    claims = _link(workspace_copy, -1, 0, attributions=())
    assert claims[-1].article_id != claims[0].article_id
    assert _asked(workspace_copy) == len(claims)


def test_a_mention_that_was_sent_already_is_no_orphan(workspace_copy: Workspace) -> None:
    """Its task stays among those that are wanted; nothing tells the lead to delete it."""
    claims = _link(workspace_copy, 1, 0)
    with Ledger(workspace_copy.ledger) as ledger:
        ledger.save_round(Round("round-1", "http://127.0.0.1:1", 7, 1, 2, "1.0", "0.2", "f" * 64))
        ledger.record_tasks("round-1", [PushedTask(7, claims[1].claim_id, "another hash")])
    result = pipeline.push(workspace_copy, Settings(), dry_run=True)
    assert result.orphaned == ()
    assert result.changed == (claims[1].claim_id,)
    assert result.sent == len(claims)  # the changed one among them
