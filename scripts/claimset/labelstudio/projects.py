"""Projects: the one that is a round's, when a lost answer or two pushes at once made several.

Label Studio knows no key under which a project could be made once: a request that was delivered
twice, or that failed after the work was done and was sent again, leaves two with the same mark.
Which of them is the round's must not depend on who looks, nor when.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import LabelStudioError
from claimset.labelstudio.arrival import LOOKS_AFTER_S
from claimset.labelstudio.failures import UnclearError
from claimset.labelstudio.mark import RoundMark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimset.labelstudio.client import LabelStudioClient, Project
    from claimset.storage.ledger import Round

__all__ = ["SettledProjects", "choose_project", "create_once", "project_title", "settle_projects"]


class SettledProjects(NamedTuple):
    """What became of further projects that carry a round's mark."""

    aside: tuple[int, ...]
    """Empty ones, which were set aside."""
    left: tuple[str, ...]
    """Those that hold tasks and were left alone, in words."""


def project_title(name: str) -> str:
    """What a round's project is called when it is made."""
    return f"claimset · {name}"[:50]


def choose_project(found: Sequence[Project], name: str, *, where: str) -> Project | None:
    """The round's project among those that carry its mark: the first, unless another has the tasks.

    Args:
        found: The projects, by id.
        name: The round.
        where: The server, for the error.

    Returns:
        ``None`` when there is none.

    Raises:
        LabelStudioError: More than one holds tasks, so that only a person can tell.
    """
    filled = [project for project in found if project.tasks]
    if len(filled) > 1:
        raise LabelStudioError(
            f"{len(filled)} projects carry the mark of round {name} and hold tasks: "
            f"{', '.join(str(project.project_id) for project in filled)}",
            where=where,
            remedy="remove the mark from the description of all but the right one",
        )
    return next(iter(filled or found), None)


def create_once(
    client: LabelStudioClient,
    name: str,
    settings: dict[str, Any],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Project:
    """Create a round's project; when the answer is lost, look whether it is there.

    Args:
        client: The server.
        name: The round.
        settings: Label Studio's own settings; the description holds the mark.
        sleep: How to wait.

    Returns:
        The project that everybody takes for the round's, also when two were made.

    Raises:
        LabelStudioError: The server refused or failed, and no project is there.
    """
    pauses: tuple[float, ...] = (0.0,)
    failure: UnclearError | None = None
    try:
        client.create_project(**settings)
    except UnclearError as error:
        failure = error
        pauses = (0.0, *LOOKS_AFTER_S)
    for pause in pauses:
        sleep(pause)
        found = client.find_projects(RoundMark.prefix(name))
        project = choose_project(found, name, where=client.url)
        if project is not None:
            return project
    raise failure or LabelStudioError(
        f"Label Studio took the project of round {name} but does not list it",
        where=client.url,
        remedy="wait a moment: the server may still be at work; then push again",
    )


def settle_projects(client: LabelStudioClient, round_: Round) -> SettledProjects:
    """Set empty projects aside that carry the mark of a round beside its own; name the others.

    They lose the mark and get a title that says so, and are not deleted: while Label Studio 1.23
    deletes a project, no other change in the server is followed up (an answer that is submitted in
    that moment is not counted), and of two such requests at once it never recovers before it is
    started again.

    Args:
        client: The server.
        round_: The round, with its project.

    Raises:
        LabelStudioError: The server failed.
    """
    aside: list[int] = []
    left: list[str] = []
    marked = client.find_projects(RoundMark.prefix(round_.name), title=project_title(round_.name))
    for project in marked:
        if project.project_id == round_.project_id:
            continue
        if project.tasks:
            left.append(
                f"project {project.project_id} carries the mark of round {round_.name}, too, and "
                f"holds {project.tasks} tasks; the round's own is {round_.project_id}"
            )
            continue
        client.update_project(
            project.project_id,
            title=f"Empty, can be deleted · {project_title(round_.name)}"[:50],
            description=f"Made twice when an answer was lost; project {round_.project_id} holds "
            f"round {round_.name}. Delete this one when nobody is labelling.",
        )
        aside.append(project.project_id)
    return SettledProjects(tuple(aside), tuple(left))
