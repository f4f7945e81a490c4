"""Whether a request is from Twilio: it signs the address that it was told, and the form, with the auth token.

The address is made of the setting PARLEY_PUBLIC_URL rather than of what reaches this server, since proxies change that
(https to http, the host, the port) and headers that tell of it can be forged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import HTTPException, Request
from twilio.request_validator import RequestValidator, get_signature_algorithm

Form = dict[str, str]
_MOST_FIELDS = 200


def signed(account_sid: str, auth_token: str, public_url: str) -> Callable[[Request], Awaitable[Form]]:
    """A dependency: the form of a request, once Twilio's signature is found to be good. Raises HTTPException 403, and
    400 for what is no form."""
    validator = RequestValidator(auth_token)

    async def form(request: Request) -> Form:
        try:
            fields = await request.form(max_files=0, max_fields=_MOST_FIELDS)
        except UnicodeDecodeError as error:
            raise HTTPException(400, "The form is not text in UTF-8.") from error
        given = {name: str(value) for name, value in fields.items()}
        address = public_url + request.url.path + (f"?{request.url.query}" if request.url.query else "")
        algorithm = get_signature_algorithm(request.headers.get("x-twilio-webhooks-signature-settings"))
        shown = request.headers.get("x-twilio-signature", "")
        try:
            right = validator.validate(address, fields, shown, algorithm)
        except (ValueError, UnicodeError):
            right = False
        if not right or given.get("AccountSid") != account_sid:
            raise HTTPException(
                403, "The signature is not Twilio's, or PARLEY_PUBLIC_URL is not the address it was told."
            )
        return given

    return form
