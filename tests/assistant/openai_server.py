"""A loopback server that speaks OpenAI's chat-completions protocol, scripted by the test: each request takes the next
step of the script. The requests it got are kept for the test to look at."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def text(content: str) -> dict[str, Any]:
    """A step: the model says this."""
    return {"role": "assistant", "content": content}


def call(name: str, **arguments: Any) -> dict[str, Any]:
    """A step: the model calls a tool."""
    return calls((name, arguments))


def calls(*made: tuple[str, dict[str, Any] | str]) -> dict[str, Any]:
    """A step: the model calls several tools at once; arguments that are text are sent as they stand."""
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": f"call_{n}",
                "type": "function",
                "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
            }
            for n, (name, given) in enumerate(made)
        ],
    }


@dataclass(frozen=True)
class Streamed:
    """A step whose stream misbehaves: it ends after some events with no word of it, comes slowly, or counts nothing."""

    message: dict[str, Any]
    events: int | None = None
    gap_s: float = 0.0
    usage: bool = True


@dataclass(frozen=True)
class Trouble:
    """A step that goes wrong: an error status, garbage instead of JSON, a connection cut short, or a long wait."""

    status: int = 500
    body: str = '{"error": {"message": "broken"}}'
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    cut: bool = False


Step = dict[str, Any] | Trouble | Streamed


@dataclass
class OpenAIServer:
    url: str
    requests: list[dict[str, Any]]
    headers: list[str] = field(default_factory=list)
    """The authorization headers."""


@contextmanager
def openai_server(script: list[Step] | Callable[[int], Step]) -> Iterator[OpenAIServer]:
    """Serves the script on a free port of 127.0.0.1; the last step repeats."""
    got: list[dict[str, Any]] = []
    keys: list[str] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                n = len(got)
                got.append(body)
                keys.append(self.headers.get("Authorization", ""))
            step = script(n) if callable(script) else script[min(n, len(script) - 1)]
            if isinstance(step, Trouble):
                time.sleep(step.wait_s)
                self._send(step.status, step.body.encode(), step.headers, cut=step.cut)
            elif body.get("stream"):
                streamed = step if isinstance(step, Streamed) else Streamed(step)
                self._pour(_events(streamed), streamed.gap_s)
            else:
                message = step.message if isinstance(step, Streamed) else step
                self._send(200, json.dumps(_completion(message)).encode(), {})

        def _pour(self, events: list[bytes], gap_s: float) -> None:
            try:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                for event in events:
                    self.wfile.write(event)
                    self.wfile.flush()
                    time.sleep(gap_s)
                self.close_connection = True
            except OSError:  # the client hung up
                pass

        def _send(self, status: int, body: bytes, headers: dict[str, str], *, cut: bool = False) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body) + (100 if cut else 0)))
                for key, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(body)
                if cut:
                    self.close_connection = True
            except OSError:  # the client gave up waiting
                pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield OpenAIServer(f"http://127.0.0.1:{server.server_port}/v1", got, keys)
    finally:
        server.shutdown()
        server.server_close()


_USAGE = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}


def _completion(message: dict[str, Any]) -> dict[str, Any]:
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}], "usage": _USAGE,
    }  # fmt: skip


def _events(step: Streamed) -> list[bytes]:
    message = step.message
    pieces: list[dict[str, Any]] = []
    if message.get("tool_calls"):
        calls = [{"index": n, **c} for n, c in enumerate(message["tool_calls"])]
        pieces.append({"role": "assistant", "tool_calls": calls})
    else:
        words = re.findall(r"\S+\s*", message["content"])
        pieces += [{"role": "assistant", "content": word} for word in words]
    events = [
        {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
         "choices": [{"index": 0, "delta": piece, "finish_reason": None}]} for piece in pieces
    ]  # fmt: skip
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    events.append({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
                   "choices": [{"index": 0, "delta": {}, "finish_reason": reason}],
                   "usage": _USAGE if step.usage else None})  # fmt: skip
    lines = [b"data: " + json.dumps(e).encode() + b"\n\n" for e in events]
    return [*lines, b"data: [DONE]\n\n"] if step.events is None else lines[: step.events]
