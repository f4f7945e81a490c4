"""The server: one FastAPI app with the web chat at "/", `GET /health`, REST under /api/v1, and MCP at /mcp."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import socket
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from assistant.channels.entrance import Entrance
    from assistant.people.audit import Audit
    from assistant.session import Session
    from assistant.settings import Settings

log = logging.getLogger("parley.server")
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
UPLOAD_BYTES = 201 * 1024 * 1024
"""The chat's own limit (channels/web/config.toml) and a little for the form around the file."""
BODY_BYTES = 1024 * 1024
_THREADS = 32
"""For what takes a moment (a file, a chart). With the usual few of a small machine, whoever wants a chart drawn would
hold up everybody's small steps."""
_UPLOADS = re.compile(r"/project/file|/api/v1/conversations/[^/]+/files")

CONTENT_POLICY = "; ".join(
    [
        "default-src 'self'",
        # The chat compiles its elements in the page, and Vega its expressions; Chainlit's page has inline scripts.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = [
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


class CannotServe(Exception):
    """The server must not, or can not, start this way. The message says what to do."""


def create_app(
    open_data: Callable[[], Session], *, state: Path, password: str | None = None, hosts: tuple[str, ...] = ()
) -> FastAPI:
    """The app. `open_data` is called in a thread of its own. `state` is the folder where conversations, uploads and
    people are kept. With people, or with a `password`, whoever asks must log in; without, everybody who reaches the
    server is one local user. `hosts` are the host names that the server answers to; none means any. Chainlit allows one
    app a process."""
    from assistant.channels.web import site

    chainlit_app = site.import_chainlit(state / "web")
    from assistant.channels import mounts
    from assistant.channels.api.app import create_api
    from assistant.channels.conversations import Conversations
    from assistant.channels.entrance import Entrance
    from assistant.channels.mcp import McpEndpoint
    from assistant.channels.place import Place
    from assistant.channels.web import chat, files, login, switch
    from assistant.desk import Desk
    from assistant.people.audit import Audit
    from assistant.people.door import Door
    from assistant.people.limits import RateLimits
    from assistant.refreshes import Refreshes
    from assistant.settings import Settings
    from assistant.webhooks.delivery import Sender
    from assistant.webhooks.events import Events
    from assistant.webhooks.hooks import Hooks
    from assistant.workspaces import Opening, Workspaces

    # After the imports: two threads that import the same packages can trip each other.
    opening = Opening(open_data, _warm_tools)
    workspaces = Workspaces(state, opening, _open_files)
    conversations = Conversations(state / "conversations.sqlite", forget=workspaces.forget)
    settings = Settings()
    door, audit = Door(state), Audit(state / "audit.sqlite")
    limits = RateLimits(settings.rate_limit, settings.rate_store)
    entrance = Entrance(door, audit, limits, password)
    hooks = Hooks(state / "webhooks.sqlite")
    sender = Sender(hooks, inside=settings.webhooks_inside)
    refreshes = Refreshes(state / "refreshes.sqlite")
    refreshes.give_up()
    desk = Desk(workspaces, audit, limits, refreshes, Events(hooks, door))
    chat.register(desk, conversations, entrance)

    mcp = McpEndpoint(desk, entrance)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "work"))
        sender.start()
        yield
        await sender.close()
        await mcp.close()
        await conversations.close()
        await asyncio.to_thread(workspaces.close)
        hooks.close()
        refreshes.close()
        audit.close()
        door.close()

    app = FastAPI(title="Parley", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> JSONResponse:
        status, body = opening.health()
        return JSONResponse(body, status)

    app.router.routes.append(Route("/mcp", endpoint=mcp))
    api = Mount("/api/v1", create_api(desk, entrance, hooks, state, inside=settings.webhooks_inside))
    api.path_regex = re.compile(api.path_regex.pattern, re.DOTALL)  # it refuses an id with a line break in it itself
    app.router.routes.append(api)
    for router in mounts.routers(Place(desk, door, limits, state, settings.public_url, settings.locale)):
        app.include_router(router)
    if settings.oidc_issuer:
        app.include_router(_signs_in(settings, entrance, audit))
    app.include_router(files.routes(desk, entrance))
    app.include_router(switch.routes(entrance, audit))
    if entrance.locked:
        app.include_router(login.routes(entrance))
    app.include_router(site.routes(state / "web"))
    app.mount("/", chainlit_app)
    if not entrance.locked:
        app.add_middleware(site.LocalUser)
    app.add_middleware(Gate, hosts=hosts)
    return app


def serve(
    host: str = "127.0.0.1", port: int = 8000, source: str | None = None, model: Path | None = None,
    open_browser: bool = False,
) -> None:  # fmt: skip
    """Serve until interrupted. Raises CannotServe when the port is taken, and when other machines could reach it
    without a log-in: add people, or set PARLEY_PASSWORD."""
    from assistant.settings import Settings

    settings = Settings()
    password = os.environ.get("PARLEY_PASSWORD") or None
    reached = settings.public_url or (host if host not in LOOPBACK else None)
    if reached and not password and not _has_people(settings.state_dir):
        raise CannotServe(
            f"Listening on {reached} would show your data to everybody who can reach it. Add the people who may ask "
            "(`parley people add`), set PARLEY_PASSWORD to a password that they must give, or listen on 127.0.0.1."
        )
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(f"{host} port {port} can't be used ({error.strerror}). Choose another port.") from error
    gc.disable()  # until `_open` has imported the rest: what is imported stays, and walking it takes half a second
    import uvicorn

    public = urlsplit(settings.public_url or "").hostname
    hosts = (*LOOPBACK, *([public] if public else [])) if host in LOOPBACK else ()
    app = create_app(lambda: _open(source, model), state=settings.state_dir, password=password, hosts=hosts)
    address = f"http://{'localhost' if host in (*LOOPBACK, '0.0.0.0') else host}:{port}"
    print(f"Parley is at {address} (Ctrl+C stops it)", flush=True)
    if open_browser:
        threading.Thread(target=_open_when_up, args=(address,), daemon=True).start()
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=5, ws_max_size=BODY_BYTES)


