"""Pictures of charts that another system fetches from this server: each by a link that is signed, and expires."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response
from fastapi.concurrency import run_in_threadpool

SECONDS = 3600


class Pictures:
    """Kept in `folder`. `secret` signs the links, which start with `public_url`."""

    def __init__(self, folder: Path, secret: str, public_url: str):
        self._folder, self._secret, self._public_url = folder, secret.encode(), public_url

    def keep(self, png: bytes) -> str:
        """The link, good for an hour. Pictures whose links are good no more are deleted. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob("*.png"):
            if old.stat().st_mtime < time.time() - SECONDS:
                old.unlink(missing_ok=True)
        name, until = secrets.token_hex(16), int(time.time()) + SECONDS
        path = self._folder / f"{name}.png"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(png)
        return f"{self._public_url}/pictures/{name}.png?until={until}&sign={self._sign(name, until)}"

    def find(self, name: str, until: int, sign: str) -> bytes | None:
        """None for a link that is not one of ours, or good no more."""
        if until < time.time() or not hmac.compare_digest(self._sign(name, until).encode(), sign.encode()):
            return None
        path = self._folder / f"{name}.png"
        return path.read_bytes() if path.is_file() else None

    def _sign(self, name: str, until: int) -> str:
        return hmac.new(self._secret, f"picture:{name}:{until}".encode(), hashlib.sha256).hexdigest()


def routes(pictures: Pictures) -> APIRouter:
    router = APIRouter()

    @router.get("/pictures/{name}.png", include_in_schema=False)
    async def picture(name: str, until: int, sign: str) -> Response:
        found = await run_in_threadpool(pictures.find, name, until, sign)
        if found is None:
            raise HTTPException(404, "There is no such picture, or its link has expired.")
        return Response(found, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    return router
