"""Calls that are heard turn by turn: what is said is read out of the TwiML, as Twilio reads it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest

from evals.channels.twilio_server import SID
from tests.assistant.channels.twilio.conftest import ANA, BOSS, OURS, PUBLIC, STRANGER, Line

_KNOWN = {
    "Gather": {"input", "action", "numDigits", "timeout", "speechTimeout", "actionOnEmptyResult", "language", "hints"},
    "Say": set(), "Redirect": set(), "Pause": {"length"}, "Hangup": set(), "Connect": {"action"},
    "ConversationRelay": {"url", "welcomeGreeting", "language", "dtmfDetection", "interruptible", "hints"},
}  # fmt: skip


@dataclass
class Phone:
    """A caller, by what Twilio does with TwiML: it says, gathers, waits and redirects."""

    line: Line
    number: str
    call: str
    action: str = ""
    """Where the words go that are said next."""
    over: bool = False
    hints: str = ""
    waited: bool = False
    """Whether it was told to wait, as may happen on a busy machine."""

    def dial(self, **fields: str) -> str:
        return self._follow("/twilio/voice", fields)

    def say(self, words: str, **fields: str) -> str:
        return self._follow(self.action, {"SpeechResult": words, "Confidence": "0.9"} | fields)

    def press(self, digits: str) -> str:
        return self._follow(self.action, {"Digits": digits})

    def _follow(self, path: str, fields: dict[str, str]) -> str:
        """All that is said until it is the caller's turn."""
        said: list[str] = []
        for _ in range(40):
            form = {
                "AccountSid": SID,
                "CallSid": self.call,
                "From": self.number,
                "To": OURS,
                "CallStatus": "in-progress",
            }
            reply = self.line.post(path, form | fields)
            assert reply.status_code == 200, reply.text
            root = ElementTree.fromstring(reply.text)
            _valid(root)
            said += [node.text or "" for node in root.iter("Say")]
            gather, redirect = root.find("Gather"), root.find("Redirect")
            if redirect is not None:
                path, fields = str(redirect.text).removeprefix(PUBLIC), {}
                continue
            self.over = gather is None
            if gather is not None:
                self.action = gather.attrib["action"].removeprefix(PUBLIC)
                self.hints = gather.attrib.get("hints", "")
            break
        self.waited = said[:1] == ["One moment."]
        return " ".join(said[self.waited :])


def _valid(node: ElementTree.Element) -> None:
    for child in node:
        assert child.attrib.keys() <= _KNOWN[child.tag], child.attrib
        _valid(child)


@pytest.fixture
def boss(line: Line) -> Phone:
    phone = Phone(line, BOSS, "CA" + "b" * 32)
    assert phone.dial().startswith("Hello boss. Ask me about your data. For example: What is the turnover?")
    return phone


def test_a_question_is_answered_in_words_with_what_the_caller_may_see(line: Line, boss: Phone) -> None:
    assert boss.say("What is the turnover?").startswith("Turnover: 108.")
    ana = Phone(line, ANA, "CA" + "a" * 32)
    ana.dial()
    assert ana.say("what is the turnover").startswith("Turnover: 49.")


def test_a_figure_is_said_right_also_to_who_writes_figures_in_another_way(line: Line) -> None:
    directory = line.place.door.directory
    directory.change(directory.named("boss"), attributes={"locale": ["de_DE"]})
    assert re.search(r"\d,\d", line.ask("average turnover per day", BOSS))
    phone = Phone(line, BOSS, "CA" + "c" * 32)
    phone.dial()
    assert phone.say("average turnover per day").startswith("Turnover per day: five point four.")


def test_follow_ups_know_what_was_asked(boss: Phone) -> None:
    boss.say("turnover by city")
    assert "Oslo" in boss.say("only Oslo")


def test_recognition_is_told_the_words_of_the_business(boss: Phone) -> None:
    assert {"turnover", "city"} <= {hint.casefold() for hint in boss.hints.split(",")}


def test_a_name_that_was_misheard_is_found_by_its_sound(boss: Phone) -> None:
    assert boss.say("turnover for Roam").startswith("I took that as: turnover for Rome. Turnover: 25.")


def test_a_name_that_is_written_quite_differently_is_asked_about(boss: Phone) -> None:
    asked = boss.say("turnover for Reem")
    assert asked.endswith("Did you mean: turnover for Rome? Say yes or no.")
    assert boss.say("Yes.").startswith("Turnover: 25.")


