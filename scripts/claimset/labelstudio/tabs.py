"""Tabs: views of a project's list that show some of its tasks, each with an address of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimset.labelstudio.transport import Transport

__all__ = ["Tabs"]


class Tabs:
    """The tabs of the projects of one server.

    Args:
        transport: Speaks to the server.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def open(self, project_id: int, title: str, *, key: str, value: str) -> str:
        """See that there is a tab for the tasks whose data has a value under a key.

        Args:
            project_id: The project.
            title: What the tab is called; this is how it is found again.
            key: The key.
            value: The value.

        Returns:
            Address of the labelling stream of the tab's tasks.

        Raises:
            LabelStudioError: The server failed.
        """
        views = self._transport.call(
            "GET",
            "/api/dm/views/",
            doing=f"looking at the tabs of project {project_id}",
            params={"project": project_id},
        )
        tab = next((int(one["id"]) for one in views if one["data"].get("title") == title), None)
        if tab is None:
            rule = {
                "filter": f"filter:tasks:data.{key}",
                "operator": "equal",
                "type": "String",
                "value": value,
            }
            filters: dict[str, Any] = {"conjunction": "and", "items": [rule]}
            made = self._transport.call(
                "POST",
                "/api/dm/views/",
                doing=f"making the tab {title!r} in project {project_id}",
                body={"project": project_id, "data": {"title": title, "filters": filters}},
                repeatable=False,
            )
            tab = int(made["id"])
        return f"{self._transport.url}/projects/{project_id}/data?tab={tab}&labeling=1"
