"""Doctor: what it says of the server that a workspace uses."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from claimset.pipeline.doctor import doctor

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"email": "lead@example.org"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(("host", "open_"), [("127.0.0.1", False), ("127.0.0.2", True)])
def test_a_server_elsewhere_without_encryption_is_pointed_out(
    workspace_copy: Workspace, monkeypatch: pytest.MonkeyPatch, host: str, *, open_: bool
) -> None:
    """The token would travel in the open; 127.0.0.2 stands for an address of another machine."""
    with HTTPServer((host, 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://{host}:{server.server_port}"
        monkeypatch.setenv("LABEL_STUDIO_URL", address)
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", "t" * 40)
        checks = {check.name: check for check in doctor(workspace_copy).checks}
        server.shutdown()
        thread.join()
    check = checks["Label Studio"]
    assert check.ok
    assert check.detail.startswith(f"{address}, as lead@example.org")
    assert ("not encrypted" in check.detail) is open_
