"""A scripted server of the OpenAI kind, for faults that a real one will not produce on demand."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Script = Callable[[dict[str, Any], int], "Reaction"]


@dataclass
class Reaction:
    """What the server does with a request."""

    content: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    message: dict[str, Any] = field(default_factory=dict)
    finish: str = "stop"
    raw: bytes | None = None
    usage: dict[str, int] | None = field(
        default_factory=lambda: {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    )


def claims(*pairs: tuple[str, list[str]]) -> Reaction:
    """An answer of the asked form."""
    rows = [{"claim": claim, "quotes": quotes} for claim, quotes in pairs]
    return Reaction(json.dumps({"claims": rows}))


def echo(passage: dict[str, Any], number: int) -> Reaction:
    """The sentence as it stands."""
    del number
    return claims((passage["sentence"], [passage["sentence"]]))


class ScriptedServer:
    """Answers as its script says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.script: Script = echo
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.answer(self, body)

            def do_GET(self) -> None:
                outer.paths.append(self.path)
                self.send_error(404)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def passages(self) -> list[dict[str, Any]]:
        """What the users' messages held."""
        return [json.loads(request["messages"][1]["content"]) for request in self.requests]

    def answer(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        with self._lock:
            self.paths.append(handler.path)
            self.keys.append(handler.headers.get("authorization", ""))
            self.requests.append(body)
            number = len(self.requests)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        reaction = self.script(json.loads(body["messages"][1]["content"]), number)
        time.sleep(reaction.delay)
        data = reaction.raw
        if data is None and reaction.status == 200:
            message = {"role": "assistant", "content": reaction.content} | reaction.message
            answer: dict[str, Any] = {
                "id": "x", "object": "chat.completion", "created": 0, "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": reaction.finish}],
            }  # fmt: skip
            if reaction.usage is not None:
                answer["usage"] = reaction.usage
            data = json.dumps(answer).encode()
        elif data is None:
            data = json.dumps({"error": {"message": reaction.content or "no"}}).encode()
        with self._lock:
            self._now -= 1
        try:
            handler.send_response(reaction.status)
            for name, value in reaction.headers.items():
                handler.send_header(name, value)
            handler.send_header("content-type", "application/json")
            handler.send_header("content-length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client did not wait


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server that gives each sentence back until it is told otherwise."""
    pytest.importorskip("openai", reason="the extra is not installed: pip install 'claimset[llm]'")
    made = ScriptedServer()
    yield made
    made.close()
