"""JWTs: who somebody is, for an hour, without a look into the keys or the passwords."""

from __future__ import annotations

import os
import secrets
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import jwt

from assistant.people.person import Person, Scope

SECONDS = 3600
_ISSUER, _AUDIENCE = "parley", "parley-api"


@dataclass(frozen=True)
class Claims:
    person: str
    workspace: str
    version: int
    scopes: frozenset[Scope]


class Tokens:
    """Signed with a secret that is kept in the file at `path`, made on first use."""

    def __init__(self, path: Path):
        self._secret = kept_secret(path)

    def issue(self, person: Person, scopes: Collection[Scope]) -> str:
        now = int(time.time())
        claims = {
            "iss": _ISSUER, "aud": _AUDIENCE, "sub": person.id, "iat": now, "exp": now + SECONDS,
            "jti": uuid.uuid4().hex, "workspace": person.workspace, "version": person.version,
            "scope": " ".join(sorted(scopes)),
        }  # fmt: skip
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def read(self, token: str) -> Claims | None:
        """What it says, if it is one of ours and still good."""
        try:
            claims = jwt.decode(
                token, self._secret, algorithms=["HS256"], audience=_AUDIENCE, issuer=_ISSUER,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )  # fmt: skip
            return Claims(claims["sub"], claims["workspace"], claims["version"], frozenset(claims["scope"].split()))
        except (jwt.InvalidTokenError, KeyError, AttributeError):
            return None


def kept_secret(path: Path) -> str:
    """A random secret, made once and readable by the owner of the file alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()
