"""Questions: which claims a round asks for, in which role and order, without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.errors import UsageError
from claimset.identifiers import sha256_hex
from claimset.models import Checkability, KnownAnswer, Selection, TaskOrder, TaskRole
from claimset.pipeline.asking import Asking, Question
from claimset.pipeline.current import current_claims
from claimset.pipeline.reporter import silent
from claimset.selection import hash_ids
from claimset.settings import Settings
from claimset.storage.ledger import Ledger, PushedTask, Round

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimset.pipeline.claim_index import ClaimIndex
    from claimset.storage.workspace import Workspace

ROUND = Round("r", "http://127.0.0.1:1", 7, 1, 2, "1.0", "0.2", "f" * 64)
TEXTS = {
    "one": "The council of Leeds raised its parking fees by 5 percent in March 2020. "
    "Anna Smith said that drivers in Leeds had paid 40 million pounds a year. "
    "The city library of Leeds closed on 3 May 2021. "
    "The council of Leeds raised its parking fees by 5 percent in March 2020.",
    "two": "The council of Leeds raised its parking fees by 5 percent in March 2020. "
    "The hospital in York opened a second ward for children in 2019.",
}
OPINION = KnownAnswer(claim_id="x", checkability=Checkability.OPINION)


@pytest.fixture
def workspace(workspace_copy: Workspace) -> Workspace:
    """Two articles of one event; the first ends, and the second begins, with its first words."""
    for path in (workspace_copy.seeds / "articles").iterdir():
        path.unlink()
    rows = []
    for name, text in TEXTS.items():
        Path(workspace_copy.seeds / "articles" / f"{name}.txt").write_text(text, "utf-8")
        rows.append(
            {
                "article_id": name,
                "event_id": "e",
                "title": name,
                "license": "CC0-1.0",
                "path": f"articles/{name}.txt",
                "sha256": sha256_hex(text.encode()),
            }
        )
    manifest = workspace_copy.seeds / "manifest.jsonl"
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return workspace_copy


@pytest.fixture
def index(workspace: Workspace) -> ClaimIndex:
    return current_claims(workspace, Settings(engine="inline"), silent)


@pytest.fixture
def ledger(workspace: Workspace, index: ClaimIndex) -> Iterator[Ledger]:
    assert [(claim.article_id, bool(claim.repeats)) for claim in index.claims] == [
        *(("one", False), ("one", False), ("one", False), ("one", True)),
        *(("two", True), ("two", False)),  # in another article it is judged by itself
    ]
    with Ledger(workspace.ledger) as found:
        for name in ("r", "another"):
            found.save_round(ROUND._replace(name=name))
        yield found


def asked(questions: Sequence[Question]) -> list[tuple[str, TaskRole]]:
    return [(question.claim_id, question.role) for question in questions]


def votes(*claims: str) -> list[tuple[str, TaskRole]]:
    return [(claim, TaskRole.CLAIM) for claim in claims]


def test_a_repetition_in_its_article_is_not_asked_unless_wanted(
    index: ClaimIndex, ledger: Ledger
) -> None:
    """Nor when the selection leaves out what it repeats, or it has a task already."""
    ids = [claim.claim_id for claim in index.claims]
    once = Asking(index, "r", None, all_mentions=False)
    assert asked(once.questions(ledger, Selection())) == votes(*ids[:3], *ids[4:])
    every = once._replace(all_mentions=True)
    assert asked(every.questions(ledger, Selection())) == votes(*ids)
    listed = frozenset(ids[1:])
    alone = once._replace(listed=listed).questions(ledger, Selection(ids_sha256=hash_ids(listed)))
    assert asked(alone) == votes(*ids[1:])
    ledger.record_tasks("r", [PushedTask(1, ids[3], "h")])
    assert asked(once.questions(ledger, Selection())) == votes(*ids)


def test_known_answers_stand_at_their_place_and_are_no_votes(
    index: ClaimIndex, ledger: Ledger
) -> None:
    """Those of this push, of earlier ones, and those the project holds; of this round only."""
    ids = [claim.claim_id for claim in index.claims]
    asking = Asking(index, "r", None, all_mentions=True, known={ids[1]: OPINION})
    ledger.record_known_answers("r", {ids[4]: OPINION})
    ledger.record_known_answers("another", {ids[0]: OPINION})
    ledger.record_tasks("r", [PushedTask(1, ids[5], "h", TaskRole.GOLD)])
    roles = dict(asked(asking.questions(ledger, Selection())))
    assert list(roles) == ids
    gold = {claim for claim, role in roles.items() if role is TaskRole.GOLD}
    assert gold == {ids[1], ids[4], ids[5]}
    # A selection is of votes; what measures is asked beside it.
    one = Selection(articles=("one",))
    assert [claim for claim, _ in asked(asking.questions(ledger, one))] == ids


def test_second_tasks_are_drawn_once_and_come_last(index: ClaimIndex, ledger: Ledger) -> None:
    """The same draw each time, up to the share; what was drawn before stays."""
    ids = [claim.claim_id for claim in index.claims]
    asking = Asking(index, "r", None, all_mentions=True, repeat=0.5)
    first = asked(asking.questions(ledger, Selection()))
    assert first[:6] == votes(*ids)
    drawn = [claim for claim, role in first[6:] if role is TaskRole.REPEAT]
    assert len(drawn) == len(first) - 6 == 3
    assert drawn == [claim for claim in ids if claim in drawn]
    assert asked(asking.questions(ledger, Selection())) == first
    fewer = asked(asking._replace(repeat=0.4).questions(ledger, Selection()))
    assert set(fewer) < set(first) or set(fewer) == set(first)
    assert len(fewer) == 6 + 3  # 2.4 claims are three
    left = next(claim for claim in ids if claim not in drawn)
    ledger.record_tasks("r", [PushedTask(1, left, "h", TaskRole.REPEAT)])
    kept = asked(asking._replace(repeat=None).questions(ledger, Selection()))
    assert kept[6:] == [(left, TaskRole.REPEAT)]
    with_left = asked(asking.questions(ledger, Selection()))[6:]
    assert len(with_left) == 3
    assert (left, TaskRole.REPEAT) in with_left
    assert asked(asking._replace(repeat=0).questions(ledger, Selection()))[6:] == kept[6:]


def test_a_claim_that_gives_votes_cannot_measure(
    index: ClaimIndex, ledger: Ledger, tmp_path: Path
) -> None:
    ids = [claim.claim_id for claim in index.claims]
    asking = Asking(index, "r", None, all_mentions=True, known={ids[0]: OPINION, ids[1]: OPINION})
    asking.check_known(ledger, tmp_path)
    ledger.record_tasks("r", [PushedTask(1, ids[1], "h"), PushedTask(2, ids[2], "h")])
    with pytest.raises(UsageError, match=f"claim {ids[1]} of the file"):
        asking.check_known(ledger, tmp_path)
    ledger.record_tasks("r", [PushedTask(3, ids[0], "h")])
    with pytest.raises(UsageError, match="and 1 more of the file"):
        asking.check_known(ledger, tmp_path)


def test_tasks_follow_the_questions(index: ClaimIndex, ledger: Ledger) -> None:
    """One for each, in their order and role; without candidates where none are to be shown."""
    asking = Asking(index, "r", None, all_mentions=True, repeat=0.2)
    questions = asking.questions(ledger, Selection(order=TaskOrder.WORTH))
    built = list(asking.tasks(questions))
    assert [(task["data"]["claim_id"], role) for role, task in built] == asked(questions)
    assert any("predictions" in task for _, task in built)
    plain = asking._replace(show_candidates=False).tasks(questions)
    assert not any("predictions" in task for _, task in plain)
