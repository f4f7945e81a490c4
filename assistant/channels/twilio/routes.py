"""The addresses that Twilio calls. Each request's signature is checked, and each message answered once: the request is
acknowledged once it is kept, and the answer goes out as a message of its own, so that a retry finds nothing left to do
and a restart what is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from fastapi import APIRouter, Depends, HTTPException, Response

from assistant.channels import pictures
from assistant.channels.background import Background
from assistant.channels.deliveries import Deliveries
from assistant.channels.place import Place
from assistant.channels.twilio import relay, voice
from assistant.channels.twilio.attachments import Attachments
from assistant.channels.twilio.lists import Lists, chosen
from assistant.channels.twilio.numbers import Numbers
from assistant.channels.twilio.outbox import Outbox
from assistant.channels.twilio.pages import Channel
from assistant.channels.twilio.settings import TwilioSettings
from assistant.channels.twilio.signature import Form, signed
from assistant.channels.twilio.texting import Incoming, Texting
from assistant.people.tokens import kept_secret

_MOST_ATTACHED = 10
_NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def routes(place: Place, settings: TwilioSettings, outbox: Outbox, attachments: Attachments) -> APIRouter:
    """POST /twilio/sms, /twilio/whatsapp, /twilio/voice; and the pictures of charts. 403 for what is not signed."""
    assert settings.account_sid
    assert settings.secret
    assert place.public_url
    folder = place.state / "twilio"
    deliveries, numbers = Deliveries(folder / "deliveries.sqlite"), Numbers(folder / "numbers.sqlite")
    kept = pictures.Pictures(folder / "pictures", kept_secret(folder / "secret"), place.public_url)
    lists = Lists(folder / "templates.sqlite", outbox)
    texting = Texting(place, numbers, outbox, kept, attachments, deliveries, lists)
    background = Background()

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        for left in await asyncio.to_thread(deliveries.left):
            background.start(texting.receive(Incoming.read(left)))
        yield
        await background.finish()
        await outbox.close()
        lists.close()
        numbers.close()
        deliveries.close()

    router = APIRouter(lifespan=lifespan, include_in_schema=False)
    router.include_router(pictures.routes(kept))
    form = signed(settings.account_sid, settings.secret, place.public_url)
    tickets = relay.Tickets(place.public_url)
    router.include_router(voice.routes(place, settings, texting, tickets, form))
    router.include_router(relay.routes(settings.account_sid, settings.secret, tickets))

    @router.post("/twilio/{channel}")
    async def message(channel: Channel, fields: Form = Depends(form)) -> Response:  # noqa: B008
        incoming = _incoming(channel, fields)
        taken = await asyncio.to_thread(deliveries.take, channel, fields["MessageSid"], incoming.written())
        if taken is not None:
            background.start(texting.receive(replace(incoming, delivery=taken)))
        return Response(_NOTHING, media_type="text/xml")

    return router


def _incoming(channel: Channel, fields: Form) -> Incoming:
    """Raises HTTPException 400 for a form that is no message of the channel."""
    sender, to, prefix = fields.get("From", ""), fields.get("To", ""), "whatsapp:"
    on_whatsapp = sender.startswith(prefix) and to.startswith(prefix)
    if not sender or not to or not fields.get("MessageSid") or on_whatsapp != (channel == "whatsapp"):
        raise HTTPException(400, f"That is no {channel} message: it needs MessageSid, From and To of that channel.")
    count = fields.get("NumMedia", "0")
    attached = range(min(int(count), _MOST_ATTACHED) if count.isdecimal() else 0)
    return Incoming(
        channel, sender.removeprefix(prefix), to.removeprefix(prefix), chosen(fields) or fields.get("Body", ""),
        tuple((fields.get(f"MediaUrl{n}", ""), fields.get(f"MediaContentType{n}", "")) for n in attached),
        fields.get("OptOutType", ""),
    )  # fmt: skip
