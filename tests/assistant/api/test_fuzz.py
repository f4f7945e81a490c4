"""Whatever is sent to any address that the server has, it is answered or refused, never with a fault of ours; and the
server answers the next one. With every channel on, over HTTP and over bare sockets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.people.door import Door
from evals.channels.slack_server import BOT, slack_server
from evals.channels.twilio_server import SID, TOKEN, twilio_server
from evals.served import served
from knowledge import osi
from tests.knowledge.policies import chain

PUBLIC, SIGNING = "https://parley.example", "Slack's signing secret"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
OTHERS = [
    ("POST", "/mcp"), ("GET", "/mcp"), ("DELETE", "/mcp"), ("GET", "/health"), ("POST", "/login"), ("POST", "/logout"),
    ("GET", "/user"), ("GET", "/workspaces"), ("POST", "/workspaces/{name}"), ("GET", "/public/{name}"), ("GET", "/assets/{name}"),
    ("POST", "/project/file?session_id={id}"), ("GET", "/project/file/{id}?session_id={id}"), ("POST", "/project/threads"),
    ("GET", "/project/thread/{id}"), ("PUT", "/project/thread"), ("DELETE", "/project/thread"), ("PUT", "/project/element"),
    ("DELETE", "/project/element"), ("POST", "/project/action"), ("PUT", "/feedback"), ("DELETE", "/feedback"),
    ("GET", "/project/translations?language={name}"), ("GET", "/project/settings?language={name}"), ("GET", "/auth/config"),
    ("POST", "/auth/jwt"), ("POST", "/auth/header"), ("GET", "/auth/oauth/single-sign-on"), ("GET", "/auth/oauth/single-sign-on/callback?code={id}&state={id}"),
    ("GET", "/auth/oauth/{name}"), ("POST", "/set-session-cookie"), ("GET", "/avatars/{name}"), ("GET", "/logo?theme={name}"),
    ("GET", "/conversations/{id}/results/{id}.csv"), ("GET", "/conversations/{id}/files/{id}"), ("GET", "/pictures/{id}.png?until=1&sign={id}"),
    ("POST", "/slack/events"), ("GET", "/slack/install"), ("GET", "/slack/oauth_redirect?code={id}&state={id}"),
    ("POST", "/twilio/sms"), ("POST", "/twilio/whatsapp"), ("POST", "/twilio/{name}"), ("POST", "/twilio/voice"), ("POST", "/twilio/voice/heard"),
    ("POST", "/twilio/voice/wait"), ("POST", "/twilio/voice/link"), ("POST", "/twilio/voice/ended"), ("GET", "/twilio/relay"), ("GET", "/ws/socket.io/?EIO=4&transport=polling"), ("GET", "/{name}"),
]  # fmt: skip


@dataclass(frozen=True)
class Open:
    url: str
    key: str
    addresses: list[tuple[str, str]]
    """Methods and paths; {…} stands for anything."""
    examples: dict[str, Any]
    """A body for a path of the API that has one."""

    def alive(self) -> bool:
        answer = httpx.post(
            f"{self.url}/api/v1/ask", json={"question": "turnover by city"}, headers=self.known, timeout=60
        )
        return answer.status_code == 200 and answer.json()["outcome"] == "answered"

    @property
    def known(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    folder = tmp_path_factory.mktemp("open")
    chain.whole(folder).warehouse.close()
    (folder / "model.yaml").write_text(osi.dump(chain.model()), encoding="utf-8")
    door = Door(folder / "state")
    boss = door.directory.add("boss", "owner")
    for channel in ("sms", "whatsapp", "phone"):
        door.identities.link(boss, channel, "+4790000000")
    door.identities.link(boss, "slack", "T1/U1")
    key, _ = door.keys.create(boss, "fuzz")
    door.close()
    arguments = ["--db", str(folder / "whole.duckdb"), "--model", str(folder / "model.yaml")]
    with slack_server() as slack, twilio_server() as twilio, served(
        arguments, folder / "state", PARLEY_RATE_LIMIT="1000000/minute", PARLEY_PUBLIC_URL=PUBLIC,
        PARLEY_SLACK_BOT_TOKEN=BOT, PARLEY_SLACK_SIGNING_SECRET=SIGNING, PARLEY_SLACK_API_URL=f"{slack.url}/api/",
        PARLEY_TWILIO_ACCOUNT_SID=SID, PARLEY_TWILIO_AUTH_TOKEN=TOKEN, PARLEY_TWILIO_API_URL=twilio.url,
        PARLEY_OIDC_ISSUER="http://127.0.0.1:9", PARLEY_OIDC_CLIENT_ID="parley",
    ) as server:  # fmt: skip
        described = httpx.get(f"{server.url}/api/v1/openapi.json").json()
        addresses, examples = list(OTHERS), {}
        for path, operations in described["paths"].items():
            for method, operation in operations.items():
                addresses.append((method.upper(), f"/api/v1{path}"))
                body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                if body:
                    examples[f"/api/v1{path}"] = described["components"]["schemas"][body["$ref"].rpartition("/")[2]][
                        "examples"
                    ][0]
        yield Open(server.url, key, addresses, examples)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
PIECES = st.sampled_from(["x", "0" * 32, "0f8fad5b-d9cb-469f-a165-70867728950e", "..", "%2e%2e%2f", "%00", "%ff", "a" * 3000, "';--", "{}", "en-US", "main", "%F0%9F%92%A9"])  # fmt: skip
KINDS = st.sampled_from(["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "application/octet-stream", "", "application/json; charset=utf-16", "a" * 500])  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(["Accept", "Accept-Language", "Range", "If-None-Match", "Cookie", "Idempotency-Key", "X-Forwarded-For", "X-Forwarded-Proto", "Origin", "Accept-Encoding", "Content-Encoding", "Mcp-Session-Id", "X-Slack-Signature", "X-Slack-Request-Timestamp", "X-Twilio-Signature", "Last-Event-ID", "Upgrade", "Connection"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60) | st.sampled_from(["text/event-stream", "bytes=0-", "*/*", "access_token=x", "gzip", "a" * 4000, "null"]),
    max_size=4,
)  # fmt: skip
LARGE = st.sampled_from([b"[" * 100_000, b'{"question": "' + b"x" * 900_000 + b'"}', b"\x00" * 70_000, b"a=" * 50_000])
FORM = st.dictionaries(st.sampled_from(["From", "To", "Body", "MessageSid", "CallSid", "SpeechResult", "Digits", "Confidence", "NumMedia", "MediaUrl0", "MediaContentType0", "payload", "username", "password", "command", "team_id", "user_id"]), TEXT, max_size=6).map(lambda form: urlencode(form).encode())  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn, example: Any) -> bytes:
    """Of any kind; or the example, with something else in one place."""
    kind = draw(st.sampled_from(["none", "bytes", "json", "form", "file", "large", "near"]))
    if kind == "near" and isinstance(example, dict) and example:
        return json.dumps(example | {draw(st.sampled_from(sorted(example))): draw(JSON)}).encode()
    if kind == "file":
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + draw(
            st.sampled_from([b"a.csv", b"../a.xlsx", b"a.parquet", b"", b"a.duckdb"])
        )
        return (
            head
            + b'"\r\n\r\n'
            + draw(st.binary(max_size=200))
            + draw(st.sampled_from([b"\r\n--x--\r\n", b"", b"\r\n--y"]))
        )
    drawn: dict[str, st.SearchStrategy[bytes]] = {
        "bytes": st.binary(max_size=300), "json": JSON.map(lambda v: json.dumps(v).encode()), "form": FORM, "large": LARGE,
    }  # fmt: skip
    return draw(drawn[kind]) if kind in drawn else b""


def path_of(draw: st.DrawFn, template: str) -> str:
    while "{" in template:
        before, _, rest = template.partition("{")
        template = before + draw(PIECES).replace("{", "%7B").replace("}", "%7D") + rest.partition("}")[2]
    return template


def not_broken(got: httpx.Response, sent: object) -> None:
    about = (got.request.method, got.request.url.raw_path[:200], sent, got.text[:300])
    assert got.status_code < 500 or got.status_code == 503, about  # what needs Slack, Twilio, the provider


@given(st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_it(world: Open, data: st.DataObject) -> None:
    method, template = data.draw(st.sampled_from(world.addresses))
    if data.draw(st.integers(0, 4)) == 0:
        method = data.draw(st.sampled_from(METHODS))
    path = data.draw(st.composite(path_of)(template))
    body = data.draw(bodies(world.examples.get(template)))
    headers = {"Content-Type": data.draw(KINDS), **data.draw(HEADERS)}
    headers |= data.draw(
        st.sampled_from([world.known, {}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic =="}])
    )
    with httpx.Client(base_url=world.url, timeout=60) as client:
        try:
            not_broken(client.request(method, path, content=body, headers=headers), (headers, body[:200]))
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            assert len(body) > 60_000 or {"Upgrade", "Connection"} & set(headers), (
                method,
                path,
                headers,
                body[:200],
            )


@given(st.sampled_from(["message", "app_mention", "block_actions", "view_submission"]), JSON, st.dictionaries(st.sampled_from(["text", "user", "channel", "ts", "thread_ts", "files"]), JSON, max_size=5))  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_slack_has_signed_breaks_it(world: Open, kind: str, anything: Any, event: dict[str, Any]) -> None:
    sent = {"type": kind if "_" in kind and kind != "app_mention" else "event_callback", "event_id": str(time.time_ns()), "team_id": "T1", "event": {"type": kind, "user": "U1", "channel": "D1", "text": "turnover", "ts": "1.1"} | event, "actions": anything}  # fmt: skip
    body, at = json.dumps(sent).encode(), str(int(time.time()))
    mark = "v0=" + hmac.new(SIGNING.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Signature": mark, "X-Slack-Request-Timestamp": at, "Content-Type": "application/json"}
    not_broken(httpx.post(f"{world.url}/slack/events", content=body, headers=headers, timeout=60), sent)


@given(st.sampled_from(["/twilio/sms", "/twilio/whatsapp", "/twilio/voice", "/twilio/voice/heard", "/twilio/voice/ended", "/twilio/voice/link"]), st.dictionaries(st.sampled_from(["Body", "SpeechResult", "Digits", "Confidence", "NumMedia", "MediaUrl0", "MediaContentType0", "OptOutType", "HandoffData", "From", "x"]), TEXT | st.sampled_from(["turnover", "1", "STOP", "-1", "1e400", "http://127.0.0.1/"]), max_size=6))  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_twilio_has_signed_breaks_it(world: Open, path: str, form: dict[str, str]) -> None:
    sent = {
        "From": "+4790000000",
        "To": "+15550001111",
        "MessageSid": f"SM{time.time_ns()}",
        "CallSid": f"CA{time.time_ns()}",
    } | form
    whole = PUBLIC + path + "".join(name + sent[name] for name in sorted(sent))
    mark = base64.b64encode(hmac.new(TOKEN.encode(), whole.encode(), hashlib.sha1).digest()).decode()
    got = httpx.post(f"{world.url}{path}", data=sent, headers={"X-Twilio-Signature": mark}, timeout=60)
    not_broken(got, sent)


RAW = st.lists(
    st.sampled_from([b"GET ", b"POST ", b"/api/v1/ask", b"/mcp", b"/twilio/relay", b" HTTP/1.1", b"\r\n", b"\r\n\r\n", b"Host: localhost", b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: 99999999999999999999", b"Transfer-Encoding: chunked", b"0\r\n\r\n", b"ffffffff\r\n", b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: eA==", b"\x81\xfe", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])
    | st.binary(max_size=30),
    min_size=1, max_size=12,
).map(b"".join)  # fmt: skip


@given(RAW)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_bytes_on_the_wire_break_it(world: Open, sent: bytes) -> None:
    to = urlsplit(world.url)
    with socket.create_connection((to.hostname, to.port), timeout=0.3) as wire:
        try:
            wire.sendall(sent)
            wire.shutdown(socket.SHUT_WR)
            told = wire.recv(4096)
        except OSError:
            told = b""
    assert not told.startswith(b"HTTP/1.1 5"), (sent, told)


def test_and_after_all_that_it_answers(world: Open) -> None:
    assert world.alive()
    assert httpx.get(f"{world.url}/health").status_code == 200
