"""One HTTP exchange: the parsed request, and answers in the Hub's words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

__all__ = ["Answer", "Call", "Refusal", "answer"]


@dataclass(frozen=True)
class Call:
    """A request, parsed."""

    method: str
    parts: tuple[str, ...]
    """The path's parts, percent-decoded after the split."""
    query: Mapping[str, list[str]]
    body: bytes
    token: str | None
    range: str | None

    @classmethod
    def parse(cls, method: str, target: str, headers: Message, body: bytes) -> Call:
        """Parse the request line and the headers that matter."""
        path, _, query = target.partition("?")
        token = headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return cls(
            method=method,
            parts=tuple(unquote(part) for part in path.strip("/").split("/")),
            query=parse_qs(query),
            body=body,
            token=token or None,
            range=headers.get("Range"),
        )

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def flag(self, name: str) -> bool:
        """Whether a query parameter is set and true."""
        return self.query.get(name, ["0"])[0].lower() in ("1", "true")


@dataclass(frozen=True)
class Answer:
    """An answer: status, body, headers."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - an answer, not a fault of the double
    """A refusal in the Hub's form; the client chooses its exception by the code header."""

    def __init__(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        super().__init__(message)
        extra = {"X-Error-Code": code} if code else {}
        self.answer = Answer(
            status,
            json.dumps({"error": message}).encode(),
            {"Content-Type": "application/json", "X-Error-Message": message, **extra, **headers},
        )


def answer(value: Any, **headers: str) -> Answer:
    """A JSON answer."""
    return Answer(200, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})
