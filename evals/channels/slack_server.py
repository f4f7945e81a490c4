"""A loopback server that acts as Slack: its Web API checks tokens, arguments and the bounds of Block Kit; it takes
files, answers to a response_url, and opens a socket (Socket Mode)."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BasicAuth, web
from slack_sdk.web.async_client import AsyncWebClient

BOT, APP = "xoxb-1", "xapp-1"
CLIENT_ID, CLIENT_SECRET = "1.2", "a client's secret"
_CLIENT = BasicAuth(CLIENT_ID, CLIENT_SECRET).encode()
_TEXT = {"text", "blocks", "thread_ts", "unfurl_links"}
METHODS: dict[str, tuple[set[str], set[str]]] = {
    "auth.test": (set(), set()),
    "apps.connections.open": (set(), set()),
    "chat.postMessage": ({"channel"}, _TEXT),
    "chat.postEphemeral": ({"channel", "user"}, _TEXT),
    "users.info": ({"user"}, {"include_locale"}),
    "views.open": ({"trigger_id", "view"}, set()),
    "views.publish": ({"user_id", "view"}, {"hash"}),
    "conversations.open": ({"users"}, {"return_im", "prevent_creation"}),
    "assistant.threads.setStatus": ({"channel_id", "thread_ts", "status"}, {"loading_messages"}),
    "assistant.threads.setTitle": ({"channel_id", "thread_ts", "title"}, set()),
    "assistant.threads.setSuggestedPrompts": ({"channel_id", "thread_ts", "prompts"}, {"title"}),
    "files.getUploadURLExternal": ({"filename", "length"}, {"alt_txt", "snippet_type"}),
    "files.completeUploadExternal": ({"files"}, {"channel_id", "thread_ts", "initial_comment", "channels"}),
    "oauth.v2.access": ({"code"}, {"redirect_uri", "grant_type", "refresh_token"}),
}
"""What each must and may be given, besides the token."""


@dataclass(frozen=True)
class Call:
    method: str
    given: dict[str, Any]


@dataclass
class Slack:
    """`troubles` are what it answers next instead: (method, error), or "ratelimited" for a 429."""

    url: str = ""
    calls: queue.Queue[Call] = field(default_factory=queue.Queue)
    responses: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)
    """What came to a response_url."""
    uploads: dict[str, bytes] = field(default_factory=dict)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    """What it knows of them: {"U1": {"tz": "Europe/Oslo", "locale": "nb-NO"}}."""
    holding: bool = False
    """It has taken a message, and does not say so."""
    scopes: str = ""
    envelopes: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)
    """What it sends over the socket."""
    acknowledged: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(base_url=f"{self.url}/api/")

    def next(self, method: str, timeout_s: float = 20) -> dict[str, Any]:
        """What the next call of this method gave; calls of others before it are passed over."""
        while (call := self.calls.get(timeout=timeout_s)).method != method:
            pass
        return call.given


def blocks_problem(blocks: list[dict[str, Any]], most: int = 50) -> str | None:
    """What Slack would refuse of these blocks."""
    if not 1 <= len(blocks) <= most:
        return f"{len(blocks)} blocks"
    if sum(block["type"] == "table" for block in blocks) > 1:
        return "more than one table"
    return next((problem for block in blocks if (problem := _block_problem(block))), None)


def _block_problem(block: dict[str, Any]) -> str | None:
    kind = block["type"]
    if kind == "section":
        beside = block.get("accessory")
        return _text_problem(block["text"], 3000, "mrkdwn") or (_button_problem(beside) if beside else None)
    if kind == "header":
        return _text_problem(block["text"], 150, "plain_text")
    if kind == "context":
        wrong = [p for e in block["elements"] if (p := _text_problem(e, 3000, "mrkdwn"))]
        return wrong[0] if wrong else None if 1 <= len(block["elements"]) <= 10 else "elements of a context"
    if kind == "actions":
        names = [e["action_id"] for e in block["elements"]]
        if not 1 <= len(names) <= 25 or len(set(names)) < len(names):
            return "elements of actions"
        return next((p for e in block["elements"] if (p := _button_problem(e))), None)
    if kind == "context_actions":
        (element,) = block["elements"]
        sides = [element["positive_button"], element["negative_button"]]
        return next((p for s in sides if (p := _text_problem(s["text"], 75, "plain_text"))), None)
    if kind == "table":
        cells = [cell for row in block["rows"] for cell in row]
        bounds = len(block["rows"]) <= 100 and all(1 <= len(row) <= 20 for row in block["rows"])
        bounds = bounds and len({len(row) for row in block["rows"]}) == 1 and len(block["column_settings"]) <= 20
        texts = all(cell["type"] == "raw_text" and cell["text"] for cell in cells)
        return None if bounds and texts and sum(len(c["text"]) for c in cells) <= 10_000 else "a table"
    return f"no such block: {kind}"


def _text_problem(text: dict[str, Any], most: int, kind: str) -> str | None:
    good = text["type"] == kind and 1 <= len(text["text"]) <= most
    return None if good else f"a text of {len(text['text'])} characters ({text['type']})"


def _button_problem(button: dict[str, Any]) -> str | None:
    if button["type"] != "button" or len(button["value"]) > 2000 or len(button["action_id"]) > 255:
        return "a button"
    return _text_problem(button["text"], 75, "plain_text")


def _problem(method: str, given: dict[str, Any]) -> str | None:
    needed, allowed = METHODS[method]
    if not needed <= given.keys():
        return "invalid_arguments"
    if unknown := given.keys() - needed - allowed:
        return f"unknown arguments: {unknown}"
    if method.startswith("chat.") and not given.get("text"):
        return "no_text"
    if len(given.get("text", "")) > 40_000:
        return "msg_too_long"
    if "blocks" in given and blocks_problem(given["blocks"]):
        return "invalid_blocks"
    if "view" in given and (problem := blocks_problem(given["view"]["blocks"], 100)):
        return f"invalid view: {problem}"
    return None


@contextmanager
def slack_server() -> Iterator[Slack]:
    slack, loop, up = Slack(), asyncio.new_event_loop(), threading.Event()

    async def api(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            given = await request.json()
        else:
            given = {name: _value(str(v)) for name, v in [*request.query.items(), *(await request.post()).items()]}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or given.pop("token", "")
        given.pop("team_id", None)  # the SDK says it with every call
        wanted = APP if method == "apps.connections.open" else BOT
        trouble = next((t for t in slack.troubles if t[0] == method), None)
        if trouble:
            slack.troubles.remove(trouble)
            if trouble[1] == "ratelimited":
                return web.json_response(
                    {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"}
                )
            return web.json_response({"ok": False, "error": trouble[1]})
        if method not in METHODS:
            return web.json_response({"ok": False, "error": "unknown_method"})
        if token != (_CLIENT if method == "oauth.v2.access" else wanted):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if problem := _problem(method, given):
            slack.calls.put(Call("refused", {"method": method, "problem": problem, **given}))
            return web.json_response({"ok": False, "error": problem})
        slack.calls.put(Call(method, given))
        while slack.holding and method == "chat.postMessage":
            await asyncio.sleep(0.02)
        return web.json_response({"ok": True} | _reply(method, given), headers={"X-OAuth-Scopes": slack.scopes})

    def _reply(method: str, given: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return {"team_id": "T1", "user_id": "UBOT", "bot_id": "BBOT", "url": "https://x.slack.com/"}
        if method == "apps.connections.open":
            return {"url": f"{slack.url.replace('http', 'ws')}/socket"}
        if method == "users.info":
            known = {"tz": "America/Los_Angeles", "locale": "en-US"} | slack.people.get(given["user"], {})
            return {"user": {"id": given["user"], **known}}
        if method == "conversations.open":
            return {"channel": {"id": f"D{given['users']}"}}
        if method == "files.getUploadURLExternal":
            return {"upload_url": f"{slack.url}/upload/{given['filename']}", "file_id": f"F{given['filename']}"}
        if method == "files.completeUploadExternal":
            return {"files": [{"id": file["id"], "title": file["title"]} for file in given["files"]]}
        if method == "oauth.v2.access":
            return {
                "access_token": BOT, "token_type": "bot", "scope": slack.scopes, "bot_user_id": "UBOT", "app_id": "A1",
                "team": {"id": "T2", "name": "Another"}, "enterprise": None, "authed_user": {"id": "U9"},
                "is_enterprise_install": False,
            }  # fmt: skip
        return {"ts": "1700000000.000200"}

    async def upload(request: web.Request) -> web.Response:
        slack.uploads[request.match_info["name"]] = await request.read()
        return web.Response(text="OK")

    async def respond(request: web.Request) -> web.Response:
        given = await request.json()
        problem = blocks_problem(given["blocks"]) if "blocks" in given else None
        slack.responses.put(given | ({"problem": problem} if problem else {}))
        return web.Response(text="ok")

    async def socket(request: web.Request) -> web.WebSocketResponse:
        opened = web.WebSocketResponse()
        await opened.prepare(request)
        await opened.send_json({"type": "hello", "num_connections": 1})

        async def send() -> None:
            while True:
                await opened.send_json(await asyncio.to_thread(slack.envelopes.get))

        sending = asyncio.create_task(send())
        async for message in opened:
            if message.data:
                slack.acknowledged.put(json.loads(message.data))
        sending.cancel()
        return opened

    async def start() -> web.AppRunner:
        app = web.Application(client_max_size=20_000_000)
        app.router.add_route("*", "/api/{method}", api)
        app.router.add_post("/upload/{name}", upload)
        app.router.add_post("/respond/{id}", respond)
        app.router.add_get("/socket", socket)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    runner = None

    def run() -> None:
        nonlocal runner
        runner = loop.run_until_complete(start())
        up.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert up.wait(10)
    yield slack
    slack.envelopes.put({"type": "disconnect", "reason": "test over"})
    assert runner is not None
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


def _value(text: str) -> Any:
    """Arguments of a form that are no texts are JSON."""
    return json.loads(text) if text[:1] in "[{" else text
