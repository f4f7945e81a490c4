"""Whether these channels are on, and what is wrong where they are not."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter

from assistant.channels.place import Place
from assistant.channels.twilio.settings import TwilioSettings
from assistant.settings import Settings
from assistant.transcriber import Transcriber

NAME = "Twilio (SMS, WhatsApp, phone)"
_TIMEOUT_S = 15.0


def mounted(place: Place) -> APIRouter | None:
    """The routes; None where a setting is missing (`problems` says which)."""
    settings = TwilioSettings()
    sid, token = settings.account_sid, settings.secret
    if not sid or not token or not place.public_url:
        return None
    from assistant.channels.twilio.attachments import Attachments  # half a second of imports, for those who have Twilio
    from assistant.channels.twilio.outbox import Outbox
    from assistant.channels.twilio.routes import routes

    parley = Settings()
    transcriber = Transcriber(parley) if parley.transcriber else None
    outbox = Outbox(sid, token, settings.api_url)
    return routes(place, settings, outbox, Attachments(place.desk, sid, token, transcriber, settings.api_url))


async def problems(public_url: str | None) -> list[str] | None:
    """What keeps these channels from working, each with what to do; None where they are not wanted. Asks Twilio."""
    settings = TwilioSettings()
    if not settings.account_sid and not settings.auth_token:
        return None
    if not settings.account_sid or not settings.secret:
        missing = "AUTH_TOKEN" if settings.account_sid else "ACCOUNT_SID"
        return [f"Set PARLEY_TWILIO_{missing} too: it is on the first page of Twilio's console."]
    if not public_url:
        return ["Set PARLEY_PUBLIC_URL to the address where Twilio reaches this server: https://…"]
    plain = ["PARLEY_PUBLIC_URL should start with https://, or whoever is on the way reads along."]
    found = [] if public_url.startswith("https://") else plain
    return found + await _asked(settings.account_sid, settings.secret, public_url, settings.api_url)


async def _asked(sid: str, token: str, public_url: str, api_url: str) -> list[str]:
    """Whether Twilio knows the account, and calls this server for its numbers."""
    import aiohttp
    from twilio.base.exceptions import TwilioRestException
    from twilio.rest import Client

    from assistant.channels.twilio.client import http_client

    http = http_client(api_url)
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            client = Client(sid, token, http_client=http)
            await client.api.v2010.accounts(sid).fetch_async()
            numbers = await client.incoming_phone_numbers.list_async(limit=50)
    except TwilioRestException as error:
        if error.status in (401, 403):
            return ["Twilio does not know PARLEY_TWILIO_ACCOUNT_SID with this PARLEY_TWILIO_AUTH_TOKEN."]
        return [f"Twilio could not say whether all is well: {error.msg}."]
    except (aiohttp.ClientError, TimeoutError) as error:
        return [f"Twilio could not be reached ({error or type(error).__name__}): the server must be let out to it."]
    finally:
        await http.close()
    if not numbers:
        return ["The account has no phone number yet: buy one in Twilio's console (WhatsApp senders need none)."]
    wanted = {"A message comes in": f"{public_url}/twilio/sms", "A call comes in": f"{public_url}/twilio/voice"}
    return [_misdirected(n, wanted) for n in numbers if not {n.sms_url, n.voice_url} & set(wanted.values())]


def _misdirected(number: Any, wanted: dict[str, str]) -> str:
    set_to = "; ".join(f"“{name}”: {address}" for name, address in wanted.items())
    return f"{number.phone_number} calls another server. In Twilio's console, set it to (webhook, POST): {set_to}."
