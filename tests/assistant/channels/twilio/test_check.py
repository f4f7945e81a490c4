"""What `parley doctor` finds, with Twilio as a loopback server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.channels.twilio.mount import problems
from evals.channels.twilio_server import SID, TOKEN, Twilio, twilio_server

PUBLIC = "https://parley.example"


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twilio]:
    monkeypatch.setenv("PARLEY_TWILIO_ACCOUNT_SID", SID)
    monkeypatch.setenv("PARLEY_TWILIO_AUTH_TOKEN", TOKEN)
    with twilio_server() as server:
        monkeypatch.setenv("PARLEY_TWILIO_API_URL", server.url)
        server.numbers.append({"phone_number": "+15550001111", "sms_url": f"{PUBLIC}/twilio/sms", "voice_url": ""})
        yield server


async def test_all_is_well(twilio: Twilio) -> None:
    assert await problems(PUBLIC) == []


async def test_without_its_settings_it_is_off(twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARLEY_TWILIO_ACCOUNT_SID")
    assert await problems(PUBLIC) == ["Set PARLEY_TWILIO_ACCOUNT_SID too: it is on the first page of Twilio's console."]
    monkeypatch.delenv("PARLEY_TWILIO_AUTH_TOKEN")
    assert await problems(PUBLIC) is None


async def test_without_an_address_twilio_can_not_call(twilio: Twilio) -> None:
    (said,) = await problems(None) or []
    assert "PARLEY_PUBLIC_URL" in said


async def test_a_wrong_token_is_said(twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_TWILIO_AUTH_TOKEN", "another")
    (said,) = await problems(PUBLIC) or []
    assert said.startswith("Twilio does not know PARLEY_TWILIO_ACCOUNT_SID")
    assert "another" not in said


async def test_a_number_that_calls_another_server_is_said_with_what_to_set(twilio: Twilio) -> None:
    twilio.numbers[0] |= {"sms_url": "https://demo.twilio.com/welcome"}
    (said,) = await problems(PUBLIC) or []
    assert said.startswith("+15550001111 calls another server.")
    assert f"{PUBLIC}/twilio/sms" in said


async def test_a_twilio_out_of_reach_is_said(twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_TWILIO_API_URL", "http://127.0.0.1:9")
    (said,) = await problems(PUBLIC) or []
    assert said.startswith("Twilio could not be reached")
