"""Asking by SMS and WhatsApp: a webhook, signed as Twilio signs it, and the messages that are sent for it."""

from __future__ import annotations

import itertools
import json
import re
import time

from twilio.request_validator import RequestValidator

from evals.channels.reached import PUBLIC, NoAnswer, Reached
from evals.channels.said import Meant, Said
from evals.channels.twilio_server import SID, TOKEN

OURS = "+15550001111"
_WORKING, _MORE = "Working on it", "MORE for details"
_OF_PAGES = re.compile(rf"{_MORE}$|(?:…|\.\.\.) and [\d,]+ more rows")
"""What is said of the pages that follow."""
_MOST_PAGES = 40
_messages = itertools.count(time.time_ns())


class Sms:
    """A conversation of `who` of the numbers. Of a long answer all pages are asked for, unless `pages` says less."""

    name, prefix, path = "SMS", "", "/twilio/sms"

    def __init__(self, world: Reached, who: int = 0, pages: int = _MOST_PAGES):
        self._world, self._number, self._pages = world, world.numbers[who], pages

    async def begin(self) -> None:
        await self._told("NEW")

    async def ask(self, question: str, meant: Meant | None = None) -> Said | None:
        pages = [await self._told(question)]
        while pages[-1].endswith(_MORE) and len(pages) < self._pages:
            pages.append(await self._told("MORE"))
        lines = [line for page in pages for line in page.splitlines() if not _OF_PAGES.match(line)]
        return Said("\n".join(lines))

    async def _told(self, text: str) -> str:
        """What is sent back for a message."""
        await self.text(text)
        while (said := await self._world.texted.next(self.prefix + self._number))["Body"].startswith(_WORKING):
            pass
        items = json.loads(said.get("Items", "[]"))
        goes_on = any(item["id"] == "more" for item in items)
        return f"{said['Body']}\n{_MORE}" if goes_on else said["Body"]

    async def text(self, text: str, sid: str | None = None) -> None:
        """Raises NoAnswer where it is not acknowledged."""
        form = {
            "MessageSid": sid or f"SM{next(_messages):032d}", "From": self.prefix + self._number,
            "To": self.prefix + OURS, "Body": text, "NumMedia": "0",
        }  # fmt: skip
        await post(self._world, self.path, form)

    async def end(self) -> None:
        pass


class WhatsApp(Sms):
    name, prefix, path = "WhatsApp", "whatsapp:", "/twilio/whatsapp"


async def post(world: Reached, path: str, form: dict[str, str]) -> str:
    """A form, signed as Twilio signs it; the body of the reply. Raises NoAnswer for anything but 200."""
    form = form | {"AccountSid": SID}
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
    async with world.http.post(world.at(path), data=form, headers={"X-Twilio-Signature": signature}) as reply:
        body = await reply.text()
        if reply.status != 200:
            raise NoAnswer(f"Twilio was answered {reply.status}: {body[:200]}")
        return body
