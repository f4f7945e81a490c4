"""Messages that go out through Twilio's REST API."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from assistant.channels.twilio.client import USUAL, http_client

log = logging.getLogger("parley.twilio")
_TRIES = 4
_TIMEOUT_S = 20.0
_OPTED_OUT = 21610


class Outbox:
    """`api_url` is where Twilio is."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str = USUAL):
        self._account_sid, self._auth_token, self._api_url = account_sid, auth_token, api_url
        self._http: Any = None
        self._client: Any = None

    async def send(self, *, sender: str, to: str, text: str, picture: str | None = None) -> bool:
        """Whether Twilio took the message. Tried again, after a wait, only where Twilio can't have taken it: it was
        busy, broken or out of reach. A time-out is no such case: the message would go out twice."""
        import aiohttp
        from twilio.base.exceptions import TwilioRestException

        client = await self._opened()
        media = {"media_url": [picture]} if picture else {}
        for attempt in range(_TRIES):
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    await client.messages.create_async(to=to, from_=sender, body=text, **media)
                return True
            except TwilioRestException as error:
                if error.code == _OPTED_OUT:
                    log.info("a message was not sent: the number has opted out")
                    return False
                if error.status != 429 and error.status < 500:
                    log.error("Twilio refused a message (%s): %s", error.code or error.status, error.msg)
                    return False
                why = f"status {error.status}"
            except aiohttp.ClientConnectorError as error:
                why = str(error)
            except (aiohttp.ClientError, TimeoutError) as error:
                log.error("a message may not have been sent: %s", error or type(error).__name__)
                return False
            log.warning("Twilio can't take a message now (%s)", why)
            if attempt + 1 < _TRIES:
                await asyncio.sleep(0.5 * 2**attempt)
        return False

    async def _opened(self) -> Any:
        if self._client is None:
            from twilio.rest import Client

            self._http = http_client(self._api_url)
            self._client = Client(self._account_sid, self._auth_token, http_client=self._http)
        return self._client

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
