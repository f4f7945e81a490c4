"""The site: Chainlit made ready, imported and mounted, and the files that the page loads."""

from __future__ import annotations

import errno
import gzip
import json
import logging
import os
import re
import secrets
import shutil
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse
from starlette.datastructures import Headers
from starlette.datastructures import UploadFile as SentFile
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.channels.web.vega import VegaScript
from assistant.people.person import LOCAL

log = logging.getLogger("parley.web")
UPLOAD_TYPE = "text/csv"
"""Under this type config.toml lists the endings of files that can be uploaded."""
PUBLIC = Path(__file__).parent / "public"
ROOT_FILES = {
    "/sw.js": "text/javascript",
    "/manifest.webmanifest": "application/manifest+json",
    "/offline.html": "text/html; charset=utf-8",
}
"""Served from the root: a service worker rules only over what lies beside and below it."""
FOREIGN_VARIABLES = ("SLACK_", "TEAMS_", "DISCORD_", "DATABASE_URL", "LITERAL_", "OAUTH_")
"""Variables at whose sight Chainlit starts its own Slack, Teams, Discord, database or OAuth, beside Parley's."""

NEVER_USED = {
    "traceloop.sdk": ["Traceloop"],
    "literalai.client": ["LiteralClient", "AsyncLiteralClient"],
    "mcp": ["ClientSession"],
}
"""Modules of which Chainlit wants a name at most, for features that are off here: telemetry (OpenTelemetry, its
exporters and pandas), a cloud service's client, MCP. Importing them takes 4 of the 5 seconds that Chainlit takes."""


def import_chainlit(folder: Path) -> Any:
    """Make Chainlit's folder (its settings, translations and page) in `folder`, and import it: the FastAPI app of
    `chainlit.server`. Chainlit reads all of this once, when it is imported, so this is done once a process."""
    if "chainlit.config" in sys.modules and Path(sys.modules["chainlit.config"].APP_ROOT) != folder:
        raise RuntimeError("The web chat is already running in this process, with another state folder.")
    folder.mkdir(parents=True, exist_ok=True)
    package = _package_folder()
    _write_page(folder, package)
    _write_translations(folder, package)
    shutil.copyfile(PUBLIC.parent / "config.toml", folder / ".chainlit" / "config.toml")
    (folder / "public").mkdir(exist_ok=True)
    shutil.copyfile(PUBLIC / "theme.json", folder / "public" / "theme.json")
    shutil.rmtree(folder / ".files", ignore_errors=True)

    os.environ["CHAINLIT_APP_ROOT"] = str(folder)
    os.environ["CHAINLIT_ROOT_PATH"] = "/"
    os.environ["CHAINLIT_ENV_FILE"] = os.devnull  # not the .env of wherever it was started
    os.environ["CHAINLIT_AUTH_SECRET"] = _secret(folder / "secret")
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(FOREIGN_VARIABLES)}
    stand_ins = [name for name in NEVER_USED if name not in sys.modules]
    for name in stand_ins:
        sys.modules[name] = ModuleType(name)
        for attribute in NEVER_USED[name]:
            setattr(sys.modules[name], attribute, type(attribute, (), {}))
    try:
        import chainlit.server
    finally:
        os.environ.update(hidden)
        for name in stand_ins:
            del sys.modules[name]
    logging.getLogger("chainlit").setLevel(logging.ERROR)  # it warns of every language that has no read-me
    if not any(known.cls is Refused for known in chainlit.server.app.user_middleware):
        chainlit.server.app.add_middleware(Refused)
    return chainlit.server.app


class LocalUser:
    """Without a password, whoever asks is the local user from the first request on: no log-in round trips."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(("/assets/", "/public/", "/api/")):
            await self.app(scope, receive, send)
            return
        given = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        if b"access_token" in given:
            await self.app(scope, receive, send)
            return
        from chainlit.auth import create_jwt
        from chainlit.config import config
        from chainlit.user import User

        token = create_jwt(User(identifier=LOCAL))
        cookie = f"access_token={token}"
        lasting = f"{cookie}; Path=/; Max-Age={config.project.user_session_timeout}; HttpOnly; SameSite=lax"
        others = [header for header in scope["headers"] if header[0] != b"cookie"]
        together = b"; ".join(part for part in (given, cookie.encode()) if part)

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (b"set-cookie", lasting.encode())]
            await send(message)

        await self.app({**scope, "headers": [*others, (b"cookie", together)]}, receive, with_cookie)


class Refused:
    """Chainlit stumbles over what its page can't have sent (a body that is no JSON, or lacks a part): it is refused,
    and written to the log."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def heard(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, heard)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            if begun or scope["type"] != "http":
                raise
            log.warning("%s %s could not be read (%s)", scope["method"], scope["path"], type(error).__name__)
            await JSONResponse({"detail": "That is nothing that the page sends."}, 400)(scope, receive, send)


