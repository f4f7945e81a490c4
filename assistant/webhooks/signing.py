"""Signatures of webhooks, as of the Standard Webhooks specification: standardwebhooks.com has libraries that verify.

What is signed has its id and its time in it: a receiver refuses what is older than 5 minutes, or an id that it had.
"""

from __future__ import annotations

import base64
import hmac
import secrets

_PREFIX = "whsec_"


def new_secret() -> str:
    """`whsec_` and 24 random bytes in base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def signed(secret: str, delivery: str, at: int, body: bytes) -> dict[str, str]:
    """The headers for a body that is sent `at` (seconds since 1970).

    >>> signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
    ...        b'{"test": 2432232314}')["webhook-signature"]
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    mark = hmac.digest(key, f"{delivery}.{at}.".encode() + body, "sha256")
    return {
        "webhook-id": delivery,
        "webhook-timestamp": str(at),
        "webhook-signature": "v1," + base64.b64encode(mark).decode(),
    }
