"""Round plans: what a round is to be, and whether what it is already allows that."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimset.errors import ContractError, UsageError
from claimset.labelstudio.fingerprint import fingerprint_of
from claimset.labelstudio.grammar import check_page
from claimset.models import RoundKind, Selection
from claimset.storage.templates import read_template

if TYPE_CHECKING:
    from claimset.labelstudio.client import Project
    from claimset.labelstudio.config import Guidelines, LabelingConfig
    from claimset.labelstudio.mark import RoundMark
    from claimset.storage.ledger import Ledger

__all__ = [
    "ADJUDICATION",
    "RoundPlan",
    "adjudication_of",
    "check_change",
    "check_new_page",
    "check_terms",
]

ADJUDICATION = "-adjudication"
"""What the name of a round that decides the disputes of another one ends with."""

_PAGE = "schemas/labeling_config.xml"


class RoundPlan(NamedTuple):
    """What a round is to be."""

    name: str
    overlap: int
    config: LabelingConfig
    guidelines: Guidelines
    kind: RoundKind = RoundKind.ANNOTATION
    selection: Selection | None = None
    """``None`` keeps the selection that the round was begun with."""
    reworded: bool = False
    """Whether the lead says that a new wording means what the old one meant."""


def adjudication_of(name: str) -> str:
    """Name of the round that decides the disputes of another one.

    >>> adjudication_of("pilot")
    'pilot-adjudication'
    """
    return name + ADJUDICATION


def check_new_page(ledger: Ledger, plan: RoundPlan) -> None:
    """Hold a page that the round's project does not have yet against Label Studio's rules.

    The page that comes with claimset is held against them by the tests: to do it again would cost
    as much time as two thousand tasks.

    Raises:
        ContractError: Label Studio would refuse it, or could not store every answer.
    """
    if plan.config.xml.encode() == read_template("labeling_config.xml"):
        return
    known = ledger.round(plan.name)
    page = fingerprint_of(plan.config.xml, plan.guidelines.html).page
    if known is None or known.config_sha256 != page:
        check_page(plan.config, where=_PAGE)


def check_terms(project: Project, mark: RoundMark, plan: RoundPlan) -> None:
    """Refuse a plan that differs from the terms under which the round was begun.

    Raises:
        UsageError: Guidelines, overlap, kind or selection differ.
    """
    begun = (mark.guidelines, mark.overlap, mark.kind)
    wanted = (plan.guidelines.version, plan.overlap, plan.kind)
    if begun != wanted:
        terms = "guidelines {}, overlap {} and kind {}"
        raise UsageError(
            f"round {plan.name} was begun with {terms.format(*begun)}; "
            f"now they are {', '.join(map(str, wanted))}",
            where=f"project {project.title!r}",
            remedy="begin a new round with --round NAME, or go back to the earlier setting",
        )
    if plan.selection is not None and plan.selection != mark.selection:
        raise UsageError(
            f"round {plan.name} was begun with the selection {mark.selection.compact()}; "
            f"now it is {plan.selection.compact()}",
            where=f"project {project.title!r}",
            remedy="leave the selection out to go on with the round's own, or begin a new round "
            "with --round NAME",
        )


def check_change(project: Project, mark: RoundMark, wanted: RoundMark, *, reworded: bool) -> None:
    """Refuse what would change the meaning of answers that were given.

    Args:
        project: The round's project, which holds answers.
        mark: What the answers were given under.
        wanted: What the page and the guidelines are now.
        reworded: Whether the lead says that a new wording means what the old one meant.

    Raises:
        ContractError: Controls or choices changed, or the wording did and ``reworded`` is off.
    """
    if wanted.answers != mark.answers:
        raise ContractError(
            f"round {mark.round} has answers, and the labelling config now has other controls or "
            "choices than those they were given with",
            where=f"{_PAGE}, project {project.title!r}",
            remedy="pull the round, then begin a new one with --round NAME for the new choices; "
            "releases hold both, each answer with its label schema. To go on with this round, "
            "restore the config as it was",
        )
    if not reworded:
        raise ContractError(
            f"round {mark.round} has answers, and what annotators read on the page or in the "
            f"guidelines {mark.guidelines} is no longer what was read when they were given",
            where=f"{_PAGE} and guidelines.md, project {project.title!r}",
            remedy="if the new wording means the same (a typing error, say), push with "
            "--reworded; if it does not, give the guidelines a new version and begin a new "
            "round with --round NAME",
        )
