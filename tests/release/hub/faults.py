"""What can go wrong on the way: a request that never arrives, an answer that is lost, a refusal."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Fault", "Faults", "Moment", "Request", "RequestLog"]


class Moment(StrEnum):
    """When a fault strikes."""

    BEFORE = "before"
    """The request is lost: nothing happens on the server."""
    AFTER = "after"
    """The server does what it was asked, and its answer is lost."""


@dataclass
class Fault:
    """One fault: for requests that match, so many times.

    With a status the request is refused with it; else the connection is cut.
    """

    method: str
    path: str
    moment: Moment = Moment.BEFORE
    status: int | None = None
    message: str = "refused by the test"
    times: int = 1
    strike: Callable[[], None] | None = None
    """Called when the fault strikes, for example to kill the client."""

    def fits(self, method: str, path: str) -> bool:
        """Whether the fault is meant for a request."""
        return self.times > 0 and method == self.method and bool(re.search(self.path, path))


@dataclass
class Faults:
    """The faults that are still to come."""

    waiting: list[Fault] = field(default_factory=list)
    struck: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> Fault:
        """Let a fault wait for its request."""
        with self._lock:
            self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Forget the faults that have not struck."""
        with self._lock:
            self.waiting.clear()
            self.struck.clear()

    def take(self, method: str, path: str, moment: Moment) -> Fault | None:
        """The fault for this request at this moment, if one waits."""
        with self._lock:
            for fault in self.waiting:
                if fault.moment is moment and fault.fits(method, path):
                    fault.times -= 1
                    self.struck.append(fault)
                    break
            else:
                return None
        if fault.strike is not None:
            fault.strike()
        return fault


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    method: str
    path: str
    """Path with its query."""
    authorized: bool
    """Whether it carried a token."""


@dataclass
class RequestLog:
    """Every request, in order."""

    requests: list[Request] = field(default_factory=list)

    def add(self, request: Request) -> None:
        """Note a request."""
        self.requests.append(request)

    def clear(self) -> None:
        """Begin anew."""
        self.requests.clear()

    def count(self, method: str, path: str) -> int:
        """How many requests had this method and a path that matches."""
        return sum(
            item.method == method and bool(re.search(path, item.path)) for item in self.requests
        )

    def writes(self) -> list[str]:
        """The requests that change a repository: creations, commits, tags, branches."""
        pattern = re.compile(r"/api/repos/|/(commit|tag|branch)/")
        return [
            f"{item.method} {item.path}"
            for item in self.requests
            if item.method not in ("GET", "HEAD") and pattern.search(item.path)
        ]
