"""Label Studio's interface for annotations: one method per call."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from claimset.errors import LabelStudioError
from claimset.labelstudio.failures import NOT_FOUND

if TYPE_CHECKING:
    from claimset.labelstudio.transport import Transport

__all__ = ["AnnotationCalls"]

_CONFLICT = 409
_IDEMPOTENCY = uuid.UUID("2f1c3f0e-50a4-5f6a-9d59-3a6c0c0f4e11")


class AnnotationCalls:
    """Annotations and drafts of one server, as one account."""

    _transport: Transport

    def annotate(
        self, task_id: int, result: list[dict[str, Any]], *, once: str | None = None
    ) -> int | None:
        """Submit an annotation as this client's account.

        Args:
            task_id: The task.
            result: Label Studio's regions and choices.
            once: A name for this submission: Label Studio takes only one annotation under it, so
                that it can be sent again when no answer came.

        Returns:
            Its id; ``None`` when an annotation of that name is there already.
        """
        body: dict[str, Any] = {"result": result}
        if once is not None:
            body["unique_id"] = str(uuid.uuid5(_IDEMPOTENCY, once))
        try:
            made = self._transport.call(
                "POST",
                f"/api/tasks/{task_id}/annotations/",
                doing=f"annotating task {task_id}",
                missing=f"there is no task {task_id}",
                body=body,
                repeatable=once is not None,
            )
        except LabelStudioError as error:
            if once is None or error.status != _CONFLICT:
                raise
            return None
        return int(made["id"])

    def delete_annotation(self, annotation_id: int) -> None:
        """Delete an annotation; one that is gone already is no error."""
        self._delete(f"/api/annotations/{annotation_id}/", f"deleting annotation {annotation_id}")

    def update_annotation(self, annotation_id: int, result: list[Any]) -> None:
        """Change what an annotation says; its author stays."""
        self._transport.call(
            "PATCH",
            f"/api/annotations/{annotation_id}/",
            doing=f"changing annotation {annotation_id}",
            missing=f"there is no annotation {annotation_id}",
            body={"result": result},
        )

    def convert_to_draft(self, annotation_id: int) -> None:
        """Make an annotation a draft of this client's account, in one step; the task opens again.

        Raises:
            LabelStudioError: It is gone (status 404), or the server failed.
            UnclearError: No answer came; it may be a draft now.
        """
        self._transport.call(
            "POST",
            f"/api/annotations/{annotation_id}/convert-to-draft",
            doing=f"making annotation {annotation_id} a draft",
            missing=f"there is no annotation {annotation_id}",
            repeatable=False,
        )

    def take_task(self, project_id: int, task_id: int) -> bool:
        """Keep a task for this client's account, as if it were on its screen.

        Label Studio then gives it to this account first, and to nobody else in its place for a
        day.

        Returns:
            Whether it is kept: not when the account has answered it, or nobody is asked any more.
        """
        try:
            self._transport.call(
                "POST",
                "/api/dm/actions/",
                doing=f"taking task {task_id}",
                params={"id": "next_task", "project": project_id},
                body={"selectedItems": {"all": False, "included": [task_id]}},
            )
        except LabelStudioError as error:
            if error.status != NOT_FOUND:
                raise
            return False
        return True

    def _delete(self, path: str, doing: str) -> None:
        try:
            self._transport.call("DELETE", path, doing=doing)
        except LabelStudioError as error:
            if error.status != NOT_FOUND:
                raise
