"""The channels that other services carry, on the one server of `parley serve`."""

from __future__ import annotations

from pathlib import Path

import httpx
from twilio.request_validator import RequestValidator

from assistant.people.door import Door
from evals.served import served
from tests.assistant.analyst import bikes

PUBLIC = "https://parley.example"
SLACK = {"PARLEY_SLACK_BOT_TOKEN": "xoxb-1", "PARLEY_SLACK_SIGNING_SECRET": "secret"}
TWILIO = {"PARLEY_TWILIO_ACCOUNT_SID": "AC1", "PARLEY_TWILIO_AUTH_TOKEN": "secret"}


def test_each_is_on_when_its_secrets_are_set(tmp_path: Path) -> None:
    door = Door(tmp_path / "state")
    door.directory.add("boss", "owner")
    door.close()
    data = ["--db", str(bikes.build(tmp_path / "bikes.duckdb"))]
    with served(data, tmp_path / "state", PARLEY_PUBLIC_URL=PUBLIC, **TWILIO, **SLACK) as server:
        form = {"AccountSid": "AC1", "MessageSid": "SM1", "From": "+4790000001", "To": "+4790000002", "Body": "STOP"}
        made = RequestValidator("secret").compute_signature(f"{PUBLIC}/twilio/sms", form | {"OptOutType": "STOP"})
        headers = {"Host": "parley.example", "X-Twilio-Signature": made}  # as a proxy on the way passes it on
        sms = f"{server.url}/twilio/sms"
        assert httpx.post(sms, data=form, headers=headers).status_code == 403
        assert httpx.post(sms, data=form | {"OptOutType": "STOP"}, headers=headers).status_code == 200
        assert httpx.post(f"{server.url}/slack/events", json={"type": "url_verification"}).status_code == 401
        assert httpx.get(server.url, headers={"Host": "elsewhere.example"}).status_code == 421


def test_without_them_they_are_not_there(tmp_path: Path) -> None:
    with served(["--db", str(bikes.build(tmp_path / "bikes.duckdb"))], tmp_path / "state") as server:
        assert httpx.post(f"{server.url}/twilio/sms").status_code in (404, 405)
