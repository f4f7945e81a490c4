"""Files that are sent in by WhatsApp: tables are opened as data of the conversation, voice notes are written down."""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from assistant.channels.twilio.client import USUAL
from assistant.desk import Desk
from assistant.people.door import Asker
from assistant.transcriber import CannotHear, Transcriber

log = logging.getLogger("parley.twilio")
_MOST_BYTES = 20 * 1024 * 1024
"""WhatsApp takes documents of up to 16 MB."""
_TIMEOUT_S = 60.0
_ENDINGS = {
    "text/csv": ".csv",
    "text/plain": ".csv",
    "text/comma-separated-values": ".csv",
    "application/csv": ".csv",
    "application/json": ".json",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.apache.parquet": ".parquet",
}
_VOICE = {
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/amr": ".amr",
    "audio/wav": ".wav",
    "audio/webm": ".webm",
}
_SAID_BACK = 160
"""Characters of what was heard."""
_TWILIO = r"https://api\.(?:[a-z0-9-]+\.){0,2}twilio\.com/"


class Unusable(Exception):
    """What was sent in can't be used; the message says why, and what to send."""


@dataclass(frozen=True)
class Taken:
    """`said` tells the sender what was opened or heard; `question` is what was asked by voice."""

    said: str = ""
    question: str = ""


class Attachments:
    """Nothing is fetched but from Twilio, which is at `api_url`. Without a `transcriber`, voice notes are not listened
    to."""

    def __init__(
        self, desk: Desk, account_sid: str, auth_token: str, transcriber: Transcriber | None, api_url: str = USUAL
    ):  # fmt: skip
        self._desk, self._transcriber = desk, transcriber
        self._auth = aiohttp.BasicAuth(account_sid, auth_token)
        self._addresses = re.compile(f"{_TWILIO}|{re.escape(api_url)}/")

    async def take(self, asker: Asker, conversation: str, attached: Sequence[tuple[str, str]]) -> Taken:
        """Open what was sent as the data of the conversation. Raises Unusable."""
        opened: list[str] = []
        for address, media in attached:
            kind = media.partition(";")[0].strip().lower()
            if kind in _VOICE:
                return await self._listened(address, f"note{_VOICE[kind]}")
            ending = _ENDINGS.get(kind)
            if ending is None:
                raise Unusable(f"I can't read {media or 'that'}. Send a table: a CSV or an Excel file.")
            if "upload" not in asker.scopes:
                raise Unusable("You may not ask about files of your own here. An owner of the data can change that.")
            await self._open(asker, conversation, await self._fetched(address), f"table{ending}")
            opened.append(ending[1:].upper())
        if not opened:
            return Taken()
        return Taken(
            f"I have opened your {' and '.join(opened)} file. Ask me about it; NEW goes back to the other data."
        )

    async def _listened(self, address: str, name: str) -> Taken:
        if self._transcriber is None:
            raise Unusable("I can't listen to voice notes here. Write your question, please.")
        try:
            text = await self._transcriber.written(await self._fetched(address), name)
        except CannotHear as error:
            raise Unusable(str(error)) from error
        return Taken(f"I heard: {text[:_SAID_BACK]}", text)

    async def _open(self, asker: Asker, conversation: str, body: bytes, name: str) -> None:
        uploads, file = self._desk.uploads(asker), str(uuid.uuid4())

        def work() -> None:
            with tempfile.NamedTemporaryFile() as written:
                written.write(body)
                written.flush()
                uploads.keep(conversation, file, name, Path(written.name))
            try:
                uploads.session(conversation, reopen=True)
            except BaseException:
                uploads.drop(conversation, file)
                raise

        try:
            await asyncio.to_thread(work)
        except Exception as error:
            log.info("a file could not be read: %s", error)
            raise Unusable(f"The file could not be read: {error}"[:280]) from error
        self._desk.write(asker, "uploaded", thread=conversation, file=name)

    async def _fetched(self, address: str) -> bytes:
        if not self._addresses.match(address):
            raise Unusable("The file could not be fetched. Send it again.")
        try:
            timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
            async with aiohttp.ClientSession(auth=self._auth, timeout=timeout) as session, session.get(address) as got:
                got.raise_for_status()
                body = await got.content.read(_MOST_BYTES + 1)
                while len(body) <= _MOST_BYTES and (more := await got.content.read(_MOST_BYTES)):
                    body += more
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("a file could not be fetched: %s", error or type(error).__name__)
            raise Unusable("The file could not be fetched. Send it again.") from error
        if len(body) > _MOST_BYTES:
            raise Unusable("The file is too large: at most 20 MB can be sent here. The web chat takes larger ones.")
        return body
