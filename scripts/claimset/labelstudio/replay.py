"""Replay: recorded answers, submitted through Label Studio's own API by their own accounts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from claimset.labelstudio.accounts import machine_email
from claimset.labelstudio.recorded import result_of
from claimset.labelstudio.roles import role_of
from claimset.models import (
    Claim,
    Model,
    ReferenceAdjudication,
    ReferenceAnnotation,
    TaskRole,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from claimset.labelstudio.client import LabelStudioClient

__all__ = ["LeftOut", "ReplayResult", "replay"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LeftOut(Model):
    """A recorded answer that was not replayed."""

    line: int
    """Line in the file of recorded answers."""
    article_id: str
    """Its article."""
    start: int
    """First code point of its sentence."""
    text: str
    """Its sentence."""
    reason: str
    """Why it was left out."""


class ReplayResult(Model):
    """What became of every recorded answer."""

    recorded: int
    """Answers in the file."""
    submitted: int
    """Answers submitted by this run."""
    already_there: int
    """Answers that their account had submitted before."""
    left_out: tuple[LeftOut, ...]
    """Answers that could not be used, each with the reason."""


def replay(
    clients: Mapping[str, LabelStudioClient],
    project_id: int,
    recorded: Sequence[tuple[int, ReferenceAnnotation | ReferenceAdjudication]],
    claims: Iterable[Claim],
    units: Iterable[Unit],
    *,
    guidelines_version: str,
    advance: Callable[[int], None],
) -> ReplayResult:
    """Submit each recorded answer as the account of its annotator, once.

    Args:
        clients: A client of each annotator's own account, by annotator.
        project_id: The round's project.
        recorded: Line number and answer.
        claims: The claims of the articles.
        units: Their units, to say why a sentence is no claim.
        guidelines_version: The guidelines the answers were given under.
        advance: Called with the number of answers settled.

    Raises:
        LabelStudioError: The server failed; a second run submits what is missing.
    """
    claim_at = {(claim.article_id, claim.start, claim.text): claim for claim in claims}
    unit_at = {(unit.article_id, unit.start, unit.end): unit for unit in units}
    some_client = next(iter(clients.values()))
    users = {email: user for user, email in some_client.accounts().items()}
    tasks: dict[str, tuple[int, list[str]]] = {}
    answered: set[tuple[int, int | None]] = set()
    for task in some_client.changed_tasks(project_id, _EPOCH):
        data = task["data"]
        if not isinstance(data, dict) or role_of(data) is not TaskRole.CLAIM:
            continue  # somebody else's task, or one that gives no vote
        sources = [source["article_id"] for source in data["sources"]]
        tasks[data["claim_id"]] = (int(task["id"]), sources)
        answered |= {
            (int(task["id"]), item.get("completed_by")) for item in task["annotations"] or []
        }
    submitted = already = 0
    left_out = []
    for line, answer in recorded:
        claim = claim_at.get((answer.article_id, answer.start, answer.text))
        advance(1)
        if claim is None or claim.claim_id not in tasks:
            unit = unit_at.get((answer.article_id, answer.start, answer.end))
            left_out.append(
                LeftOut(
                    line=line,
                    article_id=answer.article_id,
                    start=answer.start,
                    text=answer.text,
                    reason=_why(claim, unit),
                )
            )
            continue
        task_id, sources = tasks[claim.claim_id]
        if (task_id, users[machine_email(answer.annotator)]) in answered:
            already += 1
            continue
        result = result_of(answer, sources, guidelines_version=guidelines_version)
        # A lost answer is sent again under the same name, and Label Studio takes it once.
        once = f"{project_id}/{task_id}/{answer.annotator}"
        if clients[answer.annotator].annotate(task_id, result, once=once) is None:
            already += 1
        else:
            submitted += 1
    return ReplayResult(
        recorded=len(recorded),
        submitted=submitted,
        already_there=already,
        left_out=tuple(left_out),
    )


def _why(claim: Claim | None, unit: Unit | None) -> str:
    if claim is not None:
        return "its claim has no task in this round"
    if unit is None:
        return "no unit of the article has these borders"
    return f"its sentence is no claim but {unit.kind}: {unit.reason}"
