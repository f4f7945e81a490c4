"""A conversation by text message, SMS or WhatsApp: what comes in, and what is sent back for it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any
from weakref import WeakValueDictionary

from assistant.answer import Answer
from assistant.channels.deliveries import Deliveries, Delivery
from assistant.channels.pictures import Pictures
from assistant.channels.place import Place
from assistant.channels.twilio.attachments import Attachments, Unusable
from assistant.channels.twilio.commands import Command, command
from assistant.channels.twilio.lists import Lists
from assistant.channels.twilio.numbers import Numbers, Talk
from assistant.channels.twilio.outbox import Outbox
from assistant.channels.twilio.pages import Channel, Page, fits, page, sms, whatsapp
from assistant.charts.picture import png
from assistant.people.door import Asker
from assistant.people.limits import TooOften

log = logging.getLogger("parley.twilio")
_RENDER: dict[Channel, Callable[[Answer, str], Page]] = {"sms": sms, "whatsapp": whatsapp}
_PATIENCE_S = 5.0
"""After which somebody who waits is told that their question is being worked on."""

_STRANGER = (
    "This number is not linked to anybody who may ask here. Ask an owner of the data for a code, then send it within "
    "15 minutes: LINK 12345678"
)
_NO_SUCH_CODE = "That code is not good (any more). Ask for a new one: it holds for 15 minutes, and works once."
_STOPPED = "You will get no more messages from here. Send START to ask again."
_STARTED = "Welcome back. Ask a question about your data in your own words."
_HELP = (
    "Parley answers questions about your business's data. Ask in your own words, answer with a number to choose, MORE "
    "for details, NEW for a new subject, STOP for no more messages."
)
_NEW = "A new conversation: ask me anything about your data."
_NOTHING_MORE = "There is no more to that. Ask another question."
_NOTHING_NUMBERED = "There is nothing of that number to choose. Ask your question in words."
_WORKING = "Working on it. The answer will come as a message."
_INTERRUPTED = "I was interrupted at “{}”. If you have no answer to it, send it again."
_SAID = 60
"""Characters of it."""
_WENT_WRONG = "Something went wrong while answering that. Ask again, or ask in another way."


@dataclass(frozen=True)
class Incoming:
    """A message. `sender` and `to` are E.164 numbers; `attached` are addresses and media types."""

    channel: Channel
    sender: str
    to: str
    text: str
    attached: tuple[tuple[str, str], ...] = ()
    opt_out: str = ""
    """STOP, START or HELP where Twilio has answered these words itself (Advanced Opt-Out)."""
    delivery: Delivery | None = field(default=None, compare=False)
    """None for what nobody has sent: then nothing waits for an answer."""

    def written(self) -> str:
        """As it is kept until it is answered."""
        return json.dumps({f.name: getattr(self, f.name) for f in fields(self) if f.name != "delivery"})

    @classmethod
    def read(cls, delivery: Delivery) -> Incoming:
        kept = json.loads(delivery.body)
        kept["attached"] = tuple((address, media) for address, media in kept["attached"])
        return cls(**kept, delivery=delivery)


class Texting:
    def __init__(
        self, place: Place, numbers: Numbers, outbox: Outbox, pictures: Pictures, attachments: Attachments,
        deliveries: Deliveries, lists: Lists,
    ):  # fmt: skip
        self._desk, self._door, self._limits, self._locale = place.desk, place.door, place.limits, place.locale
        self._numbers, self._outbox, self._pictures, self._attachments = numbers, outbox, pictures, attachments
        self._deliveries, self._lists = deliveries, lists
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def receive(self, message: Incoming) -> None:
        """Answer a message, after those that the same number sent before. Never raises."""
        turn = self._turns.setdefault((message.channel, message.sender), asyncio.Lock())
        async with turn:
            try:
                if message.delivery is not None and message.delivery.lost:
                    await self._apologize(message)
                else:
                    await self._receive(message)
            except TooOften as error:
                await self._send(message, str(error))
            except Exception:
                log.exception("a message could not be answered")
                await self._send(message, _WENT_WRONG)
            await asyncio.to_thread(self._deliveries.done, message.delivery)

    async def send_details(self, *, to: str, sender: str, answer: Answer) -> bool:
        """An answer given elsewhere, as an SMS, with a link to its chart; False for a number that said STOP."""
        if await asyncio.to_thread(self._numbers.stopped, "sms", to):
            return False
        message, page = Incoming("sms", to, sender, ""), sms(answer, self._locale)
        await self._say(message, page)
        if answer.chart is not None and (link := await self._picture(answer.chart)):
            await self._send(message, f"The chart, for an hour: {link}")
        return True

    async def _receive(self, message: Incoming) -> None:
        asked = command(message.text)
        stopped = await asyncio.to_thread(self._numbers.stopped, message.channel, message.sender)
        if asked.does in ("stop", "start") or (stopped and message.text.strip().casefold() == "yes"):
            await asyncio.to_thread(self._numbers.stop, message.channel, message.sender, asked.does == "stop")
            if not message.opt_out:
                await self._send(message, _STOPPED if asked.does == "stop" else _STARTED)
            return
        if stopped:
            return
        asker = await asyncio.to_thread(self._door.by_identity, message.channel, message.sender)
        if asked.does == "link":
            await self._link(message, asked.code)
        elif asker is None:
            await self._turn_away(message)
        elif asked.does == "help":
            if not message.opt_out:
                await self._send(message, _HELP)
        else:
            await self._answer(message, asked, asker)

    async def _apologize(self, message: Incoming) -> None:
        """For what may have been answered, and may not."""
        stopped = await asyncio.to_thread(self._numbers.stopped, message.channel, message.sender)
        asker = await asyncio.to_thread(self._door.by_identity, message.channel, message.sender)
        if not stopped and asker is not None and command(message.text).does not in ("stop", "start"):
            said = message.text.strip()
            await self._send(message, _INTERRUPTED.format(said if len(said) <= _SAID else f"{said[:_SAID]}…"))

    async def _turn_away(self, message: Incoming) -> None:
        """Strangers are told what to do a few times: each reply costs money."""
        try:
            self._limits.count("code", f"stranger:{message.channel}:{message.sender}")
        except TooOften:
            return
        await self._send(message, _STRANGER)

    async def _link(self, message: Incoming, code: str) -> None:
        self._limits.count("code", f"{message.channel}:{message.sender}")
        await asyncio.to_thread(self._deliveries.answering, message.delivery)  # a code is good once
        claim = self._door.identities.claim
        person = await asyncio.to_thread(claim, message.channel, message.sender, code)
        asker = await asyncio.to_thread(self._door.by_identity, message.channel, message.sender) if person else None
        if asker is None:
            await self._send(message, _NO_SUCH_CODE)
            return
        self._desk.write(asker, "linked", subject=message.sender)
        await asyncio.to_thread(self._numbers.talk, message.channel, message.sender, asker.person.seat, new=True)
        hello = f"Hello {asker.person.name}. This number is yours now: ask me about your data in your own words."
        await self._send(message, hello)

    async def _answer(self, message: Incoming, asked: Command, asker: Asker) -> None:
        begin = asked.does == "new"
        talk = await asyncio.to_thread(
            self._numbers.talk, message.channel, message.sender, asker.person.seat, new=begin
        )
        if begin:
            await self._send(message, _NEW)
        elif asked.does == "more":
            more = page(message.channel, talk.rest, talk.options) if talk.rest else Page(_NOTHING_MORE, talk.options)
            await self._say(message, more)
        elif asked.does == "pick" and not message.attached:
            if not 1 <= asked.number <= len(talk.options):
                await self._send(message, _NOTHING_NUMBERED)
            else:
                await self._ask(message, asker, talk, talk.options[asked.number - 1])
        else:
            question = message.text.strip()
            try:
                taken = await self._attachments.take(asker, talk.conversation, message.attached)
            except Unusable as error:
                await self._send(message, str(error))
                return
            question = question or taken.question
            if taken.said:
                await self._send(message, taken.said)
            if question:
                await self._ask(message, asker, talk, question)

    async def _ask(self, message: Incoming, asker: Asker, talk: Talk, question: str) -> None:
        if message.delivery is not None and message.delivery.since is not None:
            await self._desk.undo(asker, talk.conversation, question, message.delivery.since)
        work = asyncio.ensure_future(self._desk.ask(asker, question, thread=talk.conversation))
        if not (await asyncio.wait({work}, timeout=_PATIENCE_S))[0]:
            await self._put(message, _WORKING)
        await self._say(message, _RENDER[message.channel](await work, asker.locale or self._locale))

    async def _say(self, message: Incoming, said: Page) -> None:
        picture = await self._picture(said.chart) if said.chart else None
        await asyncio.to_thread(self._deliveries.answering, message.delivery)
        await asyncio.to_thread(self._numbers.say, message.channel, message.sender, said.options, said.rest)
        if said.listed is not None and await self._offered(message, said):
            if picture:
                await self._put(message, "", picture)
            return
        await self._put(message, said.text, picture)

    async def _offered(self, message: Incoming, said: Page) -> bool:
        """Whether the page has gone out with a list to choose from."""
        assert said.listed is not None
        ours, theirs = f"whatsapp:{message.to}", f"whatsapp:{message.sender}"
        listed = said.listed
        return await self._lists.send(
            sender=ours, to=theirs, body=listed.body, button=listed.button, asked=listed.asked, more=bool(said.rest)
        )

    async def _picture(self, chart: dict[str, Any]) -> str | None:
        """Its link. A chart that can't be drawn or kept must not cost the answer."""
        try:
            drawn = await asyncio.to_thread(png, chart)
            return await asyncio.to_thread(self._pictures.keep, drawn)
        except Exception:
            log.exception("a chart was left out of a message")
            return None

    async def _send(self, message: Incoming, text: str) -> None:
        await asyncio.to_thread(self._deliveries.answering, message.delivery)
        await self._put(message, text)

    async def _put(self, message: Incoming, text: str, picture: str | None = None) -> None:
        assert fits(message.channel, text), text
        prefix = "whatsapp:" if message.channel == "whatsapp" else ""
        await self._outbox.send(sender=prefix + message.to, to=prefix + message.sender, text=text, picture=picture)