class Gate:
    """What every request passes: the host it names, where it comes from, how large it is; and the headers that every
    response carries. Refusing other origins keeps a web page that somebody visits from asking a server on their own
    machine."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]):
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal:
            await _refuse(scope, receive, send, *refusal)
            return
        limit = _most_bytes(scope["path"])
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit:
                    return {"type": "http.disconnect"}  # a body without a length, and too long
            return message

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        await self.app(scope, counted, with_headers)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> tuple[int, str] | None:
        host = headers.get(b"host", "")
        if self.hosts and host.rpartition(":")[0].strip("[]") not in self.hosts and host.strip("[]") not in self.hosts:
            return 421, "This server does not answer to that name."
        if "\0" in scope["path"]:
            return 400, "There is no address with a zero byte in it."
        origin = headers.get(b"origin", "")
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if origin and (changes or scope["path"].startswith("/ws/")) and origin.partition("://")[2] != host:
            return 403, "Requests from other sites are refused."
        length = headers.get(b"content-length", "0")
        limit = _most_bytes(scope["path"])
        if not length.isdigit() or int(length) > limit:
            return 413, f"That is too large: at most {limit // 1_000_000} MB can be sent."
        return None


def _most_bytes(path: str) -> int:
    """That a request to this path may carry."""
    return UPLOAD_BYTES if _UPLOADS.fullmatch(path) else BODY_BYTES


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
    else:
        await JSONResponse({"detail": reason}, status, headers={"Connection": "close"})(scope, receive, send)


def _signs_in(settings: Settings, entrance: Entrance, audit: Audit) -> APIRouter:
    from assistant.channels.web import oidc
    from assistant.people.oidc import OidcProvider
    from assistant.people.tokens import kept_secret

    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
    provider = OidcProvider(settings.oidc_issuer or "", settings.oidc_client_id, secret)
    signing = kept_secret(settings.state_dir / "sign_in.secret")
    return oidc.routes(provider, entrance, audit, signing, settings.public_url)


def _has_people(state: Path) -> bool:
    from assistant.people.door import Door

    door = Door(state)
    try:
        return door.directory.any()
    finally:
        door.close()


def _open_when_up(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/health", timeout=1).close()
            break
        except urllib.error.HTTPError:
            break  # it answers: the page can wait for the data itself
        except OSError:
            time.sleep(0.1)
    webbrowser.open(address)


def _open(source: str | None, model: Path | None) -> Session:
    from assistant.session import open_session  # seconds of imports, when the page is up

    _spare_what_stays()
    session = open_session(source, model=model)
    _spare_what_stays()
    return session


def _warm_tools() -> None:
    """Have the tools import what they need, out of the way of who asks meanwhile."""
    from tools import warm_up

    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
    try:
        warm_up()
    except Exception:
        log.exception("A tool could not be made ready: its first answer will say why")


def _spare_what_stays() -> None:
    """Take what there is now out of the garbage collector's sight: modules, the model, the index. Walking them would
    hold up everybody who asks for 0.15 s, several times a second when many ask."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def _open_files(files: Sequence[Path], place: Path) -> Session:
    """A Session over uploaded files; what is read from them is kept in `place`, beside them."""
    from assistant.session import open_session
    from assistant.uploads import together

    source = str(files[0]) if len(files) == 1 else str(together(files, place / "together"))
    return open_session(source, state_dir=place / "state")
