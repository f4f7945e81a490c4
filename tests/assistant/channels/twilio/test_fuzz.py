"""Whatever a form says, signed or not, nothing breaks: it is answered or refused, never a 500."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.channels.twilio_server import SID
from tests.assistant.channels.twilio.conftest import ANA, OURS, Line

PATHS = (
    "/twilio/sms", "/twilio/whatsapp", "/twilio/voice", "/twilio/voice/heard?turn=1", "/twilio/voice/wait?turn=0",
    "/twilio/voice/link", "/twilio/voice/ended", "/twilio/voice/heard", "/twilio/voice/heard?turn=x", "/twilio/fax",
)  # fmt: skip
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
_fields = st.sampled_from(
    ["MessageSid", "CallSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MediaContentType0", "OptOutType", "Digits",
     "SpeechResult", "Confidence", "StirVerstat", "Other"]
)  # fmt: skip
_likely = st.sampled_from(
    [ANA, OURS, f"whatsapp:{ANA}", f"whatsapp:{OURS}", "1", "-1", "9" * 30, "STOP", "LINK 12345678", "\x00", "nan"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PATHS), st.dictionaries(_fields, _likely | _texts, max_size=8), st.booleans())
def test_nothing_breaks(line: Line, path: str, fields: dict[str, str], signed: bool) -> None:
    reply = line.post(path, fields | {"AccountSid": SID}, signature=None if signed else "x")
    assert reply.status_code in ((200, 400, 422) if signed else (403, 422)), reply.text
