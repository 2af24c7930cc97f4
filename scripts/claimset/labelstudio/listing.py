"""Listings: finding the tasks of a project by claim, by id and by time of change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import LabelStudioError
from claimset.labelstudio.early import Early
from claimset.labelstudio.failures import NOT_FOUND, reading
from claimset.labelstudio.roles import role_of
from claimset.storage.ledger import PushedTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from claimset.labelstudio.transport import Transport
    from claimset.models import TaskRole

__all__ = ["ChangedTasks", "Listing", "StoredTask", "id_range", "moment_of", "one_of"]

Rule = dict[str, Any]
_Page = tuple[list[dict[str, Any]], int]

PAGE_SIZE = 500
LIGHT_PAGE_SIZE = 5000
_LOOKUP_SIZE = 1000
_FEW = 100
_LIGHT = "id,created_at,updated_at,total_annotations,cancelled_annotations"
# A task whose last change is this close to its making was not touched since. One that was imported
# together with its answers looks like that, too.
_UNTOUCHED_S = 0.01


class ChangedTasks(NamedTuple):
    """Some changed tasks, up to when all changes have been given, and whose the last one is."""

    tasks: list[dict[str, Any]]
    until: datetime
    last: int


class StoredTask(NamedTuple):
    """A task as Label Studio holds it."""

    task_id: int
    claim_id: str
    content_hash: str
    role: TaskRole
    answers: int
    """Answers, skips among them."""
    labelled: bool
    """Whether nobody is asked any more."""

    @classmethod
    def of(cls, task: dict[str, Any]) -> StoredTask | None:
        """Read a task; ``None`` for one that claimset did not make."""
        data = task["data"]
        role = role_of(data) if isinstance(data, dict) else None
        if role is None:
            return None
        rows = task.get("annotations")
        answers = len(rows) if rows is not None else int(task.get("total_annotations") or 0)
        return cls(
            int(task["id"]),
            str(data["claim_id"]),
            str(data.get("content_hash", "")),
            role,
            answers + (0 if rows is not None else int(task.get("cancelled_annotations") or 0)),
            bool(task.get("is_labeled")),
        )

    def as_pushed(self) -> PushedTask:
        """What the ledger records of it."""
        return PushedTask(self.task_id, self.claim_id, self.content_hash, self.role)


def one_of(field: str, kind: str, values: Sequence[Any]) -> Rule:
    """The rule that a field has one of the values."""
    return _rule(field, "in_list", kind, list(values))


def id_range(first: int, last: int) -> Rule:
    """The rule that a task's id lies in a range, both ends in it."""
    return _rule("id", "in", "Number", {"min": first, "max": last})


