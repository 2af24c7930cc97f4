"""The loopback Hub: an HTTP server on 127.0.0.1 that the unmodified client takes for the Hub."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.release.hub.exchange import Answer, Call, Refusal
from tests.release.hub.faults import Moment, Request
from tests.release.hub.reading import read_api, read_bytes, resolve
from tests.release.hub.state import Hub
from tests.release.hub.writing import batch, create, store, validate_card, verify, write_api
from tests.release.hub.xet import XetStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["running_hub"]


@contextmanager
def running_hub(*, xet_folder: Path | None = None) -> Iterator[Hub]:
    """A double on a free port, for the length of the block.

    Args:
        xet_folder: Where the clients' real Xet library stores its chunks; ``None`` for LFS mode.
    """
    hub = Hub(xet=XetStore(xet_folder) if xet_folder else None)

    class Handler(_Handler):
        state = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _route(hub: Hub, call: Call) -> Answer:
    match (call.method, *call.parts):
        case ("POST", "api", "repos", "create"):
            return create(hub, call)
        case ("POST", "api", "validate-yaml"):
            return validate_card(call)
        case ("GET" | "HEAD", "api", "datasets", owner, name, *rest):
            return read_api(hub, call, f"{owner}/{name}", tuple(rest))
        case (_, "api", "datasets", owner, name, *rest):
            return write_api(hub, call, f"{owner}/{name}", tuple(rest))
        case ("POST", "datasets", owner, name, "info", "lfs", "objects", "batch"):
            return batch(hub, call, f"{owner}/{name.removesuffix('.git')}")
        case ("PUT", "store", sha256):
            return store(hub, call, sha256)
        case ("POST", "verify", owner, name):
            return verify(hub, call, f"{owner}/{name}")
        case ("GET" | "HEAD", "datasets", owner, name, "resolve", revision, *path):
            return resolve(hub, call, f"{owner}/{name}", revision, "/".join(path))
        case ("GET" | "HEAD", "stored", sha256):
            return read_bytes(hub, call, sha256)
    raise Refusal(404, "Not found")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Hub
    disable_nagle_algorithm = True

    def _exchange(self) -> None:
        body = self._body()
        self.state.log.add(Request(self.command, self.path, "Authorization" in self.headers))
        fault = self.state.faults.take(self.command, self.path, Moment.BEFORE)
        if fault is None:
            reply = self._reply(body)
            fault = self.state.faults.take(self.command, self.path, Moment.AFTER)
        if fault is None:
            self._send(reply)
        elif fault.status is not None:
            self._send(Refusal(fault.status, fault.message).answer)
        else:
            self._cut()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _exchange  # noqa: N815 - the base's names

    def _reply(self, body: bytes) -> Answer:
        try:
            return _route(self.state, Call.parse(self.command, self.path, self.headers, body))
        except Refusal as refusal:
            return refusal.answer

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, reply: Answer) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Say nothing on stderr: requests are kept in the log."""
