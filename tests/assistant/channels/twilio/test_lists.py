"""Next questions as a list to choose from, on WhatsApp."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.assistant.channels.twilio.conftest import BOSS, Line


def asked(line: Line, text: str, **fields: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The message that comes back, and the items of its list."""
    line.text(text, BOSS, "whatsapp", **fields)
    said = line.twilio.said()
    return said, json.loads(said.get("Items", "[]"))


def test_the_next_questions_are_a_list_and_what_is_tapped_is_asked(line: Line) -> None:
    said, items = asked(line, "turnover by city")
    assert said["Body"].startswith("*Bari* has the highest turnover")
    assert said["Button"] == "What next?"
    assert not any(line.startswith("1 ") for line in said["Body"].splitlines())
    assert line.twilio.said()["MediaUrl"], "the chart comes after"
    question = items[0]["id"].removeprefix("ask:")
    assert items[0]["description"] == question
    asked(line, "NEW")
    again, _ = asked(line, items[0]["item"], ListId=items[0]["id"])
    log = [e.detail["question"] for e in line.place.desk.audit.entries() if e.deed == "asked"]
    assert log == ["turnover by city", question]
    assert again["Body"]


def test_a_clarifying_question_is_a_list(line: Line) -> None:
    said, items = asked(line, "average amount of sales")
    assert (said["Body"], said["Button"]) == ("Do you mean *sale amount* or *big sale amount*?", "Choose")
    assert [item["item"] for item in items] == ["sale amount", "big sale amount"]
    answer, _ = asked(line, items[1]["item"], ListId=items[1]["id"])
    assert answer["Body"].startswith("Average amount: *9*.")


def test_more_is_an_item(line: Line) -> None:
    _, items = asked(line, "turnover by note")
    line.twilio.said()
    assert items[-1]["id"] == "more"
    more, _ = asked(line, items[-1]["item"], ListId="more")
    assert more["Body"].startswith("S10: 5\n")


def test_without_the_content_api_the_next_questions_are_numbered(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    line.twilio.without_templates = True
    said, items = asked(line, "turnover by city")
    assert items == []
    assert "\n1 " in said["Body"]
    assert said["MediaUrl"]
    assert "lists are left out for an hour" in caplog.text


def test_a_template_that_is_gone_is_made_anew(line: Line) -> None:
    asked(line, "What is the turnover?")
    line.twilio.templates.clear()
    said, items = asked(line, "What is the turnover?")
    assert said["Body"].startswith("Turnover: *108*.")
    assert items
