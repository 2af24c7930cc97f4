"""Wake-ups: waiting for the next pull, cut short when Label Studio calls.

Label Studio's webhooks are sent once, unsigned, and never again. So a call carries no news: what
it says is thrown away unread, and what happened is found by a pull. It is heard only when it
knows the secret that was given to Label Studio, and only on this machine.
"""

from __future__ import annotations

import contextlib
import hmac
import http.server
import secrets
import threading
from typing import TYPE_CHECKING, Any, Self

from pydantic import SecretStr

from claimset.errors import UsageError

if TYPE_CHECKING:
    from claimset.labelstudio.client import LabelStudioClient

__all__ = ["SECRET_HEADER", "WakeUps"]

SECRET_HEADER = "X-Claimset-Secret"  # noqa: S105 - the header's name
_HOST = "127.0.0.1"
_PATH = "/claimset/"
_MOST_READ = 65_536
_PATIENCE_S = 5.0
_NO_CONTENT, _FORBIDDEN = 204, 403
_REFUSED = frozenset({400, 403})


class WakeUps:
    """Waits between two pulls.

    Args:
        round_name: The round; part of the address, so that a hook that a killed run left behind
            is found again.
        port: Port of 127.0.0.1 where webhooks arrive; ``None`` waits for the time only.
        address: Where Label Studio reaches that port, when not on this machine itself.
    """

    def __init__(
        self, round_name: str, port: int | None = None, address: str | None = None
    ) -> None:
        self._called = threading.Event()
        self._secret = SecretStr(secrets.token_urlsafe(32))
        self._server: http.server.ThreadingHTTPServer | None = None
        self.url = ""
        """Where Label Studio is to call; empty without webhooks."""
        if port is not None:
            self._server = self._listen(port)
            base = address or f"http://{_HOST}:{self._server.server_port}"
            self.url = f"{base.rstrip('/')}{_PATH}{round_name}"

    def __enter__(self) -> Self:
        if self._server is not None:
            threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; returns whether a call ended the wait."""
        came = self._called.wait(seconds)
        self._called.clear()
        return came

    def register(self, client: LabelStudioClient, project_id: int) -> None:
        """Ask Label Studio to call after every change of an answer, with this run's secret.

        A hook of the same address is taken over, so that there is never a second one.

        Raises:
            UsageError: Label Studio does not take the address.
            LabelStudioError: The server failed.
        """
        headers = {SECRET_HEADER: self._secret.get_secret_value()}
        status = client.set_webhook(project_id, self.url, headers)
        if status in _REFUSED:
            raise UsageError(
                f"Label Studio does not take the webhook address {self.url} (status {status})",
                where="--webhook",
                remedy="it calls no address of its own network unless it was started with "
                "SSRF_PROTECTION_ENABLED=False: name an address that it may call with "
                "--webhook-url, or leave --webhook out and let --interval do",
            )

    def withdraw(self, client: LabelStudioClient, project_id: int) -> None:
        """Ask Label Studio to call no more."""
        client.remove_webhook(project_id, self.url)

    def _listen(self, port: int) -> http.server.ThreadingHTTPServer:
        called, secret = self._called, self._secret.get_secret_value().encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = _PATIENCE_S

            def do_POST(self) -> None:
                """Wake when the secret is right; what was sent is thrown away."""
                given = (self.headers.get(SECRET_HEADER) or "").encode("utf-8", "replace")
                known = hmac.compare_digest(given, secret)
                with contextlib.suppress(ValueError, OSError):
                    size = int(self.headers.get("Content-Length") or 0)
                    self.rfile.read(max(0, min(size, _MOST_READ)))
                if known:
                    called.set()
                self.send_response(_NO_CONTENT if known else _FORBIDDEN)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        try:
            server = http.server.ThreadingHTTPServer((_HOST, port), Handler)
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be listened on ({error.strerror})",
                where="--webhook",
                remedy="name a free port of this machine",
            ) from error
        server.daemon_threads = True
        return server
