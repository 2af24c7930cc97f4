"""Rounds: the one Label Studio project that belongs to a round, found again whatever was lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimset.errors import ContractError, LabelStudioError, UsageError
from claimset.evidence import RETRIEVER
from claimset.labelstudio.config import label_schema_of
from claimset.labelstudio.fingerprint import PageFingerprint, fingerprint_of
from claimset.labelstudio.mark import RoundMark
from claimset.labelstudio.projects import choose_project, create_once, project_title
from claimset.labelstudio.round_plan import ADJUDICATION, check_change, check_new_page, check_terms
from claimset.models import Selection
from claimset.storage.ledger import Round

if TYPE_CHECKING:
    from claimset.labelstudio.client import LabelStudioClient, Project
    from claimset.labelstudio.round_plan import RoundPlan
    from claimset.models import LabelSet
    from claimset.storage.ledger import Ledger

__all__ = ["find_round", "known_round", "open_round"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_NOT_FOUND = 404


def open_round(
    client: LabelStudioClient, ledger: Ledger, plan: RoundPlan, *, recreate: bool = False
) -> Round:
    """Find the round's project, or create it, and bring its page and guidelines up to date.

    Once somebody has answered, the page may still change its looks. A change of what annotators
    read needs ``plan.reworded``; a change of the answers they can give needs a new round.

    Args:
        client: The server.
        ledger: Knows the project's id from earlier runs.
        plan: What the round is to be.
        recreate: Whether a deleted project is made anew.

    Raises:
        UsageError: The name cannot be used, or the round was begun under other terms.
        ContractError: The round was begun under another label schema or other choices, or Label
            Studio cannot take the page.
        LabelStudioError: The project is gone and ``recreate`` is off, or the server failed.
    """
    if not _NAME.fullmatch(plan.name.removesuffix(ADJUDICATION)):
        raise UsageError(
            f"{plan.name!r} cannot name a round",
            where="setting round",
            remedy="use 1 to 40 letters, digits, '.', '_' or '-', beginning with a letter or digit",
        )
    check_new_page(ledger, plan)
    project = find_round(client, ledger, plan.name, recreate=recreate)
    page = fingerprint_of(plan.config.xml, plan.guidelines.html)
    made = None
    if project is None:
        project, made = _create(client, ledger, plan, page)
    mark = _read_mark(project, plan.config.labels)
    if mark != made:  # it was there before, or somebody else was faster
        check_terms(project, mark, plan)
        mark = _update(client, ledger, plan, page, project, mark)
    found = _as_round(client, project, mark, page.page)
    ledger.save_round(found)
    return ledger.round(plan.name) or found


def _create(
    client: LabelStudioClient, ledger: Ledger, plan: RoundPlan, page: PageFingerprint
) -> tuple[Project, RoundMark]:
    known = ledger.round(plan.name)
    mark = RoundMark(
        round=plan.name,
        generation=known.generation + 1 if known is not None else 1,
        kind=plan.kind,
        overlap=plan.overlap,
        label_schema=label_schema_of(plan.config.labels),
        guidelines=plan.guidelines.version,
        answers=page.answers,
        wording=page.wording,
        selection=plan.selection or (known.selection if known is not None else Selection()),
    )
    settings = {
        "title": project_title(plan.name),
        "description": "Claims to verify against the sources shown. claimset finds the project "
        f"by the mark that follows; please leave it. {mark}",
        "label_config": plan.config.xml,
        "expert_instruction": plan.guidelines.html,
        "show_instruction": True,
        "maximum_annotations": plan.overlap,
        "sampling": "Sequential sampling",
        # Candidates are marked in the sources before anybody reads; no verdict ever is.
        "show_collab_predictions": True,
        "model_version": RETRIEVER,
    }
    return create_once(client, plan.name, settings), mark


def _update(
    client: LabelStudioClient,
    ledger: Ledger,
    plan: RoundPlan,
    page: PageFingerprint,
    project: Project,
    mark: RoundMark,
) -> RoundMark:
    """Bring page, guidelines and mark up to date, as far as the answers given allow it."""
    before = ledger.round(plan.name)
    wanted = mark.model_copy(update={"answers": page.answers, "wording": page.wording})
    if wanted == mark and before is not None and before.config_sha256 == page.page:
        return mark
    if wanted != mark and mark.answers and client.count_annotations(project.project_id):
        check_change(project, mark, wanted, reworded=plan.reworded)
    client.update_project(
        project.project_id,
        label_config=plan.config.xml,
        expert_instruction=plan.guidelines.html,
        description=wanted.replaced_in(project.description),
    )
    return wanted


def _as_round(client: LabelStudioClient, project: Project, mark: RoundMark, page: str) -> Round:
    return Round(
        name=mark.round,
        server_url=client.url,
        project_id=project.project_id,
        generation=mark.generation,
        overlap=mark.overlap,
        label_schema_version=mark.label_schema,
        guidelines_version=mark.guidelines,
        config_sha256=page,
        kind=mark.kind,
        selection=mark.selection,
    )


def find_round(
    client: LabelStudioClient, ledger: Ledger, name: str, *, recreate: bool = False
) -> Project | None:
    """The round's project: by the ledger's id if that still fits, else by its mark.

    Returns:
        ``None`` when the round is new, or its project is gone and ``recreate`` is on.

    Raises:
        LabelStudioError: The ledger knows a project that is gone, or several that carry the mark
            hold tasks.
    """
    prefix = RoundMark.prefix(name)
    known = ledger.round(name)
    gone: LabelStudioError | None = None
    if known is not None:
        try:
            project = client.get_project(known.project_id)
        except LabelStudioError as error:
            if error.status != _NOT_FOUND:
                raise
            gone = error
        else:
            if prefix in project.description:
                return project
    found = choose_project(client.find_projects(prefix), name, where=client.url)
    if found is not None:
        return found
    if known is not None and not recreate:
        raise LabelStudioError(
            f"the Label Studio project of round {name} (id {known.project_id}) is gone: "
            "it was deleted, or the server is another one",
            where=client.url,
            remedy="see that LABEL_STUDIO_URL names the right server; if the project was deleted, "
            "`claimset push --recreate` makes it anew (annotations already pulled stay in the "
            "ledger)",
            status=_NOT_FOUND,
        ) from gone
    return None


def known_round(
    client: LabelStudioClient, ledger: Ledger, name: str, labels: LabelSet
) -> Round | None:
    """A round that was begun before, as its project says; ``None`` when there is none.

    Raises:
        ContractError: It was begun under another label schema, or its mark is damaged.
        LabelStudioError: The ledger knows its project but it is gone, or the server failed.
    """
    project = find_round(client, ledger, name)
    if project is None:
        return None
    before = ledger.round(name)
    # Kept, so that the next push knows whether page and guidelines are those it has.
    page = before.config_sha256 if before is not None else ""
    ledger.save_round(_as_round(client, project, _read_mark(project, labels), page))
    return ledger.round(name)


def _read_mark(project: Project, labels: LabelSet) -> RoundMark:
    where = f"project {project.project_id}, {project.title!r}"
    mark = RoundMark.read(project.description, where=where)
    if mark.label_schema != label_schema_of(labels):
        raise ContractError(
            f"round {mark.round} was begun under label schema {mark.label_schema}, "
            f"now it is {label_schema_of(labels)} (label set {labels.name}): choices must not "
            "change under answers that may have been given",
            where=where,
            remedy="go back to the label set that began it (setting labels) and pull it; then "
            "set the new one, begin a new round with --round NAME, and say under "
            "[labels.earlier] what the old verdicts are called now. If the label set is the old "
            "one, the round needs the version of claimset that began it",
        )
    return mark
