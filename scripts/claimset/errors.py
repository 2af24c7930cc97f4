"""Every error the package raises on purpose, and the exit code each one means.

::

    ClaimsetError                 says what is wrong, where, and what to do
    ├── UsageError                exit 2: bad flag, missing setting, not a workspace
    ├── DataError                 exit 4: file, line or row, field, found, expected
    │   ├── SpanError             text[start:end] differs from the stored text
    │   └── ContractError         a row or file does not fit the published contract
    ├── RemoteError               exit 3: service, method, path, status
    │   ├── LabelStudioError      Label Studio refused, failed or cannot be reached
    │   ├── HubError              the Hugging Face Hub refused, failed or cannot be reached
    │   └── PartialWriteError     part of a remote write happened; says how to go on
    └── CheckFailed               exit 1: a check found something that must not pass

A caller who wants everything catches one class::

    try:
        claimset.pipeline.push(workspace)
    except ClaimsetError as error:
        print(error.problem, error.where, error.remedy)
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "CheckFailed",
    "ClaimsetError",
    "ContractError",
    "DataError",
    "HubError",
    "LabelStudioError",
    "PartialWriteError",
    "RemoteError",
    "SpanError",
    "UsageError",
]


class ClaimsetError(Exception):
    """Something is wrong; the message says what, where, and what to do next.

    Args:
        problem: One sentence that says what is wrong.
        where: The place: ``file:line, field x``, a claim id, or ``METHOD path``.
        remedy: What the reader can do about it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, problem: str, *, where: str = "", remedy: str = "") -> None:
        self.problem = problem
        self.where = where
        self.remedy = remedy
        super().__init__(problem, where, remedy)

    def __str__(self) -> str:
        """The three parts on one line each, empty parts left out."""
        parts = [self.problem]
        if self.where:
            parts.append(f"  where: {self.where}")
        if self.remedy:
            parts.append(f"  to do: {self.remedy}")
        return "\n".join(parts)


class UsageError(ClaimsetError):
    """The command, a setting or the workspace is not usable as given."""

    exit_code = 2


class DataError(ClaimsetError):
    """An input file, row or stored record is not valid."""

    exit_code = 4


class SpanError(DataError):
    """A stored text is not the slice of its article at the stored positions."""


class ContractError(DataError):
    """A row or file does not fit the published contract (schema, version, choices)."""


class RemoteError(ClaimsetError):
    """A remote service refused, failed or cannot be reached.

    Args:
        problem: One sentence that says what is wrong.
        where: ``METHOD path`` of the call, and the claim or file it was about.
        remedy: What the reader can do about it.
        status: HTTP status of the answer, or ``None`` when none came.
    """

    exit_code = 3

    def __init__(
        self, problem: str, *, where: str = "", remedy: str = "", status: int | None = None
    ) -> None:
        self.status = status
        super().__init__(problem, where=where, remedy=remedy)


class LabelStudioError(RemoteError):
    """Label Studio refused, failed or cannot be reached."""


class HubError(RemoteError):
    """The Hugging Face Hub refused, failed or cannot be reached."""


class PartialWriteError(RemoteError):
    """Part of a remote write happened; the message says what is there and how to go on."""


class CheckFailed(ClaimsetError):  # noqa: N818 - named for what happened, as in DESIGN's tree
    """A check found something that must not pass: a gate, a stale file, a forbidden row."""

    exit_code = 1
