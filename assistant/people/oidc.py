"""Sign-in by OpenID Connect: any provider that publishes its configuration (OpenID Connect Discovery 1.0).

The authorization code flow with PKCE, state and nonce; the ID token's signature, issuer, audience, age and nonce are
verified.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from assistant.people.door import Door
from assistant.people.person import Person

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""None with a shared secret, and not "none"."""
_SECONDS = 10.0


class SignInFailed(Exception):
    """Nobody was signed in. The message says why, for the log: whoever tried hears no more than that it failed."""


@dataclass(frozen=True)
class Held:
    """What the browser holds for us while it is at the provider."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Held:
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


@dataclass(frozen=True)
class Known:
    """Who the provider says that it is. `email` only if the provider has verified it."""

    issuer: str
    subject: str
    email: str | None


class OidcProvider:
    """`issuer` is its address; http only for one on this machine. What it publishes is read on the first sign-in."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None):
        self.issuer, self._client_id, self._client_secret = issuer.rstrip("/"), client_id, client_secret
        self._published: dict[str, Any] | None = None
        self._keys: jwt.PyJWKClient | None = None

    async def address(self, held: Held, back: str) -> str:
        """Where the browser goes; it comes back to `back`. Raises SignInFailed."""
        published = await self._configuration()
        async with self._client(back) as client:
            url, _ = client.create_authorization_url(
                published["authorization_endpoint"], state=held.state, nonce=held.nonce, code_verifier=held.verifier
            )
        return str(url)

    async def known(self, code: str, held: Held, back: str) -> Known:
        """Who came back with the code. Raises SignInFailed."""
        from authlib.common.errors import AuthlibBaseError

        published = await self._configuration()
        try:
            async with self._client(back) as client:
                token = await client.fetch_token(
                    published["token_endpoint"], code=code, code_verifier=held.verifier, grant_type="authorization_code"
                )
                claims = await asyncio.to_thread(self._verified, token["id_token"], held.nonce)
                if "email" not in claims and "userinfo_endpoint" in published:
                    told = (await client.get(published["userinfo_endpoint"])).raise_for_status().json()
                    claims = claims | told if told.get("sub") == claims["sub"] else claims
        except (AuthlibBaseError, httpx.HTTPError, jwt.PyJWTError, KeyError, ValueError) as error:
            raise SignInFailed(f"the provider's word is not good: {type(error).__name__}") from error
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Known(self.issuer, str(claims["sub"]), email)

    def _verified(self, id_token: str, nonce: str) -> dict[str, Any]:
        assert self._keys is not None
        if jwt.get_unverified_header(id_token).get("kid"):
            key = self._keys.get_signing_key_from_jwt(id_token)
        else:
            [key] = self._keys.get_signing_keys()  # a provider with one key need not name it
        claims: dict[str, Any] = jwt.decode(
            id_token, key.key, algorithms=_ALGORITHMS, audience=self._client_id, issuer=self._issuers(),
            leeway=60, options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )  # fmt: skip
        if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
            raise ValueError("the ID token was made for another sign-in")
        return claims

    def _issuers(self) -> list[str]:
        return [self.issuer, f"{self.issuer}/"]

    async def _configuration(self) -> dict[str, Any]:
        if self._published is None:
            self._check_secure(self.issuer)
            try:
                async with httpx.AsyncClient(timeout=_SECONDS) as client:
                    got = await client.get(f"{self.issuer}/.well-known/openid-configuration")
                    published = got.raise_for_status().json()
                if published["issuer"] not in self._issuers():
                    raise SignInFailed(f"{self.issuer} says that it is {published['issuer']}")
                for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    self._check_secure(published[endpoint])
                if "userinfo_endpoint" in published:
                    self._check_secure(published["userinfo_endpoint"])
            except (httpx.HTTPError, KeyError, ValueError) as error:
                raise SignInFailed(f"{self.issuer} can't be reached, or is no OpenID provider") from error
            self._keys = jwt.PyJWKClient(published["jwks_uri"], timeout=int(_SECONDS))
            self._published = published
        return self._published

    def _check_secure(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise SignInFailed(f"{url} is not https")

    def _client(self, back: str) -> Any:
        from authlib.integrations.httpx_client import AsyncOAuth2Client  # a third of a second

        return AsyncOAuth2Client(
            self._client_id, self._client_secret, scope="openid email profile", redirect_uri=back,
            code_challenge_method="S256", timeout=_SECONDS,
        )  # fmt: skip


def person_of(known: Known, door: Door) -> Person | None:
    """The person that signed in: the one that this identity is linked to; else, and from then on, the one whose e-mail
    address the provider has verified, if there is exactly one, in the first of their workspaces. Nobody is added by
    signing in."""
    subject = f"{known.issuer}|{known.subject}"
    asker = door.by_identity("oidc", subject)
    if asker is not None:
        return asker.person
    if known.email is None or door.identities.find("oidc", subject) is not None:
        return None
    found = door.directory.of_email(known.email)
    if len(found) != 1:
        return None
    person = door.directory.places(found[0])[0]
    door.identities.link(person, "oidc", subject)
    return person
