"""Transport: requests to one Label Studio as one account, repeated only where that is safe.

Label Studio's own SDK has a client, too. By default it repeats a POST after a dropped connection or
a 5xx answer, also when the server had done the work: fifty tasks sent became a hundred and fifty.
Without its repetitions every fault would still have to be told apart here, and loading it takes
1.2 s of processor time and 200 MB (SDK 2.1.2; httpx takes .14 s and 32 MB), where a pull that finds
nothing new takes a second altogether. So plain HTTP is spoken, and a request is repeated only when
doing it twice is doing it once. Who sends anything else looks up afterwards what has arrived.

What the SDK knows better than anybody is Label Studio's language of pages and results; for that it
is asked, in :mod:`claimset.labelstudio.grammar`.
"""

from __future__ import annotations

import json
import ssl
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from claimset.labelstudio.failures import UnclearError, calling, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pydantic import SecretStr

__all__ = ["ServerTime", "Transport", "encoded", "is_loopback"]

TIMEOUT_S = 60.0
"""How long an answer may take."""

PAUSES_S = (0.5, 1.0, 2.0)
"""How long to wait before each repetition of a request that may be repeated."""

_ACCESS_LIFE_S = 240  # an access token lives 300 s
_UNAUTHORIZED = 401


class ServerTime(NamedTuple):
    """The server's time when it sent an answer, in whole seconds."""

    moment: datetime
    ahead_s: float
    """Seconds by which its clock is ahead of this machine's."""


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine.

    >>> is_loopback("http://127.0.0.1:8080"), is_loopback("https://studio.example.org")
    (True, False)
    """
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def encoded(body: Any) -> bytes:
    """A body as it is sent, for those who want to have it ready before its time.

    >>> encoded([{"text": "é"}]).decode()
    '[{"text":"é"}]'
    """
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


class Transport:
    """HTTP to one server, with a legacy token or a personal access token.

    Args:
        url: Base address of the server.
        api_key: The token; a personal access token has the form of a JWT and is exchanged for
            short-lived access tokens.
        sleep: How to wait.
    """

    def __init__(
        self, url: str, api_key: SecretStr, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.url = url.rstrip("/")
        self._api_key = api_key
        self._sleep = sleep
        self.server_time: ServerTime | None = None
        """Of the last answer that told it."""
        self._access = ""
        self._access_since = 0.0
        local = is_loopback(url)
        self._http = httpx.Client(
            base_url=self.url,
            timeout=TIMEOUT_S,
            follow_redirects=True,
            # Plain HTTP on this machine needs no certificates; reading them takes 30 ms.
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            if local and self.url.startswith("http://")
            else True,
            # A proxy from the environment must never see what is meant for this machine.
            trust_env=not local,
            # Label Studio's server sends head and body in two packets: on a connection that is
            # kept alive the second one waits 40 ms for the kernel's acknowledgement of the first.
            limits=httpx.Limits(max_keepalive_connections=0 if local else 5),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        missing: str = "",
        params: dict[str, Any] | None = None,
        body: Any = None,
        repeatable: bool = True,
        seconds: float | None = None,
    ) -> Any:
        """Send a request and read its JSON answer.

        Args:
            method: HTTP method.
            path: Path with its slash.
            doing: What is being done, for the error.
            missing: What a 404 answer means here.
            params: Query parameters.
            body: Sent as JSON, bytes as they are; also with GET, where Label Studio takes filters
                from it.
            repeatable: Whether doing it twice is doing it once; then it is repeated when the
                connection or the server fails.
            seconds: How long the answer may take.

        Returns:
            The decoded answer; ``None`` when it is empty.

        Raises:
            LabelStudioError: The server refused, failed or cannot be reached.
        """
        pauses = list(PAUSES_S) if repeatable else []
        while True:
            try:
                return self._once(method, path, doing, missing, params, body, seconds)
            except UnclearError:
                if not pauses:
                    raise
                self._sleep(pauses.pop(0))

    def _once(
        self,
        method: str,
        path: str,
        doing: str,
        missing: str,
        params: dict[str, Any] | None,
        body: Any,
        seconds: float | None,
    ) -> Any:
        where = f"{doing} at {self.url}"
        with calling(where):
            answer = self._send(method, path, params, body, seconds)
            self.server_time = _time_of(answer) or self.server_time
            if answer.is_success:
                return answer.json() if answer.content.strip() else None
        raise refusal(answer.status_code, _body_of(answer), where=where, missing=missing)

    def _send(
        self,
        method: str,
        path: str,
        params: dict[str, Any] | None,
        body: Any,
        seconds: float | None,
    ) -> httpx.Response:
        more: dict[str, Any] = {} if seconds is None else {"timeout": seconds}
        kind = {}
        if body is not None:
            more["content"] = data = body if isinstance(body, bytes) else encoded(body)
            kind = {"Content-Type": "application/json", "Content-Length": str(len(data))}

        def send() -> httpx.Response:
            # The token goes last: Label Studio's server carries out a request whose headers break
            # off, as one without a body; without a token it refuses it.
            headers = kind | self._auth()
            return self._http.request(method, path, params=params, headers=headers, **more)

        answer = send()
        if answer.status_code == _UNAUTHORIZED and self._access:
            self._access = ""  # it may have been withdrawn before its time
            answer = send()
        return answer

    def _auth(self) -> dict[str, str]:
        token = self._api_key.get_secret_value()
        if token.count(".") != 2:  # noqa: PLR2004 - a JWT has three parts
            return {"Authorization": f"Token {token}"}
        if not self._access or time.monotonic() - self._access_since > _ACCESS_LIFE_S:
            answer = self._http.post("/api/token/refresh/", json={"refresh": token})
            answer.raise_for_status()
            self._access, self._access_since = str(answer.json()["access"]), time.monotonic()
        return {"Authorization": f"Bearer {self._access}"}


def _time_of(answer: httpx.Response) -> ServerTime | None:
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    if moment.tzinfo is None:  # it names no zone
        return None
    return ServerTime(moment, moment.timestamp() - time.time())


def _body_of(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text
