"""Calls to Label Studio: every one with our own time-outs, no silent retries, and clear errors.

The SDK repeats a POST after a dropped connection or a 5xx answer, also when the server had done
the work; that doubles tasks. So retries are off everywhere, and who calls looks up what is there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from claimset.labelstudio.failures import NOT_FOUND, calling, refusal

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Iterator, Sequence

    from pydantic import SecretStr

__all__ = ["LabelStudioClient", "Project", "as_moment", "is_loopback"]

_TIMEOUT_S = 60
_IMPORT_TIMEOUT_S = 600
_LOOKUP_SIZE = 1000
_PAGE_SIZE = 500


class Project(NamedTuple):
    """What a push needs to know of a Label Studio project."""

    project_id: int
    title: str
    description: str
    label_config: str


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine.

    >>> is_loopback("http://127.0.0.1:8080"), is_loopback("https://studio.example.org")
    (True, False)
    """
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def as_moment(value: str | datetime) -> datetime:
    """A time of Label Studio's in UTC; the SDK gives text or datetime, depending on the row."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC)


class LabelStudioClient:
    """One Label Studio server, spoken to as one account.

    Args:
        url: Base address of the server.
        api_key: Legacy token or personal access token.
    """

    def __init__(self, url: str, api_key: SecretStr) -> None:
        # Imported here: the SDK takes more than a second, and most commands do not need it.
        import label_studio_sdk  # noqa: PLC0415

        self.url = url.rstrip("/")
        # A proxy from the environment must never see what is meant for this machine.
        self._http = httpx.Client(
            timeout=_TIMEOUT_S, follow_redirects=True, trust_env=not is_loopback(url)
        )
        self._options: Any = {"max_retries": 0, "timeout_in_seconds": _TIMEOUT_S}
        with self._call("connect"):
            connect: Any = label_studio_sdk.LabelStudio
            self._sdk: Any = connect(
                base_url=self.url,
                api_key=api_key.get_secret_value(),
                httpx_client=self._http,
                timeout=_TIMEOUT_S,
            )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(self, doing: str, *, missing: str = "") -> contextlib.AbstractContextManager[None]:
        return calling(f"{doing} at {self.url}", missing=missing)

    # Server and accounts

    def whoami(self) -> str:
        """E-mail address of the account that the token belongs to."""
        with self._call("asking who the token belongs to"):
            return str(self._sdk.users.whoami(request_options=self._options).email)

    def accounts(self) -> dict[int, str]:
        """E-mail address of every account, by Label Studio's user id."""
        with self._call("listing the accounts"):
            users = self._sdk.users.list(request_options=self._options)
            return {user.id: str(user.email) for user in users}

    def invitation(self) -> str:
        """Path of the organization's sign-up page, with the token that opens it.

        Raises:
            LabelStudioError: The account may not invite, or the server failed.
        """
        with self._call("asking for an invitation"):
            answer = self._http.get(
                f"{self.url}/api/invite",
                headers=self._sdk._client_wrapper.get_headers(),  # noqa: SLF001 - both kinds of token
            )
            if answer.is_error:
                raise refusal(
                    answer.status_code,
                    answer.text,
                    where=f"GET /api/invite at {self.url}",
                    missing="the server knows no invitations",
                )
            return str(answer.json()["invite_url"])

    # Projects

    def find_projects(self, marker: str) -> list[Project]:
        """Projects whose description holds ``marker``."""
        with self._call("listing the projects"):
            found = self._sdk.projects.list(page_size=100, request_options=self._options)
            return [_project(item) for item in found if marker in (item.description or "")]

    def get_project(self, project_id: int) -> Project:
        """One project.

        Raises:
            LabelStudioError: It is gone (status 404), or the server failed.
        """
        with self._call(
            f"opening project {project_id}", missing=f"there is no project {project_id}"
        ):
            return _project(self._sdk.projects.get(project_id, request_options=self._options))

    def create_project(self, **settings: Any) -> Project:
        """Create a project; the settings are Label Studio's own."""
        with self._call(f"creating the project {settings.get('title')!r}"):
            made = self._sdk.projects.create(**settings, request_options=self._options)
        return self.get_project(made.id)

    def update_project(self, project_id: int, **settings: Any) -> None:
        """Change settings of a project."""
        with self._call(
            f"updating project {project_id}", missing=f"there is no project {project_id}"
        ):
            self._sdk.projects.update(project_id, **settings, request_options=self._options)

    def count_annotations(self, project_id: int) -> int:
        """How many answers the project holds, skipped tasks among them."""
        with self._call(
            f"counting the answers of project {project_id}",
            missing=f"there is no project {project_id}",
        ):
            found = self._sdk.projects.get(project_id, request_options=self._options)
            return int(found.total_annotations_number or 0)

    # Tasks

    def import_tasks(self, project_id: int, tasks: Sequence[dict[str, Any]]) -> None:
        """Send one batch; all of it arrives or nothing, but the answer may be lost on the way."""
        options = {"max_retries": 0, "timeout_in_seconds": _IMPORT_TIMEOUT_S}
        with self._call(
            f"importing {len(tasks)} tasks into project {project_id}",
            missing=f"there is no project {project_id}",
        ):
            self._sdk.projects.import_tasks(
                id=project_id, request=tasks, return_task_ids=True, request_options=options
            )

    def find_tasks(
        self, project_id: int, claim_ids: Sequence[str]
    ) -> dict[str, list[tuple[int, str]]]:
        """Tasks that the project holds for claims: id and content hash, by claim id."""
        found: dict[str, list[tuple[int, str]]] = {}
        for first in range(0, len(claim_ids), _LOOKUP_SIZE):
            wanted = list(claim_ids[first : first + _LOOKUP_SIZE])
            rule = _rule("data.claim_id", "in_list", "String", wanted)
            for task in self._tasks(project_id, rule, include="id,data"):
                data = task["data"]
                found.setdefault(data["claim_id"], []).append(
                    (int(task["id"]), str(data.get("content_hash", "")))
                )
        return {claim: sorted(tasks) for claim, tasks in found.items()}

    def count_tasks(self, project_id: int) -> int:
        """How many tasks the project holds."""
        with self._call(
            f"counting the tasks of project {project_id}",
            missing=f"there is no project {project_id}",
        ):
            answer = self._http.get(
                f"{self.url}/api/tasks",
                params={"project": project_id, "page_size": 1, "include": "id"},
                headers=self._sdk._client_wrapper.get_headers(),  # noqa: SLF001 - the SDK's pager hides the total
            )
            if answer.is_error:
                raise refusal(
                    answer.status_code,
                    answer.text,
                    where=f"GET /api/tasks at {self.url}",
                    missing=f"there is no project {project_id}",
                )
            return int(answer.json()["total"])

    def task_ids(self, project_id: int) -> set[int]:
        """Ids of all tasks of the project."""
        rule = _rule("id", "greater", "Number", 0)
        return {int(task["id"]) for task in self._tasks(project_id, rule, include="id")}

    def changed_tasks(self, project_id: int, since: datetime) -> Iterator[dict[str, Any]]:
        """Tasks changed at or after a moment, with all their annotations, oldest change first.

        People go on labelling meanwhile, so the walk goes by change time and not by page number;
        only inside a block of equal times (a bulk action gives all its tasks one) pages count.

        Args:
            project_id: The project.
            since: Aware time.
        """
        seen: set[tuple[int, datetime]] = set()
        page = 1
        while True:
            moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            rule = _rule("updated_at", "greater_or_equal", "Datetime", moment)
            tasks = self._page(project_id, rule, "tasks:updated_at", page, fields="all")
            for task in tasks:
                key = (int(task["id"]), as_moment(task["updated_at"]))
                if key not in seen:
                    seen.add(key)
                    yield task
            if len(tasks) < _PAGE_SIZE:
                return
            last = as_moment(tasks[-1]["updated_at"])
            page = page + 1 if last == since else 1
            since = last

    def _tasks(
        self, project_id: int, rule: dict[str, Any], **parameters: str
    ) -> Iterator[dict[str, Any]]:
        page = 1
        while True:
            tasks = self._page(project_id, rule, "tasks:id", page, **parameters)
            yield from tasks
            if len(tasks) < _PAGE_SIZE:
                return
            page += 1

    def _page(
        self, project_id: int, rule: dict[str, Any], order: str, page: int, **parameters: str
    ) -> list[dict[str, Any]]:
        # The filter goes in the body: in the URL it is unquoted twice and limited in length.
        body = {"filters": {"conjunction": "and", "items": [rule]}, "ordering": [order]}
        with self._call(
            f"reading tasks of project {project_id}", missing=f"there is no project {project_id}"
        ):
            try:
                answer = self._sdk.tasks.list(
                    project=project_id,
                    page=page,
                    page_size=_PAGE_SIZE,
                    request_options={**self._options, "additional_body_parameters": body},
                    **parameters,
                )
            except Exception as error:
                # A page past the end is a 404 of its own.
                if page > 1 and getattr(error, "status_code", None) == NOT_FOUND:
                    return []
                raise
            return [item.model_dump() for item in answer.items or []]

    # Annotations

    def annotate(self, task_id: int, result: list[dict[str, Any]]) -> int:
        """Submit an annotation as this client's account; returns its id."""
        with self._call(f"annotating task {task_id}", missing=f"there is no task {task_id}"):
            made = self._sdk.annotations.create(
                id=task_id, result=result, request_options=self._options
            )
            return int(made.id)


def _rule(field: str, operator: str, kind: str, value: Any) -> dict[str, Any]:
    return {
        "filter": f"filter:tasks:{field}",
        "operator": operator,
        "type": kind,
        "value": value,
    }


def _project(item: Any) -> Project:
    return Project(item.id, item.title or "", item.description or "", item.label_config or "")