class Listing:
    """Reads lists of tasks.

    The filter goes in the body: in the URL it is unquoted twice and limited in length.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._begun: dict[tuple[int, datetime], Early[_Page]] = {}

    def begin(self, project_id: int, since: datetime) -> None:
        """Ask for what changed before it is needed; :meth:`changed` takes the answer up."""
        self._begun[project_id, since] = Early(lambda: self._few_changed(project_id, since))

    def has_begun(self, project_id: int, since: datetime) -> bool:
        """Whether the answer to just this question is on its way."""
        return (project_id, since) in self._begun

    def find(self, project_id: int, claim_ids: Sequence[str]) -> list[StoredTask]:
        """Tasks of some claims, by task id."""
        include = "id,data,total_annotations,cancelled_annotations,is_labeled"
        tasks = self.walk(
            project_id,
            lambda some: one_of("data.claim_id", "String", some),
            claim_ids,
            include=include,
        )
        with reading(f"looking up tasks of project {project_id}"):
            return sorted(found for task in tasks if (found := StoredTask.of(task)) is not None)

    def walk(
        self,
        project_id: int,
        rule: Callable[[Sequence[Any]], Rule],
        values: Sequence[Any],
        **parameters: str,
    ) -> Iterator[dict[str, Any]]:
        """All tasks that fit a rule for many values, some values at a time."""
        for first in range(0, len(values), _LOOKUP_SIZE):
            some = rule(values[first : first + _LOOKUP_SIZE])
            page = 1
            while True:
                tasks = self._page(project_id, [some], "tasks:id", page, PAGE_SIZE, **parameters)[0]
                yield from tasks
                if len(tasks) < PAGE_SIZE:
                    break
                page += 1

    def count(self, project_id: int, rule: Rule) -> int:
        """How many tasks fit a rule."""
        return self._page(project_id, [rule], "tasks:id", 1, 1, include="id")[1]

    def ids(self, project_id: int, first: int, last: int) -> Iterator[tuple[int, set[int]]]:
        """Ids of the tasks in a range, by keyset: people may add and delete some meanwhile.

        Yields:
            Up to which id, and the ids up to there.
        """
        while True:
            rule = id_range(first, last)
            tasks, _ = self._page(project_id, [rule], "tasks:id", 1, LIGHT_PAGE_SIZE, include="id")
            found = {int(task["id"]) for task in tasks}
            if len(tasks) < LIGHT_PAGE_SIZE:
                yield last, found
                return
            yield max(found), found
            first = max(found) + 1

    def changed(
        self,
        project_id: int,
        since: datetime,
        *,
        untouched: Callable[[Sequence[int]], Iterable[int]] = lambda ids: ids,
    ) -> Iterator[ChangedTasks]:
        """Tasks changed at or after a moment, with all their annotations, oldest change first.

        Few are read in one request. Of many, a light list is read first, and then only those that
        are needed: after a large push most tasks are new and hold no answer.

        Args:
            project_id: The project.
            since: Aware time.
            untouched: Told the ids of tasks that nobody touched since they were made; returns
                those that shall be read all the same.
        """
        begun = self._begun.pop((project_id, since), None)
        tasks, total = begun.result() if begun else self._few_changed(project_id, since)
        if total <= _FEW:
            if tasks:
                yield _changed(tasks, tasks)
            return
        for listed in self._light_pages(project_id, since):
            fresh = [int(task["id"]) for task in listed if _is_untouched(task)]
            wanted = {int(task["id"]) for task in listed} - set(fresh) | set(untouched(fresh))
            for first in range(0, len(listed), PAGE_SIZE):
                part = listed[first : first + PAGE_SIZE]
                ids = [int(task["id"]) for task in part if int(task["id"]) in wanted]
                full = list(self.by_id(project_id, ids))
                yield _changed(full, part)

    def by_id(self, project_id: int, task_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Tasks with all their annotations; those that are gone are left out."""
        return self.walk(
            project_id,
            lambda some: one_of("id", "Number", some),
            task_ids,
            # Not narrowed by `include`: Label Studio would narrow the annotations' fields, too.
            fields="all",
        )

    def _light_pages(self, project_id: int, since: datetime) -> Iterator[list[dict[str, Any]]]:
        """Id and times of changed tasks, each change once.

        People go on labelling meanwhile, so the walk goes by change time and not by page number.
        A bulk action gives all its tasks one time, and pages do not hold their order among equal
        times: a block of them that is larger than the page is read with a larger page.
        """
        seen: set[tuple[int, str]] = set()
        size = LIGHT_PAGE_SIZE
        while True:
            tasks, _ = self._changed_page(project_id, since, 1, size, include=_LIGHT)
            fresh = [task for task in tasks if (int(task["id"]), task["updated_at"]) not in seen]
            if fresh:
                yield fresh
            if len(tasks) < size:
                return
            last = moment_of(tasks[-1])
            size = 2 * size if last == since else LIGHT_PAGE_SIZE
            since = last
            # Only what stands at the last moment can come again on the next page.
            seen = {
                (int(task["id"]), task["updated_at"]) for task in tasks if moment_of(task) == last
            }

    def _few_changed(self, project_id: int, since: datetime) -> _Page:
        return self._changed_page(project_id, since, 1, _FEW, fields="all")

    def _changed_page(
        self, project_id: int, since: datetime, page: int, size: int, **parameters: str
    ) -> tuple[list[dict[str, Any]], int]:
        # Any other form of the time is answered with status 500.
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        rule = _rule("updated_at", "greater_or_equal", "Datetime", moment)
        return self._page(project_id, [rule], "tasks:updated_at", page, size, **parameters)

    def _page(
        self,
        project_id: int,
        rules: list[Rule],
        order: str,
        page: int,
        size: int,
        **parameters: str,
    ) -> tuple[list[dict[str, Any]], int]:
        """One page of tasks, and how many tasks fit in all."""
        try:
            answer = self._transport.call(
                "GET",
                "/api/tasks",
                doing=f"reading tasks of project {project_id}",
                missing="" if page > 1 else f"there is no project {project_id}",
                params={"project": project_id, "page": page, "page_size": size, **parameters},
                body={"filters": {"conjunction": "and", "items": rules}, "ordering": [order]},
            )
        except LabelStudioError as error:
            # A page past the end is a 404 of its own.
            if page > 1 and error.status == NOT_FOUND:
                return [], 0
            raise
        with reading(f"reading tasks of project {project_id}"):
            tasks = [{**task, "id": int(task["id"])} for task in answer["tasks"]]
            return tasks, int(answer["total"])


def moment_of(task: dict[str, Any]) -> datetime:
    """When a task was changed last, in UTC."""
    return datetime.fromisoformat(task["updated_at"]).astimezone(UTC)


def _changed(tasks: list[dict[str, Any]], listed: Sequence[dict[str, Any]]) -> ChangedTasks:
    until, last = max((moment_of(task), int(task["id"])) for task in listed)
    return ChangedTasks(tasks, until, last)


def _is_untouched(task: dict[str, Any]) -> bool:
    if task.get("total_annotations") or task.get("cancelled_annotations"):
        return False
    made = datetime.fromisoformat(task["created_at"])
    return abs((moment_of(task) - made).total_seconds()) < _UNTOUCHED_S


def _rule(field: str, operator: str, kind: str, value: Any) -> Rule:
    return {
        "filter": f"filter:tasks:{field}",
        "operator": operator,
        "type": kind,
        "value": value,
    }
