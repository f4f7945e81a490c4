"""Sign-in to the page by OpenID Connect: the button that Chainlit's log-in page shows leads here."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from typing import Any

import chainlit as cl
import jwt
from chainlit.oauth_providers import OAuthProvider, providers
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from assistant.channels.entrance import Entrance
from assistant.channels.web.chat import as_user
from assistant.people.audit import Audit
from assistant.people.oidc import Held, OidcProvider, SignInFailed, person_of

log = logging.getLogger("parley.web")
NAME = "single-sign-on"
"""What the button says: Continue with Single-sign-on."""
_COOKIE = "parley_sign_in"
_SECONDS = 600


class _Button(OAuthProvider):
    """For the log-in page, which offers what is configured; the addresses behind it are ours."""

    id = NAME

    def __init__(self) -> None:
        self.env = []


def routes(provider: OidcProvider, entrance: Entrance, audit: Audit, secret: str, public_url: str | None) -> APIRouter:
    """Have the log-in page offer the provider. `secret` signs what the browser holds meanwhile."""
    if not any(known.id == NAME for known in providers):
        providers.append(_Button())

    @cl.oauth_callback
    async def never(*_: Any) -> cl.User | None:
        """Chainlit offers a provider only if there is this; the routes below come before its own, which call it."""
        return None

    router = APIRouter(prefix=f"/auth/oauth/{NAME}")

    def back(request: Request) -> str:
        base = public_url or str(request.base_url).rstrip("/")
        return f"{base}/auth/oauth/{NAME}/callback"

    @router.get("")
    async def begin(request: Request) -> Response:
        held = Held.new()
        try:
            response = RedirectResponse(await provider.address(held, back(request)))
        except SignInFailed as error:
            return _failed(error)
        claims = vars(held) | {"exp": int(time.time()) + _SECONDS}
        response.set_cookie(
            _COOKIE, jwt.encode(claims, secret, algorithm="HS256"), max_age=_SECONDS, path="/auth", httponly=True,
            samesite="lax", secure=back(request).startswith("https:"),
        )  # fmt: skip
        return response

    @router.get("/callback")
    async def end(request: Request, code: str = "", state: str = "") -> Response:
        try:
            held = _held(request.cookies.get(_COOKIE, ""), secret)
            if not code or not secrets.compare_digest(state, held.state):
                raise SignInFailed("it was begun in another browser, or refused by the provider")
            known = await provider.known(code, held, back(request))
        except SignInFailed as error:
            return _failed(error)
        person = await asyncio.to_thread(person_of, known, entrance.door)
        deed = "logged in" if person else "log-in refused"
        audit.write(deed, person=person.name if person else known.email or known.subject, channel="web", by="oidc")
        if person is None:
            return _failed(SignInFailed("nobody here is known by that identity or e-mail address"))
        response = await _logged_in(request, as_user(person))
        response.delete_cookie(_COOKIE, path="/auth")
        return response

    return router


async def _logged_in(request: Request, user: Any) -> Response:
    from chainlit.server import _authenticate_user

    return await _authenticate_user(request, user, redirect_to_callback=True)


def _held(cookie: str, secret: str) -> Held:
    try:
        claims = jwt.decode(cookie, secret, algorithms=["HS256"], options={"require": ["exp"]})
        return Held(claims["state"], claims["nonce"], claims["verifier"])
    except (jwt.PyJWTError, KeyError) as error:
        raise SignInFailed("it was not begun here, or too long ago") from error


def _failed(error: SignInFailed) -> Response:
    log.warning("a sign-in failed: %s", error)
    return RedirectResponse("/login?error=oauthSignin", 302)
