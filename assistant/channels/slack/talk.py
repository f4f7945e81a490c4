"""A question in a conversation of Slack: who asks, and what is posted for it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cachetools import TTLCache

from assistant.answer import Answer
from assistant.channels.deliveries import Deliveries, Delivery
from assistant.channels.place import Place
from assistant.channels.slack.blocks import answer_blocks, escaped, fallback, fits_whole
from assistant.channels.slack.shown import ShownAnswers
from assistant.channels.web.card import table
from assistant.channels.web.files import as_csv
from assistant.charts.picture import png
from assistant.people.door import Asker
from assistant.people.limits import TooOften
from assistant.people.wishes import locale, time_zone

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger("parley.slack")
STRANGER = (
    "I don't know you here yet. Ask an owner of the data for a code (`parley people link NAME slack`), and send it to "
    "me within 15 minutes: `/parley link 12345678`"
)
_WENT_WRONG = "Something went wrong while answering that. Ask again, or ask in another way."
_INTERRUPTED = "I was interrupted at “{}”. If you have no answer to it, ask again."
_SAID = 100
"""Characters of it."""
_KNOWN_S = 3600
_NO_SUCH_CODE = "That code is not good (any more). Ask for a new one: it holds for 15 minutes, and works once."


@dataclass(frozen=True)
class Spot:
    """Where something is said: `thread` is the time stamp of the thread's first message, None outside of threads."""

    team: str
    user: str
    channel: str
    thread: str | None = None
    delivery: Delivery | None = field(default=None, compare=False)
    """What is answered there; None for what needs no answer."""

    @property
    def conversation(self) -> str:
        """A UUID: that of the thread, or of the direct messages outside of threads."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"slack:{self.team}/{self.channel}/{self.thread or ''}"))

    @property
    def subject(self) -> str:
        """Who speaks, as identities know it."""
        return f"{self.team}/{self.user}"


Say = Callable[..., Awaitable[Any]]
"""Posts a message: `text`, and `blocks` if there are any."""


class Talk:
    def __init__(self, place: Place, shown: ShownAnswers, deliveries: Deliveries):
        self._place, self._shown, self._deliveries = place, shown, deliveries
        self._known: TTLCache[str, tuple[str | None, str | None]] = TTLCache(10_000, _KNOWN_S)

    async def asker(self, spot: Spot, client: AsyncWebClient | None = None) -> Asker | None:
        """Who speaks; asked of Slack through the client, with their time zone and locale."""
        asker = await asyncio.to_thread(self._place.door.by_identity, "slack", spot.subject)
        if asker is None or client is None:
            return asker
        zone, language = await self._settled(client, spot)
        return replace(asker, channel_zone=zone, channel_locale=language)

    async def _settled(self, client: AsyncWebClient, spot: Spot) -> tuple[str | None, str | None]:
        """The time zone and the locale that Slack knows of who speaks; asked once an hour."""
        from slack_sdk.errors import SlackApiError

        if spot.subject not in self._known:
            found: tuple[str | None, str | None] = (None, None)
            try:
                user = (await client.users_info(user=spot.user, include_locale=True))["user"]
                found = (time_zone(user.get("tz")), locale(user.get("locale")))
            except (SlackApiError, OSError, TimeoutError, AttributeError) as error:  # the scope is missing, say
                log.info("Slack does not tell where %s is: %s", spot.user, error)
            self._known[spot.subject] = found
        return self._known[spot.subject]

    async def answer(self, client: AsyncWebClient, spot: Spot, question: str) -> None:
        """Post the answer in the conversation, and its chart and long table as files. Never raises."""

        async def say(**message: Any) -> None:
            await client.chat_postMessage(channel=spot.channel, thread_ts=spot.thread, unfurl_links=False, **message)

        if not spot.channel.startswith("D") and await self.asker(spot) is None:
            told = client.chat_postEphemeral(channel=spot.channel, thread_ts=spot.thread, user=spot.user, text=STRANGER)
            await _try(told)
            return
        await self._status(client, spot, "is thinking…")
        answer = await self._said(client, spot, question, say)
        if answer is not None:
            await self._title(client, spot, question)
            await self._files(client, spot, answer, question)

    async def answer_quietly(self, client: AsyncWebClient, spot: Spot, question: str, say: Say) -> None:
        """An answer that only the asker sees, without files. Never raises."""
        await self._said(client, spot, question, say)

    async def link(self, spot: Spot, code: str) -> str:
        """Make whoever speaks the person whose code it is; what to say to them."""
        place = self._place
        try:
            place.limits.count("code", f"slack:{spot.subject}")
        except TooOften as error:
            return str(error)
        await asyncio.to_thread(place.door.identities.claim, "slack", spot.subject, code)
        asker = await self.asker(spot)
        if asker is None:
            return _NO_SUCH_CODE
        place.desk.write(asker, "linked", subject=spot.subject)
        return f"Hello {escaped(asker.person.name)}. Ask me about your data in your own words."

    async def rate(self, spot: Spot, key: str, up: bool) -> bool:
        """Keep a thumb; whether it could be."""
        asker, shown = await self.asker(spot), await asyncio.to_thread(self._shown.find, key, spot.team)
        if asker is None or shown is None:
            return False
        await self._place.desk.rate(asker, thread=shown.conversation, question=shown.question, up=up)
        return True

    async def _said(self, client: AsyncWebClient, spot: Spot, question: str, say: Say) -> Answer | None:
        """The answer, once it is posted; None if there was something else to say."""
        from slack_sdk.errors import SlackApiError

        asker = await self.asker(spot, client)
        try:
            if asker is None:
                await say(text=STRANGER)
                return None
            if spot.delivery is not None and spot.delivery.lost:
                await say(text=_INTERRUPTED.format(escaped(question[:_SAID])))
                return None
            if spot.delivery is not None and spot.delivery.since is not None:
                await self._place.desk.undo(asker, spot.conversation, question, spot.delivery.since)
            answer = await self._place.desk.ask(asker, question, thread=spot.conversation)
            key = await asyncio.to_thread(self._shown.keep, spot.team, spot.conversation, question, answer)
            text = fallback(answer)
            await asyncio.to_thread(self._deliveries.answering, spot.delivery)
            try:
                await say(text=text, blocks=answer_blocks(answer, key, asker.locale or self._place.locale))
            except SlackApiError as error:
                if error.response.get("error") not in ("invalid_blocks", "invalid_blocks_format"):
                    raise
                log.exception("Slack refused the blocks of an answer: its text alone is posted")
                await say(text=text)
            return answer
        except TooOften as error:
            await _try(say(text=str(error)))
        except Exception:
            log.exception("a question of Slack could not be answered")
            await _try(say(text=_WENT_WRONG))
        return None

    async def _files(self, client: AsyncWebClient, spot: Spot, answer: Answer, question: str) -> None:
        """They may fail: the answer is there already."""
        try:
            asker = await self.asker(spot, client)
            written = (asker.locale if asker else None) or self._place.locale
            files = await asyncio.to_thread(self._made_files, answer, question, written)
            if files:
                await client.files_upload_v2(file_uploads=files, channel=spot.channel, thread_ts=spot.thread)
        except Exception:
            log.exception("the chart or the table of an answer could not be uploaded")

    def _made_files(self, answer: Answer, question: str, written: str) -> list[dict[str, Any]]:
        title = (answer.reading or question)[:200]
        files: list[dict[str, Any]] = []
        if answer.chart is not None:
            files.append({"content": png(answer.chart), "filename": "chart.png", "title": title, "alt_txt": title})
        if answer.result is not None and answer.outcome == "answered" and not fits_whole(answer.result):
            whole = as_csv(table(answer.result, title, locale=written))
            files.append({"content": whole, "filename": "table.csv", "title": f"{title} (all rows)"})
        return files

    async def _status(self, client: AsyncWebClient, spot: Spot, status: str) -> None:
        if spot.thread:
            await _try(
                client.assistant_threads_setStatus(channel_id=spot.channel, thread_ts=spot.thread, status=status)
            )

    async def _title(self, client: AsyncWebClient, spot: Spot, question: str) -> None:
        """Of a conversation in the assistant pane, which is a thread of direct messages."""
        if spot.thread and spot.channel.startswith("D"):
            await _try(
                client.assistant_threads_setTitle(channel_id=spot.channel, thread_ts=spot.thread, title=question[:100])
            )


async def _try(work: Awaitable[Any]) -> None:
    """What is nice to have: a status in an app without the assistant pane, say."""
    import aiohttp
    from slack_sdk.errors import SlackApiError

    try:
        await work
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("Slack did not do it: %s", error)
