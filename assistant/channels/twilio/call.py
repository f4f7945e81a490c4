"""A phone call: what is heard, and what is said to it. Whether it is heard by turns (`voice.py`) or over a socket
(`relay.py`) makes no difference here."""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from dataclasses import dataclass, replace

from assistant.answer import Answer
from assistant.channels.place import Place
from assistant.channels.twilio.sounds import by_sound, names, written
from assistant.channels.twilio.spoken import speech, spoken
from assistant.channels.twilio.texting import Texting
from assistant.people.door import Asker
from assistant.people.limits import TooOften
from knowledge.policies.viewer import Attribute

log = logging.getLogger("parley.twilio")
_ENGLISH: dict[str, list[Attribute]] = {"locale": ["en_US"]}
_UNSURE = 0.45
"""Of a recognizer's confidence: below, what was heard is said back first."""
_SILENCES = 2
_OFFERS = 2
_GOODBYE = "Thank you for calling. Goodbye."
_BYE = re.compile(
    r"\b(good ?bye|bye|hang up|that'?s all|that is all|no thanks?|no thank you|nothing else|i'?m done)\b", re.I
)
_AGAIN = re.compile(r"(please )?(repeat|say)( that| it)?( again)?( please)?|again|pardon|what|sorry", re.I)
_TEXT = re.compile(r"\b(text|send|message)( it| that| them| me)\b|\b(text|message) (the|those) ", re.I)
_YES = re.compile(r"(yes|yeah|yep|sure|correct|right|please|yes please|that'?s right)", re.I)
_NO = re.compile(r"(no|nope|wrong|not that|no that'?s wrong)", re.I)
_ORDINALS = ("one first", "two second", "three third", "four fourth")


@dataclass(frozen=True)
class Reply:
    """`over`: it is said, and then the call ends."""

    text: str
    over: bool = False


class Call:
    """`caller` and `ours` are E.164 numbers."""

    def __init__(self, place: Place, texting: Texting, caller: str, ours: str):
        self._place, self._texting, self.caller, self.ours = place, texting, caller, ours
        self._conversation = str(uuid.uuid4())
        self._options: tuple[str, ...] = ()
        self._answer: Answer | None = None
        self._said = ""
        self._unsure_of: str | None = None
        self._silences = self._offers = 0

    async def asker(self) -> Asker | None:
        asker = await asyncio.to_thread(self._place.door.by_identity, "phone", self.caller)
        if asker is None:
            return None
        # Figures are written as `speech` reads them, whoever calls: "1.234" is said as a little more than one.
        return replace(asker, person=asker.person.model_copy(update={"attributes": asker.person.attributes | _ENGLISH}))

    async def greeting(self, asker: Asker) -> str:
        """By name, with a question to begin with."""
        starters = await self._place.desk.starters(asker)
        example = f" For example: {speech(starters[0])}" if starters else ""
        self._said = f"Hello {speech(asker.person.name)}. Ask me about your data.{example}"
        return self._said

    async def heard(self, words: str = "", digits: str = "", confidence: float | None = None) -> Reply:
        """What to say to it. Never raises."""
        try:
            reply = await self._reply(words.strip(), digits.strip(), confidence)
        except TooOften as error:
            reply = Reply(str(error))
        except Exception:
            log.exception("a turn of a call failed")
            reply = Reply("Something went wrong while answering that. Please ask again, or in another way.")
        self._said = reply.text
        return reply

    async def _reply(self, words: str, digits: str, confidence: float | None) -> Reply:
        asker = await self.asker()
        if asker is None:
            return Reply("You may not ask here any more. Goodbye.", over=True)
        bare = " ".join(re.findall(r"[\w']+", written(words).casefold()))
        if not bare and not digits:
            return self._silence()
        self._silences = 0
        unsure_of, self._unsure_of = self._unsure_of, None
        chosen = self._chosen(bare, digits)
        if chosen is not None:
            return await self._ask(asker, chosen)
        if digits:
            return Reply("There is nothing under that number. Ask your question in words.")
        if unsure_of is not None and _YES.fullmatch(bare):
            return await self._ask(asker, unsure_of)
        if unsure_of is not None and _NO.fullmatch(bare):
            return Reply("Then please say it again, in other words.")
        if _AGAIN.fullmatch(bare):
            return Reply(self._said)
        if _TEXT.search(bare) and self._answer is not None:
            return await self._text_it()
        if _BYE.search(bare) or (_NO.fullmatch(bare) and not self._options):
            return Reply(_GOODBYE, over=True)
        question = written(words)
        if confidence is not None and 0 < confidence < _UNSURE:
            self._unsure_of = question
            return Reply(f"Did you say: {speech(question)}? Say yes or no.")
        return await self._ask(asker, question)

    def _silence(self) -> Reply:
        self._silences += 1
        if self._silences > _SILENCES:
            return Reply(_GOODBYE, over=True)
        return Reply("I did not hear anything. Ask a question, or say goodbye.")

    def _chosen(self, bare: str, digits: str) -> str | None:
        for n, option in enumerate(self._options[: len(_ORDINALS)]):
            said = bare.removeprefix("option ").removeprefix("number ").removeprefix("the ").removesuffix(" one")
            if digits == str(n + 1) or said == str(n + 1) or (said and said in _ORDINALS[n].split()):
                return option
        return None

    async def _ask(self, asker: Asker, question: str) -> Reply:
        desk = self._place.desk
        answer = await desk.ask(asker, question, thread=self._conversation)
        taken_as = ""
        if answer.outcome == "cannot":
            workspace = await desk.workspace(asker)
            other = await asyncio.to_thread(lambda: by_sound(question, names(workspace)))
            if other is not None and not other.sure:
                self._options, self._answer, self._unsure_of = (), None, other.question
                first = speech(re.split(r"(?<=[.?!])\s", answer.text)[0])
                return Reply(f"{first} Did you mean: {_stated(speech(other.question))[:-1]}? Say yes or no.")
            if other is not None:
                again = await desk.ask(asker, other.question, thread=self._conversation)
                if again.outcome == "answered":
                    answer, taken_as = again, f"I took that as: {_stated(speech(other.question))} "
        self._options = tuple(c.question for c in answer.choices)
        self._answer = answer if answer.outcome == "answered" else None
        offer = ""
        if self._answer is not None and self._offers < _OFFERS:
            self._offers += 1
            offer = " Say text me, and I will send you the details."
        return Reply(f"{taken_as}{spoken(answer)}{offer}")

    async def _text_it(self) -> Reply:
        assert self._answer is not None
        sent = await self._texting.send_details(to=self.caller, sender=self.ours, answer=self._answer)
        if not sent:
            return Reply("You asked for no more messages. Send START to this number first. What else?")
        return Reply("I have sent it to you. What else would you like to know?")


def _stated(question: str) -> str:
    return f"{question.rstrip('.?!')}."
