"""A loopback server that acts as Twilio: its REST API takes messages, as its reference says, and hands out files."""

from __future__ import annotations

import base64
import json
import queue
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

SID, TOKEN = "AC" + "0" * 32, "a token of Twilio's"
_NUMBER = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}")


@dataclass
class Twilio:
    """`messages` are those that it took, each {"To", "From", "Body", "MediaUrl"}, and "Items" in JSON for a list to
    choose from; `troubles` are the statuses that it
    answers next instead."""

    url: str
    messages: queue.Queue[dict[str, str]] = field(default_factory=queue.Queue)
    troubles: list[tuple[int, int]] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Lists to choose from that were made of its Content API, by their ids."""
    without_templates: bool = False
    holding: bool = False
    """It has taken a message, and does not say so."""
    numbers: list[dict[str, str]] = field(default_factory=list)
    """Of the account, each {"phone_number", "sms_url", "voice_url"}."""

    def said(self, timeout_s: float = 30) -> dict[str, str]:
        """The next message that was sent."""
        return self.messages.get(timeout=timeout_s)


@contextmanager
def twilio_server() -> Iterator[Twilio]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path == "/v1/Content" and self._authorized():
                self._made(json.loads(body))
                return
            form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
            if self.path != f"/2010-04-01/Accounts/{SID}/Messages.json":
                self._reply(404, {"code": 20404, "message": "not found", "status": 404})
            elif not self._authorized():
                self._reply(401, {"code": 20003, "message": "Authenticate", "status": 401})
            elif twilio.troubles:
                status, code = twilio.troubles.pop(0)
                self._reply(status, {"code": code, "message": "trouble", "status": status})
            elif problem := _problem(form) or _filled(form, twilio.templates):
                self._reply(400, {"code": problem[0], "message": problem[1], "status": 400})
            else:
                twilio.messages.put(form)
                while twilio.holding:
                    time.sleep(0.02)
                self._reply(201, {"sid": "SM" + "1" * 32, "status": "queued", "body": form.get("Body", "")})

        def _made(self, content: dict[str, Any]) -> None:
            if twilio.without_templates:
                self._reply(403, {"code": 20403, "message": "no Content API here", "status": 403})
                return
            sid = f"HX{len(twilio.templates):032x}"
            twilio.templates[sid] = content["types"]["twilio/list-picker"]
            self._reply(201, {"sid": sid, "account_sid": SID, **content})

        def do_GET(self) -> None:
            if self.path.startswith("/2010-04-01/Accounts/"):
                if not self._authorized():
                    self._reply(401, {"code": 20003, "message": "Authenticate", "status": 401})
                elif self.path == f"/2010-04-01/Accounts/{SID}.json":
                    self._reply(200, {"sid": SID, "status": "active"})
                else:
                    self._reply(200, {"incoming_phone_numbers": twilio.numbers, "next_page_uri": None})
                return
            kind, body = twilio.files.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _authorized(self) -> bool:
            return self.headers["Authorization"] == "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()

        def _reply(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    twilio = Twilio(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield twilio
    server.shutdown()
    server.server_close()


def _problem(form: dict[str, str]) -> tuple[int, str] | None:
    if not _NUMBER.fullmatch(form.get("To", "")) or not _NUMBER.fullmatch(form.get("From", "")):
        return 21211, "Invalid number"
    if form["To"].startswith("whatsapp:") != form["From"].startswith("whatsapp:"):
        return 63007, "The channels of To and From differ"
    if not form.get("Body") and not form.get("MediaUrl") and not form.get("ContentSid"):
        return 21602, "A message needs a body"
    if len(form.get("Body", "")) > 1600:
        return 21617, "The body is longer than 1600 characters"
    return None


def _filled(form: dict[str, str], templates: dict[str, dict[str, Any]]) -> tuple[int, str] | None:
    """Fill a template's variables in, and say what WhatsApp would refuse of the list."""
    if not form.get("ContentSid"):
        return None
    if form["ContentSid"] not in templates or not form["To"].startswith("whatsapp:"):
        return 63027, "There is no such template for the channel"
    values = json.loads(form["ContentVariables"])
    written = json.dumps(templates[form["ContentSid"]])
    for name, value in values.items():
        written = written.replace(f'"{{{{{name}}}}}"', json.dumps(value))
    picker = json.loads(written)
    bounds = (("item", 24), ("id", 200), ("description", 72))
    good = 1 <= len(picker["body"]) <= 1024 and 1 <= len(picker["button"]) <= 20 and 1 <= len(picker["items"]) <= 10
    good = good and all(1 <= len(item[part]) <= most for item in picker["items"] for part, most in bounds)
    good = good and len({item["id"] for item in picker["items"]}) == len(picker["items"]) and "{{" not in written
    if not good:
        return 63013, f"Not a list: {written[:200]}"
    form |= {"Body": picker["body"], "Button": picker["button"], "Items": json.dumps(picker["items"])}
    return None
