"""Rounds: the one Label Studio project that belongs to a round, found again whatever was lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimset.errors import ContractError, LabelStudioError, UsageError
from claimset.evidence import RETRIEVER
from claimset.identifiers import sha256_hex
from claimset.labelstudio.config import LABEL_SCHEMA_VERSION, Guidelines, LabelingConfig
from claimset.storage.ledger import Ledger, Round

if TYPE_CHECKING:
    from claimset.labelstudio.client import LabelStudioClient, Project

__all__ = ["RoundPlan", "find_round", "known_round", "open_round"]

_MARK = re.compile(
    r"\[claimset round=(?P<name>\S+) generation=(?P<generation>\d+) overlap=(?P<overlap>\d+) "
    r"label_schema=(?P<schema>\S+) guidelines=(?P<guidelines>\S+)\]"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_NOT_FOUND = 404


class RoundPlan(NamedTuple):
    """What a round is to be."""

    name: str
    overlap: int
    config: LabelingConfig
    guidelines: Guidelines


def _mark(plan: RoundPlan, generation: int) -> str:
    return (
        f"[claimset round={plan.name} generation={generation} overlap={plan.overlap} "
        f"label_schema={LABEL_SCHEMA_VERSION} guidelines={plan.guidelines.version}]"
    )


def open_round(
    client: LabelStudioClient, ledger: Ledger, plan: RoundPlan, *, recreate: bool = False
) -> Round:
    """Find the round's project, or create it, and bring its page and guidelines up to date.

    Args:
        client: The server.
        ledger: Knows the project's id from earlier runs.
        plan: What the round is to be.
        recreate: Whether a deleted project is made anew.

    Raises:
        UsageError: The name cannot be used, or the round was begun under other guidelines.
        ContractError: The round was begun under another label schema.
        LabelStudioError: The project is gone and ``recreate`` is off, or the server failed.
    """
    if not _NAME.fullmatch(plan.name):
        raise UsageError(
            f"{plan.name!r} cannot name a round",
            where="setting round",
            remedy="use 1 to 40 letters, digits, '.', '_' or '-', beginning with a letter or digit",
        )
    project = find_round(client, ledger, plan.name, recreate=recreate)
    created = project is None
    if project is None:
        known = ledger.round(plan.name)
        generation = known.generation + 1 if known is not None else 1
        project = client.create_project(
            title=f"claimset · {plan.name}"[:50],
            description="Claims to verify against the sources shown. claimset finds the project "
            f"by the mark that follows; please leave it. {_mark(plan, generation)}",
            label_config=plan.config.xml,
            expert_instruction=plan.guidelines.html,
            show_instruction=True,
            maximum_annotations=plan.overlap,
            sampling="Sequential sampling",
            # Candidates are marked in the sources before anybody reads; no verdict ever is.
            show_collab_predictions=True,
            model_version=RETRIEVER,
        )
    mark = _read_mark(project)
    _check_plan(project, mark, plan)
    content = sha256_hex((plan.config.xml + plan.guidelines.html).encode("utf-8"))
    before = ledger.round(plan.name)
    if not created and (before is None or before.config_sha256 != content):
        client.update_project(
            project.project_id,
            label_config=plan.config.xml,
            expert_instruction=plan.guidelines.html,
        )
    found = Round(
        name=plan.name,
        server_url=client.url,
        project_id=project.project_id,
        generation=int(mark["generation"]),
        overlap=plan.overlap,
        label_schema_version=LABEL_SCHEMA_VERSION,
        guidelines_version=plan.guidelines.version,
        config_sha256=content,
    )
    ledger.save_round(found)
    return ledger.round(plan.name) or found


def find_round(
    client: LabelStudioClient, ledger: Ledger, name: str, *, recreate: bool = False
) -> Project | None:
    """The round's project: by the ledger's id if that still fits, else by its mark.

    Returns:
        ``None`` when the round is new, or its project is gone and ``recreate`` is on.

    Raises:
        LabelStudioError: The ledger knows a project that is gone, or two projects carry the mark.
    """
    prefix = f"[claimset round={name} "
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
    found = client.find_projects(prefix)
    if len(found) > 1:
        raise LabelStudioError(
            f"{len(found)} projects carry the mark of round {name}: "
            f"{', '.join(str(project.project_id) for project in found)}",
            where=client.url,
            remedy="remove the mark from the description of all but the right one",
        )
    if found:
        return found[0]
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


def known_round(client: LabelStudioClient, ledger: Ledger, name: str) -> Round | None:
    """A round that was begun before, as its project says; ``None`` when there is none.

    Raises:
        ContractError: It was begun under another label schema, or its mark is damaged.
        LabelStudioError: The ledger knows its project but it is gone, or the server failed.
    """
    project = find_round(client, ledger, name)
    if project is None:
        return None
    mark = _read_mark(project)
    before = ledger.round(name)
    ledger.save_round(
        Round(
            name=name,
            server_url=client.url,
            project_id=project.project_id,
            generation=int(mark["generation"]),
            overlap=int(mark["overlap"]),
            label_schema_version=mark["schema"],
            guidelines_version=mark["guidelines"],
            # Kept, so that the next push knows whether page and guidelines are those it has.
            config_sha256=before.config_sha256 if before is not None else "",
        )
    )
    return ledger.round(name)


def _read_mark(project: Project) -> re.Match[str]:
    mark = _MARK.search(project.description)
    if mark is None:
        raise ContractError(
            f"the mark in the description of project {project.project_id} is damaged",
            where=f"project {project.title!r}",
            remedy="write it anew: [claimset round=NAME generation=1 overlap=N "
            "label_schema=VERSION guidelines=VERSION]",
        )
    if mark["schema"] != LABEL_SCHEMA_VERSION:
        raise ContractError(
            f"round {mark['name']} was begun under label schema {mark['schema']}, "
            f"this version of claimset has {LABEL_SCHEMA_VERSION}",
            where=f"project {project.title!r}",
            remedy="pull it with the version of claimset that began it, then begin a new round "
            "with --round NAME: choices must not change under answers that were given",
        )
    return mark


def _check_plan(project: Project, mark: re.Match[str], plan: RoundPlan) -> None:
    if mark["guidelines"] != plan.guidelines.version or int(mark["overlap"]) != plan.overlap:
        raise UsageError(
            f"round {plan.name} was begun with guidelines {mark['guidelines']} and overlap "
            f"{mark['overlap']}; now they are {plan.guidelines.version} and {plan.overlap}",
            where=f"project {project.title!r}",
            remedy="begin a new round with --round NAME, or go back to the earlier setting",
        )
