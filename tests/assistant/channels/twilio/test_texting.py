"""Talking by SMS and WhatsApp, with Twilio as a loopback server."""

from __future__ import annotations

import queue
import re

import pytest

from assistant.channels.twilio import outbox
from assistant.channels.twilio.segments import segments
from tests.assistant.channels.twilio.conftest import ANA, BOSS, OURS, PUBLIC, STRANGER, Line


def test_a_question_is_answered_with_the_figure_of_the_person_whose_number_it_is(line: Line) -> None:
    assert line.ask("What is the turnover?").startswith("Turnover: 49.")
    assert line.ask("What is the turnover?", BOSS).startswith("Turnover: 108.")
    assert line.ask("What is the turnover?", channel="whatsapp").startswith("Turnover: *49*.")


def test_the_answer_goes_from_the_number_that_was_written_to(line: Line) -> None:
    line.text("What is the turnover?", channel="whatsapp")
    sent = line.twilio.said()
    assert (sent["From"], sent["To"]) == (f"whatsapp:{OURS}", f"whatsapp:{ANA}")


def test_it_is_asked_at_the_desk_and_so_in_the_audit_log(line: Line) -> None:
    line.ask("What is the turnover?", BOSS)
    last = list(line.place.desk.audit.entries())[-1]
    assert (last.person, last.channel, last.deed) == ("boss", "sms", "asked")


def test_an_sms_says_how_the_question_was_read(line: Line) -> None:
    assert line.ask("What was the turnover in January 2024?").splitlines()[1] == "Read as: Turnover, January 2024"


def test_a_number_picks_a_follow_up_and_more_goes_on(line: Line) -> None:
    first = line.ask("turnover by city", BOSS)
    offered = re.search(r"^1 (.+)$", first, re.M)
    assert offered
    assert first.endswith("MORE for details")
    assert "Oslo: " in line.ask("more", BOSS)
    assert line.ask("1", BOSS) != first
    asked = [e.detail["question"] for e in line.place.desk.audit.entries() if e.deed == "asked"]
    assert asked == ["turnover by city", offered[1]]


def test_a_follow_up_knows_what_was_asked_and_new_forgets_it(line: Line) -> None:
    line.ask("turnover by city", BOSS)
    assert "Oslo" in line.ask("only Oslo", BOSS)
    assert line.ask("NEW", BOSS).startswith("A new conversation")


@pytest.mark.parametrize(
    "question",
    ["turnover by city", "list all sales", "turnover by note", "what is love?", "turnover by month", "x" * 1500],
)
def test_every_sms_takes_two_segments_at_most(line: Line, question: str) -> None:
    said = line.ask(question, BOSS)
    for _ in range(20):
        assert segments(said) <= 2, said
        if not said.endswith("MORE for details"):
            break
        said = line.ask("MORE", BOSS)
    assert line.ask("MORE", BOSS).startswith("There is no more")


def test_a_chart_is_a_picture_on_whatsapp_by_a_link_that_nobody_can_make_up(line: Line) -> None:
    line.ask("turnover by city", BOSS, "whatsapp")
    link = line.twilio.said()["MediaUrl"]
    assert link.startswith(f"{PUBLIC}/pictures/")
    path = link.removeprefix(PUBLIC)
    got = line.client.get(path)
    assert (got.status_code, got.headers["content-type"], got.content[:4]) == (200, "image/png", b"\x89PNG")
    for other in (path[:-1] + ("0" if path[-1] != "0" else "1"), re.sub(r"until=\d+", "until=9999999999", path)):
        assert line.client.get(other).status_code == 404


def test_a_stranger_gets_no_figure_and_no_more_than_a_few_replies(line: Line) -> None:
    assert "not linked" in line.ask("What is the turnover?", STRANGER)
    for _ in range(10):
        line.text("What is the turnover?", STRANGER)
    line.ask("What is the turnover?", BOSS)
    assert line.twilio.messages.qsize() <= 4


def test_a_one_time_code_links_a_number(line: Line) -> None:
    code = line.place.door.identities.code(line.place.door.directory.named("sam"), "sms")
    assert line.ask(f"LINK {code}", STRANGER).startswith("Hello sam.")
    assert line.ask("What is the turnover?", STRANGER).startswith("Turnover: 25.")
    assert line.ask(f"LINK {code}", "+4790000009").startswith("That code is not good")


def test_codes_can_not_be_guessed_at(line: Line) -> None:
    said = [line.ask(f"LINK {n:08d}", STRANGER) for n in range(7)]
    assert said[4].startswith("That code is not good")
    assert said[6].startswith("That is too often")


def test_whoever_says_stop_hears_nothing_until_start(line: Line) -> None:
    assert "no more messages" in line.ask("Stop")
    line.text("What is the turnover?")
    line.text("2")
    assert line.ask("START").startswith("Welcome back")
    assert line.ask("What is the turnover?").startswith("Turnover: 49.")
    assert line.twilio.messages.empty()


def test_what_twilio_has_said_itself_is_not_said_again(line: Line) -> None:
    line.text("STOP", OptOutType="STOP")
    line.text("START", OptOutType="START")
    line.text("HELP", OptOutType="HELP")
    assert line.ask("What is the turnover?").startswith("Turnover: 49.")
    assert line.ask("help").startswith("Parley answers")


def test_a_file_that_is_sent_in_can_be_asked_about(line: Line) -> None:
    line.twilio.files["/media/1"] = ("text/csv", b"city,amount\nLund,3\nBonn,4\n")
    said = line.ask(
        "", channel="whatsapp", NumMedia="1", MediaUrl0=f"{line.twilio.url}/media/1", MediaContentType0="text/csv"
    )
    assert said.startswith("I have opened your CSV file.")
    assert "Bonn" in line.ask("total amount by city", channel="whatsapp")
    line.ask("NEW", channel="whatsapp")
    assert line.ask("What is the turnover?", channel="whatsapp").startswith("Turnover: *49*.")


@pytest.mark.parametrize(
    ("address", "media"),
    [("http://169.254.169.254/latest", "text/csv"), ("file:///etc/passwd", "text/csv"), ("", ""), ("{}/gone", "text/csv"), ("{}/media/2", "video/mp4"), ("{}/media/2", "text/csv")],
)  # fmt: skip
def test_what_can_not_be_used_is_said(line: Line, address: str, media: str) -> None:
    line.twilio.files["/media/2"] = ("text/csv", b"\x00\x01\x02\xff" * 40)
    fields = {"NumMedia": "1", "MediaUrl0": address.format(line.twilio.url), "MediaContentType0": media}
    said = line.ask("", channel="whatsapp", **fields)
    assert re.match(r"I can't read|The file could not be", said), said


def test_an_answer_outlasts_a_twilio_that_is_away(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_FIRST_WAIT_S", 0.01)
    line.twilio.troubles[:] = [(503, 20503)] * 8
    assert line.ask("What is the turnover?").startswith("Turnover: 49.")


def test_a_busy_twilio_is_waited_for_and_one_that_refuses_is_not_asked_again(line: Line) -> None:
    line.twilio.troubles[:] = [(429, 20429), (503, 20503)]
    assert line.ask("What is the turnover?").startswith("Turnover: 49.")
    line.twilio.troubles[:] = [(400, 21610)]
    line.text("What is the turnover?")
    with pytest.raises(queue.Empty):
        line.twilio.said(timeout_s=3)
    assert line.twilio.troubles == []
