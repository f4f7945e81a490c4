"""Asking in Slack: a mention over HTTP, signed as Slack signs it, and the message that is posted in its thread."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

from slack_sdk.signature import SignatureVerifier

from evals.channels.reached import SIGNING_SECRET, NoAnswer, Reached, stamp
from evals.channels.said import Meant, Said

_events = itertools.count(time.time_ns())


class InSlack:
    """A thread of a channel, in which `who` of the users asks."""

    name = "Slack"

    def __init__(self, world: Reached, who: int = 0):
        self._world, self._user, self.thread = world, world.users[who], stamp()

    async def begin(self) -> None:
        pass

    async def ask(self, question: str, meant: Meant | None = None) -> Said | None:
        await self.mention(question)
        call = await self._world.posted.next(self.thread)
        if call.method != "chat.postMessage":
            raise NoAnswer(f"{call.method}: {call.given.get('text')}")
        tables = [b for b in call.given.get("blocks", []) if b["type"] == "table"]
        cells = [[cell["text"] for cell in row] for row in tables[0]["rows"][1:]] if tables else None
        return Said(unescaped(call.given["text"]), cells=cells)

    async def mention(self, question: str, event: str | None = None) -> None:
        """Raises NoAnswer where it is not acknowledged."""
        said = {"type": "app_mention", "channel": "C1", "text": f"<@UBOT> {escaped(question)}", "ts": stamp()}
        body = {
            "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": event or f"Ev{next(_events)}",
            "event": {"user": self._user, "event_ts": said["ts"], "thread_ts": self.thread, **said},
        }  # fmt: skip
        await deliver(self._world, json.dumps(body), "application/json")

    async def end(self) -> None:
        self._world.posted.boxes.pop(self.thread, None)


async def deliver(world: Reached, body: str, kind: str) -> None:
    """Signed as Slack signs. Raises NoAnswer where it is not acknowledged."""
    at = str(int(time.time()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=at, body=body)
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": str(signature)}
    async with world.http.post(world.at("/slack/events"), data=body.encode(), headers=headers) as reply:
        if reply.status != 200:
            raise NoAnswer(f"Slack was answered {reply.status}")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: Any) -> str:
    return str(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
