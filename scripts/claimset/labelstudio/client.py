"""Label Studio's interface, as far as it is used: one method per call."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.labelstudio.annotation_calls import AnnotationCalls
from claimset.labelstudio.failures import reading
from claimset.labelstudio.listing import ChangedTasks, Listing, StoredTask, id_range
from claimset.labelstudio.tabs import Tabs
from claimset.labelstudio.transport import Transport, encoded, is_loopback
from claimset.labelstudio.webhook_calls import WebhookCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pydantic import SecretStr

    from claimset.labelstudio.transport import ServerTime

__all__ = ["LAST_ID", "LabelStudioClient", "Project", "as_moment", "is_loopback"]

LAST_ID = 2**31 - 1
"""Label Studio's ids are 32-bit integers in PostgreSQL."""

_IMPORT_TIMEOUT_S = 600
# The number of tasks is counted by the server, task by task: only those ask who need it.
_PROJECT = "id,title,description,label_config"
_COUNTED = f"{_PROJECT},task_number"


class Project(NamedTuple):
    """What a push needs to know of a Label Studio project."""

    project_id: int
    title: str
    description: str
    label_config: str
    tasks: int | None
    """How many tasks it holds, where that was asked."""


def as_moment(value: str | datetime) -> datetime:
    """A time of Label Studio's in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC)


class LabelStudioClient(AnnotationCalls, WebhookCalls):
    """One Label Studio server, spoken to as one account.

    Args:
        url: Base address of the server.
        api_key: Legacy token or personal access token.
    """

    def __init__(self, url: str, api_key: SecretStr) -> None:
        self._transport = Transport(url, api_key)
        self.url = self._transport.url
        self._listing = Listing(self._transport)
        self._counting: dict[int, int | None] = {}
        self.tabs = Tabs(self._transport)

    @property
    def server_time(self) -> ServerTime | None:
        """The server's time when it sent its last answer, where it told it."""
        return self._transport.server_time

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    # Server and accounts

    def whoami(self) -> str:
        """E-mail address of the account that the token belongs to."""
        answer = self._transport.call(
            "GET", "/api/current-user/whoami", doing="asking who the token belongs to"
        )
        with reading(f"asking who the token belongs to at {self.url}"):
            return str(answer["email"])

    def accounts(self) -> dict[int, str]:
        """E-mail address of every account, by Label Studio's user id."""
        users = self._transport.call("GET", "/api/users/", doing="listing the accounts")
        with reading(f"listing the accounts at {self.url}"):
            return {int(user["id"]): str(user["email"]) for user in users}

    def invitation(self) -> str:
        """Path of the organization's sign-up page, with the token that opens it.

        Raises:
            LabelStudioError: The account may not invite, or the server failed.
        """
        answer = self._transport.call(
            "GET",
            "/api/invite",
            doing="asking for an invitation",
            missing="the server knows no invitations",
        )
        with reading(f"asking for an invitation at {self.url}"):
            return str(answer["invite_url"])

    # Projects

    def find_projects(self, marker: str, *, title: str | None = None) -> list[Project]:
        """Projects whose description holds ``marker``, by id; a known ``title`` narrows it."""
        found: list[Project] = []
        narrowed = {} if title is None else {"title": title}
        page = 1
        while True:
            answer = self._transport.call(
                "GET",
                "/api/projects/",
                doing="listing the projects",
                params={"page": page, "page_size": 100, "include": _COUNTED, **narrowed},
            )
            with reading(f"listing the projects at {self.url}"):
                some = answer["results"]
                found += [_project(one) for one in some if marker in (one["description"] or "")]
                if not answer["next"] or not some:
                    return sorted(found)
            page += 1

    def get_project(self, project_id: int) -> Project:
        """One project.

        Raises:
            LabelStudioError: It is gone (status 404), or the server failed.
        """
        answer = self._transport.call(
            "GET",
            f"/api/projects/{project_id}/",
            doing=f"opening project {project_id}",
            missing=f"there is no project {project_id}",
            params={"include": _COUNTED if project_id in self._counting else _PROJECT},
        )
        with reading(f"opening project {project_id} at {self.url}"):
            project = _project(answer)
        if project_id in self._counting:
            self._counting[project_id] = project.tasks
        return project

    def create_project(self, **settings: Any) -> int:
        """Create a project; the settings are Label Studio's own.

        Returns:
            Its id.

        Raises:
            UnclearError: No answer came; the project may be there.
        """
        made = self._transport.call(
            "POST",
            "/api/projects/",
            doing=f"creating the project {settings.get('title')!r}",
            body=settings,
            repeatable=False,
        )
        return int(made["id"])

    def update_project(self, project_id: int, **settings: Any) -> None:
        """Change settings of a project."""
        self._transport.call(
            "PATCH",
            f"/api/projects/{project_id}/",
            doing=f"updating project {project_id}",
            missing=f"there is no project {project_id}",
            body=settings,
        )

    def count_annotations(self, project_id: int) -> int:
        """How many answers the project holds, skipped tasks among them."""
        answer = self._transport.call(
            "GET",
            f"/api/projects/{project_id}/",
            doing=f"counting the answers of project {project_id}",
            missing=f"there is no project {project_id}",
            params={"include": "id,total_annotations_number"},
        )
        with reading(f"counting the answers of project {project_id} at {self.url}"):
            return int(answer["total_annotations_number"] or 0)

    # Tasks

    def import_tasks(self, project_id: int, tasks: Sequence[dict[str, Any]]) -> list[int]:
        """Send one batch; see :meth:`import_encoded`."""
        return self.import_encoded(project_id, encoded(list(tasks)), len(tasks))

    def import_encoded(self, project_id: int, body: bytes, count: int) -> list[int]:
        """Send one batch; all of it arrives or nothing, but the answer may be lost on the way.

        Args:
            project_id: The project.
            body: The list of tasks as JSON; see :func:`claimset.labelstudio.transport.encoded`.
            count: How many tasks it holds.

        Returns:
            The new tasks' ids, in the order sent; empty when the answer names other than one for
            each.

        Raises:
            UnclearError: No answer came; the tasks may be there, or may still arrive.
        """
        answer = self._transport.call(
            "POST",
            f"/api/projects/{project_id}/import",
            doing=f"importing {count} tasks into project {project_id}",
            missing=f"there is no project {project_id}",
            params={"return_task_ids": "true"},
            body=body,
            repeatable=False,
            seconds=_IMPORT_TIMEOUT_S,
        )
        ids = answer.get("task_ids") if isinstance(answer, dict) else None
        return list(map(int, ids)) if isinstance(ids, list) and len(ids) == count else []

    def find_tasks(self, project_id: int, claim_ids: Sequence[str]) -> list[StoredTask]:
        """Tasks that the project holds for claims, by task id."""
        return self._listing.find(project_id, claim_ids)

    def tasks_by_id(self, project_id: int, task_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Tasks with all their annotations; those that are gone are left out."""
        return self._listing.by_id(project_id, task_ids)

    def count_tasks(self, project_id: int, ids: tuple[int, int] | None = None) -> int:
        """How many tasks the project holds, with ids from the first to the second of ``ids``."""
        if ids is None:
            answer = self._transport.call(
                "GET",
                f"/api/projects/{project_id}/",
                doing=f"counting the tasks of project {project_id}",
                missing=f"there is no project {project_id}",
                params={"include": "id,task_number"},
            )
            return int(answer["task_number"] or 0)
        return self._listing.count(project_id, id_range(*ids))

    def task_ids(self, project_id: int) -> set[int]:
        """Ids of all tasks of the project."""
        return {number for _, some in self.ids_between(project_id, 1, LAST_ID) for number in some}

    def ids_between(self, project_id: int, first: int, last: int) -> Iterator[tuple[int, set[int]]]:
        """Ids of the tasks in a range, some thousands at a time, each time up to which id."""
        return self._listing.ids(project_id, first, last)

    def begin_changes(self, project_id: int, since: datetime) -> None:
        """Ask for what changed while other things are done; :meth:`changes` takes it up.

        When the project is looked at meanwhile, its tasks are counted with it; see
        :meth:`counted_meanwhile`.
        """
        self._counting[project_id] = None
        self._listing.begin(project_id, since)

    def counted_meanwhile(self, project_id: int, since: datetime) -> int | None:
        """How many tasks the project held a moment ago, if just these changes are being read."""
        counted = self._counting.pop(project_id, None)
        return counted if self._listing.has_begun(project_id, since) else None

    def changes(
        self,
        project_id: int,
        since: datetime,
        *,
        untouched: Callable[[Sequence[int]], Iterable[int]] = lambda ids: ids,
    ) -> Iterator[ChangedTasks]:
        """Tasks changed at or after a moment with all their annotations; see ``Listing``."""
        return self._listing.changed(project_id, since, untouched=untouched)

    def changed_tasks(self, project_id: int, since: datetime) -> Iterator[dict[str, Any]]:
        """Tasks changed at or after a moment, with all their annotations, oldest change first."""
        for batch in self.changes(project_id, since):
            yield from batch.tasks

    def update_task(self, task_id: int, **fields: Any) -> None:
        """Change fields of a task."""
        self._transport.call(
            "PATCH",
            f"/api/tasks/{task_id}/",
            doing=f"updating task {task_id}",
            missing=f"there is no task {task_id}",
            body=fields,
        )

    def delete_task(self, task_id: int) -> None:
        """Delete a task with its answers; one that is gone already is no error."""
        self._delete(f"/api/tasks/{task_id}/", f"deleting task {task_id}")


def _project(item: dict[str, Any]) -> Project:
    return Project(
        int(item["id"]),
        str(item["title"] or ""),
        str(item["description"] or ""),
        str(item["label_config"] or ""),
        int(item["task_number"] or 0) if "task_number" in item else None,
    )
