"""What Twilio did not send, or sent twice, or sent in pieces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from twilio.request_validator import RequestValidator

from assistant.server import BODY_BYTES, Gate
from evals.channels.twilio_server import SID, TOKEN
from tests.assistant.channels.twilio.conftest import ANA, OURS, PUBLIC, Line

FORM = {"MessageSid": "SM" + "a" * 32, "AccountSid": SID, "From": ANA, "To": OURS, "Body": "What is the turnover?"}


def sign(form: dict[str, str], token: str = TOKEN, address: str = f"{PUBLIC}/twilio/sms") -> str:
    return str(RequestValidator(token).compute_signature(address, form))


@pytest.mark.parametrize(
    ("form", "signature"),
    [
        (FORM, ""),
        (FORM, "x"),
        (FORM, "é€".encode().decode("latin-1")),
        (FORM, sign(FORM, token="another")),
        (FORM, sign(FORM, address="https://elsewhere.example/twilio/sms")),
        (FORM, sign(FORM, address=f"{PUBLIC}/twilio/whatsapp")),
        (FORM | {"Body": "What are the salaries?"}, sign(FORM)),
        (FORM | {"From": "+4790000002"}, sign(FORM)),
        (FORM | {"AccountSid": "AC" + "9" * 32}, sign(FORM | {"AccountSid": "AC" + "9" * 32})),
        ({}, sign({})),
    ],
)
def test_what_twilio_did_not_sign_is_refused(line: Line, form: dict[str, str], signature: str) -> None:
    refused = line.client.post("/twilio/sms", data=form, headers={"X-Twilio-Signature": signature.encode("latin-1")})
    assert refused.status_code == 403
    assert line.twilio.messages.empty()


def test_a_delivery_that_comes_again_is_answered_once(line: Line) -> None:
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: line.post("/twilio/sms", FORM).status_code, range(8)))
    assert statuses == [200] * 8
    assert line.twilio.said()["Body"].startswith("Turnover: 49.")
    line.ask("NEW")
    assert line.twilio.messages.empty()


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
def test_what_is_no_message_is_refused(line: Line, missing: str) -> None:
    form = {name: value for name, value in FORM.items() if name != missing}
    assert line.post("/twilio/sms", form).status_code == 400


def test_a_message_of_the_other_channel_is_refused(line: Line) -> None:
    assert line.post("/twilio/whatsapp", FORM).status_code == 400
    assert line.post("/twilio/sms", FORM | {"From": f"whatsapp:{ANA}", "To": f"whatsapp:{OURS}"}).status_code == 400


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe=\x00", "application/x-www-form-urlencoded"),
        (b"%", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"&".join(b"a%d=1" % n for n in range(500)), "application/x-www-form-urlencoded"),
        (b"", "text/plain"),
    ],
)
def test_what_is_no_form_is_refused(line: Line, content: bytes, kind: str) -> None:
    assert line.client.post("/twilio/sms", content=content, headers={"Content-Type": kind}).status_code in (400, 403)


def test_what_is_too_large_is_refused_before_it_is_read(line: Line) -> None:
    from starlette.testclient import TestClient

    gated = TestClient(Gate(line.client.app, hosts=()))
    assert gated.post("/twilio/sms", content=b"Body=" + b"x" * BODY_BYTES).status_code == 413


def test_a_request_is_acknowledged_before_the_answer_is_there(line: Line) -> None:
    reply = line.post("/twilio/sms", FORM)
    assert (reply.headers["content-type"].partition(";")[0], reply.text[-11:]) == ("text/xml", "<Response/>")


def test_odd_messages_do_no_harm(line: Line) -> None:
    for body in ("", "\x00\x01", "😀" * 700, "' OR 1=1; DROP TABLE sales", "LINK", "99", "&<>\"'"):
        line.text(body)
    line.text("What is the turnover?")
    while not line.twilio.said()["Body"].startswith("Turnover: 49."):
        pass
