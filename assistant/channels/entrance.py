"""The entrance: who asks over HTTP, by what the request carries, or what was typed at the log-in."""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import HTTPBearer

from assistant.people.audit import Audit
from assistant.people.door import Asker, Door
from assistant.people.limits import RateLimits
from assistant.people.person import LOCAL, MAIN, Person, Scope, local_owner

_UNKNOWN = (
    "Say who you are: send an API key or a token in the header `Authorization: Bearer …` (`parley keys create` makes a "
    "key), or log in."
)

_SCHEME = HTTPBearer(auto_error=False, scheme_name="key", description="An API key, or a token of `POST /token`.")
"""For the description of the API; what is sent is read by the entrance."""


class Entrance:
    """With people, each has a name and a password of their own. Without, `password` is everybody's, and whoever knows
    it is the owner; and without that, whoever reaches the server is."""

    def __init__(self, door: Door, audit: Audit, limits: RateLimits, password: str | None = None):
        self.door, self._audit, self._limits, self._password = door, audit, limits, password

    @property
    def locked(self) -> bool:
        """Whether people must log in."""
        return bool(self._password) or self.door.directory.any()

    async def log_in(self, name: str, password: str, channel: str, workspace: str | None = None) -> Person | None:
        """Into a workspace, or that which follows the name ("ana/lab"), or the first of theirs. Raises TooOften:
        guessing is slow."""
        self._limits.count("log_in", name.partition("/")[0].lower())
        person = await asyncio.to_thread(self._known, name, password, workspace)
        self._audit.write(
            "logged in" if person else "log-in refused", person=name[:64], channel=channel,
            workspace=person.workspace if person else MAIN,
        )  # fmt: skip
        return person

    def _known(self, name: str, password: str, workspace: str | None) -> Person | None:
        if self.door.directory.any():
            return self.door.by_password(name, password, workspace)
        if self._password and hmac.compare_digest(password.encode(), self._password.encode()):
            return local_owner()
        return None

    def known_user(self, user: Any) -> Person | None:
        """Who a Chainlit user is now: nobody whose rights or password have changed since they logged in."""
        if user is None:
            return None
        if user.identifier == LOCAL:
            return None if self.door.directory.any() else local_owner()
        return self.door.logged_in(user.identifier, (user.metadata or {}).get("version", 0))

    async def asker(self, request: Request) -> Asker:
        """Who sent a request: by the key or token in its header, or by the log-in of the page. Raises HTTPException."""
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        found: Asker | None = None
        if scheme.lower() == "bearer":
            by = self.door.by_key if shown.startswith("parley_") else self.door.by_token
            found = await asyncio.to_thread(by, shown.strip(), "api")
        elif not scheme:
            person = await self._by_cookie(request) if self.locked else local_owner()
            found = Asker.of(person, "api") if person else None
        if found is None:
            raise HTTPException(401, _UNKNOWN, headers={"WWW-Authenticate": "Bearer"})
        return found

    async def _by_cookie(self, request: Request) -> Person | None:
        from chainlit.auth import decode_jwt, get_token_from_cookies

        token = get_token_from_cookies(dict(request.cookies))
        if not token:
            return None
        try:
            user = decode_jwt(token)
        except Exception:  # whatever is wrong with a cookie, it says nothing of who sent it
            return None
        return await asyncio.to_thread(self.known_user, user)


def needs(entrance: Entrance, scope: Scope) -> Any:
    """A dependency: the asker, who may do what the scope says. Raises HTTPException (401, 403)."""

    async def allowed(request: Request, _: Any = Security(_SCHEME)) -> Asker:  # noqa: B008
        asker = await entrance.asker(request)
        if scope not in asker.scopes:
            raise HTTPException(
                403, f"That needs the scope {scope!r}, which this {'key' if asker.key else 'role'} does not have."
            )
        return asker

    return Depends(allowed)
