"""Calls that are heard turn by turn: Twilio recognizes what is said (`<Gather>`), and posts it. Each turn has a number,
so that one that is posted twice is answered once; long work is waited for in steps, since Twilio waits 15 s at most."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from twilio.twiml.voice_response import Connect, VoiceResponse

from assistant.channels.place import Place
from assistant.channels.twilio.call import Call, Reply
from assistant.channels.twilio.relay import Tickets
from assistant.channels.twilio.settings import TwilioSettings, Voice
from assistant.channels.twilio.signature import Form
from assistant.channels.twilio.sounds import hints
from assistant.channels.twilio.texting import Texting
from assistant.people.limits import TooOften

_ACK_S = 2.5
_LONGEST_CALL_S = 4 * 3600
_STRANGER = "I don't know this number. If you have a code for it, type its eight digits now."
_NO_SUCH_CODE = "That code is not good. Ask for a new one. Goodbye."
_NOT_VERIFIED = (
    "Your phone company can't say whether this call is from the number it shows, so I can't talk to you. Goodbye."
)


_E164 = re.compile(r"\+[1-9]\d{6,14}")
_WITHHELD = ("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253")
"""What Twilio shows where the caller's number is kept back: ANONYMOUS, RESTRICTED … on a phone's keys."""


@dataclass
class _Turns:
    """A call and where it is. `made` is what was answered to the turn before `turn`."""

    call: Call
    hints: str
    turn: int = 1
    made: str = ""
    work: asyncio.Task[Reply] | None = None
    begun: float = field(default_factory=time.monotonic)


def routes(
    place: Place, settings: TwilioSettings, texting: Texting, tickets: Tickets,
    form: Callable[[Request], Awaitable[Form]],
) -> APIRouter:  # fmt: skip
    """POST /twilio/voice for calls that come in, and the addresses that their TwiML leads to. With `?by=relay` or
    `?by=gather`, the calls to a number are heard in the way that the setting does not say."""
    calls: dict[str, _Turns] = {}
    language, here = place.locale.replace("_", "-"), f"{place.public_url}/twilio/voice"
    router = APIRouter(prefix="/twilio/voice")

    @router.post("")
    async def came_in(by: Voice | None = None, fields: Form = Depends(form)) -> Response:  # noqa: B008
        if not fields.get("CallSid"):
            raise HTTPException(400, "That is no call: it needs CallSid, From and To.")
        caller, verified = fields.get("From", ""), fields.get("StirVerstat", "")
        if not _E164.fullmatch(caller) or caller in _WITHHELD or verified.startswith("TN-Validation-Failed"):
            return _twiml(_ending(_NOT_VERIFIED))
        call = Call(place, texting, caller, fields.get("To", ""))
        asker = await call.asker()
        if asker is None:
            asked = VoiceResponse()
            asked.gather(input="dtmf", num_digits=8, timeout=10, action=f"{here}/link").say(_STRANGER)
            asked.say("Goodbye.")
            return _twiml(asked)
        greeting, known = await call.greeting(asker), hints(await place.desk.workspace(asker))
        if (by or settings.voice) == "relay":
            connect = Connect(action=f"{here}/ended")
            connect.conversation_relay(
                url=tickets.address(call, fields["CallSid"]), welcome_greeting=greeting, language=language,
                dtmf_detection=True, interruptible="any", hints=known,
            )  # fmt: skip
            relayed = VoiceResponse()
            relayed.append(connect)
            return _twiml(relayed)
        _forget_old(calls)
        turns = calls[fields["CallSid"]] = _Turns(call, known)
        turns.made = str(_listening(turns, greeting))
        return Response(turns.made, media_type="text/xml")

    @router.post("/heard")
    async def heard(turn: int, fields: Form = Depends(form)) -> Response:  # noqa: B008
        turns = calls.get(fields.get("CallSid", ""))
        if turns is None:  # the server was started again meanwhile
            lost = VoiceResponse()
            lost.say("Sorry, I have lost what we were talking about.")
            lost.redirect(here)
            return _twiml(lost)
        if turn == turns.turn and turns.work is None:
            words, digits = fields.get("SpeechResult", ""), fields.get("Digits", "")
            turns.work = asyncio.create_task(turns.call.heard(words, digits, _number(fields.get("Confidence"))))
        return await _answered(turns, turn, first=True)

    @router.post("/wait")
    async def wait(turn: int, fields: Form = Depends(form)) -> Response:  # noqa: B008
        turns = calls.get(fields.get("CallSid", ""))
        return _twiml(_ending("Goodbye.")) if turns is None else await _answered(turns, turn, first=False)

    @router.post("/link")
    async def link(fields: Form = Depends(form)) -> Response:  # noqa: B008
        caller = fields.get("From", "")
        try:
            place.limits.count("code", f"phone:{caller}")
        except TooOften as error:
            return _twiml(_ending(str(error)))
        claim = place.door.identities.claim
        person = await asyncio.to_thread(claim, "phone", caller, fields.get("Digits", ""))
        asker = await asyncio.to_thread(place.door.by_identity, "phone", caller) if person else None
        if asker is None:
            return _twiml(_ending(_NO_SUCH_CODE))
        place.desk.write(asker, "linked", subject=caller)
        linked = VoiceResponse()
        linked.say("This number is yours now.")
        linked.redirect(here)
        return _twiml(linked)

    @router.post("/ended")
    async def ended(fields: Form = Depends(form)) -> Response:  # noqa: B008
        """After a relayed call."""
        over = VoiceResponse()
        over.hangup()
        return _twiml(over)

    async def _answered(turns: _Turns, turn: int, *, first: bool) -> Response:
        """The answer of this turn; a pause if it is not there yet; what was answered to the turn before."""
        if turn != turns.turn or turns.work is None:
            return Response(turns.made, media_type="text/xml")
        if not (await asyncio.wait({turns.work}, timeout=_ACK_S))[0]:
            waiting = VoiceResponse()
            if first:
                waiting.say("One moment.")
            waiting.pause(length=1)
            waiting.redirect(f"{here}/wait?turn={turn}")
            return _twiml(waiting)
        if turn == turns.turn:
            reply, turns.work, turns.turn = turns.work.result(), None, turn + 1
            made = _ending(reply.text) if reply.over else _listening(turns, reply.text)
            turns.made = str(made)
        return Response(turns.made, media_type="text/xml")

    def _listening(turns: _Turns, text: str) -> VoiceResponse:
        """Say it, and listen: a key, or words, which may come before it is said to the end."""
        made = VoiceResponse()
        made.gather(
            input="speech dtmf", action=f"{here}/heard?turn={turns.turn}", num_digits=1, speech_timeout="auto",
            timeout=6, action_on_empty_result=True, language=language, hints=turns.hints,
        ).say(text)  # fmt: skip
        return made

    return router


def _ending(text: str) -> VoiceResponse:
    made = VoiceResponse()
    made.say(text)
    made.hangup()
    return made


def _twiml(made: VoiceResponse) -> Response:
    return Response(str(made), media_type="text/xml")


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _forget_old(calls: dict[str, _Turns]) -> None:
    """Twilio ends calls after four hours."""
    for sid in [sid for sid, turns in calls.items() if time.monotonic() - turns.begun > _LONGEST_CALL_S]:
        del calls[sid]
