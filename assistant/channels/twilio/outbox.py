"""Messages that go out through Twilio's REST API."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any, Literal

from assistant.channels.twilio.client import USUAL, http_client

log = logging.getLogger("parley.twilio")
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_WORTH_S = 3600.0
"""After which nobody waits for a message any more."""
_TIMEOUT_S = 20.0
_OPTED_OUT = 21610


class Outbox:
    """`api_url` is where Twilio is."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str = USUAL):
        self._account_sid, self._auth_token, self._api_url = account_sid, auth_token, api_url
        self._http: Any = None
        self._client: Any = None

    async def send(self, *, sender: str, to: str, text: str, picture: str | None = None) -> bool:
        """Whether Twilio took the message. `text` may be empty where there is a picture."""
        said = {"body": text} if text else {}
        media = {"media_url": [picture]} if picture else {}
        return await self._create(to=to, from_=sender, **said, **media) == "taken"

    async def send_template(self, *, sender: str, to: str, template: str, variables: dict[str, str]) -> bool:
        """Send a message made of a template. False only where Twilio has refused it, so that something else may be sent
        in its place."""
        filled = json.dumps(variables, ensure_ascii=False)
        return await self._create(to=to, from_=sender, content_sid=template, content_variables=filled) != "refused"

    async def make_template(self, template: str) -> str | None:
        """The id of a new template, given as JSON; None where Twilio does not make it."""
        import aiohttp
        from twilio.base.exceptions import TwilioException

        client = await self._opened()
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                made = await client.content.v1.contents.create_async(_Json(template))
            return str(made.sid)
        except (TwilioException, aiohttp.ClientError, TimeoutError) as error:
            log.warning("a template could not be made: %s", error or type(error).__name__)
            return None

    async def _create(self, **message: Any) -> Literal["taken", "refused", "unsure", "late"]:
        """Tried again, after a wait that grows, for an hour, only where Twilio can't have taken it: it was busy, broken
        or out of reach. A time-out is no such case: the message would go out twice."""
        import aiohttp
        from twilio.base.exceptions import TwilioRestException

        client = await self._opened()
        wait, until = _FIRST_WAIT_S, time.monotonic() + _WORTH_S
        while True:
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    await client.messages.create_async(**message)
                return "taken"
            except TwilioRestException as error:
                if error.code == _OPTED_OUT:
                    log.info("a message was not sent: the number has opted out")
                    return "unsure"
                if error.status != 429 and error.status < 500:
                    log.error("Twilio refused a message (%s): %s", error.code or error.status, error.msg)
                    return "refused"
                why = f"status {error.status}"
            except aiohttp.ClientConnectorError as error:
                why = str(error)
            except (aiohttp.ClientError, TimeoutError) as error:
                log.error("a message may not have been sent: %s", error or type(error).__name__)
                return "unsure"
            if time.monotonic() + wait > until:
                log.error("a message was given up: Twilio has not taken it for an hour (%s)", why)
                return "late"
            log.warning("Twilio can't take a message now (%s): tried again in %g s", why, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_S)

    async def _opened(self) -> Any:
        if self._client is None:
            from twilio.rest import Client

            self._http = http_client(self._api_url)
            self._client = Client(self._account_sid, self._auth_token, http_client=self._http)
        return self._client

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()


class _Json:
    """A request's body as Twilio's SDK takes it; its own classes write every field that is not used, too."""

    def __init__(self, text: str):
        self._text = text

    def to_dict(self) -> Any:
        return json.loads(self._text)
