"""A proxy that loses, doubles, delays and cuts off what goes through it, by a seeded plan."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import random
import re
import socket
import threading
import time
from collections import Counter
from typing import Any, Self
from urllib.parse import urlsplit

KINDS = {
    "drop before": 3,  # the server never sees the request
    "drop in": 3,  # the server gets half of the request
    "drop after": 3,  # the server does the work, the answer is lost
    "502 after": 3,  # the server does the work, a gateway says it failed
    "503 before": 3,  # a gateway refuses, the server never sees the request
    "twice": 3,  # the request is delivered a second time after the first
    "delay": 1,  # the server does the work, the answer comes past the time-out
    "late": 1,  # the request reaches the server only past the client's time-out
    "cut": 3,  # the answer breaks off in the middle
}
"""Kinds of faults, and how often each is planned beside the others: waiting costs the most time."""

_HEADERS = ("authorization", "content-type", "accept", "content-length")


class FaultProxy:
    """Stands on a port of its own in front of one server.

    Args:
        target: Address of the server.
        seed: Decides which requests are hit, and how.
        rate: Share of requests that are hit.
        delay: Seconds that are longer than the client waits.
    """

    def __init__(
        self, target: str, *, seed: int = 0, rate: float = 0.0, delay: float = 1.5
    ) -> None:
        self._target = urlsplit(target)
        self._random = random.Random(seed)  # noqa: S311 - a plan, no secret
        self._lock = threading.Lock()
        self._rate = rate
        self._delay = delay
        self._ordered: list[tuple[re.Pattern[str], str]] = []
        self.open = 0
        """Requests that have not been dealt with, though their client may be gone."""
        self.faults: Counter[str] = Counter()
        """Faults so far, by kind."""
        self.requests = 0
        """Requests so far."""
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

            def handle_any(self) -> None:
                proxy.serve(self)

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = handle_any  # noqa: N815

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: Any) -> None:
                """A client that was killed is no news here."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def order(self, kind: str, request: str) -> None:
        """Hit the next request whose method and path fit a pattern with a fault."""
        self._ordered.append((re.compile(request), kind))

    def wait_until_quiet(self) -> None:
        """Wait until every request that was held back has been delivered."""
        while self.open:
            time.sleep(0.05)

    def serve(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        """Deal with one request."""
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        if len(body) < length:
            return  # the client was killed in the middle
        handler.close_connection = True
        kind = self._plan(f"{handler.command} {handler.path}")
        with self._lock:
            self.open += 1
        try:
            self._act(kind, handler, body)
        finally:
            with self._lock:
                self.open -= 1

    def _plan(self, request: str) -> str | None:
        with self._lock:
            self.requests += 1
            kind = None
            for place, (fits, ordered) in enumerate(self._ordered):
                if fits.match(request):
                    kind = ordered
                    del self._ordered[place]
                    break
            if kind is None and self._random.random() < self._rate:
                kind = self._random.choices(list(KINDS), list(KINDS.values()))[0]
            if kind is not None:
                self.faults[kind] += 1
            return kind

    def _act(
        self, kind: str | None, handler: http.server.BaseHTTPRequestHandler, body: bytes
    ) -> None:
        if kind == "drop before":
            return
        if kind == "503 before":
            _answer(handler, 503, b'{"detail": "no"}')
            return
        if kind == "drop in":
            self._send_half(handler, body)
            return
        if kind == "late":
            time.sleep(self._delay)
        status, answer = self._forward(handler, body)
        if kind == "twice":
            self._forward(handler, body)
        if kind == "delay":
            time.sleep(self._delay)
        if kind in ("drop after", "late"):
            return
        if kind == "502 after":
            _answer(handler, 502, b"<html>Bad Gateway</html>")
        elif kind == "cut":
            _answer(handler, status, answer, sent=len(answer) // 2)
        else:
            _answer(handler, status, answer)

    def _forward(
        self, handler: http.server.BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, bytes]:
        upstream = http.client.HTTPConnection(
            self._target.hostname or "", self._target.port, timeout=120
        )
        with contextlib.closing(upstream):
            headers = _headers(handler) | {"Connection": "close"}
            upstream.request(handler.command, handler.path, body=body or None, headers=headers)
            answer = upstream.getresponse()
            return answer.status, answer.read()

    def _send_half(self, handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        lines = [f"{handler.command} {handler.path} HTTP/1.1", f"Host: {self._target.netloc}"]
        lines += [f"{name}: {value}" for name, value in _headers(handler).items()]
        raw = "\r\n".join([*lines, "", ""]).encode() + body
        with socket.create_connection((self._target.hostname, self._target.port)) as upstream:
            upstream.sendall(raw[: max(1, len(raw) // 2)])


def _headers(handler: http.server.BaseHTTPRequestHandler) -> dict[str, str]:
    return {name: value for name, value in handler.headers.items() if name.lower() in _HEADERS}


def _answer(
    handler: http.server.BaseHTTPRequestHandler, status: int, body: bytes, sent: int | None = None
) -> None:
    with contextlib.suppress(OSError):  # the client has gone
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(body[:sent])
        handler.wfile.flush()
