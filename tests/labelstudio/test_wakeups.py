"""Wake-ups: a call with the secret wakes, anything else does not, and nothing it says is read."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from claimset.errors import UsageError
from claimset.labelstudio.wakeups import SECRET_HEADER, WakeUps

if TYPE_CHECKING:
    from collections.abc import Iterator


class Known(WakeUps):
    """Wake-ups whose secret a test can know."""

    @property
    def headers(self) -> dict[str, str]:
        return {SECRET_HEADER: self._secret.get_secret_value()}


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def wakeups() -> Iterator[Known]:
    with Known("round-1", unused_port()) as found:
        yield found


def post(url: str, headers: dict[str, str], content: bytes = b"{}") -> int:
    return httpx.post(url, headers=headers, content=content, trust_env=False).status_code


def test_only_a_call_with_the_secret_wakes(wakeups: Known) -> None:
    """Without it, or with another one, the answer is 403 and the wait goes on."""
    for wrong in ({}, {SECRET_HEADER: "x"}, {SECRET_HEADER: "ü"}):
        headers = [(name.encode(), value.encode()) for name, value in wrong.items()]
        answer = httpx.post(wakeups.url, headers=headers, trust_env=False)
        assert answer.status_code == 403
        assert not wakeups.wait(0)
    assert post(wakeups.url, wakeups.headers) == 204
    assert wakeups.wait(5)
    assert not wakeups.wait(0)


def test_what_a_call_says_is_thrown_away(wakeups: Known) -> None:
    """A payload of any kind and size does no more than wake."""
    for content in (b"", b"\xff\x00 no JSON", b"[" * 60_000):
        assert post(wakeups.url, wakeups.headers, content) == 204
        assert wakeups.wait(5)
    with socket.create_connection(("127.0.0.1", int(wakeups.url.split(":")[2].split("/")[0]))) as s:
        s.sendall(b"POST /claimset/round-1 HTTP/1.1\r\nContent-Length: -7\r\n\r\n")
        assert b" 403 " in s.recv(200)


def test_a_wait_without_a_call_lasts_its_time() -> None:
    with WakeUps("round-1") as wakeups:
        began = time.monotonic()
        assert not wakeups.wait(0.3)
        assert time.monotonic() - began >= 0.3
    assert wakeups.url == ""


def test_a_taken_port_is_named(wakeups: Known) -> None:
    port = int(wakeups.url.split(":")[2].split("/")[0])
    with pytest.raises(UsageError, match=f"port {port}"):
        WakeUps("round-1", port)


def test_the_secret_shows_nowhere(wakeups: Known) -> None:
    (secret,) = wakeups.headers.values()
    assert secret not in repr(vars(wakeups))
    assert secret not in wakeups.url