def test_what_was_hardly_heard_is_said_back_first(boss: Phone) -> None:
    assert boss.say("what is the turnover", Confidence="0.2") == "Did you say: what is the turnover? Say yes or no."
    assert boss.say("no") == "Then please say it again, in other words."
    boss.say("what is the turnover", Confidence="0.2")
    assert boss.say("Yes.").startswith("Turnover: 108.")


def test_nothing_is_read_aloud_that_is_no_speech(boss: Phone) -> None:
    for question in ("turnover by note", "list all sales", "turnover by city"):
        said = boss.say(question)
        assert len(said.split()) <= 75
        assert "SELECT" not in said
        assert "**" not in said


def test_the_details_are_sent_by_text(line: Line, boss: Phone) -> None:
    boss.say("turnover by city")
    assert boss.say("Text me, please.").startswith("I have sent it to you.")
    sent = line.twilio.said()
    assert (sent["To"], sent["From"]) == (BOSS, OURS)
    assert "Bari" in sent["Body"]
    assert f"{PUBLIC}/pictures/" in line.twilio.said()["Body"]


def test_silence_is_asked_about_and_then_ended(boss: Phone) -> None:
    assert boss.say("").startswith("I did not hear anything.")
    assert boss.say("").startswith("I did not hear anything.")
    assert boss.say("").endswith("Goodbye.")
    assert boss.over


@pytest.mark.parametrize("words", ["Goodbye.", "No, thanks.", "that's all", "No."])
def test_it_ends_politely(boss: Phone, words: str) -> None:
    assert boss.say(words) == "Thank you for calling. Goodbye."
    assert boss.over


def test_again_is_again(boss: Phone) -> None:
    said = boss.say("What is the turnover?")
    assert boss.say("Repeat that, please.") == said


def test_a_turn_that_is_posted_twice_is_answered_once(boss: Phone) -> None:
    action = boss.action
    first = boss.say("What is the turnover?")
    boss.action = action
    assert boss.say("What is the turnover?") == first
    asked = [e for e in boss.line.place.desk.audit.entries() if e.deed == "asked"]
    assert len(asked) == 1


def test_long_work_is_waited_for_in_steps(boss: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = boss.line.place.desk.ask

    async def slow(*args: object, **named: object) -> object:
        await asyncio.sleep(4)
        return await ask(*args, **named)

    monkeypatch.setattr(boss.line.place.desk, "ask", slow)
    assert boss.say("What is the turnover?").startswith("Turnover: 108.")
    assert boss.waited


def test_a_stranger_links_the_number_by_a_code(line: Line) -> None:
    stranger = Phone(line, STRANGER, "CA" + "c" * 32)
    assert stranger.dial().startswith("I don't know this number.")
    assert stranger.press("00000000").startswith("That code is not good.")
    code = line.place.door.identities.code(line.place.door.directory.named("sam"), "phone")
    stranger.dial()
    assert stranger.press(code).startswith("This number is yours now. Hello sam.")
    assert stranger.say("What is the turnover?").startswith("Turnover: 25.")


@pytest.mark.parametrize(
    ("number", "fields"),
    [("anonymous", {}), ("+266696687", {}), (BOSS, {"StirVerstat": "TN-Validation-Failed-C"}), ("", {})],
)
def test_a_number_that_can_not_be_known_gets_nothing(line: Line, number: str, fields: dict[str, str]) -> None:
    hidden = Phone(line, number, "CA" + "d" * 32)
    assert "can't talk to you" in hidden.dial(**fields)
    assert hidden.over


def test_whoever_is_shut_out_is_out_in_the_middle_of_a_call(line: Line, boss: Phone) -> None:
    ana = Phone(line, ANA, "CA" + "e" * 32)
    ana.dial()
    line.place.door.directory.change(line.place.door.directory.named("ana"), enabled=False)
    assert ana.say("What is the turnover?").startswith("You may not ask here any more.")
    assert ana.over


def test_a_call_that_the_server_has_forgotten_begins_again(line: Line) -> None:
    phone = Phone(line, BOSS, "CA" + "f" * 32, action="/twilio/voice/heard?turn=7")
    assert "lost what we were talking about. Hello boss." in phone.say("What is the turnover?")


def test_what_twilio_did_not_sign_is_refused(line: Line) -> None:
    form = {"AccountSid": SID, "CallSid": "CA1", "From": BOSS, "To": OURS}
    for path in (
        "/twilio/voice",
        "/twilio/voice/heard?turn=1",
        "/twilio/voice/wait?turn=1",
        "/twilio/voice/link",
        "/twilio/voice/ended",
    ):
        assert line.post(path, form, signature="x").status_code == 403
    assert line.post("/twilio/voice", {"AccountSid": SID}).status_code == 400
