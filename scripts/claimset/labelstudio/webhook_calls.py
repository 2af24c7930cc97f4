"""Label Studio's interface for webhooks: one method per call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.errors import LabelStudioError
from claimset.labelstudio.failures import NOT_FOUND, UnclearError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimset.labelstudio.transport import Transport

__all__ = ["WebhookCalls"]

_ACTIONS = (
    "ANNOTATION_CREATED",
    "ANNOTATIONS_CREATED",
    "ANNOTATION_UPDATED",
    "ANNOTATIONS_DELETED",
    "TASKS_DELETED",
)
_DONE = 200


class WebhookCalls:
    """Webhooks of one server, as one account."""

    _transport: Transport

    def set_webhook(self, project_id: int, url: str, headers: Mapping[str, str]) -> int:
        """Have a project call an address when answers change; without saying what changed.

        Args:
            project_id: The project.
            url: The address; a hook that it has already is changed.
            headers: Sent with every call.

        Returns:
            Status of the answer: 200, or that of the refusal.

        Raises:
            LabelStudioError: The server failed.
        """
        hook = {
            "url": url,
            "headers": dict(headers),
            "send_payload": False,
            "send_for_all_actions": False,
            "actions": list(_ACTIONS),
            "is_active": True,
        }
        there = self._hooks(project_id, url)
        for doubled in there[1:]:
            self._remove(doubled)
        first = there[0] if there else None
        path = "/api/webhooks/" if first is None else f"/api/webhooks/{first}/"
        try:
            self._transport.call(
                "POST" if first is None else "PATCH",
                path,
                doing=f"setting a webhook of project {project_id}",
                body=hook | ({"project": project_id} if first is None else {}),
                repeatable=first is not None,
            )
        except UnclearError:
            raise
        except LabelStudioError as error:
            if error.status is None:
                raise
            return error.status
        return _DONE

    def remove_webhook(self, project_id: int, url: str) -> None:
        """Take a project's hooks of an address away; none there is no error."""
        for number in self._hooks(project_id, url):
            self._remove(number)

    def _hooks(self, project_id: int, url: str) -> list[int]:
        found: list[dict[str, Any]] = self._transport.call(
            "GET",
            "/api/webhooks/",
            doing=f"listing the webhooks of project {project_id}",
            params={"project": project_id},
        )
        return [int(hook["id"]) for hook in found if hook["url"] == url]

    def _remove(self, number: int) -> None:
        try:
            self._transport.call(
                "DELETE", f"/api/webhooks/{number}/", doing=f"removing webhook {number}"
            )
        except LabelStudioError as error:
            if error.status != NOT_FOUND:
                raise
