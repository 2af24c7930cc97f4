"""Annotators: add people to the Label Studio, and list who has done how much."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from claimset.identifiers import annotator_pseudonym
from claimset.labelstudio.people import Person, people_of, read_people, settle_people
from claimset.models import AnnotationStatus, AnnotatorKind, Model
from claimset.pipeline.opening import connect
from claimset.pipeline.reporter import Reporter, silent
from claimset.storage.files import exclusive_lock
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimset.models import Annotation
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = [
    "AddedAnnotators",
    "AnnotatorRow",
    "AnnotatorsResult",
    "add_annotators",
    "list_annotators",
]


class AddedAnnotators(Model):
    """Who may annotate now. Passwords stay in the workspace's private file."""

    url: str
    """Where they log in."""
    made: tuple[str, ...]
    """Accounts that were made by this run."""
    taken: tuple[str, ...]
    """Accounts that were there already and were taken over; their passwords are not known here."""
    before: tuple[str, ...]
    """Accounts that an earlier run had added."""
    dry_run: bool
    """Whether nothing was made on purpose."""


class AnnotatorRow(Model):
    """One annotator and what they have done."""

    annotator: str
    """The name in the dataset: a person's pseudonym, or a machine's name."""
    kind: AnnotatorKind
    """Person or machine."""
    name: str | None
    """What the lead calls them; null for somebody who was not added by name."""
    email: str | None
    """Their account; null for somebody who was not added by name."""
    submitted: int
    """Answers in the ledger that count."""
    skipped: int
    """Claims they skipped."""
    rounds: dict[str, int]
    """Answers that count, by round."""
    last_answer: datetime | None
    """When they last answered, UTC; null when they have not."""


class AnnotatorsResult(Model):
    """Everybody who was added or has answered."""

    annotators: tuple[AnnotatorRow, ...]
    """People in the order in which they were added, then the others by name."""


def add_annotators(
    workspace: Workspace,
    settings: Settings,
    names: Sequence[str],
    reporter: Reporter = silent,
    *,
    dry_run: bool = False,
) -> tuple[AddedAnnotators, list[Person]]:
    """Give people an account in Label Studio, or take over the one they have.

    Args:
        workspace: Keeps names, accounts and first passwords in ``.claimset/annotators.json``.
        settings: Names the server.
        names: Plain names or e-mail addresses.
        reporter: Told how far it is.
        dry_run: Only compare with the server.

    Returns:
        What was done, and the people whose account was made now, with their passwords.

    Raises:
        UsageError: A name cannot be used, or another command is at work in the workspace.
        LabelStudioError: The server refuses; who was added before it did stays added.
    """
    wanted = people_of(names)
    with (
        exclusive_lock(workspace.lock, doing="claimset annotators add"),
        connect(workspace, settings, reporter) as client,
    ):
        if dry_run:
            known = {person.email for person in read_people(workspace.annotators)}
            there = {email.casefold() for email in client.accounts().values()}
            made = [person for person in wanted if person.email not in there]
            before = [p for p in wanted if p.email in there and p.email in known]
            taken = [p for p in wanted if p.email in there and p.email not in known]
        else:
            with reporter.track("adding annotators", len(wanted)) as advance:
                made, taken, before = settle_people(
                    client, wanted, workspace.annotators, advance=advance
                )
        result = AddedAnnotators(
            url=client.url,
            made=tuple(person.email for person in made),
            taken=tuple(person.email for person in taken),
            before=tuple(person.email for person in before),
            dry_run=dry_run,
        )
    return result, ([] if dry_run else made)


def list_annotators(workspace: Workspace) -> AnnotatorsResult:
    """Everybody who was added or has answered, with pseudonyms and counts from the ledger.

    Run ``pull`` first to see the latest.

    Raises:
        UsageError: The file of annotators, or the secret behind the pseudonyms, is damaged.
        DataError: The ledger cannot be read.
    """
    people = read_people(workspace.annotators)
    answers: list[Annotation] = []
    if workspace.ledger.exists():
        with Ledger(workspace.ledger) as ledger:
            answers = ledger.annotations()
    named = {}
    if people:
        secret = workspace.pseudonym_secret()
        named = {annotator_pseudonym(person.email, secret): person for person in people}
    kinds = {item.annotator: item.annotator_kind for item in answers}
    others = sorted(set(kinds) - set(named))
    return AnnotatorsResult(
        annotators=tuple(
            _row(name, kinds.get(name, AnnotatorKind.HUMAN), named.get(name), answers)
            for name in [*named, *others]
        )
    )


def _row(
    name: str, kind: AnnotatorKind, person: Person | None, answers: Sequence[Annotation]
) -> AnnotatorRow:
    own = [item for item in answers if item.annotator == name]
    submitted = [item for item in own if item.status is AnnotationStatus.SUBMITTED]
    return AnnotatorRow(
        annotator=name,
        kind=kind,
        name=person.name if person else None,
        email=person.email if person else None,
        submitted=len(submitted),
        skipped=sum(item.status is AnnotationStatus.SKIPPED for item in own),
        rounds=dict(sorted(Counter(item.round for item in submitted).items())),
        last_answer=max((item.updated_at for item in submitted), default=None),
    )