def routes(folder: Path) -> APIRouter:
    """The page's own files; `folder` is Chainlit's. They come before Chainlit's own: scripts are compressed once, and
    kept by the browser."""
    from chainlit.auth import get_current_user
    from chainlit.config import config

    router = APIRouter()
    kinds = tuple(config.features.spontaneous_file_upload.accept[UPLOAD_TYPE])
    assets = _package_folder() / "frontend" / "dist" / "assets"
    vega = VegaScript(folder)
    vega.prepare()

    @router.get("/assets/{name}")
    async def asset(name: str, request: Request) -> Response:
        if not re.fullmatch(r"[\w.-]+", name) or not _is_file(assets / name):
            raise HTTPException(404)
        return _packed(assets / name, request, "public, max-age=31536000, immutable")

    @router.post("/project/file")
    async def upload(request: Request, session_id: str, user: Any = Depends(get_current_user)) -> Response:  # noqa: B008
        """Chainlit's own takes the file; what it would call "Upload failed" gets its reason here. The ending decides:
        browsers only guess the type of a data file."""
        from chainlit.server import upload_file

        try:
            async with request.form(max_files=1) as form:
                file = form.get("file")
                if not isinstance(file, SentFile) or not file.filename:
                    raise HTTPException(400, "No file was sent.")
                if not file.filename.lower().endswith(kinds):
                    raise HTTPException(400, f"it is of a kind that can't be read. These can: {', '.join(kinds)}.")
                if not file.size:
                    raise HTTPException(400, "it is empty. Export it again, or choose another file.")
                typed = UploadFile(
                    file.file, size=file.size, filename=file.filename, headers=Headers({"content-type": UPLOAD_TYPE})
                )
                return await upload_file(user, session_id, typed)
        except OSError as error:
            log.warning("A file could not be uploaded: %s", error)
            reason = "the server's disk is full" if error.errno == errno.ENOSPC else "the server can't write it"
            raise HTTPException(507, f"{reason}. Free some space there, and upload it again.") from error

    @router.get("/public/vega.js")
    def chart_library(request: Request) -> Response:
        return _send(vega.get(), "text/javascript", request, "public, max-age=86400")

    @router.get("/public/{name:path}")
    async def public(name: str) -> Response:
        path = (PUBLIC / name).resolve()
        if PUBLIC.resolve() not in path.parents or not _is_file(path):
            raise HTTPException(404)
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    @router.get("/logo")
    async def logo(theme: str = "light") -> Response:
        return FileResponse(PUBLIC / ("logo_dark.svg" if theme == "dark" else "logo_light.svg"))

    @router.get("/favicon")
    @router.get("/favicon.ico")
    @router.get("/avatars/{name}")
    async def icon(name: str = "") -> Response:
        return FileResponse(PUBLIC / "favicon.svg")

    for path, media_type in ROOT_FILES.items():
        router.add_api_route(path, _root_file(path, media_type), methods=["GET"])
    return router


def _root_file(path: str, media_type: str) -> Any:
    async def send() -> Response:
        return FileResponse(PUBLIC / path[1:], media_type=media_type, headers={"Cache-Control": "no-cache"})

    return send


def _package_folder() -> Path:
    spec = find_spec("chainlit")  # without importing it
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _write_page(folder: Path, package: Path) -> None:
    """Chainlit's page without what it would fetch from other hosts, and with what makes it an installable app."""
    page = (package / "frontend" / "dist" / "index.html").read_text("utf-8")
    page = re.sub(r'<link\b[^>]*href="https://[^>]*>', "", page)
    head = """
    <link rel="manifest" href="/manifest.webmanifest" />
    <link rel="apple-touch-icon" href="/public/icons/icon-192.png" />
    <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
    <meta name="theme-color" content="#14171c" media="(prefers-color-scheme: dark)" />
    <meta name="mobile-web-app-capable" content="yes" />
    <script>localStorage.getItem("vite-ui-theme") || localStorage.setItem("vite-ui-theme", "system");</script>
  </head>"""
    (folder / "build").mkdir(exist_ok=True)
    (folder / "build" / "index.html").write_text(page.replace("</head>", head, 1), "utf-8")


def _write_translations(folder: Path, package: Path) -> None:
    """Chainlit's translations, with our words for our things. Written here, so that Chainlit need not."""
    ours = json.loads((PUBLIC.parent / "words.json").read_text("utf-8"))
    target = folder / ".chainlit" / "translations"
    target.mkdir(parents=True, exist_ok=True)
    for source in (package / "translations").glob("*.json"):
        words = json.loads(source.read_text("utf-8"))
        _merge(words, ours["all"])
        if source.stem == "en-US":
            _merge(words, ours["en-US"])
        (target / source.name).write_text(json.dumps(words, ensure_ascii=False), "utf-8")


def _merge(words: dict[str, Any], ours: dict[str, Any]) -> None:
    for key, value in ours.items():
        if isinstance(value, dict):
            _merge(words.setdefault(key, {}), value)
        else:
            words[key] = value


def _secret(path: Path) -> str:
    """The key that signs log-in cookies: made once, readable by the owner alone."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for any
        return False


def _packed(path: Path, request: Request, caching: str) -> Response:
    media_type = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}.get(path.suffix)
    if media_type is None:
        return FileResponse(path, headers={"Cache-Control": caching})
    return _send(path.read_bytes(), media_type, request, caching)


def _send(body: bytes, media_type: str, request: Request, caching: str) -> Response:
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = _gzipped(body)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=media_type, headers=headers)


@cache
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6)
