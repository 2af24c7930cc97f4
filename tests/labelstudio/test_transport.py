"""Requests as they go over the wire."""

from __future__ import annotations

import socket
from threading import Thread

from pydantic import SecretStr

from claimset.labelstudio.transport import Transport, encoded


def test_a_request_that_breaks_off_in_its_headers_carries_no_token() -> None:
    """Label Studio's server carries out what it got of the headers, as if there were no body."""
    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for _ in range(2):
            connection, _ = listener.accept()
            with connection:
                data = b""
                while not data.endswith(b"}"):
                    data += connection.recv(65536)
                seen.append(data)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    thread = Thread(target=serve)
    thread.start()
    transport = Transport(f"http://127.0.0.1:{listener.getsockname()[1]}", SecretStr("secret"))
    try:
        for body in ({"text": "é"}, encoded({"text": "é"})):
            transport.call("POST", "/", doing="trying", body=body)
    finally:
        thread.join(30)
        transport.close()
        listener.close()
    assert seen[0] == seen[1]
    head, _, sent = seen[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[-1] == b"Authorization: Token secret"
    assert b"Content-Type: application/json" in lines
    assert f"Content-Length: {len(sent)}".encode() in lines
    assert sent == '{"text":"é"}'.encode()
